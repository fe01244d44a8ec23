"""Every fault on every call that looks at a library entry: at Cyclr, and at Facebook for the consent's token."""

import pytest

from tests.contract.faults.judge import complaints
from tests.contract.faults.scenarios import of_kinds
from tests.contract.faults.table import BY_VENDOR, names

pytestmark = pytest.mark.proof


@pytest.mark.parametrize("fault", BY_VENDOR["cyclr"], ids=names)
@pytest.mark.parametrize("scenario", of_kinds("cyclr.ConnectorSetup"))
def test_fault_of_cyclr_at_a_setup_ends_as_verdict_or_error(stages, scenario, fault):
    """Whatever happens to whichever call of Cyclr: a verdict that the world justifies or a four-part error."""
    wrong = complaints(stages(scenario), "cyclr", fault)

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("fault", BY_VENDOR["facebook"], ids=names)
@pytest.mark.parametrize("scenario", ["setup-read", "setup-update"])
def test_fault_of_facebook_at_a_setup_hides_nothing(stages, scenario, fault):
    """Facebook's word on the consent's token only adds to the evidence: without it every verdict of Cyclr is there."""
    wrong = complaints(stages(scenario), "facebook", fault)

    assert not wrong, "\n".join(wrong)
