"""Everything that AWS on loopback was told and tells again, as texts: the bucket, and all that is no value."""

from __future__ import annotations

import json
from typing import Any

from tests.aws.cloud.client import Cloud
from tests.engine.aws import BUCKET
from tests.engine.left import unpacked


def objects(cloud: Cloud, prefix: str = "") -> tuple[dict[str, str], dict[str, str]]:
    """The text of every version of every object, also of those that were deleted since; and what each is marked with.

    The marks of an object are its key, its metadata and its tags.
    """
    s3 = cloud.client("s3")
    found: dict[str, str] = {}
    marks: dict[str, str] = {}
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=BUCKET, Prefix=prefix):
        for each in page.get("Versions", ()):
            which = {"Bucket": BUCKET, "Key": each["Key"], "VersionId": each["VersionId"]}
            answer = s3.get_object(**which)
            tags = s3.get_object_tagging(**which)["TagSet"] if answer.get("TagCount") else []
            name = f"{each['Key']} {each['VersionId']}"
            found[name] = unpacked(answer["Body"].read())
            marks[name] = json.dumps([each["Key"], answer["Metadata"], tags])
    return found, marks


def told(cloud: Cloud) -> dict[str, str]:
    """What AWS was told beside the bucket and the values themselves: names, descriptions, marks, policies, metrics."""
    kms, secrets, sns = cloud.client("kms"), cloud.client("secretsmanager"), cloud.client("sns")
    watch = cloud.client("cloudwatch")
    keys = [each["KeyId"] for each in kms.list_keys()["Keys"]]
    names = [each["Name"] for each in secrets.list_secrets()["SecretList"]]
    topics = [each["TopicArn"] for each in sns.list_topics()["Topics"]]
    alarms = watch.describe_alarms()["MetricAlarms"]
    found: dict[str, Any] = {
        "keys": [kms.describe_key(KeyId=key)["KeyMetadata"] for key in keys],
        "marks of keys": [kms.list_resource_tags(KeyId=key)["Tags"] for key in keys],
        "policies of keys": [kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"] for key in keys],
        "aliases": kms.list_aliases()["Aliases"],
        "secrets": [secrets.describe_secret(SecretId=name) for name in names],
        "policies of secrets": [secrets.get_resource_policy(SecretId=name) for name in names],
        "topics": [sns.get_topic_attributes(TopicArn=topic)["Attributes"] for topic in topics],
        "marks of topics": [sns.list_tags_for_resource(ResourceArn=topic)["Tags"] for topic in topics],
        "subscriptions": sns.list_subscriptions()["Subscriptions"],
        "alarms": alarms,
        "marks of alarms": [watch.list_tags_for_resource(ResourceARN=each["AlarmArn"])["Tags"] for each in alarms],
        "metrics": watch.list_metrics()["Metrics"],
        "parameters": cloud.client("ssm").describe_parameters()["Parameters"],
        "calls": [f"{each.service}:{each.action} {each.resource} {each.principal}" for each in cloud.calls()],
    }
    return {what: json.dumps(each, default=str) for what, each in found.items()}
