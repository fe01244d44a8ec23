"""Waiting for something that may never end, until a time is over.

A socket's time limits count from byte to byte: a name that does not resolve, a host of many addresses and headers that
drip can take for ever. What is left behind runs on in its thread, which never keeps the process alive; a write that is
left before it was sent may still go out, as one may that the network holds back.
Units: seconds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")


class _Outcome(Generic[T]):
    """What was returned or raised in the other thread."""

    def __init__(self) -> None:
        self.returned: list[T] = []
        self.raised: BaseException | None = None

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, raised: BaseException | None, _trace: TracebackType | None) -> bool:
        """Keep what was raised for the one who waits."""
        self.raised = raised
        return True


def within(seconds: float, act: Callable[[], T]) -> T:
    """What `act` returns.

    Raises: TimeoutError, when it has not ended in time; else what `act` raised.
    """
    outcome = _Outcome[T]()

    def run() -> None:
        with outcome:
            outcome.returned.append(act())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise TimeoutError
    if outcome.raised is not None:
        raise outcome.raised
    return outcome.returned[0]
