"""Random worlds, random declarations and random edits of both: a run does what differs, and the next one nothing."""

from __future__ import annotations

import os
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings

from tests.contract.convergence.cases import cases
from tests.contract.convergence.consoles import drifted, state
from tests.contract.convergence.declarations import ENVIRON, config
from tests.contract.convergence.engine import Engine
from tests.contract.convergence.excuses import restless, unexcused
from tests.contract.convergence.explained import INSTALLATION, Before, expected, seen
from tests.contract.convergence.untouched import touched
from tests.program.harness import STACK

pytestmark = [pytest.mark.proof, pytest.mark.timeout(900)]

EXAMPLES = 300
RANDOM = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""The same examples on every machine; a failure prints what repeats it."""


def run(engine, world, declaration):
    """One update of a declaration: what it started from, what happened, what it wrote."""
    before = Before(world, STACK, world.state(), declaration, engine.kept.get(INSTALLATION))
    world.forget_requests()
    happened = engine.up(config(declaration, world))
    return before, happened, seen(before)


def explained(engine, world, declaration):
    """One update whose every write is explained, and which touches nothing else."""
    before, happened, writes = run(engine, world, declaration)
    failed = any(outcome.startswith("failed") for outcome in happened.values())
    due = expected(before, failed=failed)
    assert writes == due, f"{happened}"
    assert touched(before, world.state(), due) == {}
    return happened, writes, before


def at_rest(first, second):
    """Whether nothing happened to a resource in the second run, or it failed again as it did before."""
    return second == "same" or (second.startswith("failed") and second == first)


@RANDOM
@given(case=cases)
def test_any_world_comes_to_rest_and_only_differences_are_written(running, case):
    """Whatever stands at the vendors and is declared, a run writes the differences alone and the next one nothing."""
    engine = Engine()
    running.put(state(case.made, running, STACK))
    with mock.patch.dict(os.environ, ENVIRON):
        explained(engine, running, case.declaration)
        running.put(drifted(running.state(), case.drift, running))
        first, _, _ = explained(engine, running, case.edited)
        outputs = engine.outputs()
        second, writes, before = explained(engine, running, case.edited)

    assert unexcused(before, writes) == []
    assert {name for name in second if not at_rest(first[name], second[name])} <= restless(before)
    assert engine.outputs() == outputs
