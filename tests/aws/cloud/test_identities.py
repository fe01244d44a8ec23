"""Who calls: signatures, sessions, and tokens of an identity provider."""

from __future__ import annotations

import dataclasses
import json

import pytest

from tests.aws.cloud.account import ROOT, Credentials
from tests.aws.cloud.asked import allow, error_of, policy

ISSUER = "https://token.actions.githubusercontent.com"
HOST = ISSUER.removeprefix("https://")
CLAIMS = {"iss": ISSUER, "aud": "sts.amazonaws.com", "sub": "repo:acme/connectors:environment:dev"}


@pytest.fixture
def trusted_role(cloud):
    """A role that trusts one environment of one repository."""
    provider = cloud.client("iam").create_open_id_connect_provider(
        Url=ISSUER, ClientIDList=["sts.amazonaws.com", "other"], ThumbprintList=["a" * 40]
    )
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": provider["OpenIDConnectProviderArn"]},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{HOST}:aud": "sts.amazonaws.com"},
            "StringLike": {f"{HOST}:sub": "repo:acme/connectors:environment:*"},
        },
    }
    return cloud.role("ci", policy(allow("kms:ListKeys")), trust=policy(trust))


def test_true_token_gives_the_rights_of_the_role(cloud, trusted_role):
    """A run of the trusted repository gets a session of the role and no more than its rights."""
    cloud.enforce()

    session = cloud.credentials_by_token(trusted_role, CLAIMS)

    assert error_of(cloud.client("kms", session).list_keys) == ""
    assert error_of(cloud.client("kms", session).create_key) == "AccessDeniedException"
    assert cloud.client("sts", session).get_caller_identity()["Arn"].endswith("assumed-role/ci/ci")


@pytest.mark.parametrize(
    ("differing", "code"),
    [
        ({"sub": "repo:stranger/connectors:environment:dev"}, "AccessDenied"),
        ({"sub": "repo:acme/connectors:pull_request"}, "AccessDenied"),
        ({"aud": "other"}, "AccessDenied"),
        ({"aud": "unknown"}, "InvalidIdentityToken"),
        ({"iss": "https://stranger.example"}, "InvalidIdentityToken"),
        ({"exp": 1}, "ExpiredTokenException"),
    ],
    ids=["repository", "pull-request", "audience", "unknown-audience", "issuer", "expired"],
)
def test_other_token_is_refused(cloud, trusted_role, differing, code):
    """A token differs from the trust in one claim and gets nothing."""
    assert error_of(cloud.credentials_by_token, role_arn=trusted_role, claims={**CLAIMS, **differing}) == code


def test_role_that_trusts_nobody_takes_no_token(cloud, trusted_role):
    """A role whose trust does not name the provider is not assumed by its tokens."""
    other = cloud.role("other")

    assert error_of(cloud.credentials_by_token, role_arn=other, claims=CLAIMS) == "AccessDenied"


@pytest.mark.parametrize(
    ("service", "operation", "codes"),
    [
        ("kms", "list_keys", ("UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException")),
        ("sns", "list_topics", ("InvalidClientTokenId", "SignatureDoesNotMatch", "ExpiredToken")),
        ("s3", "list_buckets", ("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken")),
    ],
)
def test_key_signature_and_time_are_checked(cloud, service, operation, codes):
    """An unknown key, a wrong secret and a session that has ended are refused, each with the service's own code."""
    role = cloud.role("reader", policy(allow("*")))
    unknown = Credentials("AKIAUNKNOWNUNKNOWN00", "secret")
    false = dataclasses.replace(ROOT, secret_key="false")
    ended = cloud.credentials_of(role, duration=-1)
    cloud.enforce()

    found = [error_of(getattr(cloud.client(service, who), operation)) for who in (unknown, false, ended)]

    assert tuple(found) == codes
    assert error_of(getattr(cloud.client(service, cloud.credentials_of(role)), operation)) == ""


def test_user_has_the_rights_of_their_policies(cloud):
    """A user signs with a key of their own and may do what their policies say."""
    mine = cloud.client("sns", cloud.user("maria", policy(allow("sns:ListTopics"))))
    cloud.enforce()

    assert error_of(mine.list_topics) == ""
    assert error_of(mine.create_topic, Name="x") == "AuthorizationError"
    assert {call.principal for call in cloud.calls("sns")} == {"arn:aws:iam::123456789012:user/maria"}


def test_role_is_assumed_by_whom_it_trusts(cloud):
    """A role needs both a caller who may assume it and a trust that names the caller or the account."""
    mine = cloud.user("maria", policy(allow("sts:AssumeRole")))
    cloud.user("paul")
    only_paul = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    only_paul["Principal"] = {"AWS": "arn:aws:iam::123456789012:user/paul"}
    opened, closed = cloud.role("opened"), cloud.role("closed", trust=policy(only_paul))
    cloud.enforce()
    sts = cloud.client("sts", mine)

    assert error_of(sts.assume_role, RoleArn=opened, RoleSessionName="again") == ""
    assert error_of(sts.assume_role, RoleArn=closed, RoleSessionName="again") == "AccessDenied"


def test_record_of_calls_names_who_and_holds_no_value(cloud):
    """A call is written down with its principal, resource and status, and without what it carried."""
    cloud.client("secretsmanager").create_secret(Name="dev/app", SecretString="canary-value")
    reader = cloud.credentials_of(cloud.role("reader"))
    cloud.enforce()
    error_of(cloud.client("secretsmanager", reader).get_secret_value, SecretId="dev/app")
    (call,) = cloud.calls("secretsmanager", "GetSecretValue")

    assert call.principal.endswith("assumed-role/reader/session")
    assert call.resource.startswith("arn:aws:secretsmanager:eu-west-1:123456789012:secret:dev/app-")
    assert (call.status, call.error) == (400, "AccessDeniedException")
    assert "canary-value" not in json.dumps([dataclasses.asdict(item) for item in cloud.calls()])
