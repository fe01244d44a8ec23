"""What changes at AWS lead to, for whoever reviews them."""

from __future__ import annotations

from typing import Any

import pytest

from stacks.operations.summary.changes import Change
from stacks.operations.summary.consequences import Level, consequences
from stacks.operations.summary.survey import Survey
from tests.unit.operations.recorded import beside

RECORD, SECRET, POLICY = "aws.route53.Record", "aws.secretsmanager.Secret", "aws.secretsmanager.SecretPolicy"
KEY = "aws.kms.Key"
CASES: dict[str, tuple[tuple[str, str, str], dict[str, Any], Level | None, str]] = {
    "record leads elsewhere": ((RECORD, "update", "records"), {}, Level.DANGER, "only while it leads where Cyclr says"),
    "record of another name": ((RECORD, "replace", "name"), {}, Level.DANGER, "only while it leads where Cyclr says"),
    "record is kept for longer": ((RECORD, "update", "ttl"), {}, None, ""),
    "record is deleted": ((RECORD, "delete", ""), {}, Level.DANGER, "customers can neither connect nor sign in"),
    "record is made": ((RECORD, "create", ""), {}, None, ""),
    "record is made again": ((RECORD, "create", ""), {"missing": True}, None, ""),
    "record is put back": ((RECORD, "update", "records"), {"drifted": True}, Level.NOTICE, "put back by this one"),
    "other readers": ((POLICY, "update", "policy"), {}, Level.NOTICE, "Who may read the secret at AWS changes"),
    "policy is put back": ((POLICY, "update", "policy"), {"drifted": True}, Level.NOTICE, "put back by this one"),
    "key is opened": ((KEY, "update", "policy"), {}, Level.NOTICE, "which the role of deployments may not do"),
    "key with another policy is made": ((KEY, "create", ""), {}, None, ""),
    "key is described otherwise": ((KEY, "update", "description"), {}, None, ""),
    "alarm goes": (("aws.cloudwatch.MetricAlarm", "delete", ""), {}, Level.NOTICE, "role of deployments may not do"),
    "another e-mail": (("aws.sns.TopicSubscription", "replace", ""), {}, Level.NOTICE, "may not do"),
    "alarm is changed": (("aws.cloudwatch.MetricAlarm", "update", "period"), {}, None, ""),
    "policy is made": ((POLICY, "create", ""), {}, None, ""),
    "secret is forgotten": ((SECRET, "forget", ""), {}, Level.NOTICE, "stays at AWS with its value"),
    "secret is deleted": ((SECRET, "delete", ""), {}, Level.DANGER, "deleted at AWS, with its value"),
    "secret is another one": ((SECRET, "replace", "name"), {}, Level.NOTICE, "without a value"),
    "secret is made": ((SECRET, "create", ""), {}, Level.NOTICE, "stops before the connector"),
    "secret is made again": ((SECRET, "create", ""), {"missing": True}, Level.NOTICE, "without a value"),
    "secret is described otherwise": ((SECRET, "update", "description"), {}, None, ""),
    "secret is adopted": ((SECRET, "adopt", ""), {}, None, ""),
}
"""Situation -> resource, operation and setting, other facts, level, words."""


@pytest.mark.parametrize(("what", "facts", "level", "words"), CASES.values(), ids=CASES)
def test_each_change_has_its_consequence(what, facts, level, words):
    """What customers meet is a danger, what a reviewer should know a notice, the rest says nothing."""
    resource, operation, setting = what
    found = consequences([Change("acme/facebook", resource, "urn", operation, setting, "a", "b", **facts)])

    assert [each.level for each in found] == ([level] if level else [])
    assert all(words in each.what for each in found)


def test_recorded_removal_names_what_stays_and_what_goes():
    """From the engine's own events: the record is a danger, the container that stays is a notice."""
    told = [(each.level, each.connector) for each in Survey("dev", beside("aws/removed")).consequences]

    assert told == [(Level.DANGER, "app-h.acme.example"), (Level.NOTICE, "acme/facebook")]
