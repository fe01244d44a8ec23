"""A sandbox of its own, since a scenario stays set up on it while many faults are played."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.contract.faults.runner import QuickWorld, Stage
from tests.contract.faults.scenarios import SCENARIOS
from tests.worlds import running_sandbox


@pytest.fixture(scope="session")
def stages() -> Iterator[Callable[[str], Stage]]:
    """Scenario by name, set up once for each test worker."""
    known: dict[str, Stage] = {}
    with running_sandbox() as running:
        world = QuickWorld(running)

        def stage(name: str) -> Stage:
            if name not in known:
                known[name] = Stage(world, SCENARIOS[name])
            return known[name]

        yield stage
        world.close()
