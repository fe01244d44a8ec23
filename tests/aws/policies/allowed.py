"""What each role needs for its job.

Shape: name of the case -> service and what is asked of its client
"""

from __future__ import annotations

from collections.abc import Mapping

from components.aws import policies
from tests.aws.policies.acts import (
    PREFIX,
    STATE,
    Calls,
    alarm,
    awaited_record,
    first_record,
    guard,
    heartbeat,
    lock,
    marked_alarm,
    record,
    subscribe,
)
from tests.aws.policies.world import OWN, own_tag
from tests.unit.operations.policies.declared import BUCKET

LOOKING: Calls = {
    "reads its state": ("s3", lambda s3, _: s3.get_object(Bucket=BUCKET, Key=f"{STATE}/{OWN}.json")),
    "finds its state": ("s3", lambda s3, _: s3.list_objects_v2(Bucket=BUCKET, Prefix=f"{STATE}/{OWN}.json")),
    "opens its state": (
        "kms",
        lambda kms, w: kms.decrypt(CiphertextBlob=w.sealed[OWN], EncryptionContext={"stack": OWN}),
    ),
    "sees the version": ("secretsmanager", lambda sm, _: sm.describe_secret(SecretId=f"{OWN}/facebook")),
    "sees who may read": ("secretsmanager", lambda sm, _: sm.get_resource_policy(SecretId=f"{OWN}/facebook")),
    "sees the parameter": ("ssm", lambda ssm, _: ssm.get_parameter(Name=f"/{OWN}/cyclr")),
    "sees its key": ("kms", lambda kms, w: kms.get_key_policy(KeyId=w.keys[OWN], PolicyName="default")),
    "sees the aliases": ("kms", lambda kms, _: kms.list_aliases()),
    "sees the records": ("route53", lambda r53, w: r53.list_resource_record_sets(HostedZoneId=w.zone)),
    "sees its topic": ("sns", lambda sns, w: sns.get_topic_attributes(TopicArn=w.topics[OWN])),
    "sees the alarms": ("cloudwatch", lambda cw, _: cw.describe_alarms(AlarmNames=[f"{PREFIX}-{OWN}-findings"])),
}
READING: Calls = {
    "reads the value": (
        "secretsmanager",
        lambda sm, _: sm.get_secret_value(SecretId=f"{OWN}/facebook", VersionStage="AWSCURRENT"),
    ),
    "decrypts the parameter": ("ssm", lambda ssm, _: ssm.get_parameter(Name=f"/{OWN}/cyclr", WithDecryption=True)),
}
MENDING: Calls = {
    "describes its secret": (
        "secretsmanager",
        lambda sm, w: sm.update_secret(SecretId=f"{OWN}/facebook", Description="x", KmsKeyId=w.keys[OWN]),
    ),
    "marks its secret": (
        "secretsmanager",
        lambda sm, _: sm.tag_resource(SecretId=f"{OWN}/facebook", Tags=own_tag(OWN)),
    ),
    "marks its secret with its key": (
        "secretsmanager",
        lambda sm, w: sm.tag_resource(
            SecretId=f"{OWN}/facebook", Tags=[{"Key": policies.KEY_TAG, "Value": w.keys[OWN]}]
        ),
    ),
    "takes a mark of others off its secret": (
        "secretsmanager",
        lambda sm, _: sm.untag_resource(SecretId=f"{OWN}/facebook", TagKeys=["team"]),
    ),
    "says who may read": ("secretsmanager", lambda sm, _: guard(sm)),
    "turns its key on again": ("kms", lambda kms, w: kms.enable_key(KeyId=w.keys[OWN])),
    "rotates its key": ("kms", lambda kms, w: kms.enable_key_rotation(KeyId=w.keys[OWN])),
    "describes its key": ("kms", lambda kms, w: kms.update_key_description(KeyId=w.keys[OWN], Description="x")),
    "marks its key": (
        "kms",
        lambda kms, w: kms.tag_resource(KeyId=w.keys[OWN], Tags=own_tag(OWN, "TagKey", "TagValue")),
    ),
    "takes a mark of others off its key": (
        "kms",
        lambda kms, w: kms.untag_resource(KeyId=w.keys[OWN], TagKeys=["team"]),
    ),
    "gives its alias another key": (
        "kms",
        lambda kms, w: kms.update_alias(AliasName=policies.alias(OWN, "kept"), TargetKeyId=w.keys[OWN]),
    ),
    "makes the record": ("route53", first_record),
    "points the record": ("route53", lambda r53, w: record(r53, w, f"{OWN}.acme.example")),
    "waits for the record": ("route53", awaited_record),
    "makes its topic": ("sns", lambda sns, _: sns.create_topic(Name=policies.topic(OWN), Tags=own_tag(OWN))),
    "changes its topic": (
        "sns",
        lambda sns, w: sns.set_topic_attributes(
            TopicArn=w.topics[OWN], AttributeName="DisplayName", AttributeValue="x"
        ),
    ),
    "marks its topic": ("sns", lambda sns, w: sns.tag_resource(ResourceArn=w.topics[OWN], Tags=own_tag(OWN))),
    "takes a mark of others off its topic": (
        "sns",
        lambda sns, w: sns.untag_resource(ResourceArn=w.topics[OWN], TagKeys=["team"]),
    ),
    "makes an alarm": ("cloudwatch", lambda cw, _: alarm(cw, OWN)),
    "marks its alarm": ("cloudwatch", lambda cw, _: marked_alarm(cw, "tag_resource", Tags=own_tag(OWN))),
    "takes a mark of others off its alarm": (
        "cloudwatch",
        lambda cw, _: marked_alarm(cw, "untag_resource", TagKeys=["team"]),
    ),
}
"""What the stack made, made again or put right."""
ALLOWED: Mapping[str, Calls] = {
    "preview": LOOKING,
    "deploy": {
        **LOOKING,
        **READING,
        "writes its state": ("s3", lambda s3, _: s3.put_object(Bucket=BUCKET, Key=f"{STATE}/{OWN}.json.bak")),
        "locks and unlocks": ("s3", lambda s3, _: lock(s3)),
        **MENDING,
        "subscribes people": ("sns", lambda sns, w: subscribe(sns, w, OWN, "email", "ops@acme.example")),
    },
    "drift": {
        **LOOKING,
        **READING,
        "sends a heartbeat": ("cloudwatch", lambda cw, _: heartbeat(cw, "CyclrConnectors")),
    },
}
"""Role -> what it needs."""
