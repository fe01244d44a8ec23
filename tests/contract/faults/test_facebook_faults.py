"""Every fault on every call of the resources at Facebook."""

import pytest

from tests.contract.faults.judge import complaints
from tests.contract.faults.scenarios import of_kinds
from tests.contract.faults.table import BY_VENDOR, names

pytestmark = pytest.mark.proof


@pytest.mark.parametrize("fault", BY_VENDOR["facebook"], ids=names)
@pytest.mark.parametrize("scenario", of_kinds("facebook."))
def test_fault_of_facebook_ends_as_verdict_or_error(stages, scenario, fault):
    """Whatever happens to whichever call: a justified verdict or a four-part error, and a whole world."""
    wrong = complaints(stages(scenario), "facebook", fault)

    assert not wrong, "\n".join(wrong)
