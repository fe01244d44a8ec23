"""Where moto is not like AWS, put right in front of it.

- KMS: a key that is disabled or to be deleted encrypts and decrypts in moto; here it is refused, by KMS itself and by
  the services that use it. Secrets Manager's `EncryptionFailure` names such keys in the API reference; for reading
  `DecryptionFailure`, and SSM's `InvalidKeyId`, are taken from the lists of errors there, not observed.
- KMS: moto fails with HTTP 500 where a key is disabled, enabled or scheduled for deletion by its ARN.
- Secrets Manager: moto writes to a secret that is scheduled for deletion, takes its name for a new one's conflict, and
  says of a version that is missing that the secret is; texts carry the prefix that SDKs add.
- Secrets Manager: moto stores a resource policy that is no JSON.
- SSM: moto shows a SecureString without decryption with its value in it; here it is ciphertext.
- SSM: moto takes any KMS key for a SecureString.
- CloudWatch: left as it is: a new alarm is OK in moto, where AWS says INSUFFICIENT_DATA.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from cryptography.fernet import Fernet
from moto.kms.models import KmsBackend
from moto.kms.utils import RESERVED_ALIASES
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import Parameter

from tests.aws.cloud.account import ACCOUNT
from tests.aws.cloud.answers import Refused
from tests.aws.cloud.calls import Call
from tests.aws.cloud.needs_of_keys import CRYPTOGRAPHIC, found_key, key_of, unusable
from tests.aws.cloud.needs_of_s3 import object_key
from tests.aws.cloud.needs_of_secrets import found_secret, parameter_key_name, secret_key_name, writes_value

MARKED = (
    *("GetSecretValue", "PutSecretValue", "UpdateSecret", "RotateSecret", "UpdateSecretVersionStage", "TagResource"),
    *("UntagResource", "PutResourcePolicy", "DeleteResourcePolicy", "DeleteSecret"),
)
"""What cannot be done to a secret that is scheduled for deletion."""
WRITES = ("CreateSecret", "PutSecretValue", "UpdateSecret")
OF_IDS = ("disable_key", "enable_key", "cancel_key_deletion", "schedule_key_deletion")
_SEALED = Fernet(Fernet.generate_key())


def check(call: Call) -> None:
    """Refuse what AWS refuses and moto does not.

    Raises:  Refused
    """
    if call.service == "kms" and call.operation in CRYPTOGRAPHIC and (error := unusable(key_of(call))):
        raise error
    if call.service == "secretsmanager":
        _check_secret(call)
    if call.service == "s3" and (error := unusable(object_key(call))):
        raise Refused(400, f"KMS.{error.code}", error.text)
    if call.service == "ssm":
        for name in call.parameters.get("Names") or [call.text("Name")]:
            _check_parameter(call, name)


def install() -> None:
    """Have moto keep SecureStrings as ciphertext, and take ARNs where it fails on them."""
    for name in OF_IDS:
        method = getattr(KmsBackend, name)
        if not hasattr(method, "__wrapped__"):
            setattr(KmsBackend, name, _taking_arns(method))
    Parameter.encrypt = _encrypted  # type: ignore[method-assign, assignment]
    Parameter.decrypt = _decrypted  # type: ignore[method-assign, assignment]


def _taking_arns(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def taking(backend: KmsBackend, key_id: str, *rest: Any, **more: Any) -> Any:
        return method(backend, backend.get_key_id(key_id), *rest, **more)

    return taking


def _encrypted(_parameter: Parameter, value: str) -> str:
    return _SEALED.encrypt(value.encode()).decode()


def _decrypted(parameter: Parameter, value: str) -> str:
    return _SEALED.decrypt(value).decode() if parameter.parameter_type == "SecureString" else value


def _check_secret(call: Call) -> None:
    if call.operation == "CreateSecret":
        old = secretsmanager_backends[ACCOUNT][call.region].secrets.get(call.text("Name"))
        if old and old.is_deleted():
            text = "a secret with this name is already scheduled for deletion."
            raise Refused(400, "InvalidRequestException", f"You can't create this secret because {text}")
    secret = found_secret(call) if call.text("SecretId") else None
    forced = call.operation == "DeleteSecret" and call.parameters.get("ForceDeleteWithoutRecovery")
    if secret and secret.is_deleted() and call.operation in MARKED and not forced:
        text = "because it was marked for deletion."
        raise Refused(400, "InvalidRequestException", f"You can't perform this operation on the secret {text}")
    if call.operation == "PutResourcePolicy" and not _is_policy(call.text("ResourcePolicy")):
        raise Refused(400, "MalformedPolicyDocumentException", "This resource policy contains invalid Json.")
    if secret and call.operation == "GetSecretValue":
        _check_version(call, secret.versions)
    writes = call.operation in WRITES and (writes_value(call) or bool(call.text("KmsKeyId")))
    name = secret_key_name(call) if writes or call.operation == "GetSecretValue" else ""
    if name and unusable(found_key(call.region, name)):
        verb, code = ("encrypt", "EncryptionFailure") if writes else ("decrypt", "DecryptionFailure")
        raise Refused(400, code, f"Secrets Manager can't {verb} the protected secret text using the KMS key.")


def _check_version(call: Call, versions: dict[str, dict[str, list[str]]]) -> None:
    version = call.text("VersionId")
    stage = call.text("VersionStage") or ("" if version else "AWSCURRENT")
    if version and version not in versions:
        kind, name = "VersionId", version
    elif not version and all(stage not in item["version_stages"] for item in versions.values()):
        kind, name = "staging label", stage
    else:
        return
    text = f"Secrets Manager can't find the specified secret value for {kind}: {name}"
    raise Refused(400, "ResourceNotFoundException", text)


def _is_policy(text: str) -> bool:
    try:
        return "Statement" in json.loads(text)
    except ValueError:
        return False


def _check_parameter(call: Call, name: str) -> None:
    key_name = parameter_key_name(call, name)
    if not key_name or key_name in RESERVED_ALIASES:
        return
    key = found_key(call.region, key_name)
    if key is None or unusable(key):
        why = "is not found" if key is None else "is disabled or pending deletion"
        raise Refused(400, "InvalidKeyId", f"The KMS key {key_name} {why}.")
