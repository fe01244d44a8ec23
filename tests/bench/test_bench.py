"""The bench itself, with as few runs as it can be."""

import pytest

from tests.bench.figures import BY_KEY, FIGURES, table, verdict
from tests.bench.measure import Bench, Effort
from tests.engine.environment import end_orphans, engine_environment

pytestmark = pytest.mark.engine

LEAST = Effort(pairs=1, rounds=1, numbers=(1, 3), starts=1, environments=2)
STEADY = ("look_calls", "look_writes", "noop_up_writes", "memory", "memory_further")
"""Goals that a slow or busy machine does not miss."""


def test_the_bench_takes_every_figure(tmp_path):
    """Each figure of the table is taken, and the goals that do not depend on the machine's speed are met."""
    said = []
    results = Bench(tmp_path, engine_environment(tmp_path), LEAST, said.append).run()
    end_orphans(tmp_path)

    assert set(results) == set(BY_KEY)
    assert said
    assert {key: verdict(BY_KEY[key], results[key]) for key in STEADY} == dict.fromkeys(STEADY, "met"), table(results)
    assert results["up_writes"].value > 0
    assert all(results[figure.key].value > 0 for figure in FIGURES if figure.goal is None and figure.key != "look")
