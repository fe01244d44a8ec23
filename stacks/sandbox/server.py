"""The four servers of the sandbox, one process: control, Facebook, Cyclr's API, Cyclr's service domain.

Never:   binds anything but loopback; the secrets of the sandbox are open to whoever reaches its ports.
"""

from __future__ import annotations

import errno
import socket
import threading
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from stacks.sandbox.control import create_control
from stacks.sandbox.cyclr import create_api, create_service_domain
from stacks.sandbox.facebook import create_app as create_facebook
from stacks.sandbox.faults import Faults, FaultyApp
from stacks.sandbox.request_log import LoggedApp, RequestLog
from stacks.sandbox.world import Addresses, World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOSTS = ("127.0.0.1", "localhost")

POLL = 0.05
"""Seconds in which a server notices that it shall end."""


class BindError(OSError):
    """A host or port that cannot be used; the text says what to do."""


class Servers:
    """The four servers; ready to answer once constructed, serving from ``start`` to ``stop``."""

    def __init__(self, world: World, host: str = "127.0.0.1", port_base: int = 0) -> None:
        sockets = _bind(host, port_base)
        control, facebook, api, domain = (bound.getsockname()[1] for bound in sockets)
        world.addresses = Addresses(
            control=f"http://127.0.0.1:{control}",
            facebook=f"http://127.0.0.1:{facebook}",
            cyclr_api=f"http://127.0.0.1:{api}",
            service_domain=f"localhost:{domain}",
        )
        self._servers = [_server(app, bound) for app, bound in zip(_apps(world), sockets, strict=True)]
        self._threads = [
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": POLL}, daemon=True)
            for server in self._servers
        ]

    def start(self) -> None:
        """Serve; connections made from now on are answered."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Take no more calls and return; calls that a fault stalls are left to the end of the process."""
        endings = [threading.Thread(target=server.shutdown) for server in self._servers]
        for ending in endings:
            ending.start()
        for ending in endings:
            ending.join()


class QuietHandler(WSGIRequestHandler):
    """Speaks HTTP/1.1, one call a connection, and leaves logging to the request log."""

    # Headers and body go out in two writes; with Nagle's algorithm each answer would wait 40 ms for the client.
    disable_nagle_algorithm = True
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Print nothing."""


def _apps(world: World) -> list[WSGIApplication]:
    log, faults = RequestLog(), Faults()

    def vendor(app: WSGIApplication, name: str) -> WSGIApplication:
        return LoggedApp(FaultyApp(app, name, faults), name, log)

    return [
        create_control(world, log, faults),
        vendor(create_facebook(world), "facebook"),
        vendor(create_api(world), "cyclr"),
        vendor(create_service_domain(world), "cyclr"),
    ]


def _bind(host: str, port_base: int) -> list[socket.socket]:
    if host not in HOSTS:
        raise BindError(f"the sandbox serves on this machine only: use --host 127.0.0.1, not {host}")
    ports = [port_base + number if port_base else 0 for number in range(4)]
    bound: list[socket.socket] = []
    for port in ports:
        listener = socket.socket()
        bound.append(listener)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            for opened in bound:
                opened.close()
            if error.errno != errno.EADDRINUSE:
                raise BindError(
                    f"port {port} cannot be used ({error.strerror}): choose others, --port-base N"
                ) from error
            raise BindError(
                f"port {port} on 127.0.0.1 is in use: stop what uses it (make stop, if it is a sandbox), "
                f"or choose others with --port-base (0 takes free ones)"
            ) from error
        listener.listen(128)
    return bound


def _server(app: WSGIApplication, bound: socket.socket) -> BaseWSGIServer:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler, fd=bound.fileno())
    bound.close()
    return server
