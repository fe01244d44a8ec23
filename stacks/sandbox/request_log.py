"""The log of every vendor call, and the WSGI middleware that writes it.

Shape:   an entry is {time, vendor, method, path, body, status}; ``path`` holds the query, ``body`` is the parsed JSON
         or form, or text; ``status`` is null until an answer is sent; ``fault`` is there when a fault took the call.
Never:   holds a secret: values that may be one read ``[masked]``, in query, form and JSON.
"""

from __future__ import annotations

import collections
import io
import json
import re
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from werkzeug.wrappers import Request

from stacks.sandbox.shape import Json

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ENTRIES = 5000
"""How many calls are kept; older ones are forgotten."""

TEXT_KEPT = 2000
"""Characters kept of a body that is neither JSON nor a form."""

MASK = "[masked]"

SECRET_KEYS = frozenset(
    {
        *("client_secret", "app_secret", "secret", "password", "appsecret_proof", "csrf", "session"),
        *("access_token", "token", "input_token", "fb_exchange_token", "refresh_token", "code", "authvalue"),
    }
)
SECRET_NAME = re.compile("secret|pass|token|key|auth|credential|signature|bearer", re.IGNORECASE)
"""Names of connector properties whose Value is a secret."""

_BARE_KEYS = frozenset(key.replace("_", "") for key in SECRET_KEYS)
"""A key counts in any case and with or without underscores."""
_EMBEDDED = re.compile(
    rf"((?:\b|%(?:25)*(?:26|3F))(?:{'|'.join(sorted(SECRET_KEYS))})(?:=|%(?:25)*3D))[^&\s\"']+", re.IGNORECASE
)
"""In a query inside a text, however often that was encoded for being inside another one."""
_QUOTED = re.compile(
    r"(['\"]?(?:\w*secret|\w*token|\w*password|AuthValue|Value)['\"]?\s*[:=]\s*)(['\"])(?:\\.|(?!\2).)*\2",
    re.IGNORECASE | re.DOTALL,
)
"""In JSON, or what resembles it, inside a text."""


class RequestLog:
    """The last calls, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: collections.deque[dict[str, Json]] = collections.deque(maxlen=ENTRIES)

    def add(self, entry: dict[str, Json]) -> None:
        """Append a call."""
        with self._lock:
            self._entries.append(entry)

    def entries(self) -> list[dict[str, Json]]:
        """Return the calls so far."""
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        """Forget every call."""
        with self._lock:
            self._entries.clear()


class LoggedApp:
    """WSGI middleware: logs each call to one vendor."""

    def __init__(self, app: WSGIApplication, vendor: str, log: RequestLog) -> None:
        self._app, self._vendor, self._log = app, vendor, log

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve the call; its entry is there at once and has the status before the client has the answer."""
        entry = self._entry(environ)

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            entry["status"] = int(status.split(" ", 1)[0])
            return start_response(status, headers, exc_info)

        environ["sandbox.log_entry"] = entry
        self._log.add(entry)
        return self._app(environ, start)

    def _entry(self, environ: WSGIEnvironment) -> dict[str, Json]:
        request = Request(environ, populate_request=False)
        body = request.get_data(cache=False)
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
        return {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "vendor": self._vendor,
            "method": request.method,
            "path": masked_path(request.path, request.query_string.decode("latin-1")),
            "body": masked_body(body, request.mimetype),
            "status": None,
        }


def masked_path(path: str, query: str) -> str:
    """Return path and query with secrets masked."""
    pairs = [(key, _masked_field(key, value)) for key, value in parse_qsl(query, keep_blank_values=True)]
    return f"{path}?{urlencode(pairs, safe='[]/:,')}" if pairs else path


def masked_body(body: bytes, mimetype: str) -> Json:
    """Return a body as JSON, form fields or text, with secrets masked; null when there is none."""
    if not body:
        return None
    content = body.decode("utf-8", "replace")
    if mimetype == "application/x-www-form-urlencoded":
        return _form(parse_qsl(content, keep_blank_values=True))
    try:
        return masked(json.loads(content))
    except ValueError:
        pass
    if mimetype.startswith("multipart/"):
        return f"[multipart, {len(body)} bytes]"
    # Single-quoted JSON and the like: nothing in it can be told from a secret for sure, so little is shown.
    return _masked_text(content)[:TEXT_KEPT]


def masked(value: Json) -> Json:
    """Return a JSON value with every secret in it masked."""
    if isinstance(value, list):
        return [masked(item) for item in value]
    if isinstance(value, dict):
        named = {key.lower(): item for key, item in value.items()}
        name = named.get("name")
        hide_value = "value" in named and (name is None or SECRET_NAME.search(str(name)) is not None)
        return {
            key: MASK if item is not None and hide_value and key.lower() == "value" else _masked_field(key, item)
            for key, item in value.items()
        }
    return _masked_text(value) if isinstance(value, str) else value


def _masked_text(text: str) -> str:
    return _EMBEDDED.sub(rf"\1{MASK}", _QUOTED.sub(rf"\1{MASK}", text))


def _masked_field(key: str, value: Json) -> Json:
    if key.lower().replace("_", "") in _BARE_KEYS and value is not None:
        return MASK
    return masked(value)


def _form(pairs: list[tuple[str, str]]) -> dict[str, Json]:
    fields: dict[str, Json] = {}
    for key, value in pairs:
        shown = _masked_field(key, value)
        if key in fields:
            earlier = fields[key]
            fields[key] = [*(earlier if isinstance(earlier, list) else [earlier]), shown]
        else:
            fields[key] = shown
    return fields
