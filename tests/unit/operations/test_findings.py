"""What a look comes to: the class of each finding, how sure it is, what mends it, the verdict of an environment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.verdicts import Evidence, OpenStep, Setting, Verdict
from stacks.operations.summary import notices
from stacks.operations.summary.findings import STATES, Class, Finding, State, findings, state
from stacks.operations.summary.look import Look, Resource
from stacks.operations.summary.observed import Difference
from stacks.operations.summary.survey import Survey, exit_code, worst_first
from stacks.operations.summary.unseen import NOT_AUTHORISED, UNREACHABLE, Failure
from tests.unit.operations.recorded import NAMES, look

URI = "https://app-h.cyclr.com/connector/callback"
PAGE = "https://developers.facebook.com/apps/1/fb-login/settings/"
STEP = OpenStep(
    "Valid OAuth Redirect URIs", URI, PAGE, Verdict.REFUSED, Evidence.OBSERVED, "not in the list", "a probe"
)
REFUSED = Setting("redirect_uri", URI, None, Verdict.REFUSED, Evidence.OBSERVED)
STANDS = replace(REFUSED, found=URI, verdict=Verdict.ACCEPTED)
ATTESTED = replace(STANDS, evidence=Evidence.ATTESTED, note="attested by jane@acme.example on 2026-11-02")
SILENT = replace(REFUSED, verdict=Verdict.INCONCLUSIVE, evidence=Evidence.NONE, note="the probe proves nothing")
UNASKED = replace(SILENT, verdict=Verdict.UNKNOWN, note="it cannot be asked")
CHANGED = Difference("redirect_uri", URI, "https://old.cyclr.com/connector/callback")


def seen(**facts: Any) -> Resource:
    """A redirect that was looked at, with these facts."""
    known: dict[str, Any] = {"planned": "same", "observed": True, "settings": (STANDS,)}
    return Resource("urn", "facebook.LoginRedirect", "facebook-marketing", **(known | facts))


RESOURCES: dict[str, tuple[Resource, list[tuple[str, Class]]]] = {
    "stands": (seen(), []),
    "attested": (seen(settings=(ATTESTED,)), []),
    "refused": (seen(settings=(REFUSED,), open_steps=(STEP,)), [("redirect_uri", Class.OPEN_STEP)]),
    "refused now, accepted before": (
        seen(settings=(REFUSED,), open_steps=(STEP,), turned=frozenset({"redirect_uri"})),
        [("redirect_uri", Class.DRIFTED)],
    ),
    "inconclusive": (seen(settings=(SILENT,)), [("redirect_uri", Class.INCONCLUSIVE)]),
    "cannot be asked": (seen(settings=(UNASKED,)), [("redirect_uri", Class.OPEN_STEP)]),
    "declared anew": (
        seen(settings=(REFUSED,), planned="update", not_applied=(CHANGED,)),
        [("redirect_uri", Class.NOT_APPLIED)],
    ),
    "changed at the vendor": (
        seen(settings=(REFUSED,), planned="update", not_applied=(CHANGED,), drift=(CHANGED,)),
        [("redirect_uri", Class.DRIFTED)],
    ),
    "changed at the vendor to what is declared now": (seen(drift=(CHANGED,)), []),
    "step without a setting": (
        seen(open_steps=(replace(STEP, setting="Installation", verdict=Verdict.INCONCLUSIVE),)),
        [("Installation", Class.INCONCLUSIVE)],
    ),
    "gone": (seen(missing=True, observed=False, settings=(), planned="create"), [("", Class.MISSING)]),
    "never made": (seen(observed=False, settings=(), planned="create"), [("", Class.NOT_APPLIED)]),
    "declared no more": (seen(observed=False, settings=(), planned="delete"), [("", Class.NOT_APPLIED)]),
    "updated in what is no setting": (seen(planned="update"), [("", Class.NOT_APPLIED)]),
    "vendor does not answer": (
        seen(observed=False, settings=(), planned="", failure=Failure(UNREACHABLE, "so")),
        [("", Class.UNREACHABLE)],
    ),
    "vendor refuses us": (
        seen(observed=False, settings=(), planned="", failure=Failure(NOT_AUTHORISED, "so")),
        [("", Class.NOT_AUTHORISED)],
    ),
    "not looked at without a reason": (seen(observed=False, settings=()), [("", Class.UNREACHABLE)]),
}


def found_in(resource: Resource) -> tuple[Finding, ...]:
    """The findings of an environment with one resource."""
    return findings(Look("staging", "app-h.cyclr.com", (resource,)))


@pytest.mark.parametrize(("resource", "expected"), RESOURCES.values(), ids=RESOURCES)
def test_each_situation_has_its_class(resource, expected):
    """What was seen of a resource decides the class; nothing that stands is a finding."""
    assert [(each.setting, each.kind) for each in found_in(resource)] == expected


@pytest.mark.parametrize("resource", [pair[0] for pair in RESOURCES.values()], ids=RESOURCES)
def test_in_sync_is_ready_and_nothing_else_is(resource):
    """An environment is in sync exactly when it is ready."""
    assert (state(found_in(resource)) is State.IN_SYNC) == Look("staging", "", (resource,)).ready


@pytest.mark.parametrize("name", NAMES)
def test_recorded_environment_is_in_sync_exactly_when_it_is_ready(name):
    """What the engine really told of an environment is in sync only where a customer can connect."""
    assert (Survey("dev", look(name)).state is State.IN_SYNC) == look(name).ready


def test_what_was_not_seen_says_nothing_of_customers():
    """A resource that could not be looked at has no notice but that it is not known."""
    told = [found for resource, _ in RESOURCES.values() for found in found_in(resource)]
    unseen = [found for found in told if found.evidence == "none"]
    whole = [found for found in told if STATES[found.kind] is State.NOT_OBSERVED]

    assert {(found.customer, found.evidence) for found in whole} == {(notices.NOT_SEEN, "none")}
    assert all(found.customer.startswith("if it is not as declared") for found in unseen if found.setting)


def test_repair_is_what_closes_it():
    """A step a person takes is told with its value and its page, what an update mends with the command."""
    (by_hand,) = found_in(RESOURCES["refused"][0])
    (by_update,) = found_in(RESOURCES["changed at the vendor"][0])

    assert (by_hand.repair, by_hand.where) == (f"Valid OAuth Redirect URIs: {URI}", PAGE)
    assert (by_update.repair, by_update.where) == ("pulumi up -s staging --run-program", "")


def test_each_redirect_of_a_move_is_repaired_by_its_own_value():
    """While two redirect URIs are declared and neither is there, each finding names the one that it is about."""
    old = "https://old.cyclr.com/connector/callback"
    before = seen(settings=(replace(REFUSED, declared=old),), open_steps=(replace(STEP, value=old),))
    now = seen(settings=(REFUSED,), open_steps=(STEP,))
    found = findings(Look("staging", "app-h.cyclr.com", (now, replace(before, urn="previous"))))

    assert [each.repair for each in found] == [f"Valid OAuth Redirect URIs: {uri}" for uri in (URI, old)]


def test_step_of_the_last_declaration_repairs_nothing_of_the_new_one():
    """Where the declaration has moved on the update comes first: the step still names the value that was applied."""
    old = replace(STEP, value="https://old.cyclr.com/connector/callback")
    moved = seen(settings=(REFUSED,), open_steps=(old,), planned="replace", not_applied=(CHANGED,))
    (found,) = found_in(replace(moved, turned=frozenset({"redirect_uri"})))

    assert (found.kind, found.repair) == (Class.NOT_APPLIED, "pulumi up -s staging --run-program")


def test_step_that_only_a_word_closes_names_the_command_for_it():
    """What nobody can observe is set by a person and then vouched for: the repair says both."""
    command = "cyclr-connectors attest -s staging facebook-marketing advanced_access --by YOU@YOUR.COMPANY"
    step = replace(STEP, setting="Advanced Access", value="granted", proof=f"an attestation: {command}")
    unasked = replace(UNASKED, setting="advanced_access")
    resource = replace(seen(settings=(unasked,), open_steps=(step,)), kind="facebook.AppPublication")

    assert found_in(resource)[0].repair == f"Advanced Access: granted; then {command}"


def test_a_command_is_told_as_it_is_run():
    """A step that is a command is told without its label, so that it can be copied."""
    step = replace(STEP, setting="Consent", value="cyclr-connectors authorize -s staging")
    secret = replace(UNASKED, setting="client_secret")
    resource = replace(seen(settings=(secret,), open_steps=(step,)), kind="cyclr.ConnectorSetup")

    assert found_in(resource)[0].repair == "cyclr-connectors authorize -s staging"


def test_verdict_of_an_environment_is_its_worst_finding():
    """Each class has its verdict, and of several the first in the order of the design holds."""
    (one,) = found_in(RESOURCES["refused"][0])
    kinds = {kind: replace(one, kind=kind) for kind in Class}

    assert {kind: state([found]) for kind, found in kinds.items()} == STATES
    assert state([]) is State.IN_SYNC
    assert [str(each) for each in State] == ["not observed", "drifted", "not applied", "open steps", "in sync"]
    assert state([kinds[Class.OPEN_STEP], kinds[Class.MISSING], kinds[Class.NOT_APPLIED]]) is State.DRIFTED
    assert state([kinds[Class.MISSING], kinds[Class.UNREACHABLE]]) is State.NOT_OBSERVED


def test_nothing_to_look_at_is_not_in_sync():
    """An environment without a resource, or with one that says nothing of itself, is never called clean."""
    bare = seen(settings=())

    assert Survey("dev", Look("dev", "", ())).state is State.NOT_OBSERVED
    assert Survey("dev", Look("dev", "", (bare,))).state is State.NOT_OBSERVED


SURVEYS = {
    "ready": (Survey("a", look("ready")), 0),
    "drifted": (Survey("b", look("drifted")), 7),
    "unreachable": (Survey("c", look("unreachable")), 1),
    "engine": (Survey("d", None, "what"), 1),
    "settings": (Survey("e", None, "what", wrong=True), 2),
    "incomplete": (Survey("f", replace(look("ready"), complete=False)), 1),
}


@pytest.mark.parametrize(("survey", "code"), SURVEYS.values(), ids=SURVEYS)
def test_exit_code_of_one_environment(survey, code):
    """0 in sync, 7 different, 1 not observed, 2 wrong settings; what was not seen whole is not clean."""
    assert exit_code([survey]) == code


def test_exit_code_of_several_is_the_worst():
    """Not observed comes before wrong settings, those before differences, and nothing at all is clean."""
    every = [survey for survey, _ in SURVEYS.values()]

    assert exit_code(every) == 1
    assert exit_code([SURVEYS["settings"][0], SURVEYS["drifted"][0]]) == 2
    assert exit_code([SURVEYS["ready"][0], SURVEYS["drifted"][0]]) == 7
    assert exit_code([]) == 0
    assert [each.environment for each in worst_first(every)] == ["c", "d", "e", "f", "b", "a"]
