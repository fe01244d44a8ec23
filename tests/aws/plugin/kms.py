"""Keys and their aliases. A key that is scheduled for deletion is gone; an alias is found by listing all of them."""

from __future__ import annotations

from typing import Any

from tests.aws.plugin.calls import Account, found, retagged, tag_list, tags_of, unless
from tests.aws.plugin.comparison import same_key, same_policy
from tests.aws.plugin.kinds import Kind, Problems
from tests.aws.plugin.secretsmanager import json_rules
from tests.aws.plugin.values import Props, is_unknown

GONE = "NotFoundException"
PENDING = ("PendingDeletion", "PendingReplicaDeletion")
TAG = ("TagKey", "TagValue")
_CREATED = {
    "description": "Description",
    "keyUsage": "KeyUsage",
    "customerMasterKeySpec": "KeySpec",
    "multiRegion": "MultiRegion",
    "policy": "Policy",
    "bypassPolicyLockoutSafetyCheck": "BypassPolicyLockoutSafetyCheck",
}


def _key_rules(inputs: Props) -> Problems:
    window = inputs.get("deletionWindowInDays", 30)
    if isinstance(window, int) and not 7 <= window <= 30:
        yield "deletionWindowInDays", "expected 7 to 30"
    yield from json_rules(inputs)


def _create_key(account: Account, inputs: Props) -> str:
    client = account.client("kms", inputs.get("region"))
    wanted: dict[str, Any] = {theirs: inputs[ours] for ours, theirs in _CREATED.items() if inputs.get(ours)}
    wanted |= {"Tags": tag_list(inputs["tags"], *TAG)} if inputs.get("tags") else {}
    return str(client.create_key(**wanted)["KeyMetadata"]["KeyId"])


def _finish_key(account: Account, identity: str, inputs: Props) -> None:
    client = account.client("kms", inputs.get("region"))
    if inputs.get("enableKeyRotation"):
        client.enable_key_rotation(KeyId=identity)
    if not inputs.get("isEnabled", True):
        client.disable_key(KeyId=identity)


def _read_key(account: Account, identity: str, state: Props) -> Props | None:
    client = account.client("kms", state.get("region"))
    answer = found(client.describe_key, GONE, KeyId=identity)
    if answer is None or answer["KeyMetadata"]["KeyState"] in PENDING:
        return None
    key = answer["KeyMetadata"]
    tags = tags_of(client.list_resource_tags(KeyId=identity)["Tags"], *TAG)
    return {
        "arn": key["Arn"],
        "keyId": key["KeyId"],
        "description": key.get("Description", ""),
        "keyUsage": key.get("KeyUsage") or "ENCRYPT_DECRYPT",
        "customerMasterKeySpec": key["KeySpec"],
        "multiRegion": key.get("MultiRegion") or False,
        "isEnabled": key["Enabled"],
        "policy": client.get_key_policy(KeyId=identity, PolicyName="default")["Policy"],
        "enableKeyRotation": client.get_key_rotation_status(KeyId=identity)["KeyRotationEnabled"],
        "region": state.get("region", account.region),
        "tags": tags,
        "tagsAll": tags,
    }


def _update_key(account: Account, identity: str, state: Props, inputs: Props, changed: frozenset[str]) -> None:
    client = account.client("kms", state.get("region"))
    enabled = inputs.get("isEnabled", True)
    if "isEnabled" in changed and enabled:  # first: a disabled key can be changed in nothing else
        client.enable_key(KeyId=identity)
    if "enableKeyRotation" in changed:
        rotate = client.enable_key_rotation if inputs.get("enableKeyRotation") else client.disable_key_rotation
        rotate(KeyId=identity)
    if "description" in changed:
        client.update_key_description(KeyId=identity, Description=inputs.get("description", ""))
    if "policy" in changed:
        client.put_key_policy(KeyId=identity, PolicyName="default", Policy=inputs["policy"])
    if "isEnabled" in changed and not enabled:
        client.disable_key(KeyId=identity)
    if "tags" in changed:
        gone, new = retagged(state.get("tags"), inputs.get("tags"))
        if gone:
            client.untag_resource(KeyId=identity, TagKeys=gone)
        if new:
            client.tag_resource(KeyId=identity, Tags=tag_list(new, *TAG))


def _delete_key(account: Account, identity: str, state: Props) -> None:
    window = {"PendingWindowInDays": state["deletionWindowInDays"]} if state.get("deletionWindowInDays") else {}
    with unless(GONE, "KMSInvalidStateException"):
        account.client("kms", state.get("region")).schedule_key_deletion(KeyId=identity, **window)


def _alias_rules(inputs: Props) -> Problems:
    name = inputs.get("name", "alias/")
    if not is_unknown(name) and (not str(name).startswith("alias/") or str(name).startswith("alias/aws/")):
        yield "name", 'must begin with "alias/", and not with "alias/aws/"'


def _create_alias(account: Account, inputs: Props) -> str:
    client = account.client("kms", inputs.get("region"))
    client.create_alias(AliasName=inputs["name"], TargetKeyId=inputs["targetKeyId"])
    return str(inputs["name"])


def _read_alias(account: Account, identity: str, state: Props) -> Props | None:
    client = account.client("kms", state.get("region"))
    for page in client.get_paginator("list_aliases").paginate():
        for each in page["Aliases"]:
            if each["AliasName"] == identity and each.get("TargetKeyId"):
                account_part = each["AliasArn"].removesuffix(identity)
                return {
                    "arn": each["AliasArn"],
                    "name": identity,
                    "region": state.get("region", account.region),
                    "targetKeyArn": f"{account_part}key/{each['TargetKeyId']}",
                    "targetKeyId": each["TargetKeyId"],
                }
    return None


def _update_alias(account: Account, identity: str, state: Props, inputs: Props, _changed: frozenset[str]) -> None:
    client = account.client("kms", state.get("region"))
    client.update_alias(AliasName=identity, TargetKeyId=inputs["targetKeyId"])


def _delete_alias(account: Account, identity: str, state: Props) -> None:
    with unless(GONE):
        account.client("kms", state.get("region")).delete_alias(AliasName=identity)


_KEY = Kind(
    noun="KMS Key",
    create=_create_key,
    finish=_finish_key,
    read=_read_key,
    update=_update_key,
    delete=_delete_key,
    served=frozenset({*_CREATED, "deletionWindowInDays", "enableKeyRotation", "isEnabled", "region", "tags"}),
    immutable=frozenset({"keyUsage", "customerMasterKeySpec", "multiRegion", "region"}),
    unread=frozenset({"deletionWindowInDays", "bypassPolicyLockoutSafetyCheck"}),
    computed=frozenset({"description", "multiRegion", "policy", "region"}),
    defaults={
        "bypassPolicyLockoutSafetyCheck": False,
        "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "enableKeyRotation": False,
        "isEnabled": True,
        "keyUsage": "ENCRYPT_DECRYPT",
    },
    same={"policy": same_policy},
    rules=_key_rules,
    name_prefix=None,
)
_ALIAS = Kind(
    noun="KMS Alias",
    create=_create_alias,
    read=_read_alias,
    update=_update_alias,
    delete=_delete_alias,
    served=frozenset({"name", "targetKeyId", "region"}),
    immutable=frozenset({"name", "region"}),
    computed=frozenset({"region"}),
    same={"targetKeyId": same_key},
    rules=_alias_rules,
    name_prefix="alias/",
)
KINDS = {"aws:kms/key:Key": _KEY, "aws:kms/alias:Alias": _ALIAS}
