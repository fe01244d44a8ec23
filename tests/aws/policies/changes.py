"""What somebody changes at AWS behind the back of the stack, everywhere where the stack made something."""

from __future__ import annotations

import json
from typing import Any

from components.aws import policies
from tests.aws.cloud.client import Cloud
from tests.aws.policies.acts import PREFIX, TEAM, TEAM_OF_KEY
from tests.aws.policies.world import OWN, own_tag

SECRET, MINE = f"{OWN}/facebook", "mine"
ALIAS = policies.alias(OWN, SECRET)
ALARM = f"{PREFIX}-{OWN}-findings"
KEPT = ("AlarmName", "MetricName", "Namespace", "Statistic", "Period", "EvaluationPeriods", "ComparisonOperator")


def change(cloud: Cloud) -> None:
    """Other descriptions, marks, readers, rotation, alias, topic and alarm."""
    key = key_of_alias(cloud)
    kms, secrets = cloud.client("kms"), cloud.client("secretsmanager")
    kms.update_key_description(KeyId=key, Description=MINE)
    kms.disable_key_rotation(KeyId=key)
    kms.tag_resource(KeyId=key, Tags=[TEAM_OF_KEY])
    kms.update_alias(AliasName=ALIAS, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    secrets.update_secret(SecretId=SECRET, Description=MINE)
    secrets.tag_resource(SecretId=SECRET, Tags=[TEAM, *own_tag(MINE)])
    policy = json.loads(secrets.get_resource_policy(SecretId=SECRET)["ResourcePolicy"])
    policy["Statement"].pop()
    secrets.put_resource_policy(SecretId=SECRET, ResourcePolicy=json.dumps(policy))
    sns, topic = cloud.client("sns"), _topic(cloud)
    sns.set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue=MINE)
    sns.tag_resource(ResourceArn=topic, Tags=[TEAM, *own_tag(MINE)])
    cloudwatch, alarm = cloud.client("cloudwatch"), _alarm(cloud)
    cloudwatch.put_metric_alarm(**{name: alarm[name] for name in KEPT}, Threshold=1000)
    cloudwatch.tag_resource(ResourceARN=alarm["AlarmArn"], Tags=[TEAM, *own_tag(MINE)])


def found(cloud: Cloud) -> dict[str, Any]:
    """What there is of all that."""
    kms, secrets, sns = cloud.client("kms"), cloud.client("secretsmanager"), cloud.client("sns")
    secret, topic, alarm = secrets.describe_secret(SecretId=SECRET), _topic(cloud), _alarm(cloud)
    key = secret["KmsKeyId"]
    return {
        "key": kms.describe_key(KeyId=key)["KeyMetadata"]["Description"],
        "rotation": kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"],
        "marks of the key": kms.list_resource_tags(KeyId=key)["Tags"],
        "key of the alias": key.endswith(key_of_alias(cloud)),
        "secret": secret["Description"],
        "marks of the secret": sorted((each["Key"], each["Value"]) for each in secret["Tags"]),
        "readers": json.loads(secrets.get_resource_policy(SecretId=SECRET)["ResourcePolicy"]),
        "topic": sns.get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"],
        "marks of the topic": sns.list_tags_for_resource(ResourceArn=topic)["Tags"],
        "alarm": {name: alarm[name] for name in (*KEPT, "Threshold", "AlarmActions", "Dimensions")},
        "marks of the alarm": cloud.client("cloudwatch").list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"],
    }


def key_of_alias(cloud: Cloud) -> str:
    """The id of the key that the container's alias names."""
    aliases = cloud.client("kms").list_aliases()["Aliases"]
    return next(str(each["TargetKeyId"]) for each in aliases if each["AliasName"] == ALIAS)


def _topic(cloud: Cloud) -> str:
    return next(str(each["TopicArn"]) for each in cloud.client("sns").list_topics()["Topics"])


def _alarm(cloud: Cloud) -> dict[str, Any]:
    return dict(cloud.client("cloudwatch").describe_alarms(AlarmNames=[ALARM])["MetricAlarms"][0])
