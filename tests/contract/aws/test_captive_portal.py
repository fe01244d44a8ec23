"""A network that asks for a sign-in answers in place of AWS: that is an outage, whatever this package asks for.

AWS's library takes such a page, where it is well-formed XML, for an empty success.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from components import secrets
from components.aws import adoption, identity, secret_store
from components.errors import TransportError
from stacks.operations import bucket_locks
from stacks.operations.sinks import cloudwatch
from stacks.operations.summary.survey import Survey
from tests.aws.cloud.account import ACCOUNT, REGION
from tests.aws.cloud.client import Cloud
from tests.unit.operations import recorded

PAGE = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Welcome</title></head><body><p>Sign in</p></body></html>"""
WHERE = "stack prod"
STATE = bucket_locks.bucket(f"s3://state?region={REGION}&use_path_style=true")
SECRET, PARAMETER = secrets.parse_reference("aws-sm:acme/app"), secrets.parse_reference("aws-ssm:/acme/app")
QUESTIONS: dict[str, Callable[[], object]] = {
    "whose credentials": lambda: identity.check(ACCOUNT, WHERE, REGION),
    "container": lambda: adoption.container("acme/app", "prod", REGION),
    "record": lambda: adoption.record("connect.acme.example", "Z0123456789", "my.cyclr.com", 300, "prod"),
    "version of a secret": lambda: secret_store.version(SECRET, WHERE),
    "value of a secret": lambda: secret_store.value(SECRET, WHERE),
    "version of a parameter": lambda: secret_store.version(PARAMETER, WHERE),
    "value of a parameter": lambda: secret_store.value(PARAMETER, WHERE),
    "locks": lambda: STATE and bucket_locks.read(STATE, "cyclr-connectors", "prod"),
    "heartbeat": lambda: cloudwatch.Heartbeat("cloudwatch:Cyclr/Looked")([Survey("prod", recorded.look("ready"))]),
}


class _Page(BaseHTTPRequestHandler):
    """The same page for everything."""

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def portal() -> Iterator[str]:
    """The address of such a network."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_page_of_a_network_is_an_outage(portal, monkeypatch, ask):
    """No question takes it for an answer, and none ends in a fault of this program."""
    for name, value in Cloud(portal).env().items():
        monkeypatch.setenv(name, value)

    with pytest.raises(TransportError, match=r"something else than AWS answered|the answer could not be read"):
        ask()
