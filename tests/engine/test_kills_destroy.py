"""Kills at every vendor call of a destroy, which removes the installation that we made."""

import pytest

from tests.declared import Environment
from tests.engine.kills import DESTROY, KILLS, Snapshot, prove
from tests.engine.stack import EngineStack

pytestmark = pytest.mark.engine


@pytest.fixture
def consented_stack(stack: EngineStack) -> EngineStack:
    """Everything set and a consent given, by somebody with a role, since the app is in Development.

    That is seen by every look, so the state holds nothing which a destroy would make it forget.
    """
    stack.up()
    environment = Environment(stack.world)
    environment.people_set_everything()
    stack.world.dashboard(mode="development", api_access_to_settings=True)
    environment.authorise(user="dev-user")
    assert stack.world.installation()["Authenticated"] is True
    stack.up()
    return stack


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kill", KILLS.values(), ids=KILLS)
def test_killed_destroy_is_repaired_by_recover_and_up(consented_stack, kill, subtests):
    """Killed anywhere, the next up ends as one after a whole destroy, or after none when nothing was removed yet."""
    met = prove(consented_stack, Snapshot.of(consented_stack), DESTROY, kill, subtests)

    written = [f"{moment.method} {moment.path}" for moment in met if moment.writes]
    assert set(written) == {"DELETE /v1.0/account/connectors/1874"}
