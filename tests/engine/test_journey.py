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
    left = stack.steps()
    first = {step["setting"] for step in left}
    chosen = random.Random(seed)

    while left:
        step = chosen.choice([step for step in left if not step["after"]])
        before = {step["setting"] for step in left}
        do(stack, step)
        stack.up()
        left = stack.steps()
        after = {step["setting"] for step in left}
        assert after < before, f"{step['setting']} closed nothing, or opened {after - before}"

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
    """A second up is a no-op; a look takes at most 14 calls, only reads, and leaves the state byte-identical."""
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
    assert len(ready_stack.world.requests()) <= 14
    assert ready_stack.state() == before


@pytest.mark.parametrize(("readable", "evidence"), [(True, "observed"), (False, "inferred")])
def test_customer_s_consent_makes_the_mode_observed(ready_stack, readable, evidence):
    """Where the vendor shows the token of a customer's consent, status says that the mode was observed."""
    ready_stack.world.behave("facebook", auth_value_readable=readable)

    code, document = ready_stack.status()

    (connector,) = document["connectors"]
    (live,) = [entry for entry in connector["settings"] if entry["setting"] == "live"]
    assert (code, live["verdict"], live["evidence"]) == (0, "accepted", evidence)


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


def test_authorize_marks_nothing_under_own_credentials(ready_stack):
    """With credentials of its own the installation proves those, so `authorize` refuses and ends nothing."""
    world = ready_stack.world
    world.change_installation(Properties=[{"Id": 1, "Name": "ClientSecret", "Value": APP_SECRET}])

    refused = ready_stack.command("authorize", "--renew", "--yes")

    assert refused.returncode == 2
    assert "ClientSecret" in refused.stderr
    assert world.installation()["Authenticated"] is True


def test_renew_ends_nothing_while_the_library_is_wrong(ready_stack):
    """`--renew` refuses before it cuts anything off when the dialog asks for other values than the declared ones."""
    ready_stack.world.library(client_id="999")

    refused = ready_stack.command("authorize", "--renew", "--yes")

    assert refused.returncode == 2
    assert "client_id is 999" in refused.stderr
    assert ready_stack.world.installation()["Authenticated"] is True


def test_mistyped_account_removes_nothing(ready_stack):
    """An account that does not exist fails the update and leaves the good installation and its consent."""
    ready_stack.edit(lambda config: config["cyclr-connectors:cyclr"].update(account="typo"))

    failed = ready_stack.up(check=False)

    assert failed.returncode != 0
    assert "createAccount: true" in failed.stdout + failed.stderr
    assert ready_stack.world.installation()["Authenticated"] is True


def test_secret_reference_moves_without_an_error(ready_stack):
    """A secret that moves to another reference is one update, and the environment stays ready."""
    ready_stack.env["FACEBOOK_APP_SECRET"] = APP_SECRET
    ready_stack.edit(
        lambda config: config["cyclr-connectors:connectors"]["facebook-marketing"].update(
            appSecret="env:FACEBOOK_APP_SECRET"
        )
    )

    ready_stack.up()

    assert ready_stack.outputs()["ready"] is True
    assert ready_stack.status()[0] == 0
