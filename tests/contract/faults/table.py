"""Every fault a vendor or the network plays on a call, as data: what is sent, and what may be made of it.

Units:  seconds for Retry-After.
Source: the error-handling page of Graph for codes and `is_transient`; Cyclr's API test suite for its statuses; for the
        network, what connections do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from components import errors
from tests.worlds import APP_SECRET

LATE = "86400"
"""Longer than any call may wait."""
HTML = "<html><body><h1>We are sorry</h1>Something went wrong.</body></html>"
DENIED = {"Message": "Authorization has been denied for this request."}


@dataclass(frozen=True)
class Fault:
    """One fault."""

    name: str
    then: Any
    """As the sandbox takes it."""
    kinds: tuple[type[errors.ConnectorError], ...]
    """What it is to the user while it lasts."""
    passes: bool = True
    """Whether another try is worth it, so that a call that may be repeated outlives it."""
    code: int | None = None
    """Graph's code, or Cyclr's status."""
    transient: bool | None = None
    """What Graph says of it."""

    @property
    def turns(self) -> tuple[int | None, ...]:
        """How often it is played in a row; None: every time."""
        if self.passes and self.name in TWICE:
            return (None, 1, 2)
        return (None, 1)


TWICE = ("500-html", "429", "drop", "drop-after", "code-2", "status-500-message")
"""One of each class of passing faults."""

BROKEN = (errors.TransportError,)
BUSY = (errors.RateLimited,)
REFUSED = (errors.Rejected,)
DENYING = (errors.AuthError,)


def _answer(status: int, body: Any = None, **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"status": status, "body": body, "headers": named}


def _date(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


STALLS = (Fault("stall", "stall", BROKEN), Fault("stall-after", "stall_after", BROKEN))
NETWORK = (
    Fault("500-html", _answer(500, HTML), BROKEN),
    Fault("500-json", _answer(500, {"oops": True}), BROKEN),
    Fault("502-html", _answer(502, HTML), BROKEN),
    Fault("429", _answer(429, {}), BUSY),
    Fault("429-after-0", _answer(429, {}, Retry_After="0"), BUSY),
    Fault("429-after-1", _answer(429, {}, Retry_After="1"), BUSY),
    Fault("429-after-date", _answer(429, {}, Retry_After=_date(5)), BUSY),
    Fault("429-after-late", _answer(429, {}, Retry_After=LATE), BUSY, passes=False),
    Fault("429-after-late-date", _answer(429, {}, Retry_After=_date(86400)), BUSY, passes=False),
    Fault("503-after-late", _answer(503, HTML, Retry_After=LATE), BROKEN, passes=False),
    Fault("drop", "drop", BROKEN),
    Fault("drop-after", "drop_after", BROKEN),
    Fault("garbage", "garbage", BROKEN),
    Fault("truncated", {"truncate": 1}, BROKEN),
    Fault("200-html", _answer(200, HTML), BROKEN),
    Fault("200-empty", _answer(200), BROKEN),
    *STALLS,
)
SHAPES = tuple(
    Fault(f"200-{name}", _answer(200, body), (errors.ConnectorError,), False)
    for name, body in {
        "object": {},
        "list": [],
        "text": '"fine"',
        "number": "7",
        "rows": [{}],
        "other-object": {"id": "1", "Id": None, "data": 7, "app_domains": 7, "Connector": "x", "Properties": 7},
    }.items()
)
"""JSON, but not what the call promises."""

GRAPH_KINDS: Mapping[int, tuple[type[errors.ApiError], ...]] = {
    1: BROKEN,
    2: BROKEN,
    4: BUSY,
    10: DENYING,
    17: BUSY,
    100: REFUSED,
    101: DENYING,
    190: DENYING,
    191: REFUSED,
    200: DENYING,
    341: BUSY,
    368: BUSY,
    613: BUSY,
}
GRAPH_PASSING = frozenset({1, 2, 4, 17, 341, 613})
"""Codes that pass by themselves, unless Graph says that they do not."""
GRAPH_STATUSES: Mapping[int, tuple[int, ...]] = {
    1: (500,),
    2: (500, 503),
    4: (403,),
    10: (403,),
    190: (401,),
    200: (403,),
}
"""Statuses other than 400 that these codes are seen with."""


def _graph(code: int, status: int, transient: bool | None) -> Fault:
    said = {} if transient is None else {"is_transient": transient}
    message = f"(#{code}) No: {APP_SECRET} sent by 1234567890123456"
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "Atrace", **said}
    passes = code in GRAPH_PASSING if transient is None else transient
    word = {None: "", True: "-transient", False: "-lasting"}[transient]
    return Fault(
        f"code-{code}{word}{'' if status == 400 else f'-{status}'}",
        _answer(status, {"error": error}),
        GRAPH_KINDS[code],
        passes,
        code,
        transient,
    )


GRAPH = tuple(_graph(code, 400, transient) for code in GRAPH_KINDS for transient in (None, True, False)) + tuple(
    _graph(code, status, None) for code, statuses in GRAPH_STATUSES.items() for status in statuses
)
CYCLR_KINDS: Mapping[int, tuple[type[errors.ApiError], ...]] = {
    400: REFUSED,
    401: DENYING,
    403: DENYING,
    404: (errors.NotFound,),
    500: BROKEN,
}
CYCLR = tuple(
    Fault(
        f"status-{status}-{name}",
        _answer(status, body),
        # A page with 404 is of somebody between us and the vendor: it does not say that anything is gone.
        BROKEN if (status, name) == (404, "html") else kinds,
        status == 500,
        status,
    )
    for status, kinds in CYCLR_KINDS.items()
    for name, body in {"message": DENIED, "html": HTML, "empty": None}.items()
)
BY_VENDOR: Mapping[str, tuple[Fault, ...]] = {
    "facebook": NETWORK + SHAPES + GRAPH,
    "cyclr": NETWORK + SHAPES + CYCLR,
}


def names(fault: Fault) -> str:
    """The id of a test."""
    return fault.name
