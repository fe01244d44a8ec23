"""One account for all tests here: what is refused changes nothing, and what is allowed disturbs no other test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.aws.cloud.client import running_apart
from tests.aws.policies.world import World, made


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two environments, the roles of one, IAM switched on."""
    with running_apart() as cloud:
        yield made(cloud, tmp_path_factory.mktemp("stacks"))
