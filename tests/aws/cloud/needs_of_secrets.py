"""What calls to Secrets Manager and to SSM's parameters take, KMS in the caller's name included.

Source:  Secrets Manager user guide, "Secret encryption and decryption" (which calls use the key, in the caller's name
         also where AWS manages it, and the encryption context), and its API reference, "Required permissions"; Systems
         Manager user guide, "KMS encryption for SecureString parameters". Observed in reports of users: "Access to KMS
         is not allowed". From knowledge: a secret that is not there is asked for by its bare name, so that only
         Resource `*` lets the answer be ResourceNotFoundException; the condition key secretsmanager:VersionStage is
         there only if the call names it; who gives a secret another key is asked for nothing but the trial of it.
"""

from __future__ import annotations

from typing import Any

from moto.secretsmanager.models import FakeSecret, ReplicaSecret, secretsmanager_backends
from moto.ssm.models import Parameter, ssm_backends

from tests.aws.cloud.account import ACCOUNT
from tests.aws.cloud.calls import Call
from tests.aws.cloud.conditions import Context, Unjudgeable
from tests.aws.cloud.needs_of_keys import encryption_context, tagged, through, untagged
from tests.aws.cloud.policies import Need

SUFFIX = "aB3dE6"
"""In place of the six random characters that the ARN of a secret to be will end with."""
WITHOUT_SECRET = ("ListSecrets", "GetRandomPassword")
OF_ONE_SECRET = (
    *("DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecret", "DeleteSecret", "RestoreSecret"),
    *("GetResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy", "TagResource", "UntagResource"),
    *("ListSecretVersionIds", "UpdateSecretVersionStage", "RotateSecret", "CancelRotateSecret"),
)
SECRET_CONTEXT = {
    "SecretId": "secretsmanager:secretid",
    "Name": "secretsmanager:name",
    "KmsKeyId": "secretsmanager:kmskeyid",
    "VersionStage": "secretsmanager:versionstage",
    "VersionId": "secretsmanager:versionid",
    "RecoveryWindowInDays": "secretsmanager:recoverywindowindays",
    "ForceDeleteWithoutRecovery": "secretsmanager:forcedeletewithoutrecovery",
    "BlockPublicPolicy": "secretsmanager:blockpublicpolicy",
}
KMS_REFUSED = ("AccessDeniedException", "Access to KMS is not allowed")
VALIDATION = "RequestToValidateKeyAccess"
"""The version id in the encryption context when Secrets Manager tries a key that a secret is to have."""
PARAMETERS_BY_PATH = ("GetParametersByPath",)
OF_PARAMETERS = (
    *("GetParameter", "GetParameters", "GetParameterHistory", "PutParameter", "DeleteParameter", "DeleteParameters"),
    "LabelParameterVersion",
)
TAGS_OF_PARAMETERS = ("AddTagsToResource", "RemoveTagsFromResource", "ListTagsForResource")


def of_secrets_manager(call: Call) -> list[Need]:
    """What a call to Secrets Manager takes."""
    action, context = f"secretsmanager:{call.operation}", _secret_context(call)
    if call.operation in WITHOUT_SECRET:
        return [Need(action, "*", context)]
    if call.operation == "CreateSecret":
        arn = f"arn:aws:secretsmanager:{call.region}:{ACCOUNT}:secret:{call.text('Name')}-{SUFFIX}"
        found = [Need(action, arn, context)]
        if call.parameters.get("Tags"):
            found.append(Need("secretsmanager:TagResource", arn, context))
        versions = (VALIDATION, call.text("ClientRequestToken")) if writes_value(call) else (VALIDATION,)
        return found + [need for each in versions for need in _use_of_key(call, call.text("KmsKeyId"), arn, each)]
    if call.operation not in OF_ONE_SECRET:
        raise Unjudgeable(f"{action} is not known here")
    secret = found_secret(call)
    if secret is None:
        return [Need(action, call.text("SecretId"), context)]
    tags = {tag["Key"].lower(): tag["Value"] for tag in secret.tags or ()}
    for prefix in ("aws", "secretsmanager"):
        context = {
            **context,
            f"{prefix}:resourcetag/": (),
            **{f"{prefix}:resourcetag/{name}": (value,) for name, value in tags.items()},
        }
    need = Need(action, secret.arn, context, getattr(secret, "policy", None))
    if call.operation == "UpdateSecret" and (new := call.text("KmsKeyId")):
        return [need, *_use_of_key(call, new, secret.arn, VALIDATION)]
    return [need, *_use_of_key(call, _key_name(secret), secret.arn, _version(call, secret))]


def found_secret(call: Call) -> FakeSecret | ReplicaSecret | None:
    """The secret that a call names by name, by ARN or by an ARN without its last six characters."""
    return secretsmanager_backends[ACCOUNT][call.region].secrets.get(call.text("SecretId"))


def of_parameters(call: Call) -> list[Need]:
    """What a call to SSM takes; of its many parts only the parameters are known here."""
    action = f"ssm:{call.operation}"
    if call.operation == "DescribeParameters":
        return [Need(action, "*")]
    if call.operation in TAGS_OF_PARAMETERS:
        return [Need(action, _parameter_arn(call, call.text("ResourceId")), tagged(call.parameters.get("Tags")))]
    if call.operation in PARAMETERS_BY_PATH:
        context: Context = {"ssm:recursive": (call.text("Recursive").lower() or "false",)}
        return [Need(action, _parameter_arn(call, call.text("Path").rstrip("/")), context)]
    if call.operation not in OF_PARAMETERS:
        raise Unjudgeable(f"{action} is not known here")
    names = call.parameters.get("Names") or [call.text("Name")]
    tags = tagged(call.parameters.get("Tags"))
    found = [Need(action, _parameter_arn(call, name), tags) for name in names]
    if tags:
        found += [Need("ssm:AddTagsToResource", need.resource, tags) for need in found]
    return found + [need for name in names for need in _parameter_key(call, name)]


def secret_key_name(call: Call) -> str:
    """The key that a call to Secrets Manager would have to use, empty where AWS's own or none."""
    secret = found_secret(call)
    return call.text("KmsKeyId") or (_key_name(secret) if secret else "")


def parameter_key_name(call: Call, name: str) -> str:
    """The key of a SecureString that a call to SSM would have to use, empty where none."""
    if call.operation == "PutParameter":
        return call.text("KeyId") or "alias/aws/ssm" if call.text("Type") == "SecureString" else ""
    known = found_parameter(call, name)
    if known is None or known.parameter_type != "SecureString" or not call.parameters.get("WithDecryption"):
        return ""
    return str(known.keyid)


def found_parameter(call: Call, name: str) -> Parameter | None:
    """A parameter by name, in whatever version the call asks for."""
    plain = name.partition(":parameter")[2] if name.startswith("arn:") else name
    found: Parameter | None = ssm_backends[ACCOUNT][call.region].get_parameter(plain)
    return found


def _secret_context(call: Call) -> Context:
    values: dict[str, tuple[str, ...]] = {
        key: (call.text(name).lower() if isinstance(call.parameters[name], bool) else call.text(name),)
        for name, key in SECRET_CONTEXT.items()
        if call.parameters.get(name) is not None
    }
    return {**values, **tagged(call.parameters.get("Tags")), **untagged(call)}


def _use_of_key(call: Call, name: str, arn: str, version: str) -> list[Need]:
    """Writing takes a data key, reading its decryption; a key that a secret is to have is tried with both."""
    writes = writes_value(call) or version == VALIDATION
    if not (writes or call.operation == "GetSecretValue"):
        return []
    context = encryption_context({"SecretARN": arn, "SecretVersionId": version})
    trial = ("kms:GenerateDataKey", "kms:Decrypt") if version == VALIDATION else ()
    actions = trial or (("kms:GenerateDataKey",) if writes else ("kms:Decrypt",))
    own = (through("secretsmanager", call.region, name, action, context, refusal=KMS_REFUSED) for action in actions)
    return [need for each in own for need in each]


def writes_value(call: Call) -> bool:
    """Whether a call brings a value."""
    return any(call.parameters.get(name) is not None for name in ("SecretString", "SecretBinary"))


def _key_name(secret: Any) -> str:
    return str(getattr(secret, "kms_key_id", None) or "")


def _version(call: Call, secret: Any) -> str:
    """The version whose value is read, or the one that is to be written."""
    stage = call.text("VersionStage") or "AWSCURRENT"
    named = call.text("VersionId") or call.text("ClientRequestToken")
    versions = secret.versions.items()
    return named or next((name for name, version in versions if stage in version["version_stages"]), "")


def _parameter_arn(call: Call, name: str) -> str:
    if name.startswith("arn:"):
        return name
    return f"arn:aws:ssm:{call.region}:{ACCOUNT}:parameter/{name.partition(':')[0].lstrip('/')}"


def _parameter_key(call: Call, name: str) -> list[Need]:
    key_name = parameter_key_name(call, name)
    if not key_name:
        return []
    action = "kms:Encrypt" if call.operation == "PutParameter" else "kms:Decrypt"
    context = encryption_context({"PARAMETER_ARN": _parameter_arn(call, name)})
    return through("ssm", call.region, key_name, action, context)
