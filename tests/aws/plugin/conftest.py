"""The stand-in in this process, before an AWS that is empty for each test."""

from __future__ import annotations

import pytest

from tests.aws.cloud.client import Cloud
from tests.aws.plugin.driven import Driven


@pytest.fixture(scope="session")
def configured(running_cloud: Cloud) -> Driven:
    """One provider for all tests here, since its clients are costly; it remembers nothing of a resource."""
    running_cloud.reset()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in running_cloud.env().items():
            patch.setenv(name, value)
        return Driven.configured()


@pytest.fixture
def aws(configured: Driven, cloud: Cloud) -> Driven:
    """The provider before an empty account."""
    return configured
