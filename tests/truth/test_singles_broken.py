"""Every value alone, under every switch on each of its sides, broken after the environment was ready."""

from __future__ import annotations

import pytest

from tests.truth import rules, table
from tests.truth.settings import BROKEN

pytestmark = pytest.mark.proof


@pytest.mark.parametrize("setting", [table.NOTHING, *table.keys()])
def test_singles_broken_agree_with_the_customer(stage, setting):
    """The report of a world with this setting not right, under each switch, is what the customer meets."""
    rows = table.rows(table.SINGLES, BROKEN, setting)
    wrong = [breach for row in rows for breach in rules.breaches(stage.play(row))]

    assert rows
    assert wrong == []
