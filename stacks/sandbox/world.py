"""The one world both vendors of the sandbox live in: its state, its lock and what is kept in memory.

Shape:   ``world.state`` is the JSON of ``schema.py``, complete. Readers may read it at any time without the lock:
         a change builds a new state and puts it in place at once. Never mutate it outside ``change()``.
Never:   knows a vendor's rules; they stand in ``facebook/`` and ``cyclr/``.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stacks.sandbox.schema import STATE
from stacks.sandbox.shape import Json, StateError

__all__ = ["Addresses", "StateError", "World"]


@dataclass(frozen=True)
class Addresses:
    """Where the four servers listen: three base URLs and the service domain as Cyclr writes it, host and port."""

    control: str
    facebook: str
    cyclr_api: str
    service_domain: str


class World:
    """State, lock, addresses and memory."""

    lock: threading.RLock
    """Hold it while reading several things together, or while using ``memory``. Never hold it over an HTTP call."""

    addresses: Addresses
    """Set once the ports are bound, before the first request."""

    memory: dict[str, Any]
    """What is not state: tokens, codes, sessions, counters. PUT /state empties it, so reach in with
    ``world.memory.setdefault(...)`` at each use and keep no reference between requests."""

    def __init__(self, state: dict[str, Any] | None = None, file: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.memory = {}
        self._file = file
        self._local = threading.local()
        self._put(STATE.fill(state or {}))

    @property
    def state(self) -> dict[str, Any]:
        """The state; inside ``change()``, for its own thread, the state as changed so far."""
        draft: dict[str, Any] | None = getattr(self._local, "draft", None)
        return self._state if draft is None else draft

    @contextlib.contextmanager
    def change(self) -> Iterator[dict[str, Any]]:
        """Hand out the state to mutate; at the end it is saved and in place, after an exception it is dropped.

        Validates nothing. A change within a change is part of the outer one.
        """
        with self.lock:
            if getattr(self._local, "draft", None) is not None:
                yield self._local.draft
                return
            draft = self._local.draft = json.loads(self._text)
            try:
                yield draft
            finally:
                self._local.draft = None
            self._put(draft)

    def replace(self, state: dict[str, Any]) -> None:
        """Make this the state (PUT /state): missing keys get their default, memory is emptied.

        Raises:  StateError, with nothing changed, for an unknown key or a wrong type.
        """
        complete = STATE.fill(state)
        with self.lock:
            self.memory.clear()
            self._put(complete)

    def merge(self, patch: dict[str, Any]) -> None:
        """Apply a JSON merge patch (PATCH /state, RFC 7386): null sets a key back to its default, memory stays.

        Raises:  StateError, with nothing changed, for an unknown key or a wrong type.
        """
        with self.lock:
            self._put(STATE.fill(merge_patch(json.loads(self._text), patch)))

    def app(self, app_id: str) -> dict[str, Any] | None:
        """Return the Facebook app with this id."""
        found: dict[str, Any] | None = self.state["facebook"]["apps"].get(app_id)
        return found

    def _put(self, state: dict[str, Any]) -> None:
        text = json.dumps(state)
        if self._file is not None:
            save(self._file, state)
        self._text, self._state = text, state


def merge_patch(target: Json, patch: Json) -> Json:
    """Return target with the patch merged in (RFC 7386)."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def save(file: Path, state: dict[str, Any]) -> None:
    """Write the state so that a reader, and a crash, meets the old file or the new one and never half of one."""
    fresh = file.with_name(f".{file.name}.new")
    with fresh.open("w", encoding="utf-8") as out:
        json.dump(state, out, indent=2)
        out.write("\n")
        out.flush()
        os.fsync(out.fileno())
    # State holds secrets of the sandbox's make, yet a habit is a habit.
    fresh.chmod(0o600)
    fresh.replace(file)
