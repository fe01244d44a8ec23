"""The real engine for a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.declared import Environment
from tests.engine.environment import end_orphans, engine_environment
from tests.engine.shape import Shape
from tests.engine.stack import CONNECTOR_KEY, EngineStack
from tests.worlds import World, running_sandbox


@pytest.fixture
def pulumi_env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a run of the CLI that touches only this test's folder."""
    yield engine_environment(tmp_path)
    end_orphans(tmp_path)


@pytest.fixture
def shape(tmp_path: Path, pulumi_env: dict[str, str]) -> Shape:
    """The small program over files, with an empty stack `dev`."""
    return Shape.made_in(tmp_path, pulumi_env)


@pytest.fixture(scope="session")
def running_world():
    """One sandbox for all engine tests of this worker."""
    with running_sandbox() as world:
        yield world


@pytest.fixture
def world(running_world: World) -> World:
    """The sandbox at a new company's first day."""
    running_world.first_day()
    return running_world


@pytest.fixture
def stack(world: World, pulumi_env: dict[str, str], tmp_path: Path) -> EngineStack:
    """Stack `sandbox`, declared and never deployed, against that world."""
    return EngineStack(world, pulumi_env, tmp_path)


@pytest.fixture
def ready_stack(stack: EngineStack) -> EngineStack:
    """The same, on the day a customer can connect."""
    stack.up()
    environment = Environment(stack.world)
    environment.people_set_everything()
    stack.world.dashboard(api_access_to_settings=True)
    assert stack.command("attest", CONNECTOR_KEY, "advanced_access", "--by", "jane@acme.example").returncode == 0
    environment.authorise()
    stack.up()
    assert stack.outputs()["ready"] is True, stack.outputs()["open_steps"]
    return stack
