"""What no look can see: the rows that say so, and the customer that is the judge of them."""

from __future__ import annotations

import pytest

from tests.people import Browser
from tests.truth import rules
from tests.truth.behaviour import DEFAULT
from tests.truth.customer import offered
from tests.truth.pages import broken
from tests.truth.report import NOT_READY, READY
from tests.truth.settings import AFTER_PROOF, FALSE_WORD
from tests.worlds import APP_ID, CUSTOMER

pytestmark = pytest.mark.proof


@pytest.mark.parametrize(
    ("row", "limit"),
    [
        (broken("library Client Secret wrong"), AFTER_PROOF),
        (broken("Advanced Access missing"), FALSE_WORD),
        (broken("App Mode development", loopback_in_development=False), FALSE_WORD),
    ],
    ids=["secret after the proof", "false word on Advanced Access", "false word on App Mode"],
)
def test_documented_limit_is_a_row_that_says_so(stage, row, limit):
    """Where the report is green and the customer fails, it rests on the limit that is documented, and on no other."""
    result = stage.play(row)

    assert (result.report.verdict, result.met.connected) == (READY, False)
    assert (rules.class_of(result), rules.limits(result)) == (rules.LIMIT, [limit])


@pytest.mark.parametrize("name", ["", "library Client Secret wrong"], ids=["right", "wrong"])
def test_customer_is_connected_when_cyclr_says_so(stage, name):
    """What the judge calls connected is an installation that Cyclr calls authenticated, and nothing else."""
    result = stage.play(broken(*([name] if name else [])))

    assert stage.world.installation(CUSTOMER)["Authenticated"] is result.met.connected is (not name)


def test_change_that_is_not_in_force_is_judged_when_it_is(stage):
    """While a change on the dashboard is not visible the report and the customer see what was; then both see it."""
    world, snapshot = stage.world, stage.ready(DEFAULT)
    world.patch(snapshot.state)
    world.behave("facebook", propagation_seconds=3600)
    Browser().open(f"{world.facebook}/apps/{APP_ID}/fb-login/settings/").submit(redirect_uris="https://other.example/")
    listed = world.state()["facebook"]["apps"][APP_ID]["dashboard"]["redirect_uris"]

    before = stage.look(snapshot.known), stage.customer.install_and_connect(offered(snapshot.state))
    world.behave("facebook", propagation_seconds=0)
    world.patch({"cyclr": snapshot.state["cyclr"]})
    after = stage.look(snapshot.known), stage.customer.install_and_connect(offered(snapshot.state))

    assert listed == ["https://other.example/"]
    assert [(report.verdict, met.connected) for report, met in (before, after)] == [(READY, True), (NOT_READY, False)]
