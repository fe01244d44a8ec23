"""Two commands on one stack at once, through the real engine: one waits for none, and nothing is lost or done twice."""

from __future__ import annotations

import json

import pytest

from tests.declared import Environment
from tests.engine.held import Update, held, locks
from tests.engine.stack import CONNECTOR_KEY, STACK
from tests.people import consent
from tests.worlds import APP_ID

pytestmark = pytest.mark.engine

BESIDE = 3
"""Seconds that the vendor takes for the call at which an update is held."""


def has_sent(world, call):
    """Whether the vendors saw this call."""
    return any(call in f"{entry['method']} {entry['path']}" for entry in world.requests())


def declare(stack, **changes):
    """Edit the connector in the stack file."""
    stack.edit(lambda config: config["cyclr-connectors:connectors"][CONNECTOR_KEY].update(changes))


def assert_whole(stack):
    """The state is valid, complete and free, `status` reads it, and there is one installation."""
    exported = json.loads(stack.pulumi("stack", "export", "--stack", STACK, config=False).stdout)["deployment"]
    ids = [entry["id"] for entry in exported["resources"] if entry["urn"].endswith("-installation")]
    code, document = stack.status()
    assert not exported.get("pending_operations")
    assert len(exported["resources"]) == 8
    assert locks(stack) == []
    assert ids == [f"acme-observation/{stack.world.installation()['Id']}"]
    assert (code, document.get("not_observed", [])) in [(0, []), (7, [])]


def test_second_up_is_refused_while_one_runs(stack):
    """The second update exits at once, names the process that holds the lock and sends nothing; the first is whole."""
    stack.world.dashboard(api_access_to_settings=True)
    with held(stack, lambda: locks(stack), "it held the lock") as first:
        second = stack.up(check=False)
        holder = f"(pid {first.process.pid})"

    assert second.returncode != 0
    assert "the stack is currently locked by 1 lock(s)" in second.stdout + second.stderr
    assert holder in second.stdout + second.stderr
    assert first.code == 0, first.said
    assert sorted(stack.world.writes()) == ["POST /v1.0/connectors/5001/install", f"POST /v25.0/{APP_ID}"]
    assert_whole(stack)


def test_ups_that_start_at_once_write_once(stack):
    """Of updates that start in the same moment at most one runs, the others name the lock, nothing is done twice."""
    stack.world.dashboard(api_access_to_settings=True)
    runs = [Update.started(stack) for _ in range(3)]
    for run in runs:
        run.end()
    stack.up()

    lost = [run.said for run in runs if run.code != 0]
    assert len(lost) >= len(runs) - 1
    assert [said for said in lost if "lock" not in said] == []
    assert sorted(stack.world.writes()) == ["POST /v1.0/connectors/5001/install", f"POST /v25.0/{APP_ID}"]
    assert_whole(stack)


def test_status_beside_an_update_waits_for_nothing(ready_stack):
    """While an update writes, `status` answers from the vendors and the last state; both end well."""
    world = ready_stack.world
    declare(ready_stack, appName="Acme Ads (new)")
    world.forget_requests()
    world.fault(vendor="facebook", method="POST", path=f"/{APP_ID}$", delay=BESIDE)
    with held(ready_stack, lambda: has_sent(world, f"POST /v25.0/{APP_ID}"), "it wrote") as update:
        code, document = ready_stack.status()

    assert (code, document["ready"]) == (7, False)
    assert update.code == 0, update.said
    assert world.writes() == [f"POST /v25.0/{APP_ID}"]
    assert ready_stack.status()[0] == 0
    assert_whole(ready_stack)


def test_status_beside_the_first_update_waits_for_nothing(stack):
    """While the first update makes the installation, `status` says not ready; the update ends whole."""
    world = stack.world
    world.fault(vendor="cyclr", method="POST", path="/install$", delay=BESIDE)
    with held(stack, lambda: has_sent(world, "/install"), "it installed") as update:
        code, document = stack.status()

    assert (code, document["ready"]) == (7, False)
    assert update.code == 0, update.said
    assert [call for call in world.writes() if "/install" in call] == ["POST /v1.0/connectors/5001/install"]
    assert_whole(stack)


def test_consent_beside_an_update_is_kept(stack):
    """A consent that is asked for and given while an update writes to the same installation stands afterwards."""
    world = stack.world
    stack.up()
    Environment(world).people_set_everything()
    world.dashboard(api_access_to_settings=True)
    assert stack.command("attest", CONNECTOR_KEY, "advanced_access", "--by", "jane@acme.example").returncode == 0
    declare(stack, properties={"BaseUrl": "https://a.example"})
    world.forget_requests()
    world.fault(vendor="cyclr", method="POST", path="/properties$", delay=BESIDE)
    with held(stack, lambda: has_sent(world, "/properties"), "it wrote a property") as update:
        link = stack.command("authorize")
        assert link.returncode == 0, link.stderr
        consent(link.stdout.strip())

    assert update.code == 0, update.said
    installation = world.installation()
    assert installation["Authenticated"] is True
    assert "consent under fingerprint" in installation["Description"]
    assert {each["Name"]: each["Value"] for each in installation["Properties"]} == {"BaseUrl": "https://a.example"}
    stack.up()
    assert stack.status()[0] == 0
    assert_whole(stack)
