"""What changes mean to customers: a rule set over typed changes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stacks.operations.summary.changes import Change
from stacks.operations.summary.rules.dangers import rules_for
from stacks.operations.summary.rules.facts import Facts


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
    """Each consequence once, dangers first; within a level connector by connector, in the order of the changes."""
    found = dict.fromkeys(_found(changes))
    return tuple(sorted(found, key=lambda each: each.level is Level.NOTICE))


def _found(changes: Sequence[Change]) -> Iterator[Consequence]:
    connectors = dict.fromkeys(each.connector for each in changes)
    for connector in connectors:
        facts = Facts(tuple(each for each in changes if each.connector == connector))
        for rule in rules_for(facts):
            for said in rule(facts):
                yield Consequence(connector, Level.DANGER if said.danger else Level.NOTICE, said.what, said.advice)
