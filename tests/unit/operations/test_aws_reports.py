"""What reports say of an environment's resources at AWS, from events that the real engine was recorded with."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from pulumi.automation.events import EngineEvent
from rich.console import Console

from components.verdicts import Evidence
from stacks.operations.renderers import (
    documents,
    drift_markdown,
    html,
    plan_markdown,
    report_documents,
    terminal,
    terminal_reports,
)
from stacks.operations.summary import identities, notices, observed, verdict
from stacks.operations.summary.findings import Class, Finding, State, findings
from stacks.operations.summary.look import ADOPT, FORGET, Look, Resource, from_events
from stacks.operations.summary.survey import Survey
from tests.unit.operations.recorded import AT_AWS, EVENTS, beside, events, look

KEY, ALIAS, SECRET = "aws.kms.Key", "aws.kms.Alias", "aws.secretsmanager.Secret"
POLICY, RECORD = "aws.secretsmanager.SecretPolicy", "aws.route53.Record"
ALARMS = ("drift-heartbeat", "drift-findings")
ALL = {KEY, ALIAS, SECRET, POLICY, RECORD}
CONTAINER, DOMAIN = "acme/facebook", "app-h.acme.example"
READER, OTHER = "arn:aws:iam::123456789012:role/reader", "arn:aws:iam::123456789012:role/somebody"
REPAIR = "pulumi up -s dev --run-program"
SITUATIONS: dict[str, tuple[State, int, set[tuple[str, str, Class]]]] = {
    "aws/in_sync": (State.IN_SYNC, 0, set()),
    "aws/drifted": (State.DRIFTED, 7, {(POLICY, "policy", Class.DRIFTED), (RECORD, "records", Class.DRIFTED)}),
    "aws/missing": (State.DRIFTED, 7, {(SECRET, "", Class.MISSING), (POLICY, "secretArn", Class.NOT_APPLIED)}),
    "aws/not_applied": (State.NOT_APPLIED, 7, {(SECRET, "description", Class.NOT_APPLIED)}),
    "aws/first_deployment": (State.NOT_APPLIED, 7, {(kind, "", Class.NOT_APPLIED) for kind in ALL}),
    "aws/adopted": (State.NOT_APPLIED, 7, {(kind, "", Class.NOT_APPLIED) for kind in ALL}),
    "aws/removed": (State.NOT_APPLIED, 7, {(kind, "", Class.NOT_APPLIED) for kind in ALL}),
    "aws/refused": (State.NOT_OBSERVED, 1, {(SECRET, "", Class.NOT_AUTHORISED), (POLICY, "", Class.UNREACHABLE)}),
    "aws/unreachable": (State.NOT_OBSERVED, 1, {(kind, "", Class.UNREACHABLE) for kind in ALL - {RECORD}}),
    "aws/no_credentials": (
        State.NOT_OBSERVED,
        1,
        {("aws", "", Class.NOT_AUTHORISED), *((kind, "", Class.UNREACHABLE) for kind in ALL)},
    ),
}
"""Recorded situation -> verdict, exit code, findings beside a connector that is ready."""


def survey(name: str) -> Survey:
    """An environment with a connector that is ready, and this situation at AWS."""
    return Survey("dev", beside(name))


def finding(name: str, kind: str) -> Finding:
    """The one finding of a kind of resource."""
    (found,) = [each for each in survey(name).findings if each.resource == kind]
    return found


def resource(name: str, kind: str) -> Resource:
    """One resource."""
    return next(each for each in beside(name).resources if each.kind == kind)


def printed(items) -> str:
    """What a terminal shows."""
    console = Console(width=200, no_color=True)
    with console.capture() as capture:
        for each in items:
            console.print(each)
    return capture.get()


def renamed(name: str, field: str, value: object) -> list[EngineEvent]:
    """The events of a situation in sync after an input of the access to AWS became another one."""
    text = (EVENTS / f"{name}.json").read_text()
    recorded = json.loads(text)["events"]
    for each in recorded:
        step = each.get("resOutputsEvent", {}).get("metadata", {})
        if step.get("type") == observed.AWS_PROVIDER and step["op"] == "same":
            step["op"] = "update"
            step["new"]["inputs"][field] = value
    return [EngineEvent.from_json(each) for each in recorded]


def changed_key(setting: str, before: Any, after: Any) -> list[EngineEvent]:
    """The events of a situation in sync after somebody changed an input of the key."""
    recorded = json.loads((EVENTS / "aws/in_sync.json").read_text())["events"]
    for each in recorded:
        step = each.get("resOutputsEvent", {}).get("metadata", {})
        if step.get("type") != "aws:kms/key:Key":
            continue
        is_read = step["op"] == "refresh"
        step["op"] = "refresh" if is_read else "update"
        step["detailedDiff"] = {setting: {"diffKind": "update", "inputDiff": False}}
        step["old"]["inputs"][setting] = step["old"]["outputs"][setting] = before if is_read else after
        step["new"]["inputs"][setting] = step["new"]["outputs"][setting] = after if is_read else before
    return [EngineEvent.from_json(each) for each in recorded]


def opened_key() -> Look:
    """A key that somebody let another role govern."""
    own = {"Sid": "Administration", "Effect": "Allow", "Principal": {"AWS": READER}, "Action": ["kms:PutKeyPolicy"]}
    opened = {**own, "Principal": {"AWS": [READER, OTHER]}}
    before, after = (json.dumps({"Version": "2012-10-17", "Statement": [each]}) for each in (own, opened))
    return from_events("dev", [*events("ready"), *changed_key("policy", before, after)])


def alarms() -> list[EngineEvent]:
    """Two alarms of one component that the next update makes."""
    component = "urn:pulumi:dev::p::cyclr-connectors:aws:DriftAlarm::drift"
    kind = "aws:cloudwatch/metricAlarm:MetricAlarm"
    found = []
    for number, name in enumerate(ALARMS):
        urn = f"urn:pulumi:dev::p::cyclr-connectors:aws:DriftAlarm${kind}::{name}"
        side = {"urn": urn, "type": kind, "id": "", "parent": component, "inputs": {"threshold": 1}, "outputs": {}}
        step = {"op": "create", "urn": urn, "type": kind, "old": None, "new": side, "provider": "", "logical": True}
        found.append({"sequence": number, "timestamp": 1, "resOutputsEvent": {"metadata": step}})
    return [EngineEvent.from_json(each) for each in found]


def test_table_has_each_recorded_situation():
    """No recorded situation goes unjudged."""
    assert sorted(SITUATIONS) == AT_AWS


@pytest.mark.parametrize("name", AT_AWS)
def test_each_situation_has_its_verdict_and_findings(name: str):
    """Drift, what is gone, what was not applied, an outage and a refusal at AWS are told apart, and count."""
    seen = survey(name)
    found = {(each.resource, each.setting, each.kind) for each in seen.findings}

    assert (seen.state, seen.exit_code, found) == SITUATIONS[name]


@pytest.mark.parametrize("name", AT_AWS)
def test_environment_is_ready_exactly_when_aws_is_in_sync_too(name: str):
    """A ready connector is not a ready environment while something at AWS is not as declared or was not seen."""
    assert beside(name).ready is (name == "aws/in_sync")
    assert verdict.exit_code(beside(name)) == SITUATIONS[name][1]


def test_containers_alone_are_no_ready_environment():
    """Where there is no connector, nobody can connect, however well the containers stand."""
    assert not look("aws/in_sync").ready
    assert Survey("dev", look("aws/in_sync")).state is State.NOT_OBSERVED


@pytest.mark.parametrize("name", AT_AWS)
def test_components_say_nothing_of_their_own(name: str):
    """A component groups resources: each finding is about one of them, and is told under the component's name."""
    told = {each.connector for each in survey(name).findings}

    assert told <= {CONTAINER, DOMAIN, "aws"}
    assert {each.kind for each in beside(name).resources if each.is_aws} == ALL


@pytest.mark.parametrize("name", [each for each in AT_AWS if each != "aws/no_credentials"])
def test_access_to_aws_is_no_news_while_it_works(name: str):
    """The provider of what is made, deleted or looked at is no finding beside its resources."""
    assert "aws" not in {each.kind for each in beside(name).resources}


def test_another_release_of_the_plugin_is_no_difference():
    """The plugin's version changes with this package's requirements, and nothing at AWS does."""
    newer = [*events("ready"), *renamed("aws/in_sync", "version", "7.60.0")]

    assert from_events("dev", newer).ready


def test_another_region_is_a_difference():
    """What leads elsewhere at AWS is told."""
    moved = from_events("dev", [*events("ready"), *renamed("aws/in_sync", "region", "us-east-1")])
    (found,) = findings(moved)

    assert (found.resource, found.kind) == ("aws", Class.NOT_APPLIED)
    assert not moved.ready


def test_drift_shows_what_is_expected_and_what_was_found():
    """A record that somebody changed is told with both sides, as observed, and with the command that mends it."""
    found = finding("aws/drifted", RECORD)

    assert (found.expected, found.found) == (["custom.cyclr.com"], ["evil.example"])
    assert (found.evidence, found.repair, found.where) == (Evidence.OBSERVED, REPAIR, "")


def test_drift_of_a_policy_shows_the_statement_that_differs():
    """Of a document only what somebody changed in a statement is told; the rest is not."""
    found = finding("aws/drifted", POLICY)

    assert found.expected == [{"Sid": "Readers"}]
    assert found.found == [{"Sid": "Readers", "Principal": {"AWS": [OTHER]}}]


def test_policy_of_a_key_is_mended_by_an_administrator():
    """The role of deployments may not change who uses a key: the repair says who may, and nobody is told it is shut."""
    drifted = opened_key()
    (found,) = findings(drifted)
    warned = " ".join(each.what for each in Survey("dev", drifted).consequences)

    assert (found.resource, found.setting, found.kind) == (KEY, "policy", Class.DRIFTED)
    assert found.found == [{"Sid": "Administration", "Principal": {"AWS": [OTHER]}}]
    assert found.repair == f"as an administrator, whose role has kms:PutKeyPolicy: {REPAIR}"
    assert "open to others than declared" in found.customer
    assert "ends in an error" in warned


def test_key_that_is_off_is_mended_by_an_update_of_it_alone():
    """With the key off no secret can be read: an update of everything ends before it turns the key on."""
    seen = from_events("dev", [*events("ready"), *changed_key("isEnabled", True, False)])
    (found,) = findings(seen)
    name = found.urn.rpartition("::")[2]

    assert (found.setting, found.repair) == ("isEnabled", f"{REPAIR} --target '**{name}'")


def test_other_settings_of_a_key_are_mended_by_any_update():
    """Only the policy takes an administrator."""
    seen = from_events("dev", [*events("ready"), *changed_key("description", "a", "b")])
    (found,) = findings(seen)

    assert (found.setting, found.repair, found.customer) == ("description", REPAIR, notices.NOBODY)


def test_alarms_of_one_component_are_told_apart():
    """Two alarms share their component's name: each line in every report has the alarm's own as well."""
    seen = Survey("dev", from_events("dev", [*events("ready"), *alarms()]))
    texts = (
        printed(terminal.status(seen.look)),
        printed(terminal_reports.preview([seen])),
        printed(terminal_reports.drift([seen])),
        plan_markdown.render([seen]),
        drift_markdown.render([seen]),
        html.render([seen]),
    )

    assert [all(name in text for name in ALARMS) for text in texts] == [True] * len(texts)


@pytest.mark.parametrize("name", [each for each in AT_AWS if each not in ("aws/removed", "aws/drifted")])
def test_no_situation_of_a_container_keeps_a_customer_from_connecting(name: str):
    """Of containers reports say that a customer notices nothing by itself, or that it is not known."""
    told = {each.customer for each in survey(name).findings if each.resource != RECORD}

    assert all(each == notices.NOT_SEEN or each.startswith(notices.NOBODY) for each in told)


def test_record_that_leads_elsewhere_is_what_customers_meet():
    """The CNAME is the one resource at AWS that a customer depends on."""
    assert "customers can neither connect nor sign in" in finding("aws/drifted", RECORD).customer
    assert "customers can neither connect nor sign in" in finding("aws/removed", RECORD).customer


@pytest.mark.parametrize("kind", [KEY, ALIAS, SECRET])
def test_what_outlives_its_declaration_is_forgotten_not_deleted(kind: str):
    """A report never says that a secret or its key would be deleted where it stays."""
    assert resource("aws/removed", kind).planned == FORGET
    assert finding("aws/removed", kind).cause == "the next update would forget it, and leave it as it is"
    assert finding("aws/removed", kind).customer == notices.NOT_WATCHED


def test_what_does_not_outlive_its_declaration_is_deleted():
    """A record that goes with its declaration is told as such."""
    assert finding("aws/removed", RECORD).cause == "the next update would delete it"


def test_adoption_is_called_so():
    """What the engine calls an import, whatever it then brings to what is declared, is adopting."""
    text = plan_markdown.render([survey("aws/adopted")])

    assert resource("aws/adopted", SECRET).planned == ADOPT
    assert finding("aws/adopted", SECRET).cause == "the next update would adopt it"
    assert "secret in Secrets Manager, **adopted**" in text
    assert not look("aws/adopted").deployed


def test_computed_outputs_are_no_drift():
    """What AWS computes by itself is compared with nothing."""
    assert not [each for each in beside("aws/in_sync").resources if each.drift]


def test_input_that_the_plugin_leaves_is_told_by_what_it_read():
    """Where the plugin tells a difference by its outputs alone, both sides are still told."""
    recorded = json.loads((EVENTS / "aws/drifted.json").read_text())["events"]
    for each in recorded:
        step = each.get("resOutputsEvent", {}).get("metadata", {})
        if "route53" in step.get("type", "") and step["op"] in ("refresh", "update"):
            for side in ("old", "new"):
                step[side]["inputs"]["records"] = ["custom.cyclr.com"]
    seen = from_events("dev", [*events("ready"), *map(EngineEvent.from_json, recorded)])
    (found,) = [each for each in findings(seen) if each.resource == RECORD]

    assert (found.kind, found.expected, found.found) == (Class.DRIFTED, ["custom.cyclr.com"], ["evil.example"])


@pytest.mark.parametrize(("name", "kind"), [("aws/refused", SECRET), ("aws/unreachable", KEY)])
def test_error_of_aws_has_four_parts_and_none_of_its_text(name: str, kind: str):
    """What the plugin prints, with principals and addresses, is never repeated."""
    failure = resource(name, kind).failure

    assert failure is not None
    assert [line.split(":")[0].strip() for line in failure.error.splitlines()[1:]] == ["where", "why", "fix"]
    assert not [each for each in ("assumed-role", "RequestID", "amazonaws.com", "arn:") if each in failure.error]


def test_command_that_shows_all_names_the_stack_file_of_the_look():
    """Whoever looked with another stack file gets a command that reads it too."""
    text = (EVENTS / "aws/unreachable.json").read_text()
    seen = from_events("dev", events("aws/unreachable"), json.loads(text)["state"], "other/Pulumi.x.yaml")
    told = " ".join(each.failure.error for each in seen.not_observed if each.failure)

    assert "pulumi preview -s dev --config-file other/Pulumi.x.yaml --refresh --run-program" in told


def test_what_was_not_reached_names_the_part_that_failed():
    """The parts of a container share its name: the sentence says which of them."""
    failure = resource("aws/unreachable", POLICY).failure

    assert failure is not None
    assert failure.error == f"not reached because {KEY} {CONTAINER} failed"


def test_what_a_failure_kept_from_being_read_is_looked_at_again():
    """Resources at AWS that do not depend on one that failed are read by themselves, as those at the vendors are."""
    state = [
        {"urn": f"urn:pulumi:dev::p::{type_}::x", "type": type_}
        for type_ in ("aws:sns/topic:Topic", "pulumi:providers:aws", "cyclr-connectors:aws:DriftAlarm")
    ]

    assert observed.unreached([], state) == ["urn:pulumi:dev::p::aws:sns/topic:Topic::x"]


@pytest.mark.parametrize("name", AT_AWS)
def test_documents_are_json_and_list_no_component_as_a_connector(name: str):
    """Programs find what is at AWS among findings, changes and what was not looked at, never among the connectors."""
    seen = survey(name)
    status = documents.status_document(beside(name))
    (drift,) = report_documents.drift([seen])["environments"]
    (preview,) = report_documents.preview([seen])["environments"]

    assert json.loads(json.dumps([status, drift, preview]))
    assert [each["name"] for each in status["connectors"]] == ["facebook-marketing"]
    assert {(each["resource"], each["setting"], each["class"]) for each in drift["findings"]} == SITUATIONS[name][2]


@pytest.mark.parametrize("name", [each for each in AT_AWS if each != "aws/in_sync"])
def test_every_report_tells_of_it(name: str):
    """Terminal, Markdown, issue and page each name the component that is not as declared or was not seen."""
    seen = survey(name)
    texts = {
        "status": printed(terminal.status(beside(name))),
        "steps": printed(terminal.steps(beside(name))),
        "preview": printed(terminal_reports.preview([seen])),
        "drift": printed(terminal_reports.drift([seen])),
        "plan": plan_markdown.render([seen]),
        "drift in Markdown": drift_markdown.render([seen]),
        "issue": drift_markdown.issue(seen)[1],
        "page": html.render([seen]),
    }

    assert [report for report, text in texts.items() if CONTAINER not in text] == []


def test_status_shows_both_sides_of_a_difference():
    """No table holds what is at AWS: the line on the difference has the values."""
    text = printed(terminal.status(beside("aws/drifted")))

    assert f"update {RECORD} of {DOMAIN}: records evil.example => custom.cyclr.com" in text


def test_reports_say_where_something_is_gone():
    """What is gone at AWS is not called gone at the vendor, in the look as little as in the plan."""
    plan = printed(terminal_reports.preview([survey("aws/missing")]))

    assert f"create {SECRET} of {CONTAINER}; it is gone at AWS" in printed(terminal.status(beside("aws/missing")))
    assert "(gone at AWS)" in plan
    assert "gone at the vendor" not in plan + plan_markdown.render([survey("aws/missing")])


def test_name_at_aws_is_not_the_display_name_of_an_app():
    """Inputs at AWS keep the names that AWS's own pages have."""
    (policy,) = [each for each in survey("aws/drifted").findings if each.resource == POLICY]
    text = drift_markdown.render([survey("aws/drifted")])
    named = drift_markdown._row(replace(policy, setting="name"))

    assert "policy of a secret | policy |" in text
    assert "| name |" in named


@pytest.mark.parametrize("name", AT_AWS)
def test_issue_stays_as_it_is_while_nothing_changes(name: str):
    """Two looks at the same situation are no news to each other; another situation is."""
    told = identities.identities(survey(name))

    assert told == identities.identities(survey(name))
    assert bool(told) is (name != "aws/in_sync")
