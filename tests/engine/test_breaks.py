"""What breaks after ready, through the real engine: status and up say so, under the right name."""

import pytest

from tests.engine.stack import STACK
from tests.worlds import APP_ID

pytestmark = pytest.mark.engine

BREAKS = {
    "display name": (lambda world: world.app(name="Somebody else's"), "name"),
    "app domains": (lambda world: world.app(app_domains=[]), "app_domains"),
    "site url": (lambda world: world.app(website_url="http://other.example/"), "website_url"),
    "redirect list": (lambda world: world.dashboard(redirect_uris=[]), "redirect_uri"),
    "client login": (lambda world: world.dashboard(client_oauth_login=False), "redirect_uri"),
    "web login": (lambda world: world.dashboard(web_oauth_login=False), "redirect_uri"),
    "login product": (lambda world: world.dashboard(login_product=False), "redirect_uri"),
    "mode": (lambda world: world.dashboard(mode="development"), "live"),
    "library client id": (lambda world: world.library(client_id="999"), "client_id"),
    "library emptied": (lambda world: world.library(client_id="", client_secret=""), "client_id"),
    "library scopes": (lambda world: world.library(scopes="ads_read"), "scopes"),
    "service domain": (lambda world: world.patch({"cyclr": {"service_domain": "x.cyclr.com"}}), "redirect_uri"),
    "consent": (lambda world: world.change_installation(Authenticated=False), "client_secret"),
    "mark": (lambda world: world.change_installation(Description=""), "client_secret"),
    "own credentials": (
        lambda world: world.change_installation(Properties=[{"Id": 1, "Name": "ClientId", "Value": APP_ID}]),
        "client_id",
    ),
    "installation": (lambda world: world.patch({"cyclr": {"accounts": [{**world.account(), "connectors": []}]}}), ""),
}
HEALED = {"display name", "app domains", "site url"}
"""What the next up writes back, so that its answer is ready again."""


def test_whatever_breaks_after_ready_is_named(ready_stack):
    """Each setting of both consoles, broken one by one, makes status exit 7 under its name and up say not ready."""
    world = ready_stack.world
    whole, wrong = world.state(), []
    for name, (change, setting) in BREAKS.items():
        change(world)
        code, document = ready_stack.status()
        (connector,) = document["connectors"]
        refused = {entry["setting"] for entry in connector["settings"] if entry["verdict"] != "accepted"}
        if code != 7 or document["ready"] or (setting and setting not in refused):
            wrong.append((name, code, document["ready"], refused))
        ready_stack.up()
        ready = ready_stack.outputs()["ready"]
        if ready is not (name in HEALED):
            wrong.append((name, "up", ready))
        world.patch({"facebook": {"apps": whole["facebook"]["apps"]}, "cyclr": whole["cyclr"]})
        if name == "installation":
            ready_stack.pulumi("refresh", "--stack", STACK, "--yes")
            ready_stack.up()

    assert wrong == []


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


REFUSAL = {"error": {"code": 1, "message": "Error validating client secret.", "type": "OAuthException"}}


def test_refusal_by_one_vendor_hides_nothing_of_the_other(ready_stack):
    """A vendor that refuses us at once is `not authorised`, exit 1, and the other vendor's resources are still seen."""
    ready_stack.world.fault(
        vendor="facebook", path="oauth/access_token", times=None, then={"status": 400, "body": REFUSAL}
    )
    before = ready_stack.state()
    ready_stack.world.forget_requests()

    code, document = ready_stack.status()

    unseen = {entry["resource"]: entry["class"] for entry in document["not_observed"]}
    seen = {entry["resource"] for entry in document["connectors"][0]["settings"]}
    assert (code, document["ready"]) == (1, False)
    assert unseen["facebook.AppSettings"] == "not authorised"
    assert {"cyclr.ConnectorInstallation", "cyclr.ConnectorSetup"} <= seen
    assert ready_stack.world.writes() == []
    assert ready_stack.state() == before


def test_outage_is_exit_1_and_no_drift(ready_stack):
    """A vendor that does not answer is `not observed`, exit 1; the other vendor's resources are still reported."""
    ready_stack.world.fault(vendor="facebook", path="/", times=None, then="drop")

    code, document = ready_stack.status()

    unseen = {entry["resource"]: entry["class"] for entry in document["not_observed"]}
    assert (code, document["ready"]) == (1, False)
    assert set(unseen) == {"facebook.AppSettings", "facebook.LoginRedirect", "facebook.AppPublication"}
    assert set(unseen.values()) == {"unreachable"}
    (connector,) = document["connectors"]
    seen = {entry["resource"] for entry in connector["settings"]}
    assert {"cyclr.ConnectorInstallation", "cyclr.ConnectorSetup"} <= seen
