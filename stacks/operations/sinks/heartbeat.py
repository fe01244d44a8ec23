"""The sign of life of a scheduled look, for a service that raises the alarm when none comes.

One GET at the end of a look that completed, whatever it found, or metrics of each environment (see cloudwatch.py); none
when the run broke.
Units:   seconds.
Never:   shows more of the address than its host: such services take whoever knows the rest for the one who looks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import SplitResult, urljoin

import stamina

from components import sending
from components.calls import Answer, Call, Dialect
from components.deadline import within
from components.errors import ConnectorError, DeclarationError, TransportError
from stacks.operations.sinks import cloudwatch
from stacks.operations.sinks.addresses import origin, trusted
from stacks.operations.summary.survey import Survey

TIMEOUT = 10.0
"""For one try, redirects included."""
ATTEMPTS = 3
HOPS = 5

_SERVICE = Dialect("The heartbeat service", lambda _: None, {})
_REDIRECTS = (301, 302, 303, 307, 308)


class _Unheard(Exception):
    """A try that failed for now; its text is why."""


def prepared(place: str, alarms: Mapping[str, cloudwatch.Alarm] | None = None) -> Callable[[Sequence[Survey]], None]:
    """What tells a place that these environments were looked at; for use before the look.

    `alarms`: stack -> what its alarm in CloudWatch listens to, where one is declared.
    Raises: DeclarationError, when the place is none, cannot be reached from this machine, or is not listened to.
    """
    if place.startswith(cloudwatch.SCHEME):
        return cloudwatch.Heartbeat(place, alarms)
    check(place)
    return lambda _surveys: beat(place)


def check(url: str) -> SplitResult:
    """The parts of an address that can be called; for use before the look.

    Raises: DeclarationError, when it is none.
    """
    parts = trusted(url)
    if parts is None:
        scheme = "https" if url.startswith("http") else url.partition(":")[0]
        raise DeclarationError(
            "The heartbeat cannot be sent there",
            where="--heartbeat",
            why="it takes the https address that a dead-man service gives you, or a metric of CloudWatch"
            + (f", not {scheme}:" if scheme in _OTHERS else ""),
            fix="give the whole address: --heartbeat https://HOST/PATH, or "
            f"--heartbeat {cloudwatch.SCHEME}NAMESPACE/METRIC",
        )
    return parts


_OTHERS = ("arn", "mailto", "ftp", "tcp")
"""What may be taken for an address; anything else could be a part of one, and is not repeated."""


def beat(url: str) -> None:
    """Tell the service that a look has completed.

    Raises: DeclarationError, when it is no address; ConnectorError, when no try was heard.
    """
    parts = check(url)
    try:
        for attempt in stamina.retry_context(on=_Unheard, attempts=ATTEMPTS, timeout=None, wait_initial=1.0):
            with attempt:
                _try(url)
    except _Unheard as last:
        raise _lost(parts, str(last)) from None


def _try(url: str) -> None:
    try:
        answer = within(TIMEOUT, lambda: _call(url))
    except TimeoutError:
        raise _Unheard("no answer within the time allowed") from None
    except TransportError as lost:
        raise _Unheard(lost.why) from None
    if answer.status >= 500 or answer.status == 429:
        raise _Unheard(f"HTTP {answer.status}")
    if answer.status >= 300:
        raise _lost(check(url), f"HTTP {answer.status}: it knows no heartbeat of this address")


def _call(url: str) -> Answer:
    """The answer to a GET, after the redirects that lead nowhere unprotected."""
    for _ in range(HOPS):
        parts = check(url)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        call = Call("GET", path, repeatable=False, json_expected=False, statuses=range(400, 600))
        answer = sending.send(origin(parts), _SERVICE, call)
        location = answer.headers.get("Location", "")
        if answer.status not in _REDIRECTS or not location:
            return answer
        url = urljoin(url, location)
        if trusted(url) is None:
            raise _lost(parts, "it redirects to an address that is not https")
    raise _lost(parts, "it redirects again and again")


def _lost(parts: SplitResult, why: str) -> ConnectorError:
    return ConnectorError(
        "The heartbeat was not heard",
        where=f"--heartbeat, host {parts.hostname}",
        why=why,
        fix="the look itself is complete, see above; check the address where the service shows it, then run again",
    )
