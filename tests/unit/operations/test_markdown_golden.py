"""The reports of many situations, compared with committed files to the letter."""

from __future__ import annotations

import pytest

from tests.unit.operations.golden import FOLDER, LIMITS, NAMES, PLANS, path, text


@pytest.mark.parametrize("name", NAMES)
def test_report_is_the_committed_file(name: str):
    """The report has not changed; if it was meant to, `python -m tests.unit.operations.golden` writes it anew."""
    assert text(name) == path(name).read_text()


def test_each_golden_file_is_a_situation():
    """No file is left over from a situation that is gone, and previews alone are in more than twenty-five."""
    assert {file.stem for file in FOLDER.glob("*.md")} == set(NAMES)
    assert len(PLANS) > 25


@pytest.mark.parametrize("name", LIMITS)
def test_shortened_golden_file_is_within_its_limit(name: str):
    """The files of shortened reports show what they are there for."""
    assert len(path(name).read_text()) <= LIMITS[name]
    assert "**Shortened**" in path(name).read_text()
