"""What is the same though it is written differently."""

from __future__ import annotations

import json

import pytest

from tests.aws.plugin.comparison import changed, same_domain, same_key, same_policy, same_set

STATEMENT = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": ["a:B", "a:C"], "Resource": "*"}
ROOT = {"AWS": ["arn:aws:iam::123456789012:root"]}


def written(**changes):
    """The policy with these changes to its statement."""
    return json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT | changes]})


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (json.dumps(json.loads(written()), indent=2), True),
        (json.dumps({"Statement": STATEMENT, "Version": "2012-10-17"}), True),
        (written(Action=["a:C", "a:B"]), True),
        (written(Resource=["*"]), True),
        (written(Principal=ROOT), True),
        (written(Action=["a:B"]), False),
        (written(Effect="Deny"), False),
        (written(Resource="arn:aws:s3:::b"), False),
        (written(Principal={"AWS": "210987654321"}), False),
        ("no JSON", False),
        (None, False),
    ],
    ids=["spaces", "keys", "order", "one", "account", "action", "effect", "resource", "other", "no-json", "nothing"],
)
def test_policies_are_compared_by_meaning(other, same):
    """Two ways to write one policy are no difference, and every other one is."""
    assert same_policy(written(), other) is same
    assert same_policy(other, written()) is same


@pytest.mark.parametrize(
    ("compare", "old", "new", "same"),
    [
        (same_set, ["a", "b"], ["b", "a"], True),
        (same_set, ["a", "b"], ["a"], False),
        (same_key, "arn:aws:kms:eu-west-1:123456789012:key/1-2", "1-2", True),
        (same_key, "1-2", "1-3", False),
        (same_domain, "App.example.com.", "app.example.com", True),
        (same_domain, "app.example.com", "api.example.com", False),
    ],
    ids=["order", "fewer", "arn-and-id", "other-key", "dot-and-case", "other-name"],
)
def test_other_values_are_compared_by_meaning(compare, old, new, same):
    """Lists without order, keys and domain names have each one way to be the same."""
    assert compare(old, new) is same


@pytest.mark.parametrize(
    ("state", "inputs", "names"),
    [
        ({"description": "a"}, {"description": "a"}, set()),
        ({"description": "a"}, {"description": "b"}, {"description"}),
        ({"description": "a"}, {}, {"description"}),
        ({"description": ""}, {}, set()),
        ({}, {"description": "a"}, {"description"}),
        ({"flag": False}, {}, set()),
        ({"flag": True}, {"flag": False}, {"flag"}),
        ({"policy": "{}"}, {}, set()),
        ({"policy": '{"a": 1}'}, {"policy": '{"a":1}'}, set()),
    ],
    ids=["same", "other", "taken-out", "empty", "new", "false", "true-to-false", "filled-in-by-aws", "by-meaning"],
)
def test_what_is_not_declared_is_to_be_empty(state, inputs, names):
    """A value that nobody declares is a difference, unless it is empty or AWS fills it in."""
    found = changed(state, inputs, ("description", "flag", "policy"), {"policy"}, {"policy": same_policy})

    assert found == names
