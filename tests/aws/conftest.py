"""One AWS for all tests here, empty again for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.aws.cloud.client import Cloud
from tests.aws.cloud.server import running


@pytest.fixture(scope="session")
def running_cloud() -> Iterator[Cloud]:
    with running() as cloud:
        yield cloud


@pytest.fixture
def cloud(running_cloud: Cloud) -> Cloud:
    """An empty account where anybody may do anything."""
    running_cloud.reset()
    return running_cloud
