"""What an answer of GitHub's API means that is not the wanted one: an error in words, and whether and when to repeat.

Units:   seconds.
Source:  GitHub's pages on rate limits and on troubleshooting its REST API (2022-11-28).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from components import errors
from components.calls import Answer

UNTOLD = 60.0
"""The least to wait after a refusal for its rate that does not say how long."""
LATER = "run again when it answers; what was already posted is found, not posted twice"


@dataclass(frozen=True)
class Refusal:
    """An answer that was not wanted."""

    error: errors.ApiError
    passing: bool
    """Whether the same call may be answered later."""
    wait: float | None = None
    """How long the service asks to wait; None where it does not."""


def refusal(where: str, answer: Answer, permission: str) -> Refusal:
    """What `answer` means; `permission` is what a job must be given for this errand."""
    said, status = _said(answer), answer.status
    wait = _asked_wait(answer, said)
    kind: type[errors.ApiError]
    if wait is not None:
        kind, what, fix = errors.RateLimited, "asks us to wait", f"run again in {wait:.0f} seconds or later"
    elif status >= 500 or answer.text.lstrip().startswith("<"):
        kind, what, fix = errors.TransportError, "gave no usable answer", LATER
    else:
        kind, what, fix = _REFUSALS.get(status, _REFUSED)
        fix = f"{fix}; the job needs `permissions: {permission}`"
    error = kind(f"GitHub {what}", where=where, why=f"HTTP {status}: {said}", fix=fix, status=status)
    return Refusal(error, kind in (errors.RateLimited, errors.TransportError), wait)


def _said(answer: Answer) -> str:
    body = answer.body if isinstance(answer.body, dict) else {}
    details = body.get("errors")
    entries = [body, *(entry for entry in details if isinstance(entry, dict))] if isinstance(details, list) else [body]
    words = [entry.get("message") for entry in entries]
    text = " ".join("; ".join(word for word in words if isinstance(word, str)).split())
    return text[:300] or "it gives no reason that can be read"


def _asked_wait(answer: Answer, said: str) -> float | None:
    """Seconds to wait after a refusal for its rate; None for any other answer."""
    told, spent = answer.headers.get("Retry-After", "").strip(), answer.headers.get("x-ratelimit-remaining") == "0"
    if answer.status not in (403, 429):
        return None
    if answer.status == 403 and not (told.isdecimal() or spent or "rate limit" in said.lower()):
        return None
    if told.isdecimal():
        return float(told)
    reset = answer.headers.get("x-ratelimit-reset", "")
    return max(float(reset) - _now(answer), 0.0) + 1.0 if spent and reset.isdecimal() else UNTOLD


def _now(answer: Answer) -> float:
    """The service's own clock, in which it tells the end of its limit."""
    try:
        return parsedate_to_datetime(answer.headers.get("Date", "")).timestamp()
    except (ValueError, OverflowError):
        return time.time()


_REFUSALS: Mapping[int, tuple[type[errors.ApiError], str, str]] = {
    401: (errors.AuthError, "does not accept the token", "give GITHUB_TOKEN a token that is valid"),
    403: (
        errors.AuthError,
        "does not let this token do this",
        "give the token more, or post from another run: one for a pull request from a fork may never write",
    ),
    404: (
        errors.NotFound,
        "has no such place, or hides it from this token",
        "check GITHUB_REPOSITORY and the number of the pull request",
    ),
    410: (errors.Rejected, "keeps no issues in this repository", "turn issues on in the repository's settings"),
}
_REFUSED = (errors.Rejected, "refuses the request", "the reason above names what it does not take")
