"""Kills at every vendor call of an update of a ready environment, which writes at both vendors."""

import pytest

from tests.engine.kills import KILLS, UP, Snapshot, prove
from tests.engine.stack import CONNECTOR_KEY
from tests.worlds import APP_ID

pytestmark = pytest.mark.engine

INSTALLATION = "/v1.0/account/connectors/1874"
EDITS = {"appName": "Acme Ads (renamed)", "properties": {"Region": "eu", "Zone": "west"}}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kill", KILLS.values(), ids=KILLS)
def test_killed_update_is_repaired_by_recover_and_up(ready_stack, kill, subtests):
    """Killed anywhere, the update ends as one that nobody killed, and the consent is not lost."""
    ready_stack.world.change_installation(Properties=[{"Id": 1, "Name": "Region", "Value": "us"}])
    ready_stack.edit(lambda config: config["cyclr-connectors:connectors"][CONNECTOR_KEY].update(EDITS))

    met = prove(ready_stack, Snapshot.of(ready_stack), UP, kill, subtests)

    written = {f"{moment.method} {moment.path}" for moment in met if moment.writes}
    assert written == {
        f"POST /v25.0/{APP_ID}",
        f"PUT {INSTALLATION}/properties/1",
        f"POST {INSTALLATION}/properties",
    }
    assert ready_stack.world.installation()["Authenticated"] is True
