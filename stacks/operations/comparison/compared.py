"""Environments side by side, from what their stack files declare: no network, no engine, no decryption. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stacks.operations.comparison.declared import Declared, Row
from stacks.operations.comparison.differing import differences
from stacks.operations.comparison.equalities import equalities
from stacks.operations.summary.verdict import LEFT, READY


@dataclass(frozen=True)
class Comparison:
    """What is different, and what is the same."""

    environments: tuple[str, ...]
    by_design: tuple[Row, ...] = ()
    unexplained: tuple[Row, ...] = ()
    equal: tuple[Row, ...] = ()
    """What is equal and should not be, and what stands where it should not."""
    not_compared: tuple[Row, ...] = ()
    """What the files do not tell."""

    @property
    def exit_code(self) -> int:
        """0 nothing unexplained and nothing equal that should not be; 7 otherwise."""
        return LEFT if self.unexplained or self.equal else READY


def compare(environments: Sequence[Declared]) -> Comparison:
    """Every difference and every equality that matters, each in its list."""
    found = [*differences(environments), *equalities(environments)]
    lists = {
        name: tuple(row for of, row in found if of == name)
        for name in ("by_design", "unexplained", "equal", "not_compared")
    }
    return Comparison(tuple(each.environment for each in environments), **lists)
