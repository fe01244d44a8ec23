"""The SDK's tables as the stand-in reads them."""

from __future__ import annotations

import pytest
from pulumi.runtime.rpc import UNKNOWN

from tests.aws.plugin.arguments import failures, table
from tests.aws.plugin.cases import ALARM, RECORD, SECRET, SECRET_POLICY

ALIAS_PART = {"name": "lb.example.com", "zoneId": "Z1"}


def test_table_has_names_of_the_wire():
    """Inputs are called as the engine sends them, not as a Python program writes them."""
    assert {"kmsKeyId", "recoveryWindowInDays"} <= table(SECRET).inputs.keys()
    assert table(SECRET_POLICY).required == {"policy", "secretArn"}
    assert table(RECORD).outputs == {"fqdn"}


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        (SECRET, {"name": "a", "recoveryWindowInDays": 7, "tags": {"a": "b"}, "forceOverwriteReplicaSecret": True}),
        (SECRET, {"replicas": [{"region": "eu-central-1"}]}),
        (SECRET, {"tags": UNKNOWN, "recoveryWindowInDays": UNKNOWN}),
        (SECRET, {"tags": {"a": UNKNOWN}}),
        (ALARM, {"threshold": 1, "alarmActions": [UNKNOWN]}),
        (ALARM, {"threshold": 0.5}),
        (RECORD, {"zoneId": "Z", "name": "a", "type": "A", "aliases": [{**ALIAS_PART, "evaluateTargetHealth": True}]}),
    ],
    ids=["plain", "nested", "unknown", "unknown-inside", "whole-for-number", "number", "enum"],
)
def test_fitting_inputs_pass(token, inputs):
    """What the SDK's types allow is allowed, and what is not known yet is."""
    assert not list(failures(inputs, token))


@pytest.mark.parametrize(
    ("token", "inputs", "path", "reason"),
    [
        (SECRET, {"kms_key_id": "a"}, "kms_key_id", f"{SECRET} has no such argument"),
        (SECRET, {"name": 7}, "name", "must be a string"),
        (SECRET, {"recoveryWindowInDays": "7"}, "recoveryWindowInDays", "must be a whole number"),
        (SECRET, {"recoveryWindowInDays": 7.5}, "recoveryWindowInDays", "must be a whole number"),
        (SECRET, {"recoveryWindowInDays": True}, "recoveryWindowInDays", "must be a whole number"),
        (SECRET, {"forceOverwriteReplicaSecret": 1}, "forceOverwriteReplicaSecret", "must be a boolean"),
        (SECRET, {"tags": {"a": 1}}, "tags.a", "must be a string"),
        (SECRET, {"tags": ["a"]}, "tags", "must be a map"),
        (SECRET, {"replicas": {"region": "a"}}, "replicas", "must be a list"),
        (
            SECRET,
            {"replicas": [{"zone": "a", "region": "b"}]},
            "replicas[0].zone",
            "SecretReplicaArgs has no such argument",
        ),
        (SECRET, {"replicas": [{}]}, "replicas[0].region", "SecretReplicaArgs needs this argument"),
        (SECRET, {"replicas": ["a"]}, "replicas[0]", "must be an object"),
        (SECRET_POLICY, {"policy": "{}"}, "secretArn", f"{SECRET_POLICY} needs this argument"),
        (ALARM, {"threshold": "1"}, "threshold", "must be a number"),
    ],
    ids=lambda value: value if isinstance(value, str) and not value.startswith("aws:") else "",
)
def test_inputs_that_do_not_fit_are_told_with_their_place(token, inputs, path, reason):
    """Every argument that the SDK's table does not allow is named where it stands."""
    assert list(failures(inputs, token)) == [(path, reason)]
