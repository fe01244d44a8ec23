"""Every fault on every call of the installation at Cyclr."""

import pytest

from tests.contract.faults.judge import complaints
from tests.contract.faults.scenarios import of_kinds
from tests.contract.faults.table import BY_VENDOR, names

pytestmark = pytest.mark.proof


@pytest.mark.parametrize("fault", BY_VENDOR["cyclr"], ids=names)
@pytest.mark.parametrize("scenario", of_kinds("cyclr.ConnectorInstallation"))
def test_fault_at_an_installation_ends_as_verdict_or_error(stages, scenario, fault):
    """Whatever happens to whichever call: nothing is lost, made twice or gone that nobody removed."""
    wrong = complaints(stages(scenario), "cyclr", fault)

    assert not wrong, "\n".join(wrong)
