"""Every exception of the package, and the four parts of its text.

    ConnectorError
    ├── DeclarationError     a bad argument, reference or catalogue entry: ours to mend, nothing was sent
    ├── EngineGone           the engine that asked for a write no longer runs: nothing was sent
    └── ApiError             a vendor answered, or should have
        ├── AuthError        it refuses our credentials or this address
        │   └── NoSecret     where the secret should be there is none for us: no vendor was asked
        ├── NotFound         it has no such object
        ├── RateLimited      it asks us to wait, for longer than we may
        ├── Rejected         it understood the request and refuses it
        └── TransportError   no usable answer: unreachable, too slow, broken, or its own failure

From the provider process only `str(e)` reaches the user, so the four parts are all in it.
Never: a secret, not even shortened; the text of a library's exception, which may quote a URL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager


def four_parts(what: str, where: str, why: str, fix: str) -> str:
    """The text of an error as a user reads it, one part a line."""
    return f"{what}\n  where: {where}\n  why:   {why}\n  fix:   {fix}"


def without_place(text: str) -> str:
    """The text of an error without the part that names one of those whom it concerns."""
    return re.sub(r"^  where: .*\n", "", text, flags=re.MULTILINE)


class ConnectorError(Exception):
    """Base of everything this package raises on purpose."""

    def __init__(self, what: str, *, where: str, why: str, fix: str) -> None:
        super().__init__(what, where, why, fix)
        self.what, self.where, self.why, self.fix = what, where, why, fix

    def __str__(self) -> str:
        return four_parts(self.what, self.where, self.why, self.fix)

    def __copy__(self) -> ConnectorError:
        clone = type(self).__new__(type(self), *self.args)
        clone.__dict__.update(self.__dict__)
        return clone

    def at(self, where: str) -> ConnectorError:
        """This error, with `where` put before its place: the caller knows the resource, the client only the call."""
        self.where = f"{where}, {self.where}" if self.where else where
        return self


class DeclarationError(ConnectorError):
    """Something that the user declared is wrong; nothing was sent."""


class EngineGone(ConnectorError):
    """The engine that asked for a write was killed; the write was not sent."""


class ApiError(ConnectorError):
    """A vendor's answer, or the lack of one, that ends the call."""

    def __init__(
        self,
        what: str,
        *,
        where: str,
        why: str,
        fix: str,
        status: int | None = None,
        code: int | None = None,
        trace: str | None = None,
    ) -> None:
        super().__init__(what, where=where, why=why, fix=fix)
        self.status, self.code, self.trace = status, code, trace


class AuthError(ApiError):
    """The vendor refuses our credentials, our token or our address."""


class NoSecret(AuthError):
    """The place that a secret reference names refuses its value or has none; no vendor was asked with it."""


class NotFound(ApiError):
    """The vendor has no such object."""


class RateLimited(ApiError):
    """The vendor asks us to wait for longer than the call may last."""


class Rejected(ApiError):
    """The vendor understood the request and refuses it."""


class TransportError(ApiError):
    """No usable answer came: unreachable, too slow, not what the protocol promises, or the vendor's own failure."""


@contextmanager
def located(where: str) -> Iterator[None]:
    """Every error of ours that leaves the block says `where` first."""
    try:
        yield
    except ConnectorError as error:
        error.at(where)
        raise
