"""`make judge`: what was reported of each world of the table, and what a customer met in it, for a person to read."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.truth.behaviour import DEFAULT
from tests.truth.playing import Line, chunks, play
from tests.truth.rules import CLASSES, LIMIT, OPEN, WRONG
from tests.truth.settings import BROKEN, FIRST_DAY
from tests.truth.table import PAIRS, SINGLES, values

MOST = 50
"""Breaches that are printed."""
LONGEST = 3
"""Names of a report that fit into a cell."""


def main() -> int:
    """Play, print; 1 where a rule is broken."""
    parser = argparse.ArgumentParser(prog="make judge", description=__doc__)
    parser.add_argument("--singles", action="store_true", help="only one value at a time: minutes less")
    parser.add_argument("--rows", action="store_true", help="list every undecided world of two values too")
    parser.add_argument("--processes", type=int, default=min(os.cpu_count() or 1, 4), help="sandboxes at once")
    chosen = parser.parse_args()
    lines = _played(chosen.processes, pairs=not chosen.singles)
    out = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    for phase in (FIRST_DAY, BROKEN):
        out.print(_values(phase, lines))
    out.print(_counts(lines))
    _exceptions(out, lines, every=chosen.rows)
    broken = [breach for line in lines for breach in line.breaches]
    for breach in broken[:MOST]:
        out.print(f"BROKEN  {breach}", style="bold red", markup=False)
    out.print(f"{len(lines)} worlds, {len(broken)} breaches of a rule")
    return 1 if broken else 0


def _played(processes: int, *, pairs: bool) -> list[Line]:
    waiting = chunks(pairs=pairs)
    found: list[Line] = []
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("worlds", total=len(waiting))
        for lines in play(waiting, processes):
            found += lines
            progress.advance(task)
    order = {f"{key}: {value.name}": number for number, (key, value) in enumerate(values())}
    return sorted(found, key=lambda line: (line.which, line.phase, [order[name] for name in line.values], line.under))


def _values(phase: str, lines: Iterable[Line]) -> Table:
    """Each value alone, the vendors as they are most likely to be."""
    shown = Table(
        "world", "report", "it names", "the customer met", "class", title=f"One value, {phase}", title_justify="left"
    )
    for line in lines:
        if line.which == SINGLES and line.phase == phase and line.under == DEFAULT.name:
            named = _named(line)
            style = "bold red" if line.breaches else "yellow" if line.kind == LIMIT else ""
            shown.add_row(_world(line), line.verdict, named, line.met, line.kind, style=style)
    return shown


def _counts(lines: Iterable[Line]) -> Table:
    """How many worlds of each class."""
    shown = Table("class", title="All worlds, each switch of the vendors on both sides", title_justify="left")
    columns = [(which, phase) for which in (SINGLES, PAIRS) for phase in (FIRST_DAY, BROKEN)]
    for which, phase in columns:
        shown.add_column(f"{which}, {phase}", justify="right")
    counted = Counter((line.kind, line.which, line.phase) for line in lines)
    for kind in (*CLASSES, WRONG):
        shown.add_row(kind, *(str(counted[kind, *column]) for column in columns))
    return shown


def _exceptions(out: Console, lines: Sequence[Line], *, every: bool) -> None:
    """Where a report is green and wrong for a documented reason, and where it leaves something undecided."""
    limits = [line for line in lines if line.kind == LIMIT]
    _grouped(out, "Ready, and the customer fails: documented limits", limits)
    undecided = [line for line in lines if line.kind == OPEN]
    alone = [line for line in undecided if line.which == SINGLES]
    _grouped(out, "Not ready although the customer connects, since something is undecided: one value", alone)
    reasons = Counter(name for line in undecided for name in line.named if line.which == PAIRS and ":" not in name)
    out.print(f"\nThe same, two values: {len(undecided) - len(alone)} worlds, undecided or wrong in them", style="bold")
    for name, count in sorted(reasons.items(), key=lambda entry: (-entry[1], entry[0])):
        out.print(f"  {count:5}  {name}", markup=False)
    for line in undecided if every else ():
        world = f"{_world(line)}, {line.phase}, {line.under}"
        out.print(f"  {world}: {', '.join(line.named)}; met: {line.met}", markup=False)


def _grouped(out: Console, title: str, lines: Sequence[Line]) -> None:
    """Each world once, with the number of switches under which it is so."""
    out.print(f"\n{title}: {len(lines)} worlds", style="bold")
    told = {(_world(line), line.phase): line for line in lines}
    counted = Counter((_world(line), line.phase) for line in lines)
    for (world, phase), line in told.items():
        why = "; ".join(line.limits) if line.kind == LIMIT else _named(line)
        out.print(f"  {counted[world, phase]:5}  {world}, {phase}: {why}; met: {line.met}", markup=False)


def _named(line: Line) -> str:
    """The settings and resources it names; of an open step the setting is among them."""
    names = [name for name in line.named if ":" not in name] or list(line.named)
    more = f" and {len(names) - LONGEST} more" if names[LONGEST:] else ""
    return ", ".join(names[:LONGEST]) + more


def _world(line: Line) -> str:
    return " + ".join(line.values) or "nothing changed"


if __name__ == "__main__":
    sys.exit(main())
