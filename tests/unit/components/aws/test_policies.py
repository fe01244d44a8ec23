"""The policy documents of a container, as data, and the names that are made from those of others."""

from __future__ import annotations

import json
import re

import pytest

from components.aws import policies

READERS = ("arn:aws:iam::123456789012:role/connectors-deploy", "arn:aws:iam::123456789012:role/connectors-drift")
ROOT = "arn:aws:iam::123456789012:root"
MANAGER = "secretsmanager.eu-west-1.amazonaws.com"


def statements(document):
    """Its statements by their names."""
    return {each["Sid"]: each for each in document["Statement"]}


def key_statements():
    """Those of the key's policy."""
    return statements(policies.key_policy("123456789012", "eu-west-1"))


def test_key_policy_lets_the_account_govern_and_not_use_the_key():
    """A key that nobody could govern would be lost; whoever governs it still cannot read with it."""
    governing = key_statements()["Administration"]

    assert governing["Principal"] == {"AWS": ROOT}
    assert {"kms:PutKeyPolicy", "kms:CancelKeyDeletion", "kms:EnableKey"} <= set(governing["Action"])
    assert not [action for action in governing["Action"] if re.search(r"\*|crypt|DataKey|CreateGrant", action)]
    assert "Condition" not in governing


def test_key_is_used_through_secrets_manager_alone():
    """Whoever holds wide rights to KMS still cannot decrypt a value that was copied out; who reads, the secret says."""
    used = [each for each in key_statements().values() if re.search(r"crypt|DataKey", " ".join(each["Action"]))]

    assert [each["Sid"] for each in used] == ["UseThroughSecretsManager"]
    assert used[0]["Principal"] == {"AWS": ROOT}
    assert used[0]["Action"] == ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
    assert used[0]["Condition"] == {"StringEquals": {"kms:ViaService": MANAGER, "kms:CallerAccount": "123456789012"}}


def test_secret_policy_names_the_readers_and_denies_everybody_else():
    """The value is for the readers, whatever the policies of other roles allow."""
    found = statements(policies.secret_policy(READERS))

    assert found["Readers"]["Principal"] == {"AWS": list(READERS)}
    assert found["Readers"]["Action"] == ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
    assert found["NobodyElse"]["Effect"] == "Deny"
    assert found["NobodyElse"]["Principal"] == "*"
    assert found["NobodyElse"]["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": list(READERS)}}


def test_secret_policy_denies_nothing_but_reading():
    """Putting a value, describing, and governing stay with the policies of the roles that do so."""
    denied = [each for each in policies.secret_policy(READERS)["Statement"] if each["Effect"] == "Deny"]

    assert [each["Action"] for each in denied] == [["secretsmanager:GetSecretValue"]]


@pytest.mark.parametrize(
    ("region", "partition"), [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_account_is_named_in_the_partition_of_its_region(region, partition):
    """The ARNs of China and of the government's regions begin otherwise."""
    document = policies.key_policy("123456789012", region)

    assert statements(document)["Administration"]["Principal"] == {"AWS": f"arn:{partition}:iam::123456789012:root"}


def test_policy_text_is_the_same_in_every_run():
    """A text that differed would be a change in every preview."""
    document = policies.secret_policy(READERS)

    assert policies.text(document) == policies.text(dict(reversed(list(document.items()))))
    assert json.loads(policies.text(document)) == document


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("acme/facebook", "acme/facebook"),
        ("app-secret_1", "app-secret_1"),
        ("acme.app@1", "acme:2eapp:401"),
        ("a+b=c", "a:2bb:3dc"),
    ],
)
def test_alias_spells_what_an_alias_cannot_have(name, spelled):
    """The slash stays, and every other sign that KMS refuses is told by its number."""
    assert policies.alias("staging", name) == f"alias/cyclr-connectors/staging/{spelled}"


def test_aliases_of_different_secrets_differ():
    """Two names that look alike once spelled, or only at their far end, keep aliases of their own."""
    names = ["a.b", "a-b", "a_b", "a@b", *(f"{'x' * 400}{end}" for end in "12")]

    assert len({policies.alias("staging", name) for name in names}) == len(names)


def test_alias_is_one_that_kms_takes():
    """The longest name of a secret still gives an alias of at most 256 signs."""
    found = policies.alias("eu.staging", "x." * 252)

    assert re.fullmatch(r"alias/[A-Za-z0-9/_:-]+", found)
    assert len(found) == policies.ALIAS_LENGTH


@pytest.mark.parametrize("environment", ["staging", "eu-staging_2", "0"])
def test_topic_keeps_a_name_that_it_can_have(environment):
    """The topic of most environments is called by their name alone."""
    assert policies.topic(environment) == f"cyclr-connectors-{environment}-drift"


def test_topics_of_different_environments_differ():
    """Environments whose names look alike once spelled have topics of their own, in the signs that SNS takes."""
    names = ["a.b", "a_b", "a-b", "a..b", "a._b", "a_.b", f"a_b-drift-{policies.topic('a.b').rpartition('-')[2]}"]
    found = [policies.topic(name) for name in names]

    assert len(set(found)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,256}", topic) for topic in found)
