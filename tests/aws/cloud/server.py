"""AWS in this process, in threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from tests.aws.cloud.client import Cloud
from tests.aws.cloud.service import Service

HOST = "127.0.0.1"
POLL = 0.05
"""Seconds until a server that is to end notices it."""


class Quiet(MotoRequestHandler):
    """A request is told by `Cloud.calls`, not on the terminal."""

    def log_request(self, *_: object) -> None:
        """Say nothing."""


_one = threading.Lock()


@contextmanager
def running(port: int = 0) -> Iterator[Cloud]:
    """AWS in this process, in threads. moto keeps one world a process, so there is one at a time.

    Raises:  RuntimeError, where there is one already
    """
    if not _one.acquire(blocking=False):
        raise RuntimeError("AWS runs in this process already")
    service = Service()
    server = make_server(HOST, port, service, threaded=True, request_handler=Quiet)
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(POLL,), daemon=True)
    thread.start()
    try:
        service.end()
        yield Cloud(f"http://{HOST}:{server.server_port}")
    finally:
        service.end()
        server.shutdown()
        server.server_close()
        thread.join()
        _one.release()
