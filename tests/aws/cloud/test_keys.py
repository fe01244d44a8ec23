"""KMS: key policies, the encryption context, and keys that other services use in the caller's name."""

from __future__ import annotations

import json

import pytest

from tests.aws.cloud.asked import allow, deny, error_of, policy, text_of

ACCOUNT = "123456789012"
VALUE = "canary-value"


def new_key(cloud, **key):
    """The ARN of a new key."""
    return cloud.client("kms").create_key(**key)["KeyMetadata"]["Arn"]


def only(key, context):
    """The right to use a key for one encryption context."""
    keys = {f"kms:EncryptionContext:{name}": value for name, value in context.items()}
    return allow(["kms:Encrypt", "kms:Decrypt"], key, Condition={"StringEquals": keys})


def test_encryption_context_is_compared(cloud):
    """A role for the context of one stack encrypts and decrypts for it, and for no other."""
    key = new_key(cloud)
    cloud.client("kms").create_alias(AliasName="alias/state", TargetKeyId=key)
    mine = cloud.client("kms", cloud.credentials_of(cloud.role("dev", policy(only(key, {"stack": "dev"})))))
    foreign = cloud.client("kms").encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"stack": "prod"})
    cloud.enforce()

    sealed = mine.encrypt(KeyId="alias/state", Plaintext=b"x", EncryptionContext={"stack": "dev"})["CiphertextBlob"]

    assert mine.decrypt(CiphertextBlob=sealed, EncryptionContext={"stack": "dev"})["Plaintext"] == b"x"
    assert error_of(mine.decrypt, CiphertextBlob=sealed) == "AccessDeniedException"
    assert (
        error_of(mine.decrypt, CiphertextBlob=foreign["CiphertextBlob"], EncryptionContext={"stack": "prod"})
        == "AccessDeniedException"
    )
    assert error_of(mine.encrypt, KeyId=key, Plaintext=b"x", EncryptionContext={"stack": "prod"})


def test_key_of_ciphertext_is_compared(cloud):
    """A call that names no key is judged by the key that its ciphertext names."""
    own, other = new_key(cloud), new_key(cloud)
    mine = cloud.client("kms", cloud.credentials_of(cloud.role("dev", policy(allow("kms:Decrypt", own)))))
    sealed = [cloud.client("kms").encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"] for key in (own, other)]
    cloud.enforce()

    assert error_of(mine.decrypt, CiphertextBlob=sealed[0]) == ""
    assert error_of(mine.decrypt, CiphertextBlob=sealed[1]) == "AccessDeniedException"


def test_key_policy_must_let_in(cloud):
    """A role that may do everything is kept out by a key whose policy names neither it nor the account."""
    role = cloud.role("deploy", policy(allow("*")))
    root = {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/admin"}, **allow("kms:*")}
    named = {"Principal": {"AWS": role}, **allow("kms:Encrypt")}
    closed = new_key(cloud, Policy=json.dumps(policy(root)), BypassPolicyLockoutSafetyCheck=True)
    opened = new_key(cloud, Policy=json.dumps(policy(root, named)), BypassPolicyLockoutSafetyCheck=True)
    mine = cloud.client("kms", cloud.credentials_of(role))
    cloud.enforce()

    assert error_of(mine.encrypt, KeyId=new_key(cloud), Plaintext=b"x") == ""
    assert "no resource-based policy allows" in text_of(mine.encrypt, KeyId=closed, Plaintext=b"x")
    assert error_of(mine.encrypt, KeyId=opened, Plaintext=b"x") == ""
    assert error_of(mine.describe_key, KeyId=opened) == "AccessDeniedException"


def test_who_sets_a_key_policy_can_set_another(cloud):
    """KMS takes a policy only of who may change it again, by it and by their own policies, unless told not to check."""
    root = policy({"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, **allow("kms:*")})
    keys = json.dumps(root)
    maker = cloud.client("kms", cloud.credentials_of(cloud.role("maker", policy(allow("kms:CreateKey")))))
    governor = policy(allow(["kms:CreateKey", "kms:PutKeyPolicy"]))
    governing = cloud.client("kms", cloud.credentials_of(cloud.role("governor", governor)))
    cloud.enforce()

    assert error_of(maker.create_key, Policy=keys) == "MalformedPolicyDocumentException"
    assert error_of(maker.create_key, Policy=keys, BypassPolicyLockoutSafetyCheck=True) == ""
    assert error_of(maker.create_key) == ""
    assert error_of(governing.create_key, Policy=keys) == ""
    closed = json.dumps(policy({"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/maker"}, **allow("kms:*")}))
    made = new_key(cloud)
    put = {"KeyId": made, "PolicyName": "default"}
    assert error_of(governing.put_key_policy, **put, Policy=closed) == "MalformedPolicyDocumentException"
    assert error_of(governing.put_key_policy, **put, Policy=closed, BypassPolicyLockoutSafetyCheck=True) == ""


def test_tag_of_a_new_key_counts_later(cloud):
    """A right by the tag of a key is none at first, and one once minutes have passed."""
    marked = {"StringEquals": {"aws:ResourceTag/team": "a"}}
    mine = cloud.client("kms", cloud.credentials_of(cloud.role("a", policy(allow("kms:*", Condition=marked)))))
    cloud.enforce()
    key = new_key(cloud, Tags=[{"TagKey": "team", "TagValue": "a"}])

    assert error_of(mine.describe_key, KeyId=key) == "AccessDeniedException"
    cloud.enforce()
    assert error_of(mine.describe_key, KeyId=key) == ""


def test_tags_of_a_request_are_compared(cloud):
    """Which tags somebody puts on and takes off is told, each by its name."""
    team = {"ForAllValues:StringEquals": {"aws:TagKeys": "team"}}
    mine = cloud.client("kms", cloud.credentials_of(cloud.role("a", policy(allow("kms:*", Condition=team)))))
    key = new_key(cloud, Tags=[{"TagKey": name, "TagValue": "a"} for name in ("team", "other")])
    cloud.enforce()

    assert error_of(mine.tag_resource, KeyId=key, Tags=[{"TagKey": "team", "TagValue": "b"}]) == ""
    assert (
        error_of(mine.tag_resource, KeyId=key, Tags=[{"TagKey": "other", "TagValue": "b"}]) == "AccessDeniedException"
    )
    assert error_of(mine.untag_resource, KeyId=key, TagKeys=["team", "other"]) == "AccessDeniedException"
    assert error_of(mine.untag_resource, KeyId=key, TagKeys=["team"]) == ""


def test_reading_a_secret_takes_its_key(cloud):
    """A secret under a customer's key takes the right to decrypt for that secret through Secrets Manager."""
    key = new_key(cloud)
    arn = cloud.client("secretsmanager").create_secret(Name="dev/app", SecretString=VALUE, KmsKeyId=key)["ARN"]
    read = allow("secretsmanager:GetSecretValue", arn)
    via = {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com", "kms:EncryptionContext:SecretARN": arn}
    use = allow("kms:Decrypt", key, Condition={"StringEquals": via})
    without = cloud.client("secretsmanager", cloud.credentials_of(cloud.role("without", policy(read))))
    holder = cloud.credentials_of(cloud.role("with", policy(read, use)))
    cloud.enforce()

    assert text_of(without.get_secret_value, SecretId=arn) == "Access to KMS is not allowed"
    assert error_of(without.get_secret_value, SecretId=arn) == "AccessDeniedException"
    assert cloud.client("secretsmanager", holder).get_secret_value(SecretId="dev/app")["SecretString"] == VALUE
    sealed = cloud.client("kms").encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"SecretARN": arn})
    assert error_of(
        cloud.client("kms", holder).decrypt,
        CiphertextBlob=sealed["CiphertextBlob"],
        EncryptionContext={"SecretARN": arn},
    )


def test_writing_a_secret_takes_a_data_key(cloud):
    """A value is put only with the right to make a data key; the right to decrypt alone is none to write."""
    key = new_key(cloud)
    arn = cloud.client("secretsmanager").create_secret(Name="dev/app", KmsKeyId=key)["ARN"]
    put = allow("secretsmanager:PutSecretValue", arn)
    names = {"none": [], "reading": ["kms:Decrypt"], "writing": ["kms:GenerateDataKey"]}
    answers = {}
    for name, actions in names.items():
        role = cloud.role(name, policy(put, *([allow(actions, key)] if actions else [])))
        client = cloud.client("secretsmanager", cloud.credentials_of(role))
        cloud.enforce()
        answers[name] = error_of(client.put_secret_value, SecretId=arn, SecretString=VALUE)

    assert answers == {"none": "AccessDeniedException", "reading": "AccessDeniedException", "writing": ""}


def test_key_of_a_new_secret_is_tried(cloud):
    """Who makes a secret under a key needs the use of that key, with or without a value."""
    key = new_key(cloud)
    tried = {"kms:EncryptionContext:SecretVersionId": "RequestToValidateKeyAccess"}
    use = allow(["kms:GenerateDataKey", "kms:Decrypt"], key, Condition={"StringEquals": tried})
    make = allow("secretsmanager:CreateSecret", "*")
    without = cloud.client("secretsmanager", cloud.credentials_of(cloud.role("without", policy(make))))
    holder = cloud.client("secretsmanager", cloud.credentials_of(cloud.role("with", policy(make, use))))
    cloud.enforce()

    assert error_of(without.create_secret, Name="a", KmsKeyId=key) == "AccessDeniedException"
    assert error_of(without.create_secret, Name="b") == ""
    assert error_of(holder.create_secret, Name="c", KmsKeyId=key) == ""
    assert error_of(holder.create_secret, Name="d", Tags=[{"Key": "a", "Value": "b"}]) == "AccessDeniedException"


def test_decrypting_a_parameter_takes_its_key(cloud):
    """A SecureString is shown as ciphertext without a right to its key, and decrypted with it only."""
    key = new_key(cloud)
    cloud.client("ssm").put_parameter(Name="/dev/app", Value=VALUE, Type="SecureString", KeyId=key)
    arn = f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/dev/app"
    read = allow("ssm:GetParameter", arn)
    use = allow("kms:Decrypt", key, Condition={"StringEquals": {"kms:EncryptionContext:PARAMETER_ARN": arn}})
    without = cloud.client("ssm", cloud.credentials_of(cloud.role("without", policy(read))))
    holder = cloud.client("ssm", cloud.credentials_of(cloud.role("with", policy(read, use))))
    cloud.enforce()

    assert VALUE not in without.get_parameter(Name="/dev/app")["Parameter"]["Value"]
    assert error_of(without.get_parameter, Name="/dev/app", WithDecryption=True) == "AccessDeniedException"
    assert holder.get_parameter(Name="/dev/app", WithDecryption=True)["Parameter"]["Value"] == VALUE


@pytest.mark.parametrize(
    ("denied", "code"), [("kms:CreateGrant", ""), ("kms:*", "AccessDeniedException")], ids=["another", "its use"]
)
def test_key_that_aws_manages_is_for_everybody_who_is_not_denied(cloud, denied, code):
    """A secret and a parameter without a key of their own take no right to one, and whoever is denied its use fails."""
    via = {"StringLike": {"kms:ViaService": "*"}}
    rights = policy(allow(["secretsmanager:*", "ssm:*"]), deny(denied, Condition=via))
    mine = cloud.credentials_of(cloud.role("mine", rights))
    secrets, parameters = cloud.client("secretsmanager", mine), cloud.client("ssm", mine)
    named = {"KmsKeyId": "alias/aws/secretsmanager"}
    cloud.client("secretsmanager").create_secret(Name="old", SecretString=VALUE)
    cloud.enforce()

    assert error_of(secrets.create_secret, Name="a", SecretString=VALUE) == code
    assert error_of(secrets.create_secret, Name="b", SecretString=VALUE, **named) == code
    assert error_of(secrets.update_secret, SecretId="old", SecretString=VALUE) == code
    assert error_of(secrets.get_secret_value, SecretId="old") == code
    assert error_of(parameters.put_parameter, Name="/a", Value=VALUE, Type="SecureString") == code


@pytest.mark.parametrize(
    ("ended", "kms"),
    [("disable_key", "DisabledException"), ("schedule_key_deletion", "KMSInvalidStateException")],
)
def test_key_out_of_use_stops_everybody(cloud, ended, kms):
    """A key that is disabled or to be deleted fails its own calls and those of the services that need it."""
    key = new_key(cloud)
    keys, secrets, parameters = (cloud.client(name) for name in ("kms", "secretsmanager", "ssm"))
    secrets.create_secret(Name="app", SecretString=VALUE, KmsKeyId=key)
    parameters.put_parameter(Name="/app", Value=VALUE, Type="SecureString", KeyId=key)
    sealed = keys.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    getattr(keys, ended)(KeyId=key)

    assert error_of(keys.decrypt, CiphertextBlob=sealed) == kms
    assert error_of(secrets.get_secret_value, SecretId="app") == "DecryptionFailure"
    assert error_of(secrets.put_secret_value, SecretId="app", SecretString="other") == "EncryptionFailure"
    assert error_of(secrets.describe_secret, SecretId="app") == ""
    assert error_of(parameters.get_parameter, Name="/app", WithDecryption=True) == "InvalidKeyId"
    assert error_of(parameters.get_parameter, Name="/app") == ""
