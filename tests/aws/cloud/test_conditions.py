"""Operators and keys of conditions by themselves."""

from __future__ import annotations

import pytest

from tests.aws.cloud.conditions import Unjudgeable, hold

CONTEXT = {
    "aws:principalarn": ("arn:aws:iam::1:role/ci",),
    "aws:securetransport": ("true",),
    "aws:tagkeys": ("env", "team"),
    "kms:encryptioncontext:stack": ("dev",),
    "kms:schedulekeydeletionpendingwindowindays": ("7",),
    "s3:prefix": (".pulumi/stacks/",),
}


@pytest.mark.parametrize(
    ("operator", "key", "wanted", "holds"),
    [
        ("StringEquals", "kms:EncryptionContext:stack", "dev", True),
        ("StringEquals", "KMS:encryptioncontext:STACK", ["prod", "dev"], True),
        ("StringEquals", "kms:EncryptionContext:stack", "Dev", False),
        ("StringEqualsIgnoreCase", "kms:EncryptionContext:stack", "Dev", True),
        ("StringEquals", "kms:EncryptionContext:stack", "d*", False),
        ("StringLike", "kms:EncryptionContext:stack", "d*", True),
        ("StringLike", "s3:prefix", [".pulumi/*"], True),
        ("StringNotEquals", "kms:EncryptionContext:stack", ["prod", "dev"], False),
        ("StringNotEquals", "kms:EncryptionContext:stack", ["prod", "test"], True),
        ("StringNotLike", "s3:prefix", ".pulumi/*", False),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/c?", True),
        ("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::1:role/*", True),
        ("ArnNotEquals", "aws:PrincipalArn", "arn:aws:iam::1:role/*", False),
        ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::2:role/*", True),
        ("Bool", "aws:SecureTransport", True, True),
        ("Bool", "aws:SecureTransport", "false", False),
        ("NumericLessThan", "kms:ScheduleKeyDeletionPendingWindowInDays", 30, True),
        ("NumericGreaterThanEquals", "kms:ScheduleKeyDeletionPendingWindowInDays", "30", False),
        ("StringEquals", "kms:ViaService", "s", False),
        ("StringNotEquals", "kms:ViaService", "s", True),
        ("StringEqualsIfExists", "kms:ViaService", "s", True),
        ("StringEqualsIfExists", "kms:EncryptionContext:stack", "prod", False),
        ("Null", "kms:ViaService", "true", True),
        ("Null", "kms:ViaService", False, False),
        ("Null", "s3:prefix", "false", True),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["env", "team", "cost"], True),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["env"], False),
        ("ForAllValues:StringEquals", "kms:RequestAlias", ["x"], True),
        ("ForAnyValue:StringEquals", "aws:TagKeys", ["env"], True),
        ("ForAnyValue:StringEquals", "aws:TagKeys", ["cost"], False),
        ("ForAnyValue:StringEquals", "kms:RequestAlias", ["x"], False),
        ("ForAnyValue:StringNotEquals", "aws:TagKeys", ["env"], True),
        ("ForAllValues:StringNotLike", "aws:TagKeys", ["t*"], False),
        ("StringLike", "aws:PrincipalArn", "arn:*:role/${kms:EncryptionContext:stack}", False),
    ],
)
def test_operator_answers_as_iam_does(operator, key, wanted, holds):
    """Each operator compares what the request carries, and what it does not carry, as the user guide says."""
    assert hold({operator: {key: wanted}}, CONTEXT) is holds


def test_every_test_of_a_condition_must_hold():
    """Operators and keys of one condition are joined by and."""
    equal = {"kms:EncryptionContext:stack": "dev", "aws:PrincipalArn": "arn:aws:iam::1:role/ci"}

    assert hold({"StringEquals": equal, "Bool": {"aws:SecureTransport": "true"}}, CONTEXT)
    assert not hold({"StringEquals": equal, "Bool": {"aws:SecureTransport": "false"}}, CONTEXT)
    assert not hold({"StringEquals": {**equal, "s3:prefix": ""}}, CONTEXT)


@pytest.mark.parametrize(
    ("operator", "key", "wanted"),
    [
        ("StringEqual", "s3:prefix", "x"),
        ("DateLessThan", "s3:prefix", "x"),
        ("ForSomeValues:StringEquals", "s3:prefix", "x"),
        ("StringEquals", "kms:EncryptionContxt:stack", "x"),
        ("StringEquals", "aws:SourceIp", "x"),
        ("StringEquals", "aws:ResourceTag/env", "x"),
        ("StringEquals", "aws:TagKeys", "env"),
        ("StringEquals", "s3:prefix", "${aws:username}"),
        ("ArnLike", "aws:PrincipalArn", "role/*"),
    ],
    ids=[
        "typo",
        "date",
        "quantifier",
        "key-typo",
        "unknown-key",
        "tags-not-looked-up",
        "several-values",
        "variable",
        "no-arn",
    ],
)
def test_condition_that_is_not_understood_is_loud(operator, key, wanted):
    """A mistyped operator or key never passes for one that does not hold."""
    with pytest.raises(Unjudgeable):
        hold({operator: {key: wanted}}, CONTEXT)
