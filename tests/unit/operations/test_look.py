"""What a look says, from events that the real engine was recorded with."""

from __future__ import annotations

import pytest
from pulumi.automation.events import EngineEvent

from components.verdicts import Evidence, Verdict
from stacks.operations.summary.changes import NOT_LOOKED_AT, changes, unchanged
from stacks.operations.summary.look import Look, from_events
from stacks.operations.summary.observed import unreached
from stacks.operations.summary.unseen import NOT_AUTHORISED, UNREACHABLE
from tests.unit.operations.recorded import APP, EVENTS, NAMES, REDIRECT, SETUP, events, look, resource, state

CHANGED = "changed at the vendor since the last update"
NOT_APPLIED = "declared but not applied"
TABLE = {
    # name: deployed, complete, attested, operations other than same
    "ready": (True, True, 1, {}),
    "first_day": (True, True, 0, {APP: "update"}),
    "drifted": (True, True, 0, {APP: "update"}),
    "refreshed": (True, True, 0, {APP: "update"}),
    "not_applied": (True, True, 0, {APP: "update"}),
    "drifted_and_not_applied": (True, True, 0, {APP: "update"}),
    "provider_changed": (True, True, 0, {"pulumi-python": "update"}),
    "rotated": (True, True, 0, {APP: "update", "pulumi-python": "update"}),
    "missing": (True, True, 0, {SETUP: "create"}),
    "removed": (True, True, 0, dict.fromkeys((APP, REDIRECT, SETUP, "OAuthConnector"), "delete")),
    "not_authorised": (True, False, 0, {APP: "", REDIRECT: "", SETUP: ""}),
    "unreachable": (True, False, 0, {APP: "", REDIRECT: "", SETUP: ""}),
    "never_deployed": (
        False,
        True,
        0,
        dict.fromkeys((APP, REDIRECT, SETUP, "OAuthConnector", "pulumi-python"), "create"),
    ),
    "nothing_declared": (False, True, 0, {"pulumi-python": "create"}),
}


def test_look_table_has_each_recorded_situation():
    """No recorded situation goes unjudged."""
    assert sorted(TABLE) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_look_is_ready_only_when_everything_stands(name: str):
    """Of all situations that were recorded, exactly one is ready."""
    assert look(name).ready is (name == "ready")


@pytest.mark.parametrize("name", NAMES)
def test_look_tells_what_was_deployed_seen_and_planned(name: str):
    """Deployment, completeness, attestations and planned operations are those of the situation."""
    seen = look(name)
    planned = {each.kind: each.planned for each in seen.resources if each.planned != "same"}

    assert (seen.deployed, seen.complete, seen.attested, planned) == TABLE[name]


@pytest.mark.parametrize("name", NAMES)
def test_look_names_the_service_domain_and_the_connector(name: str):
    """Every resource at a vendor belongs to the connector whose component made it."""
    seen = look(name)

    assert seen.service_domain == "app-h.cyclr.com"
    assert {each.connector for each in seen.resources if each.is_ours} <= {"facebook-marketing"}


@pytest.mark.parametrize("name", NAMES)
def test_look_holds_no_secret(name: str):
    """Neither the recording nor the look made from it holds the secret of the stack."""
    assert "canary" not in (EVENTS / f"{name}.json").read_text()
    assert "ciphertext" not in repr(look(name))


@pytest.mark.parametrize(
    ("name", "declared", "found", "note"),
    [
        pytest.param("drifted", ["app.example"], ["evil.example"], CHANGED, id="vendor-differs-from-state"),
        pytest.param("refreshed", ["app.example"], ["evil.example"], NOT_APPLIED, id="difference-taken-into-state"),
        pytest.param("not_applied", ["new.example"], ["app.example"], NOT_APPLIED, id="declaration-edited"),
        pytest.param("drifted_and_not_applied", ["new.example"], ["evil.example"], NOT_APPLIED, id="both"),
        pytest.param("first_day", ["app.example"], [], NOT_APPLIED, id="write-gate-closed"),
    ],
)
def test_look_judges_a_setting_against_the_declaration_of_today(name, declared, found, note):
    """What the next update would change is refused, whatever the provider said of the declaration before."""
    (setting,) = resource(name, APP).settings

    assert (setting.verdict, setting.evidence) == (Verdict.REFUSED, Evidence.OBSERVED)
    assert (setting.declared, setting.found, setting.note) == (declared, found, note)


def test_look_shows_drift_only_where_vendor_and_state_differ():
    """A difference that a plain refresh took into the state is no drift any more, and still not as declared."""
    assert [each.found for each in resource("drifted", APP).drift] == [["evil.example"]]
    assert not resource("refreshed", APP).drift
    assert [each.found for each in resource("refreshed", APP).not_applied] == [["evil.example"]]


def test_look_shows_a_secret_only_as_such():
    """A rotated secret is a difference whose two sides are blinded."""
    (changed,) = resource("rotated", APP).not_applied

    assert (changed.setting, changed.expected, changed.found) == ("password", "[secret]", "[secret]")


def test_look_names_what_changed_in_the_provider():
    """A changed Graph version is a difference of the environment."""
    (changed,) = resource("provider_changed", "pulumi-python").not_applied

    assert (changed.setting, changed.expected, changed.found) == ("graphVersion", "v26.0", "v25.0")


@pytest.mark.parametrize(
    ("name", "kind"), [("not_authorised", NOT_AUTHORISED), ("unreachable", UNREACHABLE)], ids=lambda value: value
)
def test_look_tells_a_refusal_from_an_outage(name: str, kind: str):
    """The error of a failed read keeps its four parts and its class, without the engine's words."""
    failure = resource(name, APP).failure

    assert failure is not None
    assert failure.kind == kind
    assert failure.error.startswith("app could not be read\n  where: GET /app")


def test_look_lists_what_was_not_reached():
    """A resource hidden by the failure of another is listed, with the name of the one that failed."""
    failure = resource("unreachable", REDIRECT).failure

    assert failure is not None
    assert (failure.kind, failure.error) == (UNREACHABLE, "not reached because facebook-marketing-app failed")


def test_look_tells_what_the_state_alone_asks_for_of_what_was_not_seen():
    """A role that may not read a secret still shows that it changes, and nothing of it as seen at a vendor."""
    unasked = events("not_applied", domains="app_secret_version")  # an input that no vendor knows
    seen = from_events("dev", events("not_authorised"), state("not_authorised"), intended=unasked)
    app = next(each for each in seen.resources if each.kind == APP)
    told = {change.setting: (change.before, change.after, change.unseen) for change in changes(seen)}

    assert (app.planned, app.observed, app.failure and app.failure.kind) == ("update", False, NOT_AUTHORISED)
    assert told["app_secret_version"] == (["app.example"], ["new.example"], "")
    assert not seen.ready
    assert unchanged(seen) == sum(each.observed and not each.drift for each in seen.resources)


def planned(kind: str, intended: list[EngineEvent]) -> dict[str, str]:
    """Name -> what is planned, of the resources of a kind in a refused look whose intended plan is this."""
    seen = from_events("dev", events("not_authorised"), state("not_authorised"), intended=intended)
    return {each.urn.rpartition("::")[2]: each.planned for each in seen.resources if each.kind == kind}


def test_refused_look_shows_what_is_declared_no_more():
    """What was seen and would be removed is a change also where another resource could not be looked at."""
    assert planned(SETUP, events("removed")) == {"facebook-marketing-setup": "delete"}


def test_refused_look_shows_what_is_declared_for_the_first_time():
    """It is nothing that could not be looked at: it is not there yet."""
    new = events("never_deployed", **{"facebook-marketing": "google-ads"})
    seen = from_events("dev", events("not_authorised"), state("not_authorised"), intended=new)

    made = [each for each in seen.resources if each.connector == "google-ads"]
    assert {each.kind: each.planned for each in made} == dict.fromkeys(
        (APP, REDIRECT, SETUP, "OAuthConnector"), "create"
    )
    assert [each for each in made if each.failure] == []


@pytest.mark.parametrize("name", ["drifted", "missing"])
def test_refused_look_plans_nothing_for_what_was_seen_to_be_another(name):
    """The state alone does not tell what an update would do with a resource that has drifted or is gone."""
    refused = events("not_authorised", **{"facebook-marketing-app": "facebook-marketing-redirect"})
    read = [each for each in events(name) if each.res_outputs_event and each.res_outputs_event.metadata.op == "refresh"]
    stopped = [*read, *(each for each in refused if each.diagnostic_event)]
    seen = from_events("dev", stopped, state("not_authorised"), intended=events("ready"))

    assert [each.planned for each in seen.resources if each.drift or each.missing] == [""]


@pytest.mark.parametrize(
    ("intended", "complete"),
    [("not_applied", True), ("not_authorised", False), ("", False)],
    ids=["whole", "cut", "none"],
)
def test_refused_look_knows_whether_its_plan_is_whole(intended, complete):
    """Only a plan that got through tells of everything that would be removed."""
    plan = events(intended) if intended else []
    seen = from_events("dev", events("not_authorised"), state("not_authorised"), intended=plan)

    assert (seen.complete, seen.plan_complete) == (False, complete)


def test_look_never_takes_a_plan_without_a_look_for_one_with_it():
    """What was read in this look is told from this look alone."""
    seen = from_events("dev", events("drifted"), intended=events("not_applied"))

    assert seen == look("drifted")


def test_change_of_what_was_not_seen_has_no_value_before():
    """The state's value of a vendor's setting is not shown as one that stands there."""
    seen = from_events(
        "dev", events("not_authorised"), state("not_authorised"), intended=events("drifted_and_not_applied")
    )
    told = [(change.setting, change.before, change.unseen) for change in changes(seen) if change.resource == APP]

    assert told
    assert {before for _, before, _ in told} == {None}
    assert {unseen for _, _, unseen in told} == {NOT_LOOKED_AT}


def test_refused_read_does_not_hide_what_depends_on_it():
    """Each resource says for itself that it is refused; only an outage, which costs waiting, hides its dependents."""
    app, redirect = (resource("unreachable", kind).urn for kind in (APP, REDIRECT))

    def among(name: str) -> bool:
        refused = events(name, **{"AuthError: ": "NoSecret: "})
        entries = [{**each, "dependencies": [app] if each["urn"] == redirect else []} for each in state(name)]
        return redirect in unreached(refused if name == "not_authorised" else events(name), entries)

    assert (among("not_authorised"), among("unreachable")) == (True, False)


def test_look_keeps_what_it_saw_beside_a_failure():
    """An independent resource is observed although another could not be."""
    seen = resource("not_authorised", SETUP)

    assert seen.observed
    assert [step.setting for step in seen.open_steps] == ["Domains of setup"]


def test_look_tells_missing_from_never_deployed():
    """An object gone at the vendor is missing; one that was never there is not."""
    assert resource("missing", SETUP).missing
    assert not resource("never_deployed", SETUP).missing
    assert not resource("never_deployed", SETUP).observed


def test_look_lists_resources_in_one_order():
    """The order is that of setting up, whatever the order of the events."""
    kinds = [each.kind for each in look("ready").resources if each.is_ours]

    assert kinds == [APP, REDIRECT, SETUP]


def test_look_without_any_resource_is_not_ready():
    """Nothing seen is nothing proven."""
    assert not Look("dev", "app-h.cyclr.com", ()).ready
