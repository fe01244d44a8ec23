"""The policy documents of a secret container, and the names and marks that tell that something is ours.

Shape:  documents as AWS has them, ready for JSON; principals are ARNs.
Source: KMS and Secrets Manager developer guides, read in November 2026: what goes through Secrets Manager uses the key
        in the caller's name.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

VERSION = "2012-10-17"
MARKS = "cyclr-connectors:"
"""What the names of our tags begin with."""
ENVIRONMENT_TAG = f"{MARKS}environment"
DIMENSION = "Environment"
"""Of the heartbeat's metrics: what tells one environment from another."""
FINDINGS = "Findings"
"""The metric beside the heartbeat: how many findings a look had."""
ALARMS = ("nobody-looked", "findings")
"""What the alarms of an environment are about."""
KEY_TAG = f"{MARKS}key"
"""On a secret: the id of the key that was made for it, so that both are found again together."""
ALIAS_LENGTH = 256
"""Signs that KMS takes for an alias, with its `alias/`."""
_ADMINISTRATION = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)
"""Whatever changes a key and never uses it; the account passes these on by the policies of its roles."""


def key_policy(account: str, region: str) -> dict[str, Any]:
    """Who may do what with the key: the account governs it, and its roles use it through Secrets Manager.

    Who may read stands in the secret's policy alone, so that a change of readers needs no right to change keys.
    Never: any use of the key outside of Secrets Manager in its region; a key that nobody could govern any more.
    """
    through = {"kms:ViaService": f"secretsmanager.{region}.amazonaws.com", "kms:CallerAccount": account}
    used = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
    root = f"arn:{_partition(region)}:iam::{account}:root"
    return _document(
        _allow("Administration", root, list(_ADMINISTRATION)),
        _allow("UseThroughSecretsManager", root, used, {"StringEquals": through}),
    )


def secret_policy(readers: Sequence[str]) -> dict[str, Any]:
    """Who may read the value: the readers, and nobody else whatever their own policy says.

    Never: a word on who may put a value or govern the secret; that is for the policies of their roles.
    """
    others = {"ArnNotEquals": {"aws:PrincipalArn": list(readers)}}
    allowed = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
    denied = {"Action": ["secretsmanager:GetSecretValue"], "Resource": "*", "Condition": others}
    return _document(
        _allow("Readers", list(readers), allowed),
        {"Sid": "NobodyElse", "Effect": "Deny", "Principal": "*", **denied},
    )


def text(document: Mapping[str, Any]) -> str:
    """The document as one text that is the same in every run."""
    return json.dumps(document, sort_keys=True)


def alias(environment: str, secret_name: str) -> str:
    """The alias of the container's key, another one for each environment and secret.

    A sign that an alias cannot have is told by its number, after a colon, which no secret's name has.
    """
    spelled = re.sub(r"[^A-Za-z0-9/_-]", lambda sign: f":{ord(sign.group()):02x}", f"{environment}/{secret_name}")
    name = f"alias/cyclr-connectors/{spelled}"
    if len(name) <= ALIAS_LENGTH:
        return name
    digest = _digest(spelled)
    return f"{name[: ALIAS_LENGTH - len(digest) - 1]}:{digest}"


def topic(environment: str) -> str:
    """The name of the topic that an environment's alarms go to, another one for each environment.

    A name with signs that a topic cannot have gets a digest, which no other name ends with: they end in drift.
    """
    name = f"cyclr-connectors-{environment}-drift"
    spelled = re.sub(r"[^A-Za-z0-9_-]", "_", name)
    return name if spelled == name else f"{spelled}-{_digest(name)}"


def alarm(environment: str, about: str) -> str:
    """The name of one of its alarms."""
    return f"cyclr-connectors-{environment}-{about}"


def tags(environment: str) -> dict[str, str]:
    """What everything that can carry a tag carries."""
    return {ENVIRONMENT_TAG: environment}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _partition(region: str) -> str:
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def _document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": VERSION, "Statement": list(statements)}


def _allow(
    sid: str, principals: str | list[str], actions: list[str], condition: dict[str, Any] | None = None
) -> dict[str, Any]:
    statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": principals},
        "Action": actions,
        "Resource": "*",
    }
    return {**statement, "Condition": condition} if condition else statement
