"""What one run asks a vendor once: a token for each secret, a probe for each URI. Shared by all classes and threads.

A provider process lives for one run of the engine, so what failed after all its retries has failed for that run: the
next thread gets the same error at once instead of waiting as long again. In memory only.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from components.errors import ApiError

T = TypeVar("T")


class Once(Generic[T]):
    """Key (who asks whom, with which secret, for what) -> the answer, or the error that there is none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asking: dict[Hashable, threading.Lock] = {}
        self._known: dict[Hashable, T | ApiError] = {}
        self._forgotten = 0

    def get(self, key: Hashable, ask: Callable[[], T]) -> T:
        """The answer for `key`, asked by the first caller while those with the same key wait.

        Raises: what `ask` raised.
        """
        with self._lock:
            asking = self._asking.setdefault(key, threading.Lock())
        with asking:
            known = self._known.get(key)
            if known is None:
                known = self._learn(key, ask)
        if isinstance(known, ApiError):
            raise copy.copy(known)
        return known

    def clear(self) -> None:
        """Forget everything: something was written that answers may depend on, or a test's world is another one."""
        with self._lock:
            self._known.clear()
            self._forgotten += 1

    def _learn(self, key: Hashable, ask: Callable[[], T]) -> T | ApiError:
        """What was asked is kept, unless everything was forgotten while the answer was under way."""
        before = self._forgotten
        try:
            known: T | ApiError = ask()
        except ApiError as error:
            known = error
        with self._lock:
            if before == self._forgotten:
                self._known[key] = known
        return known
