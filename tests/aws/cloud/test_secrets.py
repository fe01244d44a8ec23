"""Secrets Manager: whom a secret's own policy lets in, and what is said of a secret that cannot be read."""

from __future__ import annotations

import json

from tests.aws.cloud.asked import allow, deny, error_of, policy, text_of

VALUE = "canary-value"


def new_secret(cloud, **secret):
    """The ARN of a new secret `dev/app`."""
    return cloud.client("secretsmanager").create_secret(Name="dev/app", **secret)["ARN"]


def test_policy_of_a_secret_lets_in_and_keeps_out(cloud):
    """A role that the secret names needs nothing more, and one that it denies is kept out whatever it may do."""
    arn = new_secret(cloud, SecretString=VALUE)
    reader, other = cloud.role("reader"), cloud.role("other", policy(allow("*")))
    read = "secretsmanager:GetSecretValue"
    lets_in = {**allow(read), "Principal": {"AWS": reader}}
    keeps_out = {**deny(read, Condition={"ArnNotEquals": {"aws:PrincipalArn": reader}}), "Principal": "*"}
    document = json.dumps(policy(lets_in, keeps_out))
    cloud.client("secretsmanager").put_resource_policy(SecretId=arn, ResourcePolicy=document)
    cloud.enforce()

    def answer(role):
        client = cloud.client("secretsmanager", cloud.credentials_of(role))
        return text_of(client.get_secret_value, SecretId="dev/app")

    assert answer(reader) == ""
    assert answer(other).endswith("with an explicit deny in a resource-based policy")
    assert error_of(cloud.client("secretsmanager").get_secret_value, SecretId=arn) == "AccessDeniedException"


def test_stage_and_tags_are_compared(cloud):
    """A right can be for the current version of secrets with one tag."""
    new_secret(cloud, SecretString=VALUE, Tags=[{"Key": "env", "Value": "dev"}])
    keys = {"secretsmanager:VersionStage": "AWSCURRENT", "secretsmanager:ResourceTag/env": "dev"}
    rights = policy(allow("secretsmanager:GetSecretValue", "*", Condition={"StringEquals": keys}))
    mine = cloud.client("secretsmanager", cloud.credentials_of(cloud.role("reader", rights)))
    cloud.enforce()

    assert error_of(mine.get_secret_value, SecretId="dev/app", VersionStage="AWSCURRENT") == ""
    assert error_of(mine.get_secret_value, SecretId="dev/app", VersionStage="AWSPREVIOUS") == "AccessDeniedException"
    assert error_of(mine.get_secret_value, SecretId="dev/app") == "AccessDeniedException"


def test_missing_secret_is_refused_to_scoped_rights(cloud):
    """Only who may read every secret is told that one is missing."""
    scoped = policy(allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:dev/*"))
    narrow = cloud.client("secretsmanager", cloud.credentials_of(cloud.role("narrow", scoped)))
    wide = cloud.role("wide", policy(allow("secretsmanager:GetSecretValue")))
    cloud.enforce()

    assert error_of(narrow.get_secret_value, SecretId="dev/app") == "AccessDeniedException"
    assert (
        error_of(cloud.client("secretsmanager", cloud.credentials_of(wide)).get_secret_value, SecretId="dev/app")
        == "ResourceNotFoundException"
    )


def test_secret_without_a_value_says_which_stage_is_missing(cloud):
    """A container that holds nothing yet is told from one that is not there."""
    arn = new_secret(cloud)
    client = cloud.client("secretsmanager")

    assert error_of(client.get_secret_value, SecretId=arn) == "ResourceNotFoundException"
    assert text_of(client.get_secret_value, SecretId=arn, VersionStage="AWSCURRENT").endswith(
        "staging label: AWSCURRENT"
    )


def test_secret_scheduled_for_deletion_is_described_and_not_used(cloud):
    """Until it is gone a deleted secret can be described and restored, and neither read, written nor made again."""
    arn = new_secret(cloud, SecretString=VALUE)
    client = cloud.client("secretsmanager")
    client.delete_secret(SecretId=arn, RecoveryWindowInDays=7)

    assert "DeletedDate" in client.describe_secret(SecretId=arn)
    assert text_of(client.get_secret_value, SecretId=arn).startswith("You can't perform this operation")
    assert error_of(client.put_secret_value, SecretId=arn, SecretString="x") == "InvalidRequestException"
    assert error_of(client.create_secret, Name="dev/app") == "InvalidRequestException"
    assert error_of(client.restore_secret, SecretId=arn) == ""
    assert error_of(client.get_secret_value, SecretId=arn) == ""


def test_policy_that_is_no_json_is_refused(cloud):
    """A secret takes only a policy that can be read."""
    client = cloud.client("secretsmanager")

    assert (
        error_of(client.put_resource_policy, SecretId=new_secret(cloud), ResourcePolicy="{")
        == "MalformedPolicyDocumentException"
    )
