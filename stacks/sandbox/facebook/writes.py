"""The log of every settings write: who, field, old, new.

The vendor has no counterpart beyond its update-notification mail; tests use it to tell that nothing was sent.
"""

from __future__ import annotations

from stacks.sandbox.world import World

MASKED = "[masked]"


def note_write(world: World, app_id: str, who: str, field: str, *, old: object, new: object) -> None:
    """Append to the log; a secret is named and never shown."""
    if field == "secret":
        old = new = MASKED
    with world.lock:
        log = world.memory.setdefault("facebook_writes", [])
        log.append({"app": app_id, "who": who, "field": field, "old": old, "new": new})
