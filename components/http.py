"""Calls to a vendor: timeouts, a total deadline, retries, redaction; here alone an answer becomes an exception.

Units:   seconds for every time.
Retries: connection loss, 429, 5xx and what the vendor marks as passing; with jitter, or as long as `Retry-After` says;
         only calls that may be repeated (GET, PUT, DELETE, and a POST that the caller declares `repeatable`), and only
         where the wait ends before the deadline.
Never:   follows a redirect; puts a sent value or the text of the HTTP library (which quotes URLs) into an error.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import requests
import stamina
import urllib3

from components import errors
from components.calls import TRY_LATER, Answer, Call, Dialect, Fault, place, unusable
from components.deadline import within
from components.redaction import hide, redact

CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 10.0
DEADLINE = 30.0
"""For one call with all its retries and the waits between them."""
ATTEMPTS = 5
FIRST_PAUSE, LONGEST_PAUSE, JITTER = 0.2, 5.0, 0.5
"""The wait after the first failure, doubled with each further one; JITTER is added, at most."""
PIECE = 64 * 1024
"""Bytes read at once, at most."""
LARGEST_BODY = 4 * 1024 * 1024
"""Bytes. A catalogue with icons is the largest answer that is asked for."""

_sessions = threading.local()

# A retry is our own business until it fails: its log line would stand bare between those of the engine.
stamina.instrumentation.set_on_retry_hooks([])


class _TooLarge(requests.RequestException):
    """The body is larger than LARGEST_BODY."""


class _Again(Exception):
    def __init__(self, error: errors.ApiError, wait: float | None) -> None:
        super().__init__()
        self.error, self.wait = error, wait


def send(base_url: str, dialect: Dialect, call: Call, expect: Collection[int] = ()) -> Answer:
    """The vendor's answer to `call`.

    `expect` names vendor codes that are answers to the caller, not errors.
    Raises: ApiError and its kinds.
    """
    end = time.monotonic() + DEADLINE
    try:
        for attempt in stamina.retry_context(on=_Patience(end), attempts=ATTEMPTS, timeout=None):
            with attempt:
                return _once(base_url, dialect, call, expect, end)
    except _Again as last:
        raise last.error from None
    raise AssertionError("the retry loop ends with an answer or an error")


class _Patience:
    """How long to wait after each failure of one call; not at all where the wait would outlast the deadline."""

    def __init__(self, end: float) -> None:
        self._end = end
        self._next = FIRST_PAUSE

    def __call__(self, raised: Exception) -> bool | float:
        """The wait, False for none."""
        if not isinstance(raised, _Again):
            return False
        pause = min(self._next + random.uniform(0, JITTER), LONGEST_PAUSE)  # noqa: S311 - spreads, hides nothing
        self._next *= 2
        wait = pause if raised.wait is None else raised.wait
        return wait if time.monotonic() + wait < self._end else False


def _once(base_url: str, dialect: Dialect, call: Call, expect: Collection[int], end: float) -> Answer:
    try:
        answer = _transfer(base_url, call, end)
    except requests.RequestException as lost:
        error: errors.ApiError = _lost(base_url, dialect, call, lost)
        raise (_Again(error, None) if call.may_repeat() else error) from None
    if answer.status in call.statuses:
        return answer
    fault = dialect.read_fault(answer)
    if answer.status < 400 and fault is None:
        if call.json_expected and answer.body is None and not _confirms_without_words(call, answer):
            why = f"HTTP {answer.status}, but the body is not JSON"
            broken = unusable(dialect.vendor, place(base_url, call), why, answer.status)
            raise _Again(broken, None) if call.may_repeat() else broken
        return answer
    if fault and fault.code in expect and fault.transient is not True and answer.status < 500:
        return answer
    error = to_error(base_url, dialect, call, answer, fault)
    passing = fault.transient if fault and fault.transient is not None else _is_passing(dialect, answer, fault)
    raise _Again(error, _retry_after(answer)) if passing and call.may_repeat() else error


def _confirms_without_words(call: Call, answer: Answer) -> bool:
    """A removal may be confirmed by nothing; a page in its place is of somebody who did not remove anything."""
    return call.method == "DELETE" and not answer.text.strip()


def _is_passing(dialect: Dialect, answer: Answer, fault: Fault | None) -> bool:
    if fault and fault.code is not None and (fault.code in dialect.kinds or fault.code in dialect.passing):
        return fault.code in dialect.passing
    return answer.status == 429 or answer.status >= 500


def _transfer(base_url: str, call: Call, end: float) -> Answer:
    """One exchange, left when the time is over."""
    left, session = max(end - time.monotonic(), 0.1), _session()
    try:
        return within(left, lambda: _exchange(session, base_url, call, left, end))
    except TimeoutError:
        del _sessions.session  # the exchange that was left still has it
        raise requests.ReadTimeout from None


def _exchange(session: requests.Session, base_url: str, call: Call, left: float, end: float) -> Answer:
    """The body is read in pieces, so that a dripping or a large one is left early."""
    with session.request(
        call.method,
        base_url + call.path,
        params=call.query,
        data=call.form,
        json=call.json,
        headers={"Accept": b"application/json", **{name: text.encode() for name, text in call.headers.items()}},
        timeout=(min(CONNECT_TIMEOUT, left), min(READ_TIMEOUT, left)),
        allow_redirects=False,
        stream=True,
    ) as response:
        body = bytearray()
        for piece in _pieces(response):
            body += piece
            if len(body) > LARGEST_BODY:
                raise _TooLarge
            if time.monotonic() > end:
                raise requests.ReadTimeout
        text = _decode(bytes(body), response.encoding or "utf-8")
        if response.status_code >= 400:
            text = hide(text, call.secrets)
        return Answer(response.status_code, response.headers, text, _parse(text))


def _pieces(response: requests.Response) -> Iterator[bytes]:
    """The body as it arrives. `iter_content` would wait for a whole piece, however slowly it drips."""
    try:
        while piece := response.raw.read1(PIECE, decode_content=True):
            yield piece
    except urllib3.exceptions.ReadTimeoutError:
        raise requests.ReadTimeout from None
    except urllib3.exceptions.HTTPError:
        raise requests.exceptions.ContentDecodingError from None


def _decode(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset, errors="replace")
    except LookupError:
        return body.decode(errors="replace")


def _session() -> requests.Session:
    """A session per thread: requests' sessions are not shared safely. A user's .netrc must not add credentials."""
    if not hasattr(_sessions, "session"):
        _sessions.session = requests.Session()
        _sessions.session.auth = _no_auth
    session: requests.Session = _sessions.session
    return session


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def to_error(base_url: str, dialect: Dialect, call: Call, answer: Answer, fault: Fault | None) -> errors.ApiError:
    """The exception that an answer means: by the vendor's code where it has one, else by the HTTP status."""
    kind = dialect.kinds.get(fault.code) if fault and fault.code is not None else None
    kind = kind or _by_status(answer)
    said = redact(fault.message, call.secrets)[:300] if fault else "it gives no reason that can be read"
    number = f", code {fault.code}" if fault and fault.code is not None else ""
    number += f"/{fault.subcode}" if fault and fault.subcode is not None else ""
    trace = f", trace {fault.trace}" if fault and fault.trace else ""
    usage = dialect.usage(answer)
    return kind(
        f"{dialect.vendor} {_SAYS[kind]}",
        where=place(base_url, call),
        why=f"HTTP {answer.status}{number}{trace}: {said}{usage}",
        fix=dialect.fixes.get(kind, _FIXES[kind]),
        status=answer.status,
        code=fault.code if fault else None,
        trace=fault.trace if fault else None,
    )


def _by_status(answer: Answer) -> type[errors.ApiError]:
    """A page instead of the API's own answer is of somebody between us and the vendor: it says nothing is gone."""
    status = answer.status
    if status in (401, 403):
        return errors.AuthError
    if status == 404:
        return errors.TransportError if answer.text.lstrip().startswith("<") else errors.NotFound
    if status == 429:
        return errors.RateLimited
    return errors.Rejected if 400 <= status < 500 else errors.TransportError


_SAYS: Mapping[type[errors.ApiError], str] = {
    errors.AuthError: "does not authorise us",
    errors.NotFound: "has no such object",
    errors.RateLimited: "asks us to wait for longer than a run may last",
    errors.Rejected: "refuses the request",
    errors.TransportError: "gave no usable answer",
}
_FIXES: Mapping[type[errors.ApiError], str] = {
    errors.AuthError: "check the credentials in the stack file; after a rotation run pulumi with --run-program",
    errors.NotFound: "check the id in the stack file",
    errors.RateLimited: "wait and run again; nothing was concluded from this",
    errors.Rejected: "the reason above names what the vendor does not take; change it in the stack file",
    errors.TransportError: TRY_LATER,
}


def _lost(base_url: str, dialect: Dialect, call: Call, lost: requests.RequestException) -> errors.TransportError:
    if isinstance(lost, _TooLarge):
        why = f"the answer is larger than {LARGEST_BODY} bytes"
    elif isinstance(lost, requests.ConnectTimeout | requests.ReadTimeout):
        why = "no answer within the time allowed"
    elif isinstance(lost, requests.exceptions.SSLError):
        why = "the TLS connection was refused or its certificate is not valid"
    elif isinstance(lost, requests.exceptions.ProxyError):
        why = "the proxy of this machine did not connect"
    elif isinstance(lost, requests.ConnectionError):
        why = "the connection was not made, or was dropped"
    else:
        why = "the answer could not be read as HTTP"
    return errors.TransportError(
        f"{dialect.vendor} could not be reached",
        where=place(base_url, call),
        why=why,
        fix=TRY_LATER,
    )


def _retry_after(answer: Answer) -> float | None:
    """Seconds that the vendor asks to wait; a date counts from now."""
    text = answer.headers.get("Retry-After", "").strip()
    try:
        return float(text) if text.isdigit() else max(parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    except (ValueError, OverflowError):
        return None
