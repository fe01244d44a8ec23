"""What many measurements come to: pure. Medians, since a machine that does something else makes a few of them long."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from tests.bench.figures import Measured


def middle(values: Sequence[float]) -> Measured:
    """Median and quartiles."""
    if len(values) == 1:
        return Measured.counted(values[0])
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Measured(median, low, high, len(values))


def ratio(ours: Sequence[float], others: Sequence[float]) -> Measured:
    """How many times as long as its neighbour each of ours took, in the middle.

    Each pair was measured one right after the other, so that what slows the machine slows both.
    """
    return middle([our / other for our, other in zip(ours, others, strict=True)])


def slope(rounds: Sequence[Mapping[int, float]]) -> Measured:
    """By how much one more of something adds to the value, by least squares in each round: number -> value."""
    return middle([_least_squares(points) for points in rounds])


def scaled(measured: Measured, factor: float) -> Measured:
    """The same in another unit."""
    return Measured(measured.value * factor, measured.low * factor, measured.high * factor, measured.samples)


def _least_squares(points: Mapping[int, float]) -> float:
    return statistics.linear_regression(list(points), list(points.values())).slope
