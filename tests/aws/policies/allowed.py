"""What each role needs for its job.

Shape: name of the case -> service and what is asked of its client
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.aws.policies.acts import PREFIX, STATE, Calls, alarm, heartbeat, lock, record, subscribe
from tests.aws.policies.world import OWN
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
ALLOWED: Mapping[str, Calls] = {
    "preview": LOOKING,
    "deploy": {
        **LOOKING,
        **READING,
        "writes its state": ("s3", lambda s3, _: s3.put_object(Bucket=BUCKET, Key=f"{STATE}/{OWN}.json.bak")),
        "locks and unlocks": ("s3", lambda s3, _: lock(s3)),
        "points the record": ("route53", lambda r53, w: record(r53, w, f"{OWN}.acme.example")),
        "subscribes people": ("sns", lambda sns, w: subscribe(sns, w, OWN, "email", "ops@acme.example")),
        "makes an alarm": ("cloudwatch", lambda cw, _: alarm(cw, OWN)),
        "keeps its key": ("kms", lambda kms, w: kms.enable_key_rotation(KeyId=w.keys[OWN])),
    },
    "drift": {
        **LOOKING,
        **READING,
        "sends a heartbeat": ("cloudwatch", lambda cw, _: heartbeat(cw, "CyclrConnectors")),
    },
}
"""Role -> what it needs."""
