"""Providers against the running sandbox: one process for each test worker, at its first day for each test."""

import pytest

from tests.declared import PROVIDERS, Environment
from tests.worlds import running_sandbox


@pytest.fixture(scope="session")
def running():
    """A sandbox for all tests of this worker."""
    with running_sandbox() as world:
        yield world


@pytest.fixture
def world(running):
    """A sandbox at a new company's first day."""
    running.first_day()
    return running


@pytest.fixture
def environment(world):
    """One declared environment on that world, seen through the providers themselves."""
    Environment.forget_tokens()
    return Environment(world)


@pytest.fixture(params=sorted(PROVIDERS))
def kind(request):
    """Each resource in turn."""
    return request.param
