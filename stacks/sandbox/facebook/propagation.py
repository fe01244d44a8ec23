"""When a change on the dashboard becomes visible to the probe and the dialog.

Source:  setup guides speak of seconds to ten minutes (reported); ``behaviour.propagation_seconds``.
"""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass
from typing import Any

from stacks.sandbox.facebook.call import behaviour
from stacks.sandbox.facebook.paths import Path, put_at
from stacks.sandbox.world import World


@dataclass(frozen=True)
class Pending:
    """One change of the dashboard: when (monotonic), of which app, where in it, and what stood there before."""

    moment: float
    app_id: str
    path: Path
    old: Any


def note_change(world: World, app_id: str, path: Path, old: object) -> None:
    """Remember what the probe and the dialog go on seeing for a while."""
    if behaviour(world)["propagation_seconds"] > 0:
        with world.lock:
            pending = world.memory.setdefault("facebook_pending", [])
            pending.append(Pending(time.monotonic(), app_id, path, old))


def visible_app(world: World, app_id: str) -> dict[str, Any] | None:
    """Return the app as the probe and the dialog see it now."""
    found = world.app(app_id)
    with world.lock:
        pending: list[Pending] = list(world.memory.get("facebook_pending", ()))
    horizon = time.monotonic() - behaviour(world)["propagation_seconds"]
    hidden = [change for change in pending if change.app_id == app_id and change.moment > horizon]
    if found is None or not hidden:
        return found
    seen = copy.deepcopy(found)
    # Newest first, so that of two hidden changes of one setting the value before both remains.
    for change in reversed(hidden):
        put_at(seen, change.path, change.old)
    return seen
