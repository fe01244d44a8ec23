"""What calls to KMS take, and what other services take of it in the caller's name.

The tags of a new key count for nobody's rights until `settle` says that its first minutes are over.
Source:  KMS developer guide, "Condition keys", "Encryption context", "AWS managed keys" and "ABAC" (a tag needs up to
         five minutes); KMS API reference for DisabledException and KMSInvalidStateException, and for the check that who
         sets a key policy can set another; that it asks the policies of identities too: answers that users reported
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from moto.kms.models import Key, kms_backends
from moto.kms.utils import RESERVED_ALIASES

from tests.aws.cloud.account import ACCOUNT
from tests.aws.cloud.answers import Refused
from tests.aws.cloud.calls import Call
from tests.aws.cloud.conditions import Context, Unjudgeable
from tests.aws.cloud.policies import Need

KEY_ID_LENGTH = 36
"""Characters; moto puts the key's id in front of what it encrypts."""
WITHOUT_KEY = ("CreateKey", "ListKeys", "ListAliases", "GenerateRandom")
KEY_TO_BE = "00000000-0000-0000-0000-000000000000"
"""In place of the id that a new key will get."""
LOCKED_OUT = (
    "MalformedPolicyDocumentException",
    "The new key policy will not allow you to update the key policy in the future.",
)
USES = ["kms:Decrypt", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"]
"""Of a key that AWS manages: what everybody in the account may through its service."""
OF_ALIASES = ("CreateAlias", "DeleteAlias", "UpdateAlias")
CRYPTOGRAPHIC = (
    *("Encrypt", "Decrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "GenerateMac", "VerifyMac"),
    *("Sign", "Verify", "ReEncrypt"),
)
OF_ONE_KEY = (
    *CRYPTOGRAPHIC,
    *("DescribeKey", "GetKeyPolicy", "PutKeyPolicy", "ListKeyPolicies", "GetKeyRotationStatus", "EnableKeyRotation"),
    *("DisableKeyRotation", "ListResourceTags", "TagResource", "UntagResource", "UpdateKeyDescription", "EnableKey"),
    *("DisableKey", "ScheduleKeyDeletion", "CancelKeyDeletion", "ListGrants", "GetPublicKey", "RotateKeyOnDemand"),
    "ListKeyRotations",
)
_settled: set[str] = set()
"""The keys whose tags count; ids are never used twice, so none has to be forgotten."""


def needs(call: Call) -> list[Need]:
    """What a call to KMS takes."""
    if call.operation in WITHOUT_KEY:
        tags = tagged(call.parameters.get("Tags"), "TagKey", "TagValue")
        context = {**_context(call), "kms:calleraccount": (ACCOUNT,), "aws:resourcetag/": (), **tags}
        actions = (call.operation, "TagResource") if tags else (call.operation,)
        return [*(Need(f"kms:{action}", "*", context) for action in actions), *_lockout(call, KEY_TO_BE, context)]
    if call.operation in OF_ALIASES:
        alias = call.text("AliasName")
        arn = f"arn:aws:kms:{call.region}:{ACCOUNT}:{alias}"
        of_alias = Need(f"kms:{call.operation}", arn, {"kms:calleraccount": (ACCOUNT,), "aws:resourcetag/": ()})
        names = [call.text("TargetKeyId")] if call.operation == "CreateAlias" else [call.text("TargetKeyId"), alias]
        keys = {key.id: key for name in names if name and (key := found_key(call.region, name))}
        return [of_alias, *(of_key(f"kms:{call.operation}", key, {}) for key in keys.values())]
    if call.operation not in OF_ONE_KEY or call.operation == "ReEncrypt":
        raise Unjudgeable(f"kms:{call.operation} is not known here")
    key = key_of(call)
    if key is None:
        return [Need(f"kms:{call.operation}", _unknown(call))]
    tags = {**tagged(call.parameters.get("Tags"), "TagKey", "TagValue"), **untagged(call)}
    need = of_key(f"kms:{call.operation}", key, {**_context(call), **tags})
    return [need, *_lockout(call, key.id, need.context)]


def settle() -> None:
    """Let minutes pass: from now on the tags of every key count that is there."""
    _settled.update(key.id for backend in kms_backends[ACCOUNT].values() for key in backend.keys.values())


def of_key(action: str, key: Key, context: Context, via: str = "", refusal: tuple[str, str] | None = None) -> Need:
    """One right on one key.

    via     the service that uses the key in the caller's name, such as secretsmanager
    """
    told = kms_backends[ACCOUNT][key.region].list_resource_tags(key.id)["Tags"] if key.id in _settled else ()
    tags = {tag["TagKey"]: tag["TagValue"] for tag in told}
    own: Context = {
        "kms:calleraccount": (ACCOUNT,),
        "kms:resourcealiases": tuple(sorted(key.aliases)),
        "aws:resourcetag/": (),
        **{f"aws:resourcetag/{name.lower()}": (value,) for name, value in tags.items()},
    }
    if via:
        own = {**own, "kms:viaservice": (f"{via}.{key.region}.amazonaws.com",), "aws:viaawsservice": ("true",)}
    return Need(action, key.arn, {**own, **context}, key.policy, policy_must_speak=True, refusal=refusal)


def through(
    service: str, region: str, name: str, action: str, context: Context, *, refusal: tuple[str, str] | None = None
) -> list[Need]:
    """The right to have a service use a key; without a name it is the one that AWS manages for that service.

    Nothing for a key that is not there: what is to use it fails by that.
    """
    if name and kms_backends[ACCOUNT][region].get_alias_name(name) not in RESERVED_ALIASES:
        key = found_key(region, name)
        return [of_key(action, key, context, via=service, refusal=refusal)] if key else []
    via = {"kms:ViaService": f"{service}.{region}.amazonaws.com", "kms:CallerAccount": ACCOUNT}
    everybody = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": USES, "Resource": "*"}
    policy = json.dumps({"Statement": [{**everybody, "Condition": {"StringEquals": via}}]})
    own: Context = {
        **{key.lower(): (value,) for key, value in via.items()},
        "kms:resourcealiases": (f"alias/aws/{service}",),
        "aws:resourcetag/": (),
        "aws:viaawsservice": ("true",),
        **context,
    }
    arn = f"arn:aws:kms:{region}:{ACCOUNT}:key/aws-{service}"
    return [Need(action, arn, own, policy, policy_must_speak=True, refusal=refusal)]


def found_key(region: str, name: str) -> Key | None:
    """A key by id, ARN or alias; none for a key that AWS manages."""
    backend = kms_backends[ACCOUNT][region]
    alias = backend.get_alias_name(name)
    if alias in RESERVED_ALIASES:
        return None
    if alias.startswith("alias/") and backend.get_key_id_from_alias(alias) is None:
        return None  # moto would fail on it
    found: Key | None = backend.keys.get(backend.any_id_to_key_id(name) or "")
    return found


def key_of(call: Call) -> Key | None:
    """The key that a call is about: the one it names, or else the one that its ciphertext names."""
    if name := call.text("KeyId"):
        return found_key(call.region, name)
    blob = call.parameters.get("CiphertextBlob") or b""
    return found_key(call.region, blob[:KEY_ID_LENGTH].decode(errors="replace")) if blob else None


def encryption_context(pairs: Mapping[str, str]) -> Context:
    """The condition keys of an encryption context."""
    each = {f"kms:encryptioncontext:{name.lower()}": (str(value),) for name, value in pairs.items()}
    return {**each, "kms:encryptioncontextkeys": tuple(pairs)} if pairs else {}


def tagged(tags: Any, name: str = "Key", value: str = "Value") -> Context:
    """The condition keys of tags in a request."""
    pairs = {tag[name]: str(tag.get(value, "")) for tag in tags or ()}
    each = {f"aws:requesttag/{key.lower()}": (text,) for key, text in pairs.items()}
    return {**each, "aws:tagkeys": tuple(pairs)} if pairs else {}


def untagged(call: Call) -> Context:
    """The condition key of tags that a request takes away."""
    keys = call.parameters.get("TagKeys")
    return {"aws:tagkeys": tuple(keys)} if keys else {}


def unusable(key: Key | None) -> Refused | None:
    """Why a key cannot be used now; nothing where it can."""
    if key is None or key.key_state == "Enabled":
        return None
    if key.key_state == "Disabled":
        return Refused(400, "DisabledException", f"{key.arn} is disabled.")
    return Refused(400, "KMSInvalidStateException", f"{key.arn} is pending deletion.")


def _context(call: Call) -> Context:
    context: Context = encryption_context(call.parameters.get("EncryptionContext") or {})
    name = call.text("KeyId")
    alias = kms_backends[ACCOUNT][call.region].get_alias_name(name)
    if alias.startswith("alias/"):
        context = {**context, "kms:requestalias": (alias,)}
    if days := call.text("PendingWindowInDays"):
        context = {**context, "kms:schedulekeydeletionpendingwindowindays": (days,)}
    if check := call.text("BypassPolicyLockoutSafetyCheck"):
        context = {**context, "kms:bypasspolicylockoutsafetycheck": (check.lower(),)}
    return context


def _lockout(call: Call, key: str, context: Context) -> list[Need]:
    """What KMS asks of who sets a policy, unless told not to: whether they could set another one."""
    policy = call.text("Policy")
    if call.operation not in ("CreateKey", "PutKeyPolicy") or not policy:
        return []
    if call.parameters.get("BypassPolicyLockoutSafetyCheck"):
        return []
    arn = f"arn:aws:kms:{call.region}:{ACCOUNT}:key/{key}"
    return [Need("kms:PutKeyPolicy", arn, context, policy, policy_must_speak=True, refusal=LOCKED_OUT)]


def _unknown(call: Call) -> str:
    """The ARN of a key that is not here, under which only the policies of identities speak."""
    name = call.text("KeyId")
    return name if name.startswith("arn:") else f"arn:aws:kms:{call.region}:{ACCOUNT}:key/{name}"
