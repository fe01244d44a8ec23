"""Every value alone, under every switch on each of its sides, in a world that is so from the first day."""

from __future__ import annotations

import pytest

from tests.truth import rules, table
from tests.truth.settings import FIRST_DAY

pytestmark = pytest.mark.proof


@pytest.mark.parametrize("setting", [table.NOTHING, *table.keys()])
def test_singles_first_day_agree_with_the_customer(stage, setting):
    """The report of a world with this setting not right, under each switch, is what the customer meets."""
    rows = table.rows(table.SINGLES, FIRST_DAY, setting)
    wrong = [breach for row in rows for breach in rules.breaches(stage.play(row))]

    assert rows
    assert wrong == []
