"""What changes mean to customers: a rule set over typed changes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from stacks.operations.summary.changes import Change


class Level(StrEnum):
    """How bad it is."""

    DANGER = "danger"
    """Customers are cut off, or new ones fail, unless somebody acts."""
    NOTICE = "notice"
    """Worth knowing before it is applied."""


@dataclass(frozen=True)
class Consequence:
    """What one or more changes of a connector lead to."""

    connector: str
    level: Level
    what: str
    """What happens, and what a customer notices."""
    advice: str
    """What to do about it; empty where there is nothing to do."""


def consequences(changes: Sequence[Change]) -> tuple[Consequence, ...]:
    """Each consequence once, dangers first."""
    return ()
