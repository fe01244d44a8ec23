"""The stand-in of the code-hosting service for these tests, and what they do with it."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
import stamina

from stacks.operations.sinks.github import Repository
from tests.contract.sinks.service import REPOSITORY, running


@pytest.fixture
def service():
    """A service of the test's own, with its address."""
    with running() as standing:
        yield standing


@pytest.fixture
def repository(service):
    """The repository, with the token of a workflow."""
    return Repository(service.url, REPOSITORY, "ghs_runner")


@pytest.fixture
def at_once():
    """Do several things at the same time and give what each returned."""

    def run(*acts):
        outcomes = []
        threads = [threading.Thread(target=lambda act=act: outcomes.append(act())) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(outcomes) == len(acts), "one of them failed"
        return outcomes

    return run


@pytest.fixture
def naps(monkeypatch):
    """The waits that were asked for, in seconds, without waiting."""
    taken = []
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=taken.append))
    with stamina.set_testing(False):
        yield taken
