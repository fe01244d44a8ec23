"""What a role could have decrypted or unprotected where everybody else leaves it to the role's own documents.

Every key here has the policy that AWS gives one by default: it leaves everything to IAM.
Shape: name of the case -> service and what is asked of its client
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from components.aws import policies
from tests.aws.cloud.account import ACCOUNT, REGION
from tests.aws.policies.acts import Calls
from tests.aws.policies.world import OTHER, OWN, SHARED, World

TRIAL = {"SecretVersionId": "RequestToValidateKeyAccess"}
"""What Secrets Manager tells a key that it only tries."""
VALUE = {"SecretARN": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{OWN}/facebook-aB3dE6"}
PARAMETER = {"PARAMETER_ARN": f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/{OWN}/cyclr"}


def _decrypting(context: Mapping[str, str]) -> Callable[[Any, World], object]:
    """A call to KMS itself for what a service encrypted, under a key without a mark."""

    def call(kms: Any, world: World) -> object:
        key = {"KeyId": world.keys[""], "EncryptionContext": context}
        blob = world.cloud.client("kms").encrypt(**key, Plaintext=b"x")["CiphertextBlob"]
        return kms.decrypt(**key, CiphertextBlob=blob)

    return call


_READING: Calls = {
    "reads what its owner lets everybody read": (
        "secretsmanager",
        lambda sm, _: sm.get_secret_value(SecretId=SHARED, VersionStage="AWSCURRENT"),
    ),
    "decrypts its value by itself": ("kms", _decrypting(VALUE)),
    "decrypts its parameter by itself": ("kms", _decrypting(PARAMETER)),
}
USED_OTHERWISE: Mapping[str, Calls] = {
    "deploy": {
        **_READING,
        "tries a key by itself": (
            "kms",
            lambda kms, w: kms.generate_data_key(KeyId=w.keys[""], KeySpec="AES_256", EncryptionContext=TRIAL),
        ),
        "decrypts a trial by itself": ("kms", _decrypting(TRIAL)),
    },
    "drift": _READING,
}
"""Role -> what it may use keys for, and not like this."""
UNPROTECTED: Calls = {
    "puts a parameter": (
        "ssm",
        lambda ssm, _: ssm.put_parameter(Name=f"/{OWN}/cyclr", Value="x", Type="SecureString", Overwrite=True),
    ),
    "takes the readers of a secret away": (
        "secretsmanager",
        lambda sm, _: sm.delete_resource_policy(SecretId=f"{OWN}/facebook"),
    ),
    "governs a key": (
        "kms",
        lambda kms, w: kms.put_key_policy(
            KeyId=w.keys[OTHER],
            PolicyName="default",
            Policy=policies.text(policies.key_policy(ACCOUNT, REGION)),
            BypassPolicyLockoutSafetyCheck=True,
        ),
    ),
    "takes an alias away": ("kms", lambda kms, _: kms.delete_alias(AliasName=policies.alias(OWN, "kept"))),
}
"""Values by another way, and what protects the others."""
SEEN: Calls = {
    "decrypts another's parameter": (
        "ssm",
        lambda ssm, _: ssm.get_parameter(Name=f"/{OTHER}/cyclr", WithDecryption=True),
    ),
}
"""What is refused to a role that may see every parameter."""
