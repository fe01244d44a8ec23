"""The evaluator by itself: who is let in by which policies."""

from __future__ import annotations

import json

import pytest

from tests.aws.cloud.asked import allow, deny, policy
from tests.aws.cloud.conditions import Unjudgeable
from tests.aws.cloud.policies import Need, Principal, Verdict, decide

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/reader"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/ci"
SECRET = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:dev/app-aB3dE6"
READ = "secretsmanager:GetSecretValue"
EVERYTHING, NOTHING = policy(allow("*")), policy(allow("s3:GetObject"))


def verdict(own, resources=None, *, must_speak=False, session=None, root=False, action=READ, resource=SECRET):
    """What the evaluator says."""
    principal = Principal(
        SESSION,
        frozenset({f"arn:aws:iam::{ACCOUNT}:root"} if root else {SESSION, ROLE}),
        ACCOUNT,
        tuple(json.dumps(item) for item in own),
        json.dumps(session) if session else None,
        is_root=root,
    )
    document = json.dumps(resources) if resources else None
    return decide(principal, Need(action, resource, {}, document, policy_must_speak=must_speak))


def of_resource(statement, who):
    """A statement of a resource's policy."""
    return policy({**statement, "Principal": who})


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        (allow(READ, SECRET), True),
        (allow("SecretsManager:getsecretvalue", SECRET), True),
        (allow("secretsmanager:Get*", SECRET), True),
        (allow("secretsmanager:GetSecretValu?", SECRET), True),
        (allow("secretsmanager:DescribeSecret", SECRET), False),
        (allow(READ, f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:dev/app-??????"), True),
        (allow(READ, f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:dev/app-?????"), False),
        (allow(READ, "arn:aws:secretsmanager:*:*:secret:dev/*"), True),
        (allow(READ, f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:DEV/*"), False),
        (allow(READ, "arn:aws:secretsmanager:*:secret:dev/*"), False),
        (allow(READ, [f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:dev/*", SECRET]), True),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, True),
        ({"Effect": "Allow", "NotAction": [READ], "Resource": "*"}, False),
        ({"Effect": "Allow", "Action": READ, "NotResource": "arn:aws:secretsmanager:*:*:secret:prod/*"}, True),
        ({"Effect": "Allow", "Action": READ, "NotResource": SECRET}, False),
    ],
)
def test_statement_of_identity_decides(statement, allowed):
    """Actions compare without case and resources with it, both with wildcards, and an ARN part by part."""
    found = verdict([policy(statement)])

    assert (found is Verdict.ALLOWED) is allowed


@pytest.mark.parametrize(
    ("own", "resources", "must_speak", "expected"),
    [
        ([], None, False, Verdict.NOT_ALLOWED_BY_IDENTITY),
        ([NOTHING], None, False, Verdict.NOT_ALLOWED_BY_IDENTITY),
        ([EVERYTHING], None, False, Verdict.ALLOWED),
        ([EVERYTHING, policy(deny(READ))], None, False, Verdict.DENIED_BY_IDENTITY),
        ([EVERYTHING], of_resource(deny(READ), "*"), False, Verdict.DENIED_BY_RESOURCE),
        ([EVERYTHING], of_resource(deny(READ), {"AWS": ROLE}), False, Verdict.DENIED_BY_RESOURCE),
        ([EVERYTHING], of_resource(deny(READ), {"AWS": ACCOUNT}), False, Verdict.DENIED_BY_RESOURCE),
        ([EVERYTHING], of_resource(deny(READ), {"AWS": f"{ROLE}s"}), False, Verdict.ALLOWED),
        ([], of_resource(allow(READ), {"AWS": ROLE}), False, Verdict.ALLOWED),
        ([], of_resource(allow(READ), {"AWS": [SESSION]}), False, Verdict.ALLOWED),
        ([], of_resource(allow(READ), {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), False, Verdict.NOT_ALLOWED_BY_IDENTITY),
        ([policy(deny("*"))], of_resource(allow(READ), {"AWS": ROLE}), False, Verdict.DENIED_BY_IDENTITY),
        ([EVERYTHING], None, True, Verdict.NOT_ALLOWED_BY_RESOURCE),
        ([EVERYTHING], of_resource(allow(READ), {"AWS": f"{ROLE}s"}), True, Verdict.NOT_ALLOWED_BY_RESOURCE),
        ([EVERYTHING], of_resource(allow(READ), {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), True, Verdict.ALLOWED),
        ([], of_resource(allow(READ), {"AWS": ACCOUNT}), True, Verdict.NOT_ALLOWED_BY_IDENTITY),
        ([], of_resource(allow(READ), {"AWS": ROLE}), True, Verdict.ALLOWED),
        (
            [EVERYTHING],
            of_resource(allow(READ), {"Service": "sns.amazonaws.com"}),
            True,
            Verdict.NOT_ALLOWED_BY_RESOURCE,
        ),
    ],
)
def test_policies_of_identity_and_resource_decide_together(own, resources, must_speak, expected):
    """A deny anywhere wins, a resource lets in whom it names, and one that must speak is needed beside the identity."""
    assert verdict(own, resources, must_speak=must_speak) is expected


def test_session_policy_only_takes_away():
    """A session may do what both the role and the policy of the session allow."""
    narrow = policy(allow("secretsmanager:DescribeSecret"))

    assert verdict([EVERYTHING], session=narrow) is Verdict.NOT_ALLOWED_BY_SESSION
    assert verdict([EVERYTHING], session=narrow, action="secretsmanager:DescribeSecret") is Verdict.ALLOWED
    assert verdict([NOTHING], session=EVERYTHING) is Verdict.NOT_ALLOWED_BY_IDENTITY


def test_account_itself_obeys_the_key_policy():
    """The account needs no policy of its own, yet a key that does not name it keeps it out."""
    key = of_resource(allow("kms:*"), {"AWS": ROLE})

    assert verdict([], root=True) is Verdict.ALLOWED
    assert verdict([], key, must_speak=True, root=True, action="kms:Decrypt") is Verdict.NOT_ALLOWED_BY_RESOURCE


def test_action_without_resources_needs_the_star():
    """Where an action knows no resource, a scoped statement grants nothing."""
    scoped = policy(allow("kms:ListKeys", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/*"))

    assert verdict([scoped], action="kms:ListKeys", resource="*") is Verdict.NOT_ALLOWED_BY_IDENTITY
    assert verdict([policy(allow("kms:ListKeys"))], action="kms:ListKeys", resource="*") is Verdict.ALLOWED


@pytest.mark.parametrize(
    "statement",
    [
        {**allow(READ), "Principal": "*"},
        {**allow(READ), "NotPrincipal": "*"},
        {**allow(READ), "Efect": "Allow"},
        {**allow(READ), "NotAction": "s3:*"},
        {"Effect": "Allow", "Action": READ},
        {"Effect": "allow", "Action": READ, "Resource": "*"},
        allow(READ, "secret:*"),
        allow(READ, "*", Condition={"IpAddress": {"aws:PrincipalArn": "10.0.0.0/8"}}),
        allow(READ, "*", Condition={"StringEquals": {"aws:FederatedProvider": "x"}}),
    ],
    ids=["principal", "not-principal", "typo", "both-actions", "no-resource", "effect", "no-arn", "operator", "key"],
)
def test_policy_that_is_not_understood_is_loud(statement):
    """Nothing is guessed about a policy that AWS would refuse or that the evaluator does not know."""
    with pytest.raises(Unjudgeable):
        verdict([policy(statement)])
