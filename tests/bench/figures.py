"""The figures that `make bench` takes, and what it says of one: pure.

Units: `times` are ratios within one run; `ms` and `MB` (10^6 bytes) are of this machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

FURTHER = 20
"""Connectors in the largest stack."""
ENVIRONMENTS = 20
"""Environments that one `drift` looks at."""
LATENCY = 0.1
"""Seconds that each call to a vendor takes, where latency is measured."""


@dataclass(frozen=True)
class Figure:
    """One row of the table."""

    key: str
    what: str
    unit: str
    goal: float | None
    """The largest value that is good; None for a figure that is only told."""


FIGURES = (
    Figure("noop", "no-op `preview --refresh=false`, against an empty program", "times", 1.4),
    Figure("look", "look (`preview`), against an empty program", "times", None),
    Figure("further_noop", "each further connector, no-op `preview --refresh=false`", "ms", 60),
    Figure("further_look", "each further connector, look (`preview`)", "ms", 60),
    Figure(
        "latency",
        f"look at {LATENCY * 1000:.0f} ms a call, against its longest chain of calls + an empty program",
        "times",
        1.3,
    ),
    Figure(
        "environments",
        f"`drift` of {ENVIRONMENTS} environments, against one command after another for each",
        "times",
        0.6,
    ),
    Figure("in_turn", f"`drift` of {ENVIRONMENTS} environments, against itself with `--jobs 1`", "times", None),
    Figure("chain", "longest chain of dependent calls of a look", "calls", None),
    Figure("look_calls", "calls of a look", "calls", 14),
    Figure("look_writes", "writes of a look", "writes", 0),
    Figure("up_calls", "calls of a first `up`", "calls", None),
    Figure("up_writes", "writes of a first `up`", "writes", None),
    Figure("noop_up_calls", "calls of a no-op `up`", "calls", None),
    Figure("noop_up_writes", "writes of a no-op `up`", "writes", 0),
    Figure("memory", "peak memory of the provider process, look at 1 connector", "MB", 90),
    Figure("memory_further", f"peak memory of the provider process, look at {FURTHER} connectors", "MB", 90),
    Figure("sandbox", "start of the sandbox, until all four servers answer", "ms", None),
)
BY_KEY: Mapping[str, Figure] = {figure.key: figure for figure in FIGURES}
COLUMNS = ("figure", "goal", "measured", "spread", "")


@dataclass(frozen=True)
class Measured:
    """What one figure came to."""

    value: float
    low: float
    """The lower quartile of what was measured; the value itself where it was counted, not measured."""
    high: float
    samples: int

    @classmethod
    def counted(cls, value: float) -> Measured:
        """A figure that does not vary."""
        return cls(value, value, value, 1)


def verdict(figure: Figure, measured: Measured) -> str:
    """Whether the goal is met."""
    if figure.goal is None:
        return ""
    return "met" if measured.value <= figure.goal else "NOT met"


def row(figure: Figure, measured: Measured) -> tuple[str, ...]:
    """One line of the table."""
    spread = "" if measured.samples == 1 else f"{_number(measured.low, figure)} to {_number(measured.high, figure)}"
    value = f"{_number(measured.value, figure)} {figure.unit}"
    return (figure.what, goal(figure), value, spread, verdict(figure, measured))


def goal(figure: Figure) -> str:
    """The goal as the table shows it."""
    return "" if figure.goal is None else f"at most {figure.goal:g} {figure.unit}"


def table(results: Mapping[str, Measured], figures: Sequence[Figure] = FIGURES) -> str:
    """All figures, as a table for a terminal that is Markdown as well."""
    rows = [COLUMNS, *(row(figure, results[figure.key]) for figure in figures)]
    widths = [max(len(cells[column]) for cells in rows) for column in range(len(COLUMNS))]
    lines = [_line(cells, widths) for cells in rows]
    return "\n".join([lines[0], _line(["-" * width for width in widths], widths), *lines[1:]])


def document(results: Mapping[str, Measured], machine: Mapping[str, Any]) -> dict[str, Any]:
    """All figures for a program."""
    figures = [
        {**asdict(figure), **asdict(results[figure.key]), "verdict": verdict(figure, results[figure.key])}
        for figure in FIGURES
    ]
    return {"machine": dict(machine), "figures": figures}


def _number(value: float, figure: Figure) -> str:
    return f"{value:.2f}" if figure.unit == "times" else f"{value:.0f}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {padded} |"
