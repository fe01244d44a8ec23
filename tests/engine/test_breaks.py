"""What else can come between ready and the next look, through the real engine: edits, drift taken in, outages.

Settings that break at the vendors are in `test_truth.py`.
"""

import pytest

from tests.engine.stack import STACK

pytestmark = pytest.mark.engine


def test_edited_stack_file_is_not_ready_until_applied(ready_stack):
    """A stack file that was edited and not applied makes status exit 7 and names the setting."""
    ready_stack.edit(lambda config: config["cyclr-connectors:connectors"]["facebook-marketing"].update(appName="New"))

    code, document = ready_stack.status()

    assert (code, document["ready"]) == (7, False)
    (connector,) = document["connectors"]
    assert [entry["setting"] for entry in connector["settings"] if entry["verdict"] == "refused"] == ["name"]


def test_drift_taken_into_the_state_is_still_seen(ready_stack):
    """Drift that a plain `pulumi refresh` took into the state makes status exit 7."""
    ready_stack.world.app(name="Somebody else's")
    ready_stack.pulumi("refresh", "--stack", STACK, "--yes")

    code, document = ready_stack.status()

    assert (code, document["ready"]) == (7, False)
