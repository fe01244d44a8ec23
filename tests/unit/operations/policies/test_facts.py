"""What of an environment ends up in its policies."""

from __future__ import annotations

import json

import pytest

from tests.unit.operations.policies import declared
from tests.unit.operations.policies.declared import ACCOUNT, BUCKET, REGION


def statement(folder, role, sid, document, kind="permissions"):
    """One statement of one role, None where there is none."""
    found = declared.documents(folder, "staging", document)[role][kind]["Statement"]
    return next((each for each in found if each["Sid"] == sid), None)


SECRETS = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret"
OTHERS = "arn:aws:secretsmanager:us-east-1:999999999999:secret"


@pytest.mark.parametrize(
    ("reference", "arns"),
    [
        ("aws-sm:staging/facebook#app", [f"{SECRETS}:staging/facebook-??????"]),
        (f"aws-sm:{OTHERS}:facebook", [f"{OTHERS}:facebook-??????"]),
        (f"aws-sm:{OTHERS}:facebook-a1B2c3", [f"{OTHERS}:facebook-a1B2c3", f"{OTHERS}:facebook-a1B2c3-??????"]),
        (f"aws-sm:{OTHERS}:app-vendor", [f"{OTHERS}:app-vendor", f"{OTHERS}:app-vendor-??????"]),
        ("aws-sm:facebook-secret", [f"{SECRETS}:facebook-secret-??????"]),
    ],
    ids=["name", "ARN without its end", "whole ARN", "ARN without its end that looks whole", "name that ends like one"],
)
def test_secret_is_named_by_its_arn(tmp_path, reference, arns):
    """The right to read is for one secret, whichever way the reference names it: as it stands, or by its name."""
    document = declared.content("staging", declared.bare("staging"), reference, "env:CYCLR_CLIENT_SECRET")

    assert statement(tmp_path, "deploy", "ReadValues", document)["Resource"] == arns


def test_state_in_a_folder_is_the_only_one_that_counts(tmp_path):
    """With a state in a folder of its bucket every right to the bucket is one to that folder."""
    access = declared.access("staging", stateFolder="team/pulumi")
    document = declared.content("staging", declared.full("staging", access=access))
    documents = declared.documents(tmp_path, "staging", document).values()

    statements = [json.dumps(each) for kinds in documents for each in kinds["permissions"]["Statement"]]
    in_bucket = [each for each in statements if f":s3:::{BUCKET}" in each]
    assert [each for each in in_bucket if "/.pulumi/" in each.replace("team/pulumi/.pulumi/", "")] == []
    assert [each for each in in_bucket if '".pulumi' in each or "team/pulumi/.pulumi/" not in each] == []


def test_secret_elsewhere_is_decrypted_elsewhere(tmp_path):
    """For a secret of another account and region, its keys and its service are the ones there."""
    document = declared.content("staging", declared.bare("staging"), f"aws-sm:{OTHERS}:app", "env:CYCLR_CLIENT_SECRET")
    found = statement(tmp_path, "drift", "DecryptValues", document)

    assert found["Resource"] == ["arn:aws:kms:us-east-1:999999999999:key/*"]
    assert found["Condition"]["StringEquals"]["kms:ViaService"] == ["secretsmanager.us-east-1.amazonaws.com"]


@pytest.mark.parametrize(
    ("left_out", "gone"),
    [
        ("secrets", ["MakeContainers", "MakeKeys", "StartKeys", "KeepKeys", "TryKeys", "ListAliases"]),
        ("serviceDomainRecord", ["PointRecord", "AwaitRecord", "ReadRecords"]),
        ("driftAlarm", ["SubscribePeople", "MakeAlarms", "ReadTopic", "ReadSubscription", "ReadAlarms"]),
    ],
)
def test_part_that_is_not_declared_gives_no_right(tmp_path, left_out, gone):
    """What the stack file does not declare, the role that deploys may not make."""
    everything = declared.full("staging")
    less = {key: value for key, value in everything.items() if key != left_out}
    granted = [
        {
            each["Sid"]
            for each in declared.documents(tmp_path, "staging", declared.content("staging", aws))["deploy"][
                "permissions"
            ]["Statement"]
        }
        for aws in (everything, less)
    ]

    assert granted[0] - granted[1] == set(gone) | (
        {"ReadContainers", "ReadKeys"} if left_out == "secrets" else set()
    ) | ({"ReadTagsOfAlarms"} if left_out == "driftAlarm" else set())


def test_heartbeat_goes_to_the_declared_namespace(tmp_path):
    """Drift may send metrics to the namespace of its alarm, and none where no alarm is declared."""
    alarm = {"email": "ops@acme.example", "namespace": "Acme/Connectors"}
    some = declared.content("staging", declared.full("staging", driftAlarm=alarm))
    none = declared.content("staging", declared.bare("staging"))

    assert statement(tmp_path, "drift", "SendHeartbeat", some)["Condition"] == {
        "StringEquals": {"cloudwatch:namespace": ["Acme/Connectors"]}
    }
    assert statement(tmp_path, "drift", "SendHeartbeat", none) is None


def test_subjects_with_and_without_wildcard_are_apart(tmp_path):
    """A subject without a wildcard is compared to the letter, also beside one with a wildcard."""
    document = declared.content("staging", declared.full("staging"))
    exact = statement(tmp_path, "drift", "Runs", document, "trust")
    pattern = statement(tmp_path, "drift", "RunsByPattern", document, "trust")

    assert exact["Condition"]["StringEquals"][f"{declared.ISSUER}:sub"] == ["repo:acme/connectors:environment:look"]
    assert pattern["Condition"]["StringLike"] == {f"{declared.ISSUER}:sub": ["repo:acme/connectors:ref:refs/heads/*"]}


def test_subject_is_no_variable_of_iam(tmp_path):
    """What IAM would replace in a subject is taken as the signs that stand there."""
    subjects = {role: [f"repo:acme/${{aws:username}}:{role}"] for role in ("preview", "deploy", "drift")}
    document = declared.content(
        "staging", declared.bare("staging", access=declared.access("staging", subjects=subjects))
    )
    found = statement(tmp_path, "preview", "Runs", document, "trust")

    assert found["Condition"]["StringEquals"][f"{declared.ISSUER}:sub"] == ["repo:acme/${$}{aws:username}:preview"]


def test_state_of_another_partition_stays_there(tmp_path):
    """In another partition of AWS every ARN is of that partition."""
    key = declared.STATE_KEY.replace("arn:aws:", "arn:aws-us-gov:")
    document = declared.content("staging", declared.full("staging", access=declared.access("staging", stateKey=key)))
    text = str(declared.documents(tmp_path, "staging", document))

    assert "arn:aws-us-gov:s3:::acme-pulumi-state" in text
    assert "arn:aws:" not in text
