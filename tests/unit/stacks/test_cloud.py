"""The versions of secrets at AWS: which secret is this stack's own, and whose credentials are asked for first."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.aws import identity, secret_store
from components.errors import AuthError
from stacks import cloud, cloud_resources
from stacks.settings import EnvironmentSettings

ACCOUNT, REGION = "123456789012", "eu-west-1"
NAME = "acme/staging/vendors"
OWN = (NAME, f"{NAME}-secret")
"""The secrets that the stack makes."""
ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{NAME}"
LATER = "known once the secret is there"


class Made:
    """What stands for the name of a secret that this run makes."""

    def apply(self, _: object) -> str:
        return LATER


def settings(
    app_secret: str = f"aws-sm:{NAME}#app_secret", *, at_aws: bool = True, cyclr: str = f"aws-sm:{NAME}#cyclr"
) -> EnvironmentSettings:
    """An environment with this app secret."""
    readers = {"readers": [f"arn:aws:iam::{ACCOUNT}:role/deploy"]}
    declared: dict[str, Any] = {
        "environment": "staging",
        "serviceDomain": "app-h.cyclr.com",
        "cyclr": {"region": "us", "clientId": "acme", "clientSecret": cyclr, "account": "acme"},
        "connectors": {"facebook-marketing": {"appId": "1", "appSecret": app_secret, "appName": "Acme"}},
        **({"aws": {"account": ACCOUNT, "region": REGION, "secrets": dict.fromkeys(OWN, readers)}} if at_aws else {}),
    }
    return EnvironmentSettings.model_validate(declared)


@pytest.fixture
def asked(monkeypatch):
    """What AWS is asked for, in order; everything stands and has a version."""
    calls: list[Any] = []
    monkeypatch.setattr(identity, "check", lambda *given: calls.append(("account", *given)))
    monkeypatch.setattr(cloud_resources, "make", lambda *_: calls.append(("make",)) or {each: Made() for each in OWN})
    monkeypatch.setattr(secret_store, "version", lambda *given: calls.append(("version", *given)) or "v1")
    return calls


@pytest.mark.parametrize(
    "reference", [NAME, ARN, f"{ARN}-AbC12d"], ids=["name", "ARN without its last signs", "whole ARN"]
)
def test_version_of_an_own_secret_waits_for_it(asked, reference):
    """However the stack file spells it, AWS is not asked for a secret that this run is about to make."""
    text = f"aws-sm:{reference}#app_secret"

    assert cloud.versions(settings(text))[text] == LATER
    assert [each[0] for each in asked] == ["account", "make"]


@pytest.mark.parametrize("ending", ["", "-AbC12d"])
def test_name_that_ends_like_an_arn_is_found_whole(asked, ending):
    """A hyphen and six letters may be part of the name itself."""
    text = f"aws-sm:{ARN}-secret{ending}"

    assert cloud.versions(settings(text))[text] == LATER


@pytest.mark.parametrize(
    "reference",
    [
        "acme/other",
        ARN.replace(ACCOUNT, "999999999999"),
        ARN.replace(REGION, "us-east-1"),
        f"{ARN}-more-AbC12d",
        f"{NAME}-AbC12d",
    ],
)
def test_version_of_another_secret_is_asked_for_at_once(asked, reference):
    """A secret of another name, account or region is not this stack's."""
    text = f"aws-sm:{reference}"

    assert cloud.versions(settings(text))[text] == "v1"
    assert [each[0] for each in asked] == ["account", "version", "make"]


def test_nothing_is_made_while_another_secret_cannot_be_told(asked, monkeypatch):
    """A secret of others that is missing or denied ends the run before the stack's own are made."""

    def denied(*_: object) -> None:
        raise AuthError("AWS refuses secretsmanager:DescribeSecret", where="W", why="Y", fix="F")

    monkeypatch.setattr(secret_store, "version", denied)
    with pytest.raises(pulumi.RunError, match="Stopped at AWS: AWS refuses secretsmanager:DescribeSecret"):
        cloud.versions(settings("aws-sm:acme/other"))

    assert [each[0] for each in asked] == ["account"]


def test_secret_and_parameter_of_one_name_are_two(asked):
    """Both services take a name that begins with a slash: each is asked for its own."""
    cloud.versions(settings("aws-sm:/acme/app", at_aws=False, cyclr="aws-ssm:/acme/app"))

    assert [str(each[1]) for each in asked] == ["aws-ssm:/acme/app", "aws-sm:/acme/app"]


def test_secret_that_has_no_value_can_be_told_with_all_its_entries(asked):
    """Both references are to one secret, which is asked for once."""
    found = cloud.versions(settings(at_aws=False))
    ((_, _, where, region, entries),) = asked

    assert set(found.values()) == {"v1"}
    assert (where, region) == ("cyclr.clientSecret of stack staging", "")
    assert sorted(entries) == ["app_secret", "cyclr"]


def test_credentials_of_another_account_end_the_run_before_anything_is_read(asked, monkeypatch):
    """Neither a container nor a version is asked for in an account that the stack file does not name."""

    def other(*_: object) -> None:
        raise AuthError("The credentials for AWS are of another account", where="W", why="Y", fix="F")

    monkeypatch.setattr(identity, "check", other)
    with pytest.raises(pulumi.RunError, match="Stopped at AWS: The credentials for AWS are of another account"):
        cloud.versions(settings())

    assert asked == []


def test_account_that_is_asked_for_is_the_declared_one(asked):
    """In the declared region, with the stack named for whoever reads the error."""
    cloud.versions(settings())

    assert asked[0] == ("account", ACCOUNT, "aws.account of stack staging", REGION)


def test_account_is_asked_for_only_where_one_is_declared(asked):
    """An environment that only refers to secrets at AWS names no account."""
    cloud.versions(settings(at_aws=False))

    assert [each[0] for each in asked] == ["version"]
