"""One access token per vendor and process, shared by all provider classes and threads.

A provider process lives for one run of the engine, so what failed after all its retries has failed for that run: the
next thread gets the same error at once instead of waiting as long again. In memory only.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Hashable

from components.errors import ApiError


class TokenCache:
    """Key (who asks whom, with which secret) -> token, or the error that there is none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Hashable, str | ApiError] = {}

    def get(self, key: Hashable, make: Callable[[], str]) -> str:
        """The token for `key`, made by the first caller while the others wait.

        Raises: what `make` raised.
        """
        with self._lock:
            if key not in self._known:
                try:
                    self._known[key] = make()
                except ApiError as error:
                    self._known[key] = copy.copy(error)
                    raise
            known = self._known[key]
        if isinstance(known, ApiError):
            raise copy.copy(known)
        return known

    def clear(self) -> None:
        """Forget everything; a test's worlds must not share tokens."""
        with self._lock:
            self._known.clear()
