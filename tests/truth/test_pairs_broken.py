"""Every two values, under mixtures that turn every switch round, broken after the environment was ready."""

from __future__ import annotations

import pytest

from tests.truth import rules, table
from tests.truth.settings import BROKEN

pytestmark = pytest.mark.proof


@pytest.mark.parametrize("setting", table.keys()[:-1])
def test_pairs_broken_agree_with_the_customer(stage, setting):
    """The report of a world with two settings not right is what the customer meets, and names both."""
    rows = table.rows(table.PAIRS, BROKEN, setting)
    wrong = [breach for row in rows for breach in rules.breaches(stage.play(row))]

    assert rows
    assert wrong == []
