"""A machine with nothing installed, and as much space as a test wants."""

from __future__ import annotations

import shutil

import pytest
from machines import Disk, Machine

from tools.pulumi import cache


@pytest.fixture
def machine(tmp_path):
    """A machine with nothing installed."""
    there = Machine(tmp_path, {"PATH": f"{tmp_path}/bin", "HOME": str(tmp_path), "XDG_CACHE_HOME": f"{tmp_path}/cache"})
    there.binaries.mkdir()
    (there.venv / "bin").mkdir(parents=True)
    return there


@pytest.fixture
def free_space(monkeypatch):
    """Sets how many GiB every disk has free; plenty until told otherwise."""

    def be(gib):
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: Disk(0, 0, gib * cache.GIB))

    be(100)
    return be
