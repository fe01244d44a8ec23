"""Fixtures of the unit tests of components/."""

from __future__ import annotations

import pytest

from components import http
from tests.unit.components.scripted import Clock, Scripted


@pytest.fixture
def vendor():
    """A scripted vendor."""
    server = Scripted()
    yield server
    server.close()


@pytest.fixture
def clock(monkeypatch):
    """The time that components/http.py sees."""
    there = Clock()
    monkeypatch.setattr(http, "time", there)
    return there
