"""From a new company's first day to ready, and what breaks after that, through the real engine and our commands."""

import random

import pytest

from tests.engine.stack import STACK, do
from tests.people import Browser, consent
from tests.worlds import API_SECRET, APP_ID, APP_SECRET, CONNECTOR, CUSTOMER

pytestmark = pytest.mark.engine

FIRST_DAY = {
    "Allow API Access to App Settings",
    "Valid OAuth Redirect URIs",
    "App Mode",
    "Advanced Access",
    "Client ID and Client Secret",
    "Consent",
}


def customer_connects(stack):
    """A customer installs in an account of their own and signs in; whether that ended connected."""
    world = stack.world
    browser = Browser().open(f"{world.service_url}/accounts/{CUSTOMER}")
    assert browser.status == 200
    state = world.state()
    (release,) = [entry["Id"] for entry in state["cyclr"]["connectors"] if entry["Name"] == CONNECTOR]
    for account in state["cyclr"]["accounts"]:
        if account["Id"] == CUSTOMER:
            account["connectors"] = [{"Id": 9000, "Name": CONNECTOR, "Connector": release}]
    world.patch({"cyclr": {"accounts": state["cyclr"]["accounts"]}})
    link = stack.command("authorize", "--account", CUSTOMER)
    assert link.returncode == 0, link.stderr
    consent(link.stdout.strip())
    return world.installation(CUSTOMER)["Authenticated"]


@pytest.mark.parametrize("seed", [1, 2])
def test_journey_from_the_first_day_ends_ready_in_any_order(stack, seed):
    """The first day's steps are listed exactly; doing them by link and value ends in ready, and a customer connects."""
    stack.up()
    first = {step["setting"] for step in stack.steps()}
    chosen = random.Random(seed)
    done: list[str] = []

    while steps := [step for step in stack.steps() if not step["after"]]:
        before = {step["setting"] for step in stack.steps()}
        step = chosen.choice(steps)
        do(stack, step)
        stack.up()
        after = {step["setting"] for step in stack.steps()}
        assert after <= before, f"{step['setting']} opened {after - before}"
        done.append(step["setting"])
        assert len(done) < 12, f"no end: {done}"

    code, document = stack.status()
    assert first == FIRST_DAY
    assert (code, document["ready"], document["attested"]) == (0, True, 1)
    assert stack.outputs()["ready"] is True
    assert customer_connects(stack)


def test_first_up_succeeds_with_open_steps(stack):
    """Open steps fail no update, and the stack says that it is not ready."""
    done = stack.up()

    assert done.returncode == 0
    assert stack.outputs()["ready"] is False
    assert {step["setting"] for step in stack.outputs()["open_steps"]} == FIRST_DAY


def test_second_up_changes_nothing_and_a_look_writes_nothing(ready_stack):
    """A second up is a no-op; a look takes at most 12 calls, only reads, and leaves the state byte-identical."""
    ready_stack.world.forget_requests()
    again = ready_stack.up()
    assert ready_stack.world.writes() == []
    assert "8 unchanged" in again.stdout, again.stdout

    before = ready_stack.state()
    assert [secret for secret in (APP_SECRET, API_SECRET) if secret.encode() in before] == []
    ready_stack.world.forget_requests()
    code, _ = ready_stack.status()

    assert code == 0
    assert ready_stack.world.writes() == []
    assert len(ready_stack.world.requests()) <= 12
    assert ready_stack.state() == before


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


def test_plain_secret_as_reference_is_never_printed(stack):
    """A secret typed where its reference belongs ends the run before anything is sent, and is printed by nobody."""
    canary = "c0ffee5ecretc0ffee5ecretc0ffee55"
    stack.edit(lambda config: config["cyclr-connectors:connectors"]["facebook-marketing"].update(appSecret=canary))

    runs = [stack.up(check=False), stack.command("status"), stack.command("check"), stack.command("steps", "--json")]

    assert [run.returncode for run in runs[1:]] == [2, 2, 2]
    assert runs[0].returncode != 0
    assert all(canary not in run.stdout + run.stderr for run in runs)
    assert all("Traceback" not in run.stdout + run.stderr for run in runs)
    assert stack.world.requests() == []


def test_destroy_leaves_both_vendors_as_promised(ready_stack):
    """Destroy removes the installation that we made, by one call, and touches nothing else."""
    app = ready_stack.world.state()["facebook"]["apps"][APP_ID]
    ready_stack.world.forget_requests()

    ready_stack.pulumi("destroy", "--stack", STACK, "--yes", "--skip-preview")

    writes = ready_stack.world.writes()
    assert len(writes) == 1, writes
    assert writes[0].startswith("DELETE /v1.0/account/connectors/")
    assert ready_stack.world.state()["facebook"]["apps"][APP_ID] == app
    assert ready_stack.world.account()["connectors"] == []


def test_authorize_refuses_while_authenticated(ready_stack):
    """While a consent stands `authorize` refuses with the way out; `--renew` ends it, marks and gives a link."""
    refused = ready_stack.command("authorize")
    before = ready_stack.world.installation()
    renewed = ready_stack.command("authorize", "--renew", "--yes")

    assert refused.returncode == 2
    assert "--renew" in refused.stderr
    assert before["Authenticated"] is True
    assert renewed.returncode == 0, renewed.stderr
    assert "running integrations stop" in renewed.stderr
    consent(renewed.stdout.strip())
    assert ready_stack.status()[0] == 0
