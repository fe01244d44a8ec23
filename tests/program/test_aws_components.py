"""The components on AWS under mocks: what they declare, with which options, and what a preview knows of them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from components.aws import adoption, policies
from components.aws.adoption import Standing
from components.aws.drift_alarm import DriftAlarm, DriftAlarmArgs
from components.aws.secret_container import SecretContainer, SecretContainerArgs
from components.aws.service_domain_record import ServiceDomainRecord, ServiceDomainRecordArgs
from components.errors import DeclarationError
from tests.program.declared import ACCOUNT, ARN, GIVEN, REGION, declare, inputs
from tests.program.harness import ROOT, STACK

NAME = "acme/facebook"
READERS = (f"arn:aws:iam::{ACCOUNT}:role/deploy",)
CONTAINER = SecretContainerArgs(NAME, STACK, ACCOUNT, REGION, READERS)
RECORD = ServiceDomainRecordArgs("connect.acme.example", "Z0123456789", "custom.cyclr.com", 300)
ALARM = DriftAlarmArgs(STACK, "ops@acme.example", "CyclrConnectors", "Looked", 12)


@pytest.fixture
def standing(monkeypatch):
    """What stands at AWS; nothing, until a test says otherwise."""
    found = {"container": Standing(), "record": Standing()}
    monkeypatch.setattr(adoption, "container", lambda *_: found["container"])
    monkeypatch.setattr(adoption, "record", lambda *_: found["record"])
    return found


def container(provider):
    """Declare the container; its name."""
    return SecretContainer(NAME, CONTAINER, provider).secret_name


def record(provider):
    """Declare the record."""
    ServiceDomainRecord("service-domain", RECORD, provider)


def alarm(provider):
    """Declare the alarm."""
    DriftAlarm("drift", ALARM, provider)


def children(requests):
    """The requests for resources of AWS, by name."""
    return {name: each for name, each in requests.items() if each.type.startswith("aws:")}


def test_container_is_a_key_an_alias_a_secret_and_a_policy(standing):
    """The value is no part of it: there is no version among its resources."""
    requests, _ = declare(container)

    assert {name: each.type for name, each in children(requests).items()} == {
        f"{NAME}-key": "aws:kms/key:Key",
        f"{NAME}-alias": "aws:kms/alias:Alias",
        f"{NAME}-secret": "aws:secretsmanager/secret:Secret",
        f"{NAME}-readers": "aws:secretsmanager/secretPolicy:SecretPolicy",
    }


def test_container_inputs_are_what_the_stack_file_means(standing):
    """Names, marks and documents come from the declaration, and what belongs together refers to each other."""
    requests, _ = declare(container)
    key, secret, readers = (inputs(requests[f"{NAME}-{each}"]) for each in ("key", "secret", "readers"))

    assert key["enableKeyRotation"] is True
    assert key["bypassPolicyLockoutSafetyCheck"] is True
    assert json.loads(key["policy"]) == policies.key_policy(ACCOUNT, REGION)
    assert key["tags"] == {"cyclr-connectors:environment": STACK}
    assert inputs(requests[f"{NAME}-alias"]) == {"name": policies.alias(STACK, NAME), "targetKeyId": "key-1"}
    assert (secret["name"], secret["kmsKeyId"]) == (NAME, "arn:key-1")
    assert secret["tags"] == {"cyclr-connectors:environment": STACK, "cyclr-connectors:key": "key-1"}
    assert (readers["secretArn"], readers["blockPublicPolicy"]) == (ARN, True)
    assert json.loads(readers["policy"]) == policies.secret_policy(READERS)


@pytest.mark.parametrize("make", [container, record])
def test_what_must_outlive_a_declaration_is_kept_when_it_goes(standing, make):
    """Neither `destroy` nor a removed line deletes a secret, what protects it, or the way in for customers."""
    requests, _ = declare(make)

    assert {name for name, each in children(requests).items() if not each.retainOnDelete} == set()


def test_container_that_stands_is_imported_but_for_its_policy(standing):
    """A policy is put in place of another; everything else would be refused as a second one of its name."""
    standing["container"] = Standing(ARN, "key-1", policies.alias(STACK, NAME))
    requests, _ = declare(container)

    assert {name.rpartition("-")[2]: each.importId for name, each in children(requests).items()} == {
        "key": "key-1",
        "alias": policies.alias(STACK, NAME),
        "secret": ARN,
        "readers": "",
    }


def test_alias_comes_after_the_secret(standing):
    """A run that is killed between the two is found again by the secret, which knows its key."""
    requests, _ = declare(container)

    assert any(urn.endswith(f"::{NAME}-secret") for urn in requests[f"{NAME}-alias"].dependencies)


def test_name_of_a_container_is_known_once_its_secret_is_there(standing):
    """Whoever waits for it asks AWS for a version, which there is none of in the preview of the first run."""
    _, known = declare(container)
    _, previewed = declare(container, preview=True)

    assert (known, previewed) == (NAME, None)


@pytest.mark.parametrize("lost", ["secret", "alias", "readers"])
def test_name_of_a_container_is_known_only_with_its_protection(standing, lost):
    """A value is asked for only once secret, alias and policy stand: while one could not be made, nobody is told."""
    _, known = declare(container, lost=f"{NAME}-{lost}")

    assert known is None


REFUSED = Standing(refused=DeclarationError("taken", where="x", why="x", fix="x"))


@pytest.mark.parametrize(("kind", "make"), [("container", container), ("record", record)])
def test_nothing_is_made_where_something_of_others_stands(standing, kind, make):
    """Each resource asks before it is created, in a preview too, and gets the error; what the state has is let be."""
    standing[kind] = REFUSED
    found = children(declare(make)[0])

    assert found
    assert {len(each.hooks.before_create) for each in found.values()} == {1}
    assert not any(each.importId for each in found.values())


@pytest.mark.parametrize("make", [container, record])
def test_no_hook_is_registered_where_nothing_is_refused(standing, make):
    """The engine calls nobody back in a run in which all is well."""
    assert not any(each.hooks.before_create for each in children(declare(make)[0]).values())


@pytest.mark.parametrize("found", [None, "Z0123456789_connect.acme.example_CNAME"])
def test_record_is_a_cname_that_overwrites_nothing(standing, found):
    """It is made or taken back as declared, and another of that name is never written over."""
    standing["record"] = Standing(record=found)
    requests, _ = declare(record)
    request = requests["service-domain-record"]

    assert request.importId == (found or "")
    assert inputs(request) == {
        "name": "connect.acme.example",
        "type": "CNAME",
        "zoneId": "Z0123456789",
        "records": ["custom.cyclr.com"],
        "ttl": 300,
        "allowOverwrite": False,
    }


def test_alarm_tells_one_address(standing):
    """The address hears of both alarms, by one topic."""
    requests, _ = declare(alarm)

    assert inputs(requests["drift-email"]) == {
        "topic": "arn:topic",
        "protocol": "email",
        "endpoint": "ops@acme.example",
    }
    for name in ("drift-heartbeat", "drift-findings"):
        assert inputs(requests[name])["alarmActions"] == ["arn:topic"], name


def test_missing_heartbeats_are_an_alarm_after_the_declared_hours(standing):
    """Each of the last hours is without a complete look, and an hour without data is such an hour."""
    found = inputs(declare(alarm)[0]["drift-heartbeat"])

    assert (found["namespace"], found["metricName"]) == ("CyclrConnectors", "Looked")
    assert found["dimensions"] == {"Environment": STACK}
    assert (found["statistic"], found["comparisonOperator"], found["threshold"]) == ("Sum", "LessThanThreshold", 1)
    assert (found["period"], found["evaluationPeriods"], found["datapointsToAlarm"]) == (3600, 12, 12)
    assert found["treatMissingData"] == "breaching"


def test_one_finding_is_an_alarm_at_once(standing):
    """A clean look before it, or hours without a look, do not hide it."""
    found = inputs(declare(alarm)[0]["drift-findings"])

    assert (found["namespace"], found["metricName"]) == ("CyclrConnectors", "Findings")
    assert found["dimensions"] == {"Environment": STACK}
    assert (found["statistic"], found["comparisonOperator"]) == ("Maximum", "GreaterThanThreshold")
    assert (found["threshold"], found["period"], found["evaluationPeriods"]) == (0, 12 * 3600, 1)
    assert found["treatMissingData"] == "breaching"


@pytest.mark.parametrize("hours", [1, 12, 24])
def test_alarm_looks_back_no_further_than_cloudwatch_allows(standing, hours):
    """Seven days in all, with periods of an hour or more, in whole minutes."""
    declared = DriftAlarmArgs(STACK, "ops@acme.example", "CyclrConnectors", "Looked", hours)
    requests, _ = declare(lambda provider: DriftAlarm("drift", declared, provider) and None)

    for name in ("drift-heartbeat", "drift-findings"):
        found = inputs(requests[name])
        assert found["period"] >= 3600, name
        assert found["period"] * found["evaluationPeriods"] <= 7 * 86_400, name


@pytest.mark.parametrize("make", [container, alarm])
def test_everything_that_can_carry_a_tag_says_its_environment(standing, make):
    """By it somebody at AWS, and the policies of the roles, tell whose a resource is."""
    untagged = {"aws:kms/alias:Alias", "aws:secretsmanager/secretPolicy:SecretPolicy"}
    untagged.add("aws:sns/topicSubscription:TopicSubscription")
    found = {each.type: inputs(each).get("tags", {}) for each in children(declare(make)[0]).values()}

    assert {kind for kind, tags in found.items() if tags.get("cyclr-connectors:environment") != STACK} <= untagged


@pytest.mark.parametrize("make", [container, record, alarm])
@pytest.mark.parametrize("preview", [False, True])
def test_children_belong_to_their_component_and_its_provider(standing, make, preview):
    """Region and account are those that the stack file names, in previews with unknown values too."""
    found = children(declare(make, preview=preview)[0])

    assert found
    assert all("cyclr-connectors:aws:" in each.parent for each in found.values())
    assert all(f"pulumi:providers:aws::{GIVEN}::" in each.provider for each in found.values())


def test_only_the_services_in_use_are_loaded():
    """Of the more than two hundred services of pulumi_aws, a program loads the five that its components are made of."""
    used = "from components.aws import drift_alarm as d, secret_container as s, service_domain_record as r"
    named = "s.kms.Key, s.secretsmanager.Secret, r.route53.Record, d.sns.Topic, d.cloudwatch.MetricAlarm"
    counted = "{name.split('.')[1] for name in sys.modules if name.startswith('pulumi_aws.') and name.count('.') > 1}"
    answer = subprocess.run(
        [sys.executable, "-c", f"import sys; {used}; {named}; print(*sorted({counted}))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout.split() == ["cloudwatch", "kms", "route53", "secretsmanager", "sns"]
