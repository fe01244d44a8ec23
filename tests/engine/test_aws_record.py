"""The record of a service domain through the real engine: made, looked after, left, taken back, and never another's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from tests.engine.aws import running_cloud_stack
from tests.engine.aws_record import (
    DOMAIN,
    FOREIGN,
    NEXT,
    NO_ZONE,
    OTHER,
    TARGET,
    TTL,
    ZONE,
    Journey,
    findings,
    travelled,
)

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

CHANGE = ["ChangeResourceRecordSets"]
DECLARED = [("CNAME", [TARGET], TTL)]
RECORD = "service-domain-record"
PARTS = r"{what}.*\n +where: aws\.serviceDomainRecord of stack sandbox\n +why:   \S.*\n +fix:   .*{fix}"
"""An error of ours as the engine prints it."""
USELESS = {
    "private": ("Hosted zone Z.* is private", "aws route53 list-hosted-zones-by-name --dns-name acme.example"),
    "outside": (r"connect\.other\.example is no name of hosted zone Z", "under zoneId"),
    "missing": (f"AWS has no hosted zone {NO_ZONE}", "aws route53 list-hosted-zones"),
    "apex": (rf"{ZONE} is the name of hosted zone Z.* itself", f"connect.{ZONE}"),
}
"""Why a record leads nobody -> words of the first part and of the last."""
LEFT_TO_DO = {
    "other target": f"declare target elsewhere\\.example and ttl {TTL}",
    "alias": "take serviceDomainRecord out of the stack file",
}
"""Whose record it is -> words of what can be done."""


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """All steps, made once; the tests look back on them."""
    with running_cloud_stack(tmp_path_factory.mktemp("record")) as stack:
        yield travelled(stack)


@pytest.mark.parametrize("run", ["preview", "up"])
@pytest.mark.parametrize("name", USELESS)
def test_record_that_leads_nobody_is_refused_before_any_write(journey, name, run):
    """In a private zone, outside of its zone, in none, or at its top: four parts say so, and AWS is sent no write."""
    step = journey.steps[f"{run}, {name}"]
    what, fix = USELESS[name]

    assert step.code not in (0, 7), step.said
    assert re.search(PARTS.format(what=what, fix=re.escape(fix)), step.said), step.said
    assert "Traceback" not in step.said
    assert (step.writes, step.of(), RECORD in step.resources) == ([], [], False)


@pytest.mark.parametrize("run", ["preview", "up"])
@pytest.mark.parametrize("name", FOREIGN)
def test_record_of_others_is_refused_and_stays_to_the_byte(journey, name, run):
    """A record that is not the declared one is refused, in the preview already, and nobody touches it."""
    step = journey.steps[f"{run}, {name}"]
    what = rf"connect\.acme\.example has other records already \({FOREIGN[name]['Type']}\)"

    assert step.code not in (0, 7), step.said
    assert re.search(PARTS.format(what=what, fix=LEFT_TO_DO[name]), step.said), step.said
    assert (step.writes, RECORD in step.resources) == ([], False)
    assert step.records == journey.before[name]


def test_record_is_made_and_the_next_preview_is_empty(journey):
    """One write makes the CNAME as declared; after it neither the declaration nor Route 53 has a difference."""
    made, plan = journey.steps["made"], journey.steps["preview, made"]

    assert (made.code, made.writes, made.of()) == (0, CHANGE, DECLARED), made.said
    assert (plan.code, plan.writes, plan.moved) == (0, [], False), plan.said


def test_record_that_somebody_changed_is_drift_and_is_repaired(journey):
    """Another target and TTL at Route 53 are found by a look, which writes nothing; the next update puts both back."""
    look, repair = journey.steps["drift, changed"], journey.steps["repaired"]
    found = {each["setting"]: (each["class"], each["expected"], each["found"]) for each in findings(look)}

    assert look.code == 7, look.said
    assert found["ttl"] == ("drifted", TTL, 60)
    assert found["records"] == ("drifted", [TARGET], ["elsewhere.example"])
    assert (look.writes, look.moved, look.of()) == ([], False, [("CNAME", ["elsewhere.example"], 60)])
    assert (repair.code, repair.writes, repair.of()) == (0, CHANGE, DECLARED), repair.said


def test_record_that_somebody_deleted_is_made_again(journey):
    """The update finds it gone and makes it as it was."""
    step = journey.steps["made again"]

    assert (step.code, step.writes, step.of()) == (0, CHANGE, DECLARED), step.said


def test_record_that_is_not_declared_stays_and_is_taken_back(journey):
    """It leaves the state and stays at Route 53; declared again it is imported without a write, to an empty plan."""
    gone, back, plan = (journey.steps[name] for name in ("not declared", "taken back", "preview, taken back"))

    assert (gone.code, gone.writes, gone.of(), RECORD in gone.resources) == (0, [], DECLARED, False), gone.said
    assert (back.code, back.writes, back.of(), RECORD in back.resources) == (0, [], DECLARED, True), back.said
    assert "= 1 imported" in back.said
    assert (plan.code, plan.writes) == (0, []), plan.said


def test_record_that_was_taken_back_can_be_changed(journey):
    """Another target is one write to the same record: no import and no refusal stands in the way."""
    step = journey.steps["other target"]

    assert (step.code, step.writes, step.of()) == (0, CHANGE, [("CNAME", [OTHER], TTL)]), step.said
    assert "~ 1 updated" in step.said


def test_record_of_the_domain_before_a_move_stays(journey):
    """Another service domain gets a record of its own, and who comes by the old one is led as before."""
    step = journey.steps["moved"]

    assert (step.code, step.writes, step.of(NEXT)) == (0, CHANGE, DECLARED), step.said
    assert step.of(DOMAIN) == [("CNAME", [OTHER], TTL)]


def test_destroy_leaves_the_record(journey):
    """The state is empty, and customers are still led to Cyclr."""
    step = journey.steps["destroyed"]

    assert (step.code, step.resources, step.writes) == (0, {}, []), step.said
    assert step.records == journey.steps["moved"].records


def test_record_of_a_killed_first_update_is_taken_back(journey):
    """A run that died before the state knew its record is recovered, and the next update imports it without a write."""
    killed, recovered, up = (journey.steps[name] for name in ("killed", "recovered", "after a kill"))

    assert (killed.writes, killed.of(NEXT), RECORD in killed.resources) == (CHANGE, DECLARED, False), killed.said
    assert recovered.code == 0, recovered.said
    assert f"Interrupted while creating: aws.route53.Record ({RECORD})." in json.loads(recovered.done.stdout)["said"]
    assert (up.code, up.writes, up.of(NEXT), RECORD in up.resources) == (0, [], DECLARED, True), up.said
    assert "= 1 imported" in up.said
