"""Everything that can go wrong at AWS while the program looks at what stands there, and a role that is not given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from components.aws import adoption, identity, policies
from components.errors import ApiError, AuthError, RateLimited, TransportError
from tests.aws.cloud.account import ACCOUNT, REGION, token
from tests.aws.cloud.client import Cloud, running_apart

pytestmark = pytest.mark.proof

ENVIRONMENT, NAME, DOMAIN = "prod", "acme/prod/vendors", "connect.acme.example"
ISSUER = "token.actions.githubusercontent.com"
PARTS = re.compile(r"\S.*\n  where: \S.*\n  why:   \S.*\n  fix:   \S.*")
EXPECTED: dict[str, tuple[type[ApiError], str]] = {
    "throttling": (RateLimited, "asks us to wait"),
    "expired": (AuthError, "have expired"),
    "denied": (AuthError, "AWS refuses {permission}"),
    "down": (TransportError, "could not be reached"),
    "server-error": (TransportError, "no usable answer"),
    "garbage": (TransportError, "usable answer|could not be reached"),
}
"""Fault -> class, and words of the first part."""


class Question(NamedTuple):
    """One call of the program."""

    permission: str
    ask: Callable[[str], object]
    """Takes the id of the hosted zone."""


def of_container(permission: str) -> Question:
    """A call for the container of a secret."""
    return Question(permission, lambda _: adoption.container(NAME, ENVIRONMENT, REGION))


def of_record(permission: str) -> Question:
    """A call for the record of the service domain."""
    return Question(permission, lambda zone: adoption.record(DOMAIN, zone, "my.cyclr.com", 300, ENVIRONMENT))


QUESTIONS = (
    Question("sts:GetCallerIdentity", lambda _: identity.check(ACCOUNT, f"stack {ENVIRONMENT}", REGION)),
    of_container("secretsmanager:DescribeSecret"),
    of_container("kms:DescribeKey"),
    of_container("kms:ListResourceTags"),
    of_container("kms:ListAliases"),
    of_record("route53:GetHostedZone"),
    of_record("route53:ListResourceRecordSets"),
)


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Cloud, str]]:
    """One AWS with a container and a hosted zone for all tests here, and the zone's id."""
    with running_apart() as cloud:
        kms, tags = cloud.client("kms"), policies.tags(ENVIRONMENT)
        marks = [{"TagKey": name, "TagValue": value} for name, value in tags.items()]
        key = kms.create_key(Tags=marks)["KeyMetadata"]["KeyId"]
        pairs = [{"Key": name, "Value": value} for name, value in {**tags, policies.KEY_TAG: key}.items()]
        cloud.client("secretsmanager").create_secret(Name=NAME, Tags=pairs)
        zone = cloud.client("route53").create_hosted_zone(Name="acme.example", CallerReference="1")["HostedZone"]
        yield cloud, zone["Id"].rpartition("/")[2]


@pytest.fixture
def zone(running: tuple[Cloud, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Its id; AWS is found by the environment, and who retries does so at once."""
    cloud, zone_id = running
    for name, value in cloud.env().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _seconds: None))
    yield zone_id
    cloud.mend()


@pytest.mark.parametrize("kind", EXPECTED)
@pytest.mark.parametrize("question", QUESTIONS, ids=[each.permission for each in QUESTIONS])
def test_fault_is_told_as_what_it_is(running, zone, question, kind):
    """Each fault is an error of its class in four parts, and never somebody else's secret or one that is missing."""
    expected, what = EXPECTED[kind]
    running[0].fault(*question.permission.split(":"), kind)

    with pytest.raises(expected) as raised:
        question.ask(zone)

    assert type(raised.value) is expected
    assert re.search(what.format(permission=question.permission), raised.value.what)
    assert PARTS.fullmatch(str(raised.value))
    assert ENVIRONMENT in raised.value.where


@pytest.mark.parametrize("question", QUESTIONS, ids=[each.permission for each in QUESTIONS])
def test_without_a_fault_everything_is_told(zone, question):
    """What the faults above keep from being told is there."""
    question.ask(zone)


def test_role_that_is_not_given_is_told_as_that(running, zone, tmp_path, monkeypatch):
    """A token of another `sub` gets no role: no word of a permission, but of what to compare."""
    cloud = running[0]
    iam = cloud.client("iam")
    provider = iam.create_open_id_connect_provider(Url=f"https://{ISSUER}", ClientIDList=["sts.amazonaws.com"])
    trusted = {
        "Effect": "Allow",
        "Principal": {"Federated": provider["OpenIDConnectProviderArn"]},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{ISSUER}:sub": "repo:acme/connectors:environment:prod"}},
    }
    role = cloud.role("deploy", trust={"Version": "2012-10-17", "Statement": [trusted]})
    run = {"iss": f"https://{ISSUER}", "aud": "sts.amazonaws.com", "sub": "repo:acme/connectors:pull_request"}
    file: Path = tmp_path / "token"
    file.write_text(token(run))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ROLE_ARN", role)
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(file))

    with pytest.raises(AuthError, match="AWS does not give this run its role") as raised:
        identity.check(ACCOUNT, "stack prod", REGION)

    assert "compare the `sub`" in raised.value.fix
