"""Each role by its own credentials, over HTTP, with IAM switched on: what it needs, and what it is refused."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from components.aws import policies
from tests.aws.cloud.account import ACCOUNT, REGION
from tests.aws.policies.allowed import ALLOWED
from tests.aws.policies.denied import DENIED, NEVER
from tests.aws.policies.others import SEEN
from tests.aws.policies.world import CANARY, OTHER, OWN, own_tag

REFUSED = {"AccessDenied", "AccessDeniedException", "AuthorizationError"}


def cases(table):
    """Role, service and call, named."""
    return [
        pytest.param(role, service, call, id=f"{role} {name}")
        for role, calls in table.items()
        for name, (service, call) in calls.items()
    ]


@pytest.mark.parametrize(("role", "service", "call"), cases(DENIED))
def test_role_is_refused_what_it_does_not_need(world, role, service, call):
    """A role is refused by IAM, not by chance, and the refusal holds no value."""
    with pytest.raises(ClientError) as refused:
        call(world.client(role, service), world)

    assert refused.value.response["Error"]["Code"] in REFUSED
    assert "not authorized to perform" in str(refused.value) or "not allowed" in str(refused.value)
    assert CANARY not in str(refused.value)


@pytest.mark.parametrize(("role", "service", "call"), cases(NEVER))
def test_what_a_role_never_may_no_other_policy_gives(world, role, service, call):
    """What the documents deny stays denied to a role to which somebody attached the right to do everything."""
    with pytest.raises(ClientError, match=r"explicit deny|Access to KMS is not allowed"):
        call(world.client(f"broad {role}", service), world)


@pytest.mark.parametrize(("role", "service", "call"), cases(dict.fromkeys(DENIED, SEEN)))
def test_parameters_of_others_stay_encrypted_for_who_may_see_them(world, role, service, call):
    """A right to see every parameter, which another policy gives, is none to have any other one decrypted."""
    client = world.client(f"seeing {role}", service)

    assert CANARY not in client.get_parameter(Name=f"/{OTHER}/cyclr")["Parameter"]["Value"]
    with pytest.raises(ClientError, match=r"not authorized to perform: kms:Decrypt"):
        call(client, world)


def test_key_of_a_bucket_is_left_to_other_policies(world):
    """Only what goes through Secrets Manager encrypts a value: a bucket with a key of its own can still be used."""
    kms = world.client("broad deploy", "kms")

    assert kms.generate_data_key(KeyId=world.state_key, KeySpec="AES_256")["Plaintext"]


@pytest.mark.parametrize(("role", "service", "call"), cases(ALLOWED))
def test_role_may_do_what_it_needs(world, role, service, call):
    """What the job of a role is made of, it may do."""
    assert call(world.client(role, service), world)["ResponseMetadata"]["HTTPStatusCode"] < 300


@pytest.mark.parametrize("role", DENIED)
def test_role_is_refused_ten_things_at_least(role):
    """The table of refusals has ten cases for each role."""
    assert len(DENIED[role]) >= 10


@pytest.mark.parametrize("role", DENIED)
def test_missing_secret_is_told_from_a_forbidden_one(world, role):
    """A declared secret that is not there is answered as missing, so that it can be made; another is refused."""
    client = world.client(role, "secretsmanager")

    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.describe_secret(SecretId=f"{OWN}/new")
    with pytest.raises(ClientError, match="AccessDenied"):
        client.describe_secret(SecretId=f"{OWN}/never-declared")


@pytest.mark.parametrize("role", DENIED)
def test_missing_state_is_told_from_forbidden_state(world, role):
    """The CLI asks for tags of the stack that are not there, and takes only a plain `missing` for an answer."""
    client = world.client(role, "s3")

    with pytest.raises(client.exceptions.NoSuchKey):
        client.get_object(Bucket="acme-pulumi-state", Key=f".pulumi/stacks/cyclr-connectors/{OWN}.pulumi-tags")


def test_deploy_makes_a_container_from_end_to_end(world):
    """Key, rotation, secret, alias and policy of a new container, in the order in which they are made, at once."""
    kms, secrets = world.client("deploy", "kms"), world.client("deploy", "secretsmanager")
    readers = [f"arn:aws:iam::{ACCOUNT}:role/{OWN}-deploy"]
    key = new_key(kms, BypassPolicyLockoutSafetyCheck=True)
    kms.enable_key_rotation(KeyId=key)
    marks = [*own_tag(OWN), {"Key": policies.KEY_TAG, "Value": key}]
    made = secrets.create_secret(Name=f"{OWN}/made", KmsKeyId=key, Tags=marks)
    kms.create_alias(AliasName=policies.alias(OWN, f"{OWN}/made"), TargetKeyId=key)
    secrets.put_resource_policy(
        SecretId=made["ARN"], ResourcePolicy=json.dumps(policies.secret_policy(readers)), BlockPublicPolicy=True
    )

    assert secrets.describe_secret(SecretId=f"{OWN}/made")["KmsKeyId"] == key
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is True


def test_deploy_makes_no_key_that_it_could_govern(world):
    """Without the right to change key policies it makes a key only by saying that it will not govern it."""
    kms = world.client("deploy", "kms")

    with pytest.raises(kms.exceptions.MalformedPolicyDocumentException, match="update the key policy in the future"):
        new_key(kms)


def test_deploy_gives_an_alias_to_a_key_of_its_own_at_once(world):
    """A key that was made a moment ago, whose mark does not count yet, takes over an alias of the environment."""
    kms = world.client("deploy", "kms")
    key = new_key(kms, BypassPolicyLockoutSafetyCheck=True)
    kms.update_alias(AliasName=policies.alias(OWN, "kept"), TargetKeyId=key)

    assert key in {each.get("TargetKeyId") for each in kms.list_aliases()["Aliases"]}


def new_key(kms, **more):
    """The id of a new key as the stack makes it."""
    policy = policies.text(policies.key_policy(ACCOUNT, REGION))
    made = kms.create_key(Policy=policy, Tags=own_tag(OWN, "TagKey", "TagValue"), **more)
    return made["KeyMetadata"]["KeyId"]
