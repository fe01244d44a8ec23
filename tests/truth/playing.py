"""The table, played in several processes at once, each with a sandbox of its own; what comes back is plain text.

Shape:  a chunk is (singles or pairs, phase, setting): the rows that are listed under that setting.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass

import stamina

from components.facebook import graph
from tests.truth import rules, table
from tests.truth.scenes import Row, Stage, open_stage
from tests.truth.settings import BROKEN, FIRST_DAY
from tests.truth.table import PAIRS, SINGLES

ATTEMPTS = 1000
"""More than any retry has: each is made, at once."""
Chunk = tuple[str, str, str]

_stages: list[Stage] = []
_open = ExitStack()


@dataclass(frozen=True)
class Line:
    """One row, told."""

    which: str
    phase: str
    values: tuple[str, ...]
    under: str
    verdict: str
    named: tuple[str, ...]
    met: str
    kind: str
    limits: tuple[str, ...]
    breaches: tuple[str, ...]


def chunks(*, pairs: bool) -> list[Chunk]:
    """Everything there is to play, the longest first."""
    both = [(which, phase) for which in (PAIRS, SINGLES)[0 if pairs else 1 :] for phase in (FIRST_DAY, BROKEN)]
    return [
        (which, phase, key)
        for which, phase in both
        for key in (table.NOTHING, *table.keys())
        if table.rows(which, phase, key)
    ]


def play(waiting: list[Chunk], processes: int) -> Iterator[list[Line]]:
    """The lines of each chunk, as soon as it is played."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=_begin) as pool:
        for done in as_completed([pool.submit(_play, chunk) for chunk in waiting]):
            yield done.result()


def _begin() -> None:
    stamina.set_testing(True, attempts=ATTEMPTS, cap=True)
    graph._warned.set()
    _stages.append(_open.enter_context(open_stage()))
    multiprocessing.util.Finalize(None, _open.close, exitpriority=1)


def _play(chunk: Chunk) -> list[Line]:
    (stage,) = _stages
    return [_line(chunk[0], row, stage) for row in table.rows(*chunk)]


def _line(which: str, row: Row, stage: Stage) -> Line:
    result = stage.play(row)
    return Line(
        which,
        row.phase,
        tuple(f"{key}: {value.name}" for key, value in row.changed),
        row.under.name,
        result.report.verdict,
        tuple(sorted(result.report.named)),
        result.met.what,
        rules.class_of(result),
        tuple(rules.limits(result)),
        tuple(rules.breaches(result)),
    )
