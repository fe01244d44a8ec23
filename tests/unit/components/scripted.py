"""A vendor on loopback that answers each request by the next step of a script, over a raw socket."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """What arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: str

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form."""
        return {key: values[0] for key, values in parse_qs(self.body).items()}

    @property
    def query(self) -> dict[str, str]:
        """The query of the target."""
        return {key: values[0] for key, values in parse_qs(urlsplit(self.target).query).items()}


Step = Callable[[socket.socket], None]


def reply(status: int = 200, body: Any = None, **headers: str) -> Step:
    """Answer; anything but bytes goes out as JSON. A header's name is written with underscores."""
    raw = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named = {"Content-Type": "application/json", "Content-Length": str(len(raw)), "Connection": "close", **named}
    head = f"HTTP/1.1 {status} Scripted\r\n" + "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return lambda connection: connection.sendall(head.encode("latin-1") + b"\r\n" + raw)


def drop(_: socket.socket) -> None:
    """Close without an answer."""


def stall(connection: socket.socket) -> None:
    """Say nothing until the client gives up."""
    connection.recv(1)


def stall_in_body(connection: socket.socket) -> None:
    """Begin an answer and say no more until the client gives up."""
    reply(200, b"{", Content_Length="100")(connection)
    connection.recv(1)


def noise(connection: socket.socket) -> None:
    """Answer with something that is not HTTP."""
    connection.sendall(b"\x00\x01 nothing like HTTP\r\n\r\n")


class Scripted:
    """The server. The last step of the script answers every further request as well."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.script: list[Step] = [reply()]
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def answers(self, *script: Step) -> None:
        """What the next requests get."""
        self.script = list(script)

    def close(self) -> None:
        """End, and wait for every thread."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            request = _read(connection)
            if request is None:
                return
            with self._lock:
                self.requests.append(request)
                step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
            try:
                step(connection)
            except OSError:
                return


@dataclass
class Clock:
    """Stands in for the module `time`: it advances only when a test says so."""

    now: float = 1000.0
    asked: threading.Event = field(default_factory=threading.Event)

    def monotonic(self) -> float:
        """Seconds since nothing in particular."""
        self.asked.set()
        return self.now

    def time(self) -> float:
        """Seconds since 1970: 2026-11-02, midday."""
        return 1793620800.0


def _read(connection: socket.socket) -> Request | None:
    raw = b""
    while b"\r\n\r\n" not in raw:
        piece = connection.recv(65536)
        if not piece:
            return None
        raw += piece
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    method, target, _ = first.split(" ")
    return Request(method, target, headers, body.decode())
