"""Places in an app's state: a key, or a key of its dashboard."""

from __future__ import annotations

from typing import Any, TypeAlias

Path: TypeAlias = tuple[str, ...]


def value_at(app: dict[str, Any], path: Path) -> Any:
    """Return what stands there, None where nothing does."""
    holder = app
    for key in path[:-1]:
        holder = holder[key]
    return holder.get(path[-1])


def put_at(app: dict[str, Any], path: Path, value: object) -> None:
    """Write a value there."""
    holder = app
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
