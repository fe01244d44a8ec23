"""Several looks at a time: order, isolation of failures, and an interruption."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from components.errors import ConnectorError, DeclarationError
from stacks.operations import surveying
from stacks.operations.engine import Sight
from stacks.operations.summary.findings import State
from stacks.operations.surveying import Environment, nothing_more, take_all
from tests.unit.operations.recorded import events

FAILURES = {
    "broken": ConnectorError("The engine failed", where="stack broken", why="so", fix="that"),
    "wrong": DeclarationError("Settings", where="stack wrong", why="so", fix="that"),
}


class Engine:
    """Stands for the engine: by the name of the stack it has something to show, fails, or waits for others."""

    together = threading.Barrier(2)

    def __init__(self, stack: str, _file: Path | None) -> None:
        self._stack = stack

    def look(self, *, intended: bool) -> Sight:
        if self._stack in FAILURES:
            raise FAILURES[self._stack]
        if self._stack.startswith("together"):
            self.together.wait(timeout=10)
        if self._stack == "interrupted":
            raise KeyboardInterrupt
        return Sight(tuple(events("ready")), diff="no changes")


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    """No look of these tests starts an engine."""
    monkeypatch.setattr(surveying, "Engine", Engine)


def surveys(*names: str, jobs: int = 2):
    """The surveys of these stacks, and the order in which they were told."""
    told = []
    taken = take_all(
        [Environment(name) for name in names], nothing_more, lambda each: told.append(each.environment), jobs
    )
    return taken, told


def test_failing_environment_does_not_disturb_the_others():
    """Each environment has its survey, in the order asked for; a failure is the survey of its own alone."""
    taken, told = surveys("broken", "dev", "wrong", "staging")

    assert [(each.environment, each.state, each.exit_code) for each in taken] == [
        ("broken", State.NOT_OBSERVED, 1),
        ("dev", State.IN_SYNC, 0),
        ("wrong", State.NOT_OBSERVED, 2),
        ("staging", State.IN_SYNC, 0),
    ]
    assert sorted(told) == ["broken", "dev", "staging", "wrong"]
    assert taken[0].error == str(FAILURES["broken"])
    assert taken[1].diff == "no changes"


def test_looks_run_at_the_same_time():
    """Two looks are under way together: each waits for the other to have begun."""
    taken, _ = surveys("together-1", "together-2", jobs=2)

    assert {each.state for each in taken} == {State.IN_SYNC}


def test_what_else_belongs_to_a_look_is_asked_only_where_there_is_one():
    """The further questions of a command concern environments that were looked at."""
    asked = []

    def more(survey):
        asked.append(survey.environment)
        return survey

    take_all([Environment("broken"), Environment("dev")], more, lambda _: None)

    assert asked == ["dev"]


def test_interruption_ends_the_run():
    """An interruption is passed on, and looks that have not begun never begin."""
    with pytest.raises(KeyboardInterrupt):
        surveys("interrupted", *(f"dev-{number}" for number in range(50)), jobs=1)
