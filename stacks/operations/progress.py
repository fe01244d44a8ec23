"""What a person at a terminal sees while something lasts; in a log, one line for each environment that is done."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from stacks.operations.summary.survey import Survey


@contextmanager
def progress(message: str) -> Iterator[None]:
    """Says on stderr that something is going on: animated on a terminal, silent elsewhere."""
    console = Console(stderr=True, highlight=False)
    if not sys.stderr.isatty():
        yield
        return
    with console.status(message):
        yield


class Looks:
    """Looks at several environments: how many are done and which are not, all on stderr."""

    def __init__(self, names: Sequence[str]) -> None:
        self._waiting = list(names)
        self._bar: Progress | None = None
        self._task = TaskID(0)

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            columns = (BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
            self._bar = Progress(*columns, console=Console(stderr=True, highlight=False), transient=True)
            self._task = self._bar.add_task(self._left(), total=len(self._waiting))
            self._bar.start()
        return self

    def told(self, survey: Survey) -> None:
        """One environment is done."""
        self._waiting.remove(survey.environment)
        said = f"{survey.environment}: {survey.state} ({survey.seconds} s)"
        if self._bar is None:
            click.echo(said, err=True)
            return
        self._bar.console.print(said, markup=False)
        self._bar.update(self._task, advance=1, description=self._left())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _left(self) -> str:
        return f"looking at {', '.join(self._waiting[:5])}{' ...' if len(self._waiting) > 5 else ''}"
