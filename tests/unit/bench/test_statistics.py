"""What many measurements come to."""

import pytest

from tests.bench.figures import Measured
from tests.bench.statistics import middle, ratio, scaled, slope


def test_one_long_run_does_not_move_the_middle():
    """A run during which the machine did something else changes the spread, not the figure."""
    assert middle([1.0, 1.0, 1.0, 1.0, 9.0]) == Measured(1.0, 1.0, 1.0, 5)


def test_ratio_is_taken_of_neighbours():
    """A machine that gets slower and slower slows both of a pair, so the ratio stays."""
    assert ratio([2.0, 4.0, 8.0], [1.0, 2.0, 4.0]) == Measured(2.0, 2.0, 2.0, 3)


def test_ratio_wants_a_neighbour_for_each():
    """A run that has no neighbour is an error and not left out."""
    with pytest.raises(ValueError, match="shorter"):
        ratio([1.0, 2.0], [1.0])


def test_slope_is_what_one_more_costs():
    """The fixed cost of a run is not among the cost of a further connector."""
    assert slope([{1: 1.05, 11: 1.55, 21: 2.05}]).value == pytest.approx(0.05)


def test_slope_is_by_least_squares():
    """Every size counts, not only the smallest and the largest."""
    assert slope([{0: 0.0, 1: 0.0, 2: 3.0}]).value == pytest.approx(1.5)
    assert slope([{0: 0.0, 1: 3.0, 3: 3.0}]).value == pytest.approx(6 / 7)


def test_slope_is_the_middle_of_its_rounds():
    """One round during which the machine did something else does not move the figure."""
    rounds = [{1: 1.0, 2: 2.0}, {1: 1.0, 2: 2.0}, {1: 1.0, 2: 9.0}]

    assert slope(rounds).value == 1.0


def test_another_unit_changes_figure_and_spread():
    """Milliseconds are a thousand times the seconds, in each number."""
    assert scaled(Measured(1.0, 0.5, 2.0, 3), 1000) == Measured(1000.0, 500.0, 2000.0, 3)
