"""Every error page that a customer can meet is met, and no report is green on it."""

from __future__ import annotations

import pytest

from stacks.sandbox.facebook import dialog_pages
from tests.truth import pages, rules

pytestmark = pytest.mark.proof

WORLDS = [
    pytest.param(page, row, id=f"{name}-{number}")
    for name, (page, rows) in {**pages.REPORTED, **pages.OTHERS}.items()
    for number, row in enumerate(rows)
]


def test_every_page_of_the_dialog_has_a_world():
    """A page that the dialog can show is met by a world, or stands where it is said why none can meet it."""
    played = {name: page for name, page in vars(dialog_pages).items() if isinstance(page, dialog_pages.Page)}
    known = [page for page, rows in (*pages.REPORTED.values(), *pages.OTHERS.values()) if rows]

    missing = [name for name, page in played.items() if page not in (*known, *pages.NOT_MET.values())]

    assert missing == []
    assert len(pages.REPORTED) == 6


@pytest.mark.parametrize(("page", "row"), WORLDS)
def test_page_is_met_and_the_report_agrees(stage, page, row):
    """The customer meets that very page, and the report of this world keeps every rule."""
    result = stage.play(row)

    assert result.met.what == str(page.title)
    assert not result.met.connected
    assert rules.breaches(result) == []
