"""Secrets and their resource policies. A secret that is scheduled for deletion is gone."""

from __future__ import annotations

import json
from typing import Any

from tests.aws.plugin.calls import Account, found, retagged, tag_list, tags_of, unless
from tests.aws.plugin.comparison import same_policy
from tests.aws.plugin.kinds import Kind, Problems
from tests.aws.plugin.values import Props, is_unknown

GONE = "ResourceNotFoundException"
SCHEDULED = "InvalidRequestException"


def _secret_rules(inputs: Props) -> Problems:
    window = inputs.get("recoveryWindowInDays", 0)
    if isinstance(window, int) and window != 0 and not 7 <= window <= 30:
        yield "recoveryWindowInDays", "expected 0, or 7 to 30"
    yield from json_rules(inputs)


def json_rules(inputs: Props) -> Problems:
    """A policy is JSON, or not known yet."""
    text = inputs.get("policy", "")
    if text and not is_unknown(text):
        try:
            json.loads(text)
        except (TypeError, ValueError):
            yield "policy", "contains an invalid JSON policy"


def _create_secret(account: Account, inputs: Props) -> str:
    client = account.client("secretsmanager", inputs.get("region"))
    wanted: dict[str, Any] = {"Name": inputs["name"]}
    wanted |= {"Description": inputs["description"]} if inputs.get("description") else {}
    wanted |= {"KmsKeyId": inputs["kmsKeyId"]} if inputs.get("kmsKeyId") else {}
    wanted |= {"Tags": tag_list(inputs["tags"])} if inputs.get("tags") else {}
    if inputs.get("forceOverwriteReplicaSecret"):
        wanted["ForceOverwriteReplicaSecret"] = True
    return str(client.create_secret(**wanted)["ARN"])


def _finish_secret(account: Account, identity: str, inputs: Props) -> None:
    if inputs.get("policy"):
        _put_policy(account, identity, inputs)


def _read_secret(account: Account, identity: str, state: Props) -> Props | None:
    client = account.client("secretsmanager", state.get("region"))
    secret = found(client.describe_secret, GONE, SecretId=identity)
    if secret is None or secret.get("DeletedDate"):
        return None
    tags = tags_of(secret.get("Tags", []))
    return {
        "arn": secret["ARN"],
        "name": secret["Name"],
        "description": secret.get("Description", ""),
        "kmsKeyId": secret.get("KmsKeyId", ""),
        "policy": _policy_in(client.get_resource_policy(SecretId=identity)),
        "region": state.get("region", account.region),
        "replicas": [],
        "tags": tags,
        "tagsAll": tags,
    }


def _update_secret(account: Account, identity: str, state: Props, inputs: Props, changed: frozenset[str]) -> None:
    client = account.client("secretsmanager", state.get("region"))
    if changed & {"description", "kmsKeyId"}:
        wanted = {"SecretId": identity, "Description": inputs.get("description", "")}
        client.update_secret(**wanted, **({"KmsKeyId": inputs["kmsKeyId"]} if inputs.get("kmsKeyId") else {}))
    if "policy" in changed:
        client.put_resource_policy(SecretId=identity, ResourcePolicy=inputs["policy"])
    if "tags" in changed:
        gone, new = retagged(state.get("tags"), inputs.get("tags"))
        if gone:
            client.untag_resource(SecretId=identity, TagKeys=gone)
        if new:
            client.tag_resource(SecretId=identity, Tags=tag_list(new))


def _delete_secret(account: Account, identity: str, state: Props) -> None:
    window = state.get("recoveryWindowInDays", 30)
    how = {"RecoveryWindowInDays": window} if window else {"ForceDeleteWithoutRecovery": True}
    with unless(GONE):
        account.client("secretsmanager", state.get("region")).delete_secret(SecretId=identity, **how)


def _put_policy(account: Account, arn: str, inputs: Props) -> None:
    public = {"BlockPublicPolicy": inputs["blockPublicPolicy"]} if "blockPublicPolicy" in inputs else {}
    client = account.client("secretsmanager", inputs.get("region"))
    client.put_resource_policy(SecretId=arn, ResourcePolicy=inputs["policy"], **public)


def _create_policy(account: Account, inputs: Props) -> str:
    _put_policy(account, inputs["secretArn"], inputs)
    return str(inputs["secretArn"])


def _read_policy(account: Account, identity: str, state: Props) -> Props | None:
    client = account.client("secretsmanager", state.get("region"))
    answer = found(client.get_resource_policy, GONE, SCHEDULED, SecretId=identity)
    policy = _policy_in(answer) if answer is not None else ""
    return {"policy": policy, "secretArn": identity, "region": state.get("region", account.region)} if policy else None


def _policy_in(answer: dict[str, Any]) -> str:
    """The policy of a secret, which AWS names in every answer: one without is no answer."""
    return str(answer.get("ResourcePolicy", "")) if answer["ARN"] else ""


def _update_policy(account: Account, identity: str, _state: Props, inputs: Props, _changed: frozenset[str]) -> None:
    _put_policy(account, identity, inputs)


def _delete_policy(account: Account, identity: str, state: Props) -> None:
    with unless(GONE, SCHEDULED):
        account.client("secretsmanager", state.get("region")).delete_resource_policy(SecretId=identity)


_SECRET = Kind(
    noun="Secrets Manager Secret",
    create=_create_secret,
    finish=_finish_secret,
    read=_read_secret,
    update=_update_secret,
    delete=_delete_secret,
    served=frozenset(
        {"description", "kmsKeyId", "name", "policy", "region", "tags"}
        | {"recoveryWindowInDays", "forceOverwriteReplicaSecret"}
    ),
    immutable=frozenset({"name", "region"}),
    unread=frozenset({"recoveryWindowInDays", "forceOverwriteReplicaSecret"}),
    computed=frozenset({"policy", "region", "replicas"}),
    defaults={"recoveryWindowInDays": 30, "forceOverwriteReplicaSecret": False},
    same={"policy": same_policy},
    rules=_secret_rules,
)
_POLICY = Kind(
    noun="Secrets Manager Secret Policy",
    create=_create_policy,
    read=_read_policy,
    update=_update_policy,
    delete=_delete_policy,
    served=frozenset({"policy", "secretArn", "blockPublicPolicy", "region"}),
    immutable=frozenset({"secretArn", "region"}),
    unread=frozenset({"blockPublicPolicy"}),
    computed=frozenset({"region"}),
    same={"policy": same_policy},
    rules=json_rules,
    name_prefix=None,
)
KINDS = {"aws:secretsmanager/secret:Secret": _SECRET, "aws:secretsmanager/secretPolicy:SecretPolicy": _POLICY}
