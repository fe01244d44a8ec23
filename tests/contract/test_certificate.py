"""The certificate of a host, asked of real TLS servers on loopback."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from stacks.operations import certificate
from stacks.operations.summary.risks import Certificate, Handshake

FILES = Path(__file__).parent / "certificates"
LAST_DAY = date(2119, 6, 30)


class Server:
    """Takes connections one after another, and keeps what each client sends after its handshake."""

    def __init__(self, name: str) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(FILES / f"{name}.pem", FILES / "server.key")
        self.names: list[str | None] = []
        self.context.sni_callback = lambda _tls, name, _context: self.names.append(name)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.said: list[bytes | str] = []
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        connection, _ = self.listener.accept()
        connection.settimeout(10)
        try:
            with self.context.wrap_socket(connection, server_side=True) as tls:
                self.said.append(tls.recv(1024))
        except OSError as refused:
            self.said.append(type(refused).__name__)
        finally:
            connection.close()

    def heard(self) -> list[bytes | str]:
        """What the client sent after the handshake, once its connection has ended."""
        self.thread.join(10)
        assert not self.thread.is_alive()
        return self.said


@contextmanager
def server(name: str):
    """A server with one of the certificates, for one connection."""
    running = Server(name)
    running.thread.start()
    try:
        yield running
    finally:
        running.listener.close()


@pytest.fixture
def trusted(monkeypatch):
    """The authority of the test certificates is one of this machine's."""
    monkeypatch.setenv("SSL_CERT_FILE", str(FILES / "authority.pem"))


@pytest.mark.usefixtures("trusted")
def test_verified_certificate_tells_its_last_day():
    """The date is the one in the certificate that was served for this host, in UTC."""
    with server("valid") as running:
        seen = certificate.served("localhost", running.port)

    assert seen == Certificate(LAST_DAY)
    assert running.names == ["localhost"]


@pytest.mark.usefixtures("trusted")
def test_prober_sends_nothing_after_the_handshake():
    """The host gets a handshake and the end of the connection, not one byte of a request."""
    with server("valid") as running:
        certificate.served("localhost", running.port)

        assert running.heard() in ([b""], ["SSLEOFError"])


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("name", "handshake", "why"),
    [("expired", Handshake.EXPIRED, "expired"), ("elsewhere", Handshake.WRONG_HOST, "not valid for 'localhost'")],
    ids=["expired", "wrong-host"],
)
def test_refused_certificate_has_a_reason_and_no_date(name, handshake, why):
    """An expired certificate and one of another host are told apart, and neither gives a date."""
    with server(name) as running:
        seen = certificate.served("localhost", running.port)

    assert (seen.until, seen.handshake) == (None, handshake)
    assert why in seen.problem


def test_untrusted_certificate_has_a_reason_and_no_date():
    """A certificate of an authority that the machine does not know proves nothing."""
    with server("valid") as running:
        seen = certificate.served("localhost", running.port)

    assert (seen.until, seen.handshake) == (None, Handshake.UNTRUSTED)
    assert "issuer" in seen.problem


def test_refused_connection_says_nothing_of_the_certificate():
    """Where nobody listens, the host is unreachable, whatever its certificate is."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    seen = certificate.served("localhost", port)

    assert seen == Certificate(None, "Connection refused (asked directly, without any proxy)", Handshake.UNREACHABLE)


def test_silent_host_ends_at_the_deadline(monkeypatch):
    """A host that takes the connection and never answers is unreachable once the time is over."""
    monkeypatch.setattr(certificate, "DEADLINE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        seen = certificate.served("localhost", silent.getsockname()[1])

    assert (seen.until, seen.handshake) == (None, Handshake.UNREACHABLE)
    assert "no answer within 0.2 s" in seen.problem


def test_name_that_never_resolves_ends_at_the_deadline(monkeypatch):
    """The time holds for everything together, also for what no socket's own limit ends."""
    asked = threading.Event()

    def resolve(*_arguments, **_named):
        asked.wait(10)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(certificate, "DEADLINE", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    seen = certificate.served("app-h.cyclr.example")
    asked.set()

    assert (seen.until, seen.handshake) == (None, Handshake.UNREACHABLE)
    assert "no answer within 0.2 s" in seen.problem


def test_host_without_tls_is_unreachable():
    """An answer that is no TLS gives neither a date nor a refusal."""

    def greet() -> None:
        connection, _ = plain.accept()
        with connection:
            connection.recv(2048)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as plain:
        answering = threading.Thread(target=greet, daemon=True)
        answering.start()
        seen = certificate.served("localhost", plain.getsockname()[1])
        answering.join(10)

    assert (seen.until, seen.handshake) == (None, Handshake.UNREACHABLE)
    assert "no TLS handshake came about: wrong version number" in seen.problem


def test_unresolved_name_is_unreachable(monkeypatch):
    """A name that no resolver knows is an outage, not a refusal."""

    def unknown(*_arguments, **_named):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    seen = certificate.served("app-h.cyclr.example")

    assert (seen.until, seen.handshake) == (None, Handshake.UNREACHABLE)
    assert "does not resolve" in seen.problem


@pytest.mark.parametrize(
    ("host", "problem"),
    [
        ("localhost:8703", "plain http, the sandbox only"),
        ("127.0.0.1", "plain http, the sandbox only"),
        ("LOCALHOST:8703", "plain http, the sandbox only"),
        ("", "there is no host name to ask"),
        ("https://app-h.cyclr.com/", "there is no host name to ask"),
    ],
)
def test_host_without_a_certificate_is_not_asked(host, problem, monkeypatch):
    """A sandbox has no certificate, and what is no host name is asked of nobody."""
    monkeypatch.setattr(socket, "create_connection", None)

    assert certificate.served(host) == Certificate(None, problem, Handshake.NOT_ASKED)
