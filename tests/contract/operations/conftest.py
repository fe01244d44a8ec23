"""AWS on loopback for the operations that speak to it."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.aws.cloud.client import Cloud, running_apart


@pytest.fixture(scope="session")
def running_aws() -> Iterator[Cloud]:
    """One AWS for all tests of this worker."""
    with running_apart() as cloud:
        yield cloud


@pytest.fixture
def aws(running_aws: Cloud, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """An empty account; this process is a shell with its credentials, and waits for nothing."""
    running_aws.reset()
    for name, value in running_aws.env().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _seconds: None))
    return running_aws
