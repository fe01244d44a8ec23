"""A sandbox in this process that remembers every secret that was issued or sent, and can be told to echo them.

It watches HTTP alone, so it knows no more of the vendors than who listens on the line.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, quote, quote_plus, urlsplit

from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response

from components.facebook.graph import BOGUS_CODE
from stacks.sandbox.first_day import first_day
from stacks.sandbox.server import Servers
from stacks.sandbox.world import World as SandboxWorld
from tests.worlds import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SENT = ("client_secret", "access_token", "input_token", "appsecret_proof", "code", "token", "fb_exchange_token")
"""Parameters of a query or a form that hold a secret."""


class Witness:
    """Everything secret that crossed the line."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}
        """Value -> what it was when it was first seen."""
        self.kinds: set[str] = set()
        """Every place in which some secret was seen."""
        self.echoes: list[Echo] = []

    def saw(self, kind: str, value: object) -> None:
        """Remember a secret; of an app token the part that is one."""
        secret = value.rpartition("|")[2] if isinstance(value, str) else ""
        if secret and secret != BOGUS_CODE:
            self.secrets.setdefault(secret, kind)
            self.kinds.add(kind)

    def canaries(self) -> dict[str, str]:
        """Name -> value; the name tells the kind and, by a hash, which one of them."""
        return {
            f"{kind} {hashlib.sha256(value.encode()).hexdigest()[:6]}": value for value, kind in self.secrets.items()
        }


class Echo:
    """A vendor that answers calls to a path with an error that repeats all it was sent."""

    def __init__(self, path: str, status: int, **body: Any) -> None:
        """`body` beside the message: of Graph its code, else nothing."""
        self.path, self.status, self.body = re.compile(path), status, body

    def meant(self, vendor: str, request: Request) -> bool:
        """Whether it answers this call."""
        return self.path.search(f"{vendor} {request.method} {request.path}") is not None

    def answer(self, vendor: str, request: Request, content: bytes) -> Response:
        """The vendor's error for a call."""
        sent = dict(secrets_sent(request, content))
        query = request.query_string.decode("latin-1")
        quoted = " ".join([spelled(text) for spelled in SPELLED for text in sent])
        message = f"{quoted} in {request.path}?{query} {content.decode(errors='replace')}"
        error = {"message": message, "type": "OAuthException", "fbtrace_id": quoted, "is_transient": False, **self.body}
        body = {"error": error} if vendor == "facebook" else {"Message": message, **self.body}
        return Response(json.dumps(body), self.status, content_type="application/json", headers={"Retry-After": "900"})


SPELLED: tuple[Callable[[str], str], ...] = (
    str,
    quote_plus,
    json.dumps,
    html.escape,
    lambda text: re.sub("%..", lambda found: found[0].lower(), quote_plus(text)),
    lambda text: quote(quote(text, safe=""), safe=""),
)
"""How a vendor may repeat what it was sent."""


def secrets_sent(request: Request, content: bytes) -> Iterator[tuple[str, str]]:
    """Value and kind of each secret that a request holds."""
    bearer = request.headers.get("Authorization", "")
    if bearer.startswith("Bearer "):
        yield bearer.removeprefix("Bearer "), "Cyclr access token"
    pairs = parse_qsl(request.query_string.decode("latin-1")) + parse_qsl(content.decode("latin-1"))
    for key, value in pairs:
        if key in SENT:
            yield value, key
    if request.is_json:
        body = json.loads(content or b"null")
        for entry in [body, *body.get("Properties", [])] if isinstance(body, dict) else []:
            if entry.get("Value"):
                yield entry["Value"], "property"


def secrets_answered(vendor: str, status: int, headers: Any, content: bytes) -> Iterator[tuple[str, str]]:
    """Value and kind of each secret that an answer holds."""
    if 300 <= status < 400:
        given = parse_qs(urlsplit(headers.get("Location", "")).query)
        yield from ((value, key) for key in ("code", "token") for value in given.get(key, []))
    if not headers.get("Content-Type", "").startswith("application/json"):
        return
    body = json.loads(content)
    for entry in body if isinstance(body, list) else [body]:
        if not isinstance(entry, dict):
            continue
        if vendor == "facebook":
            yield entry.get("access_token", ""), "Facebook token"
        else:
            yield entry.get("access_token", ""), "Cyclr access token"
            yield entry.get("Token", ""), "sign-in token"
            auth = json.loads(entry.get("AuthValue") or "{}")
            yield auth.get("AccessToken", ""), "user access token in AuthValue"


class _Line:
    """WSGI middleware around one vendor: the witness listens, and speaks when it is to echo."""

    def __init__(self, app: WSGIApplication, vendor: str, witness: Witness) -> None:
        self._app, self._vendor, self._witness = app, vendor, witness

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ, populate_request=False)
        content = request.get_data(cache=False)
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(content), str(len(content))
        for value, kind in secrets_sent(request, content):
            self._witness.saw(kind, value)
        for echo in self._witness.echoes:
            if echo.meant(self._vendor, request):
                return echo.answer(self._vendor, request, content)(environ, start_response)
        chunks, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        body = b"".join(chunks)
        for value, kind in secrets_answered(self._vendor, int(status.split()[0]), headers, body):
            self._witness.saw(kind, value)
        start_response(status, headers.to_wsgi_list())
        return [body]


@contextmanager
def watched_sandbox() -> Iterator[tuple[World, Witness]]:
    """A sandbox on free ports of this process, and its witness; the request log hears of every call as ever."""
    state, witness = SandboxWorld(first_day()), Witness()
    servers = Servers(state)
    _, *vendors = servers._servers
    for server, vendor in zip(vendors, ("facebook", "cyclr", "cyclr"), strict=True):
        server.app._app = _Line(server.app._app, vendor, witness)
    servers.start()
    try:
        yield World(vars(state.addresses)), witness
    finally:
        servers.stop()
