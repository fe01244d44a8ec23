"""The stage that the worlds of the table are played on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.truth.scenes import Stage, open_stage


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """One sandbox for all worlds of a file."""
    with open_stage() as opened:
        yield opened
