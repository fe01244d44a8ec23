"""What calls to KMS take, and what other services take of it in the caller's name.

Source:  KMS developer guide, "Condition keys" and "Encryption context"; KMS API reference for DisabledException and
         KMSInvalidStateException
"""

from __future__ import annotations

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


def needs(call: Call) -> list[Need]:
    """What a call to KMS takes."""
    if call.operation in WITHOUT_KEY:
        tags = tagged(call.parameters.get("Tags"), "TagKey", "TagValue")
        found = [Need(f"kms:{call.operation}", "*", {"kms:calleraccount": (ACCOUNT,), "aws:resourcetag/": (), **tags})]
        return [*found, Need("kms:TagResource", "*", found[0].context)] if tags else found
    if call.operation in OF_ALIASES:
        alias = call.text("AliasName")
        of_alias = Need(f"kms:{call.operation}", f"arn:aws:kms:{call.region}:{ACCOUNT}:{alias}")
        names = [call.text("TargetKeyId")] if call.operation == "CreateAlias" else [call.text("TargetKeyId"), alias]
        keys = {key.id: key for name in names if name and (key := found_key(call.region, name))}
        return [of_alias, *(of_key(f"kms:{call.operation}", key, {}) for key in keys.values())]
    if call.operation not in OF_ONE_KEY or call.operation == "ReEncrypt":
        raise Unjudgeable(f"kms:{call.operation} is not known here")
    key = key_of(call)
    if key is None:
        return [Need(f"kms:{call.operation}", _unknown(call))]
    tags = tagged(call.parameters.get("Tags"), "TagKey", "TagValue")
    return [of_key(f"kms:{call.operation}", key, {**_context(call), **tags})]


def of_key(action: str, key: Key, context: Context, via: str = "", refusal: tuple[str, str] | None = None) -> Need:
    """One right on one key.

    via     the service that uses the key in the caller's name, such as secretsmanager
    """
    tags = {
        tag["TagKey"]: tag["TagValue"] for tag in kms_backends[ACCOUNT][key.region].list_resource_tags(key.id)["Tags"]
    }
    own: Context = {
        "kms:calleraccount": (ACCOUNT,),
        "kms:resourcealiases": tuple(sorted(key.aliases)),
        "aws:resourcetag/": (),
        **{f"aws:resourcetag/{name.lower()}": (value,) for name, value in tags.items()},
    }
    if via:
        own = {**own, "kms:viaservice": (f"{via}.{key.region}.amazonaws.com",), "aws:viaawsservice": ("true",)}
    return Need(action, key.arn, {**own, **context}, key.policy, policy_must_speak=True, refusal=refusal)


def found_key(region: str, name: str) -> Key | None:
    """A key by id, ARN or alias; none for a key that AWS manages, whose use needs no right of the caller."""
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


def _unknown(call: Call) -> str:
    """The ARN of a key that is not here, under which only the policies of identities speak."""
    name = call.text("KeyId")
    return name if name.startswith("arn:") else f"arn:aws:kms:{call.region}:{ACCOUNT}:key/{name}"
