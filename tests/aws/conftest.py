"""One AWS for all tests here, empty again for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aws.cloud.client import Cloud
from tests.aws.cloud.server import running

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The doubles are held against long tables of their own, which nobody waits for who changes something else."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.proof)


@pytest.fixture(scope="session")
def running_cloud() -> Iterator[Cloud]:
    with running() as cloud:
        yield cloud


@pytest.fixture
def cloud(running_cloud: Cloud) -> Cloud:
    """An empty account where anybody may do anything."""
    running_cloud.reset()
    return running_cloud
