"""Kills at every vendor call of the first update, which makes an account, writes the app and installs."""

import pytest

from tests.engine.kills import KILLS, UP, Snapshot, prove
from tests.worlds import OBSERVATION

pytestmark = pytest.mark.engine


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kill", KILLS.values(), ids=KILLS)
def test_killed_first_up_is_repaired_by_recover_and_up(stack, kill, subtests):
    """Killed anywhere, one installation is made, and the end is that of a run that nobody killed."""
    world = stack.world
    accounts = [account for account in world.state()["cyclr"]["accounts"] if account["Id"] != OBSERVATION]
    world.patch({"cyclr": {"accounts": accounts}})
    world.dashboard(api_access_to_settings=True)
    stack.edit(lambda config: config["cyclr-connectors:cyclr"].update(createAccount=True))

    met = prove(stack, Snapshot.of(stack), UP, kill, subtests)

    written = {f"{moment.method} {moment.path}" for moment in met if moment.writes}
    assert written == {"POST /v1.0/accounts", "POST /v1.0/connectors/5001/install", "POST /v25.0/1234567890123456"}
