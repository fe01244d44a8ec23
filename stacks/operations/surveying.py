"""Looks at several environments at a time: each is one run of the engine, and one that fails disturbs no other.

Never: write anything, at a vendor or in a state.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

from components.errors import ConnectorError, DeclarationError
from stacks import stack_file
from stacks.operations.engine import Engine
from stacks.operations.summary import look
from stacks.operations.summary.survey import Survey

JOBS = max(2, min(8, os.cpu_count() or 1))
"""Environments looked at at a time. Measured: the engine and its two processes keep a core busy, more only queue."""

Told = Callable[[Survey], None]
"""Hears of each environment as soon as it was looked at."""
More = Callable[[Survey], Survey]
"""What else belongs to the look at an environment; runs beside the looks at others."""


@dataclass(frozen=True)
class Environment:
    """One environment to look at."""

    stack: str
    file: Path | None = None
    """Another stack file than the stack's own."""

    @property
    def shown(self) -> str:
        """Its file as a printed command names it; empty for the stack's own."""
        return stack_file.shown(self.file) if self.file else ""


def take_all(environments: Sequence[Environment], more: More, told: Told, jobs: int = JOBS) -> list[Survey]:
    """A survey of each, in the order in which they were asked for.

    Raises: KeyboardInterrupt, once the engines under way, which hear of it too, have ended in their own good order.
    """
    with ThreadPoolExecutor(jobs) as pool:
        futures = {pool.submit(take, each, more): each for each in environments}
        try:
            for future in as_completed(futures):
                told(future.result())
        except KeyboardInterrupt:
            for future in futures:
                future.cancel()
            raise
        return [future.result() for future in futures]


def take(environment: Environment, more: More) -> Survey:
    """One look at one environment; why it failed is part of the survey."""
    started = time.monotonic()
    try:
        sight = Engine(environment.stack, environment.file).look(intended=True)
    except ConnectorError as error:
        wrong = isinstance(error, DeclarationError)
        survey = Survey(environment.stack, None, str(error), wrong)
    else:
        seen = look.from_events(environment.stack, sight.events, sight.state, environment.shown, sight.intended)
        survey = more(Survey(environment.stack, seen, diff=sight.diff))
    return replace(survey, seconds=round(time.monotonic() - started, 1))


def nothing_more(survey: Survey) -> Survey:
    """The look is all."""
    return survey
