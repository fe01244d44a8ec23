"""Every two values, under mixtures that turn every switch round, in a world that is so from the first day."""

from __future__ import annotations

import pytest

from tests.truth import rules, table
from tests.truth.settings import FIRST_DAY

pytestmark = pytest.mark.proof


@pytest.mark.parametrize("setting", table.keys()[:-1])
def test_pairs_first_day_agree_with_the_customer(stage, setting):
    """The report of a world with two settings not right is what the customer meets, and names both."""
    rows = table.rows(table.PAIRS, FIRST_DAY, setting)
    wrong = [breach for row in rows for breach in rules.breaches(stage.play(row))]

    assert rows
    assert wrong == []
