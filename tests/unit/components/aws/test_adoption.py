"""What stands at AWS under a declared name: taken back if it is ours, refused if it is not."""

from __future__ import annotations

import re

import boto3
import pulumi
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, EndpointConnectionError

from components.aws import adoption, policies
from components.aws.adoption import Standing
from components.errors import AuthError, DeclarationError, TransportError
from tests.unit.components.aws.conftest import REGION, portal

NAME, ENVIRONMENT = "acme/facebook", "staging"
WHERE = "aws.secrets.acme/facebook of stack staging"
ALIAS = policies.alias(ENVIRONMENT, NAME)


@pytest.fixture
def keys(account):
    """KMS of the account."""
    return boto3.client("kms", region_name=REGION)


def made_key(keys, environment=ENVIRONMENT, alias=ALIAS):
    """A key with the mark of an environment, and its alias."""
    tags = [{"TagKey": key, "TagValue": value} for key, value in policies.tags(environment).items()]
    key = keys.create_key(Tags=tags)["KeyMetadata"]["KeyId"]
    if alias:
        keys.create_alias(AliasName=alias, TargetKeyId=key)
    return key


def made_secret(manager, key="", environment=ENVIRONMENT):
    """A secret with the marks that a container has."""
    tags = policies.tags(environment) | ({policies.KEY_TAG: key} if key else {})
    pairs = [{"Key": name, "Value": value} for name, value in tags.items()]
    return manager.create_secret(Name=NAME, Tags=pairs)["ARN"]


def look():
    """What stands of the container."""
    return adoption.container(NAME, ENVIRONMENT, REGION)


def test_nothing_there_is_made(account):
    """Where nothing stands, nothing is imported."""
    assert look() == Standing()


def test_container_left_behind_is_taken_back_whole(manager, keys):
    """What `destroy` left is imported: the secret with its value, its key, and the alias of that."""
    key = made_key(keys)
    arn = made_secret(manager, key)

    assert look() == Standing(arn, key, ALIAS)


def test_key_is_known_by_the_mark_and_not_by_what_the_secret_uses(manager, keys):
    """A secret that somebody pointed at another key is a difference to mend; the other key is never taken over."""
    key = made_key(keys)
    arn = made_secret(manager, key)
    other = keys.create_key()["KeyMetadata"]["Arn"]
    manager.update_secret(SecretId=NAME, KmsKeyId=other)

    assert look() == Standing(arn, key, ALIAS)


def test_missing_alias_is_made_again(manager, keys):
    """An alias that somebody removed, or that a killed run did not come to, is no reason to stop."""
    key = made_key(keys, alias=None)
    arn = made_secret(manager, key)

    assert look() == Standing(arn, key, None)


def test_alias_that_points_elsewhere_is_not_taken(manager, keys):
    """Only the alias of our own key is taken back."""
    key = made_key(keys, alias=None)
    arn = made_secret(manager, key)
    made_key(keys)

    assert look() == Standing(arn, key, None)


def test_key_without_its_secret_is_taken_back(keys):
    """Once a secret was deleted for good, its key and alias serve the next one of that name."""
    key = made_key(keys)

    assert look() == Standing(None, key, ALIAS)


def test_key_that_is_gone_is_made_again(manager):
    """A mark that leads to no key stops nobody."""
    arn = made_secret(manager, "1234abcd-12ab-34cd-56ef-1234567890ab")

    assert look() == Standing(arn, None, None)


@pytest.mark.parametrize("owner", [None, "production"])
def test_secret_of_others_is_never_taken_over(manager, owner):
    """Without our mark, or with that of another environment, a name is taken; the error says whose, and what to do."""
    tags = [{"Key": key, "Value": value} for key, value in policies.tags(owner).items()] if owner else []
    manager.create_secret(Name=NAME, SecretString="canary-0d2f6a18", Tags=tags)

    found = look()
    text = str(found.refused)

    assert found == Standing(refused=found.refused)
    assert text.startswith("There is a secret acme/facebook already, and it ")
    assert WHERE in text
    assert ("tag-resource --secret-id acme/facebook" in text) == (owner is None)
    assert (f"says {owner}" in text) == (owner is not None)
    assert "canary" not in text


@pytest.mark.parametrize("owner", [None, "production"])
def test_key_of_others_is_never_taken_over(keys, owner):
    """A key behind our alias that does not carry our mark stays whose it is."""
    if owner:
        made_key(keys, owner)
    else:
        keys.create_alias(AliasName=ALIAS, TargetKeyId=keys.create_key()["KeyMetadata"]["KeyId"])

    found = look()

    assert found == Standing(refused=found.refused)
    assert re.match(r"There is a key \S+ already, and it ", str(found.refused))


@pytest.mark.parametrize("owner", [None, "production"])
def test_key_of_others_is_not_taken_over_by_way_of_our_secret(manager, keys, owner):
    """Whoever may tag our secret cannot hand us a key that is not ours; the error says how to get rid of the tag."""
    key = made_key(keys, owner, alias=None) if owner else keys.create_key()["KeyMetadata"]["KeyId"]
    made_secret(manager, key)

    found = look()

    assert found == Standing(refused=found.refused)
    assert str(found.refused).startswith(f"There is a key {key} already, and it ")
    assert "untag-resource --secret-id acme/facebook --tag-keys cyclr-connectors:key" in str(found.refused)
    assert (f"says {owner}" in str(found.refused)) == (owner is not None)


def test_secret_to_be_deleted_is_an_error_with_the_way_back(manager, keys):
    """Its name is taken until it is gone, so the way is to restore it."""
    made_secret(manager, made_key(keys))
    manager.delete_secret(SecretId=NAME)

    found = look()

    assert found == Standing(refused=found.refused)
    assert "restore-secret --secret-id acme/facebook" in str(found.refused)


def test_key_to_be_deleted_is_an_error_with_the_way_back(manager, keys):
    """With the key go the values, so nothing else is done before it is saved."""
    key = made_key(keys)
    made_secret(manager, key)
    keys.schedule_key_deletion(KeyId=key)

    found = look()

    assert found == Standing(refused=found.refused)
    assert f"cancel-key-deletion --key-id {key}" in str(found.refused)


def test_look_reads_no_value_and_changes_nothing(manager, keys, monkeypatch):
    """A role that may describe can preview: no more than four questions are asked, and none for a value."""
    made_secret(manager, made_key(keys))
    asked = []
    really = BaseClient._make_api_call
    monkeypatch.setattr(
        BaseClient, "_make_api_call", lambda self, name, args: asked.append(name) or really(self, name, args)
    )

    look()

    assert asked == ["DescribeSecret", "DescribeKey", "ListResourceTags", "ListAliases"]


@pytest.mark.parametrize(
    ("failure", "kind", "said"),
    [
        (ClientError({"Error": {"Code": "AccessDeniedException"}}, "x"), AuthError, "secretsmanager:DescribeSecret"),
        (EndpointConnectionError(endpoint_url="https://canary.example"), TransportError, "could not be reached"),
    ],
)
def test_aws_that_does_not_tell_is_never_taken_for_nothing(account, monkeypatch, failure, kind, said):
    """An outage or a refusal ends the look by its own error; the container is not made a second time."""

    def fail(*_):
        raise failure

    monkeypatch.setattr(BaseClient, "_make_api_call", fail)

    with pytest.raises(kind, match=said) as caught:
        look()

    assert WHERE in str(caught.value)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("operation", ["DescribeSecret", "DescribeKey", "ListResourceTags", "ListAliases"])
def test_page_of_somebody_between_tells_nothing_of_a_container(manager, keys, monkeypatch, operation):
    """It is an outage: no secret of somebody else's, none that is not there, and no fault of this program."""
    made_secret(manager, made_key(keys))
    portal(monkeypatch, operation)

    with pytest.raises(TransportError, match="something else than AWS answered"):
        look()


def test_refusal_is_told_before_a_create_in_previews_too(monkeypatch):
    """A plan that could not be carried out is never shown; the error is the refusal itself."""
    made = []
    monkeypatch.setattr(pulumi, "ResourceHook", lambda *given: made.append(given))
    refused = DeclarationError("taken", where="x", why="x", fix="x")
    adoption.refusal("secret acme/facebook", refused)
    ((name, refuse, options),) = made

    assert (name, options.on_dry_run) == ("secret acme/facebook is free", True)
    with pytest.raises(DeclarationError, match="taken"):
        refuse(None)
