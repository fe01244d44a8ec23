"""The table of faults is whole: every method, every code, and no exception that excuses nothing."""

import pytest

from tests.contract.faults.normal import NORMAL, of
from tests.contract.faults.scenarios import SCENARIOS
from tests.contract.faults.table import BY_VENDOR
from tests.declared import PROVIDERS

pytestmark = pytest.mark.proof
CODES = {1, 2, 4, 10, 17, 100, 101, 190, 191, 200, 341, 368, 613}


def test_every_method_of_every_resource_is_played():
    """A resource or a method without a scenario fails here."""
    played = {(scenario.kind, scenario.method) for scenario in SCENARIOS.values()}

    assert played == {(kind, method) for kind in PROVIDERS for method in ("create", "read", "update", "delete")}


def test_every_code_is_played_with_and_without_its_flag():
    """Each code of Graph comes with `is_transient` absent, true and false; Cyclr's statuses all come."""
    graph = {(fault.code, fault.transient) for fault in BY_VENDOR["facebook"] if fault.code}
    cyclr = {fault.code for fault in BY_VENDOR["cyclr"] if fault.code}

    assert graph == {(code, transient) for code in CODES for transient in (None, True, False)}
    assert cyclr == {400, 401, 403, 404, 500}


@pytest.mark.parametrize("scenario", [name for name in SCENARIOS if name.endswith("-delete")])
def test_forgetting_asks_no_vendor(stages, scenario):
    """A resource that owns nothing is forgotten without a call, so that no fault can hinder it."""
    calls = stages(scenario).calls

    assert bool(calls) is (scenario == "installation-delete")


@pytest.mark.parametrize("row", NORMAL, ids=lambda row: row.reason)
def test_every_exception_excuses_an_answer(stages, row):
    """A row that fits no call and no fault is a rule for something that does not happen."""
    fitting = [
        (call, fault.name)
        for name in SCENARIOS
        for call in stages(name).calls
        for fault in BY_VENDOR[call.vendor]
        if of(SCENARIOS[name], call, fault) is row
    ]

    assert fitting
