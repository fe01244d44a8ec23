"""What each role is refused.

Shape: name of the case -> service and what is asked of its client
"""

from __future__ import annotations

from collections.abc import Mapping

from components.aws import policies
from tests.aws.policies.acts import (
    LOCKS,
    PREFIX,
    STATE,
    TEAM_OF_KEY,
    Calls,
    alarm,
    heartbeat,
    move,
    record,
    subscribe,
    under_common_key,
)
from tests.aws.policies.marks import MARKS_DENIED, NEVER_MARKED
from tests.aws.policies.others import UNPROTECTED, USED_OTHERWISE
from tests.aws.policies.world import OTHER, OWN, own_tag
from tests.unit.operations.policies.declared import BUCKET

ALL_DENIED: Calls = {
    "reads another's state": ("s3", lambda s3, _: s3.get_object(Bucket=BUCKET, Key=f"{STATE}/{OTHER}.json")),
    "writes another's state": ("s3", lambda s3, _: s3.put_object(Bucket=BUCKET, Key=f"{STATE}/{OTHER}.json")),
    "deletes its state": ("s3", lambda s3, _: s3.delete_object(Bucket=BUCKET, Key=f"{STATE}/{OWN}.json")),
    "lists another's locks": ("s3", lambda s3, _: s3.list_objects_v2(Bucket=BUCKET, Prefix=f"{LOCKS}/{OTHER}/")),
    "takes another's lock": ("s3", lambda s3, _: s3.delete_object(Bucket=BUCKET, Key=f"{LOCKS}/{OTHER}/1.json")),
    "opens another's state": (
        "kms",
        lambda kms, w: kms.decrypt(CiphertextBlob=w.sealed[OTHER], EncryptionContext={"stack": OTHER}),
    ),
    "opens state without context": ("kms", lambda kms, w: kms.decrypt(CiphertextBlob=w.sealed[OWN])),
    "encrypts as another": (
        "kms",
        lambda kms, w: kms.encrypt(KeyId=w.state_key, Plaintext=b"x", EncryptionContext={"stack": OTHER}),
    ),
    "describes another's secret": ("secretsmanager", lambda sm, _: sm.describe_secret(SecretId=f"{OTHER}/facebook")),
    "describes a secret whose name goes on": (
        "secretsmanager",
        lambda sm, _: sm.describe_secret(SecretId=f"{OWN}/facebook-2"),
    ),
    "reads another's secret": (
        "secretsmanager",
        lambda sm, _: sm.get_secret_value(SecretId=f"{OTHER}/facebook", VersionStage="AWSCURRENT"),
    ),
    "puts a value": (
        "secretsmanager",
        lambda sm, _: sm.put_secret_value(SecretId=f"{OWN}/facebook", SecretString="x"),
    ),
    "puts a value by an update": (
        "secretsmanager",
        lambda sm, _: sm.update_secret(SecretId=f"{OWN}/facebook", SecretString="x"),
    ),
    "deletes a secret": ("secretsmanager", lambda sm, _: sm.delete_secret(SecretId=f"{OWN}/facebook")),
    "reads an older value": (
        "secretsmanager",
        lambda sm, _: sm.get_secret_value(SecretId=f"{OWN}/facebook", VersionStage="AWSPREVIOUS"),
    ),
    "reads another's parameter": ("ssm", lambda ssm, _: ssm.get_parameter(Name=f"/{OTHER}/cyclr")),
    "sees another's key": ("kms", lambda kms, w: kms.describe_key(KeyId=w.keys[OTHER])),
    "turns its key off": ("kms", lambda kms, w: kms.disable_key(KeyId=w.keys[OWN])),
    "deletes its key": ("kms", lambda kms, w: kms.schedule_key_deletion(KeyId=w.keys[OWN])),
    "governs its key": (
        "kms",
        lambda kms, w: kms.put_key_policy(KeyId=w.keys[OWN], PolicyName="default", Policy="{}"),
    ),
    "makes a role": ("iam", lambda iam, _: iam.create_role(RoleName="more", AssumeRolePolicyDocument="{}")),
    "widens its role": (
        "iam",
        lambda iam, _: iam.put_role_policy(RoleName=f"{OWN}-preview", PolicyName="p", PolicyDocument="{}"),
    ),
}
"""What no role may."""

READER_DENIED: Calls = {
    "writes its state": ("s3", lambda s3, _: s3.put_object(Bucket=BUCKET, Key=f"{STATE}/{OWN}.json")),
    "locks its state": ("s3", lambda s3, _: s3.put_object(Bucket=BUCKET, Key=f"{LOCKS}/{OWN}/2.json")),
    "takes its lock": ("s3", lambda s3, _: s3.delete_object(Bucket=BUCKET, Key=f"{LOCKS}/{OWN}/1.json")),
    "makes a secret": ("secretsmanager", lambda sm, _: sm.create_secret(Name=f"{OWN}/new")),
    "says who may read": (
        "secretsmanager",
        lambda sm, _: sm.put_resource_policy(SecretId=f"{OWN}/facebook", ResourcePolicy="{}", BlockPublicPolicy=True),
    ),
    "makes a key": ("kms", lambda kms, _: kms.create_key(Tags=own_tag(OWN, "TagKey", "TagValue"))),
    "points the record": ("route53", lambda r53, w: record(r53, w, f"{OWN}.acme.example")),
    "subscribes": ("sns", lambda sns, w: subscribe(sns, w, OWN, "email", "x@acme.example")),
    "makes an alarm": ("cloudwatch", lambda cw, _: alarm(cw, OWN)),
}
"""What neither preview nor drift may."""

PREVIEW_DENIED: Calls = {
    "reads the value": (
        "secretsmanager",
        lambda sm, _: sm.get_secret_value(SecretId=f"{OWN}/facebook", VersionStage="AWSCURRENT"),
    ),
    "reads the value without a stage": (
        "secretsmanager",
        lambda sm, _: sm.get_secret_value(SecretId=f"{OWN}/facebook"),
    ),
    "decrypts the parameter": ("ssm", lambda ssm, _: ssm.get_parameter(Name=f"/{OWN}/cyclr", WithDecryption=True)),
    "sends a heartbeat": ("cloudwatch", lambda cw, _: heartbeat(cw, "CyclrConnectors")),
}
DRIFT_DENIED: Calls = {"sends other metrics": ("cloudwatch", lambda cw, _: heartbeat(cw, "Billing"))}
DEPLOY_DENIED: Calls = {
    "sends a heartbeat": ("cloudwatch", lambda cw, _: heartbeat(cw, "CyclrConnectors")),
    "makes an undeclared secret": ("secretsmanager", lambda sm, _: sm.create_secret(Name=f"{OWN}/other")),
    "makes a secret with a value": (
        "secretsmanager",
        lambda sm, w: sm.create_secret(Name=f"{OWN}/new", KmsKeyId=w.keys[OWN], SecretString="x"),
    ),
    "makes a secret with a value under AWS's key": (
        "secretsmanager",
        lambda sm, _: sm.create_secret(Name=f"{OWN}/new", SecretString="x"),
    ),
    "puts a value under AWS's key": ("secretsmanager", lambda sm, _: under_common_key(sm)),
    "lets everybody read": (
        "secretsmanager",
        lambda sm, _: sm.put_resource_policy(SecretId=f"{OWN}/facebook", ResourcePolicy="{}"),
    ),
    "changes another's secret": (
        "secretsmanager",
        lambda sm, _: sm.update_secret(SecretId=f"{OTHER}/facebook", Description="x"),
    ),
    "makes a key without its mark": ("kms", lambda kms, _: kms.create_key()),
    "makes a key of another": ("kms", lambda kms, _: kms.create_key(Tags=own_tag(OTHER, "TagKey", "TagValue"))),
    "takes another's key": (
        "kms",
        lambda kms, w: kms.tag_resource(KeyId=w.keys[OTHER], Tags=own_tag(OWN, "TagKey", "TagValue")),
    ),
    "takes the key of the state": (
        "kms",
        lambda kms, w: kms.tag_resource(KeyId=w.state_key, Tags=own_tag(OWN, "TagKey", "TagValue")),
    ),
    "names the key of the state": (
        "kms",
        lambda kms, w: kms.create_alias(AliasName=f"alias/{PREFIX}/{OWN}/x", TargetKeyId=w.state_key),
    ),
    "rotates the key of the state": ("kms", lambda kms, w: kms.enable_key_rotation(KeyId=w.state_key)),
    "gives its alias the key of the state": (
        "kms",
        lambda kms, w: kms.update_alias(AliasName=policies.alias(OWN, "kept"), TargetKeyId=w.state_key),
    ),
    "names another's key": (
        "kms",
        lambda kms, w: kms.create_alias(AliasName=f"alias/{PREFIX}/{OWN}/x", TargetKeyId=w.keys[OTHER]),
    ),
    "rotates another's key": ("kms", lambda kms, w: kms.enable_key_rotation(KeyId=w.keys[OTHER])),
    "describes a key without a mark": (
        "kms",
        lambda kms, w: kms.update_key_description(KeyId=w.keys[""], Description="x"),
    ),
    "puts further marks on a key": (
        "kms",
        lambda kms, w: kms.tag_resource(KeyId=w.keys[""], Tags=[*own_tag(OWN, "TagKey", "TagValue"), TEAM_OF_KEY]),
    ),
    "makes a secret under another's key": (
        "secretsmanager",
        lambda sm, w: sm.create_secret(Name=f"{OWN}/new", KmsKeyId=w.keys[OTHER], Tags=own_tag(OWN)),
    ),
    "makes another version the current one": ("secretsmanager", lambda sm, _: move(sm, OWN)),
    "makes a secret of another": (
        "secretsmanager",
        lambda sm, w: sm.create_secret(Name=f"{OWN}/new", KmsKeyId=w.keys[OWN], Tags=own_tag(OTHER)),
    ),
    "takes another's alias": (
        "kms",
        lambda kms, w: kms.create_alias(AliasName=f"alias/{PREFIX}/{OTHER}/x", TargetKeyId=w.keys[OWN]),
    ),
    "uses its key by itself": ("kms", lambda kms, w: kms.generate_data_key(KeyId=w.keys[OWN], KeySpec="AES_256")),
    "points another record": ("route53", lambda r53, w: record(r53, w, "www.acme.example")),
    "makes another kind of record": ("route53", lambda r53, w: record(r53, w, f"{OWN}.acme.example", kind="TXT")),
    "removes the record": ("route53", lambda r53, w: record(r53, w, f"{OWN}.acme.example", action="DELETE")),
    "subscribes to another's topic": ("sns", lambda sns, w: subscribe(sns, w, OTHER, "email", "x@acme.example")),
    "subscribes a program": ("sns", lambda sns, w: subscribe(sns, w, OWN, "https", "https://x.example")),
    "deletes its topic": ("sns", lambda sns, w: sns.delete_topic(TopicArn=w.topics[OWN])),
    "makes another's alarm": ("cloudwatch", lambda cw, _: alarm(cw, OTHER)),
    "deletes its alarm": ("cloudwatch", lambda cw, _: cw.delete_alarms(AlarmNames=[f"{PREFIX}-{OWN}-findings"])),
}

DENIED: Mapping[str, Calls] = {
    "preview": {**ALL_DENIED, **READER_DENIED, **PREVIEW_DENIED},
    "deploy": {**ALL_DENIED, **DEPLOY_DENIED, **MARKS_DENIED, **UNPROTECTED, **USED_OTHERWISE["deploy"]},
    "drift": {**ALL_DENIED, **READER_DENIED, **DRIFT_DENIED, **USED_OTHERWISE["drift"]},
}
"""Role -> what it is refused."""

NEVER: Mapping[str, Calls] = {
    "preview": {
        "reads a value": (
            "secretsmanager",
            lambda sm, _: sm.get_secret_value(SecretId=f"{OTHER}/facebook", VersionStage="AWSCURRENT"),
        ),
        "decrypts a parameter": ("ssm", lambda ssm, _: ssm.get_parameter(Name=f"/{OWN}/cyclr", WithDecryption=True)),
    },
    "deploy": {
        "puts a value": (
            "secretsmanager",
            lambda sm, _: sm.put_secret_value(SecretId=f"{OTHER}/facebook", SecretString="x"),
        ),
        "puts a value by an update": (
            "secretsmanager",
            lambda sm, _: sm.update_secret(SecretId=f"{OTHER}/facebook", SecretString="x"),
        ),
        "makes a secret with a value under AWS's key": DEPLOY_DENIED["makes a secret with a value under AWS's key"],
        "puts a value under AWS's key": DEPLOY_DENIED["puts a value under AWS's key"],
        "makes another version the current one": ("secretsmanager", lambda sm, _: move(sm, OTHER)),
        "lets everybody read": DEPLOY_DENIED["lets everybody read"],
        "deletes a secret": ("secretsmanager", lambda sm, _: sm.delete_secret(SecretId=f"{OTHER}/facebook")),
        "turns a key off": ("kms", lambda kms, w: kms.disable_key(KeyId=w.keys[OTHER])),
        "deletes a key": ("kms", lambda kms, w: kms.schedule_key_deletion(KeyId=w.keys[OTHER])),
        **UNPROTECTED,
        "marks the key of the state": DEPLOY_DENIED["takes the key of the state"],
        "names the key of the state": DEPLOY_DENIED["names the key of the state"],
        "gives its alias the key of the state": DEPLOY_DENIED["gives its alias the key of the state"],
        "rotates the key of the state": DEPLOY_DENIED["rotates the key of the state"],
        **NEVER_MARKED,
    },
}
"""Role -> what it is refused even where another policy allows everything."""
