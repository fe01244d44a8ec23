"""What `status` and `up` say through the real engine, held against what a customer meets in the same world.

The whole table is played on the resources' own methods, in `tests/truth`; here is one world of each kind.
"""

from __future__ import annotations

import copy

import pytest

from stacks.operations.summary.verdict import LEFT, NOT_OBSERVED, READY
from tests.engine.stack import CONNECTOR_KEY, EngineStack
from tests.truth import pages, report, rules
from tests.truth.customer import Met, Person, offered
from tests.truth.edits import Here
from tests.truth.pages import broken
from tests.truth.report import Report
from tests.truth.scenes import Result, Row
from tests.worlds import APP_ID, APP_SECRET

pytestmark = pytest.mark.engine

EXIT = {report.READY: READY, report.NOT_READY: LEFT, report.NOT_OBSERVED: NOT_OBSERVED}
MET = [row for _, rows in (*pages.REPORTED.values(), *pages.OTHERS.values()) for row in rows[:2]]
"""Worlds that show a customer each error page of the dialog."""
WORLDS = [
    broken(),
    *MET,
    broken("display name wrong"),
    broken("Site URL missing"),
    broken("Require App Secret on"),
    broken("strict mode off", "redirect list missing"),
    broken("App Secret reset"),
    broken("Server IP Allowlist others only"),
    broken("library Client ID missing"),
    broken("library Client Secret wrong"),
    broken("library Scopes unknown to Facebook"),
    broken("library release a newer one, filled in"),
    broken("library release withdrawn"),
    broken("API credentials deleted"),
    broken("own credentials ClientId"),
    broken("consent missing"),
    broken("consent its token is dead"),
    broken("mark missing"),
    broken("installation removed"),
    broken("display name wrong", "consent missing"),
    broken(authorise_link_on_authenticated="bounces"),
    broken(auth_value_readable=False),
]
HEALED = ("display name wrong", "App Domains missing", "Site URL wrong")
"""What the next up writes back, so that its answer is ready again."""
OPEN = ("redirect list missing", "App Mode development", "library Client ID wrong", "installation removed")
"""What a person has to do, seen by one resource each; the last one changes the state for good."""


def broken_in(stack: EngineStack, row: Row) -> dict:
    """The stack's world with the row's values in it; the state that the sandbox then has."""
    stack.world.patch(row.under.patch())
    state = copy.deepcopy(stack.world.state())
    for _, value in row.changed:
        value.edit(state, Here(stack.world.redirect_uri, ""))
    stack.world.patch(state)
    return state


def read_status(stack: EngineStack) -> tuple[int, bool, Report]:
    """Exit code, the word and all that `status --json` says."""
    code, document = stack.status()
    (connector,) = document["connectors"]
    seen = Report()
    for entry in connector["settings"]:
        seen.verdicts[f"{short(entry)}.{entry['setting']}"] = (entry["verdict"], entry["evidence"])
    seen.steps += [f"{short(step)}: {step['setting']}" for step in connector["open_steps"]]
    seen.unseen.update({short(entry): entry["error"] for entry in document.get("not_observed", ())})
    for change in document.get("not_applied", ()):
        if change.get("missing"):
            seen.gone.append(short(change))
        else:
            seen.differing += [f"{short(change)}.{difference['setting']}" for difference in change["differences"]]
    return code, document["ready"], seen


def short(entry: dict) -> str:
    """`AppSettings` for facebook.AppSettings."""
    return str(entry["resource"]).partition(".")[2]


def met_in(stack: EngineStack, state: dict) -> Met:
    """What somebody without a role meets who comes to it for the first time."""
    return Person(stack.world).install_and_connect(offered(state))


def wrong_in(stack: EngineStack, row: Row) -> tuple[str, list[str]]:
    """The class of a world, and every breach of a rule by what `status` says of it."""
    state = broken_in(stack, row)
    code, ready, seen = read_status(stack)
    result = Result(row, seen, met_in(stack, state))
    wrong = rules.breaches(result)
    if (code, ready) != (EXIT[seen.verdict], seen.verdict == report.READY):
        wrong.append(f"{row}: {seen.verdict} by its parts, but exit {code} and ready {ready}")
    return rules.class_of(result), wrong


@pytest.mark.timeout(900)
def test_status_agrees_with_the_customer(ready_stack):
    """Whatever breaks after ready: status is ready only where the customer connects, and names what was changed."""
    whole, classes, wrong = ready_stack.world.state(), set(), []
    for row in WORLDS:
        kind, breaches = wrong_in(ready_stack, row)
        classes.add(kind)
        wrong += breaches
        ready_stack.world.patch(whole)

    assert wrong == []
    assert classes == set(rules.CLASSES)
    assert len(WORLDS) >= 30


def test_up_heals_or_says_not_ready(ready_stack):
    """What up may write it writes back and is ready again; after everything else it ends well and says not ready."""
    whole = ready_stack.world.state()
    said = {}
    for name in (*HEALED, *OPEN):
        broken_in(ready_stack, broken(name))
        ready_stack.up()
        said[name] = ready_stack.outputs()["ready"]
        ready_stack.world.patch(whole)

    assert said == {**dict.fromkeys(HEALED, True), **dict.fromkeys(OPEN, False)}


def test_first_day_is_not_ready_and_names_every_setting(stack):
    """On the first day, with nothing set, status says so of each resource, and the customer fails."""
    stack.up()

    code, ready, seen = read_status(stack)

    met = met_in(stack, stack.world.state())
    assert (code, ready, met.connected) == (LEFT, False, False)
    assert {name.partition(".")[0] for name in seen.refused} == {
        "AppSettings",
        "LoginRedirect",
        "AppPublication",
        "ConnectorSetup",
    }


def test_first_day_with_a_wrong_secret_at_cyclr_is_never_ready(stack):
    """Everything set right but the library's secret: no consent can complete, so status stays not ready with it."""
    world = stack.world
    stack.up()
    world.app(
        name="Acme Ads (sandbox)",
        app_domains=["localhost"],
        website_url=f"{world.service_url}/",
        dashboard={"redirect_uris": [world.redirect_uri], "mode": "live", "advanced_access": True},
    )
    world.library(client_id=APP_ID, client_secret=APP_SECRET[::-1])
    assert stack.command("attest", CONNECTOR_KEY, "advanced_access", "--by", "jane@acme.example").returncode == 0
    stack.up()
    link = stack.command("authorize").stdout.strip()
    consented = Person(world).connect(link)

    code, ready, seen = read_status(stack)

    assert (consented.connected, met_in(stack, world.state()).connected) == (False, False)
    assert (code, ready) == (LEFT, False)
    assert seen.named == {"ConnectorSetup.client_secret", "ConnectorSetup: Consent"}
