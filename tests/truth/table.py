"""The rows: every value alone under every switch, and every two values under mixtures of all switches.

Seeded, so that a row that failed is the same row tomorrow.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

from tests.truth import behaviour
from tests.truth.scenes import Row
from tests.truth.settings import BROKEN, FIRST_DAY, SETTINGS, Value

SEED = 20261102
MIXTURES = 4
PHASES = (FIRST_DAY, BROKEN)
NOTHING = "nothing"
SINGLES, PAIRS = "one value", "two values"


def keys() -> list[str]:
    """Every setting."""
    return [setting.key for setting in SETTINGS]


def first(row: Row) -> str:
    """The setting under which a row is listed."""
    return row.changed[0][0] if row.changed else NOTHING


def values() -> list[tuple[str, Value]]:
    """Every value of every setting."""
    return [(setting.key, value) for setting in SETTINGS for value in setting.values]


def singles(phase: str) -> Iterator[Row]:
    """Each value, and none, under the defaults and under each switch on each other side."""
    for changed in [(), *((one,) for one in values())]:
        for under in behaviour.single():
            yield from _row(phase, changed, under)


def pairs(phase: str) -> Iterator[Row]:
    """Each two values of two settings, under two mixtures that turn every switch round."""
    chance = random.Random(SEED)
    couples = behaviour.couples(MIXTURES, SEED)
    for one, other in itertools.combinations(values(), 2):
        if one[0] != other[0]:
            for under in chance.choice(couples):
                yield from _row(phase, (one, other), under)


def _row(phase: str, changed: tuple[tuple[str, Value], ...], under: behaviour.Assignment) -> Iterator[Row]:
    """The row; none where a value says nothing in that phase, or where a switch is about the time after ready."""
    if all(value.only in ("", phase) for _, value in changed):
        yield Row(phase, changed, under)


def rows(which: str, phase: str, key: str) -> list[Row]:
    """The singles or the pairs of a phase that are listed under a setting."""
    return [row for row in _ROWS[which](phase) if first(row) == key]


_ROWS = {SINGLES: singles, PAIRS: pairs}
