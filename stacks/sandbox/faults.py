"""Faults on request: what a vendor or the network may do to a call, played on the calls that match.

Shape:   {"vendor": "facebook" | "cyclr", "method": "GET" (any when absent), "path": regex found in path and query,
         "times": 1 (null: until removed), "skip": 0, "delay": seconds before anything else, "then": ...}, where
         ``then`` is one of
         {"status": 503, "headers": {}, "body": {} or text}  this answer; the vendor never sees the call
         {"truncate": N}  the vendor acts; its answer breaks off after N bytes of the body
         "drop"           the connection closes without an answer; the vendor never sees the call
         "drop_after"     the vendor acts; then the connection closes without an answer
         "garbage"        bytes that are no HTTP
         "stall"          nothing, until the client gives up or the sandbox ends; the vendor never sees the call
         "stall_after"    the vendor acts; then nothing, as above
         absent           the vendor's answer, after the delay.
Units:   seconds and bytes.
"""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING

from werkzeug.test import run_wsgi_app

from stacks.sandbox.shape import Free, Json, Leaf, Record, StateError, number, text

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

GARBAGE = b"\x15\x03\x01\x00\x02\x02\x50 this is no HTTP\r\n\r\n"

WORDS = ("drop", "drop_after", "garbage", "stall", "stall_after")
AFTER = ("drop_after", "stall_after")
"""The words whose mark in the request log says that the vendor has acted."""

FAULT = Record(
    {
        "vendor": Leaf((str,), allowed=("facebook", "cyclr")),
        "method": text(None),
        "path": text(""),
        "times": Leaf((int, type(None)), 1),
        "skip": Leaf((int,), 0),
        "delay": number(0),
        "then": Leaf((dict, str, type(None)), None),
    }
)

THEN = Record(
    {
        "status": Leaf((int,), 200),
        "headers": Free(dict, {}),
        "body": Leaf((dict, list, str, type(None)), None),
        "truncate": Leaf((int, type(None)), None),
    }
)


class Faults:
    """The faults that are waiting, in the order they were given; the first that matches takes a call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[dict[str, Json]] = []

    def add(self, fault: Json) -> dict[str, Json]:
        """Accept a fault and return it complete.

        Raises:  StateError for an unknown key, word or regex.
        """
        complete: dict[str, Json] = FAULT.fill(fault, "fault")
        then = complete["then"]
        if isinstance(then, dict):
            complete["then"] = THEN.fill(then, "fault.then")
        elif then is not None and then not in WORDS:
            raise StateError(f"fault.then must be an answer or one of {', '.join(WORDS)}, not {then!r}")
        try:
            re.compile(complete["path"])
        except re.error as error:
            raise StateError(f"fault.path is no regular expression: {error}") from error
        with self._lock:
            self._waiting.append(complete)
        return complete

    def waiting(self) -> list[dict[str, Json]]:
        """Return the faults that are left, with what is left of skip and times."""
        with self._lock:
            return [dict(fault) for fault in self._waiting]

    def clear(self) -> None:
        """Remove every fault."""
        with self._lock:
            self._waiting.clear()

    def take(self, vendor: str, method: str, path: str) -> dict[str, Json] | None:
        """Return the fault that takes this call, and count it."""
        with self._lock:
            for fault in self._waiting:
                if fault["vendor"] != vendor or (fault["method"] or method).upper() != method:
                    continue
                if re.search(fault["path"], path) is None:
                    continue
                if fault["skip"] > 0:
                    fault["skip"] -= 1
                    continue
                if fault["times"] is not None:
                    fault["times"] -= 1
                    if fault["times"] <= 0:
                        self._waiting.remove(fault)
                return fault
        return None


class FaultyApp:
    """WSGI middleware: plays the faults of one vendor."""

    def __init__(self, app: WSGIApplication, vendor: str, faults: Faults) -> None:
        self._app, self._vendor, self._faults = app, vendor, faults

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve the call, or do to it what the first matching fault says."""
        query = environ.get("QUERY_STRING", "")
        path = environ["PATH_INFO"] + (f"?{query}" if query else "")
        fault = self._faults.take(self._vendor, environ["REQUEST_METHOD"], path)
        if fault is None:
            return self._app(environ, start_response)
        then = fault["then"]
        if then not in AFTER:
            _mark(environ, then)
        threading.Event().wait(fault["delay"])
        connection: socket.socket = environ["werkzeug.socket"]
        match then:
            case None:
                return self._app(environ, start_response)
            case {"truncate": int(kept)}:
                return self._truncated(environ, start_response, connection, kept)
            case dict():
                return _answer(then, start_response)
            case "drop_after" | "stall_after":
                run_wsgi_app(self._app, environ, buffered=True)
                _mark(environ, then)
            case "garbage":
                connection.sendall(GARBAGE)
        if then in ("stall", "stall_after"):
            # Returns when the client closes; at the sandbox's end the process takes the connection with it.
            connection.recv(1, socket.MSG_PEEK)
        connection.shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError(f"a fault took the call: {then}")

    def _truncated(
        self, environ: WSGIEnvironment, start_response: StartResponse, connection: socket.socket, kept: int
    ) -> Iterator[bytes]:
        chunks, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        body = b"".join(chunks)
        headers["Content-Length"] = str(len(body))
        start_response(status, headers.to_wsgi_list())
        yield body[:kept]
        connection.shutdown(socket.SHUT_RDWR)


def _mark(environ: WSGIEnvironment, then: Json) -> None:
    """Write into the log which fault took the call."""
    environ.get("sandbox.log_entry", {})["fault"] = then if isinstance(then, str) else "answer" if then else "delay"


def _answer(then: dict[str, Json], start_response: StartResponse) -> list[bytes]:
    body = then["body"]
    plain = isinstance(body, str) or body is None
    content = (body or "") if plain else json.dumps(body)
    kind = "text/html; charset=utf-8" if plain else "application/json; charset=utf-8"
    headers = {"Content-Type": kind, **then["headers"], "Content-Length": str(len(content.encode()))}
    known = {status.value: status.phrase for status in HTTPStatus}
    start_response(f"{then['status']} {known.get(then['status'], 'Unknown')}", list(headers.items()))
    return [content.encode()]
