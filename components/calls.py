"""What is sent to a vendor and what comes back, as data: the words that the clients and `http` share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from components import errors


@dataclass(frozen=True)
class Answer:
    """What a vendor answered; `body` is the parsed JSON, None where the body is none."""

    status: int
    headers: Mapping[str, str]
    text: str
    body: Any


@dataclass(frozen=True)
class Fault:
    """What a vendor's error body says, in the vendor's own terms."""

    message: str
    code: int | None = None
    subcode: int | None = None
    trace: str | None = None
    transient: bool | None = None
    """The vendor's own word on whether to try again; None where it says nothing."""


@dataclass(frozen=True)
class Dialect:
    """How one vendor spells errors."""

    vendor: str
    read_fault: Callable[[Answer], Fault | None]
    kinds: Mapping[int, type[errors.ApiError]]
    """Vendor code -> exception, before the HTTP status is asked."""
    passing: Collection[int] = ()
    """Vendor codes worth another try."""
    fixes: Mapping[type[errors.ApiError], str] = field(default_factory=dict)
    usage: Callable[[Answer], str] = lambda _: ""
    """What the vendor says of our share of its limits."""


@dataclass(frozen=True)
class Call:
    """One request, as data."""

    method: str
    path: str
    query: Mapping[str, str] | None = None
    form: Mapping[str, str] | None = None
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool | None = None
    """None: GET, PUT and DELETE are, POST is not."""
    json_expected: bool = True
    """Whether an answer without JSON is broken."""
    statuses: Collection[int] = ()
    """HTTP statuses from 400 on that are an answer to the caller, not an error."""
    secrets: tuple[str, ...] = ()
    """Sent values that must not come back in a message."""

    def may_repeat(self) -> bool:
        """Whether sending it twice does no harm."""
        return self.method != "POST" if self.repeatable is None else self.repeatable


TRY_LATER = "run again when the vendor answers; nothing was concluded from this"
"""What is left to do about an answer that cannot be used."""


def place(base_url: str, call: Call) -> str:
    """The call without any value that was sent."""
    return f"{call.method} {base_url}{call.path}"


def unusable(vendor: str, where: str, why: str, status: int | None = None) -> errors.TransportError:
    """The error for an answer that lacks what the protocol promises."""
    return errors.TransportError(
        f"{vendor} gave no usable answer",
        where=where,
        why=why,
        fix=TRY_LATER,
        status=status,
    )
