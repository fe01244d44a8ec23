"""One resource of each type as a table: what it takes, what may be changed in place and out of band, what may not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.aws.plugin.driven import Driven, Made
from tests.aws.plugin.values import Props

SECRET = "aws:secretsmanager/secret:Secret"
SECRET_POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy"
KEY = "aws:kms/key:Key"
ALIAS = "aws:kms/alias:Alias"
RECORD = "aws:route53/record:Record"
TOPIC = "aws:sns/topic:Topic"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


def policy(action: str) -> str:
    """A policy that lets the account do something."""
    statement = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": [action], "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@dataclass(frozen=True)
class Case:
    """A resource and its changes."""

    token: str
    inputs: Callable[[Driven], Props]
    """Also makes what it needs."""
    update: Props
    """A change in place."""
    replace: Props
    """A change of what is immutable."""
    drift: Callable[[Driven, Made], Any]
    """A change behind the engine's back."""
    drifted: str
    """The input in which it shows."""

    def made(self, aws: Driven) -> Made:
        """The resource."""
        return aws.made(self.token, **self.inputs(aws))


def zone(aws: Driven) -> str:
    """The id of a new hosted zone, example.com."""
    answer = aws.client("route53").create_hosted_zone(Name="example.com", CallerReference="once")
    return str(answer["HostedZone"]["Id"]).removeprefix("/hostedzone/")


def put_record(aws: Driven, zone_id: str, value: str, name: str = "app.example.com") -> None:
    """A CNAME by somebody else."""
    record = {"Name": name, "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": value}]}
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    aws.client("route53").change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch=batch)


def alarm(**changes: Any) -> Props:
    """An alarm on a metric that is missing."""
    return {
        "name": "drift-dev",
        "namespace": "Connectors",
        "metricName": "Heartbeat",
        "statistic": "Sum",
        "period": 3600,
        "evaluationPeriods": 26,
        "threshold": 1,
        "comparisonOperator": "LessThanThreshold",
        "treatMissingData": "breaching",
        "dimensions": {"Environment": "dev"},
        "tags": {"environment": "dev"},
        **changes,
    }


def _weaker_alarm(aws: Driven, made: Made) -> None:
    client = aws.client("cloudwatch")
    told = client.describe_alarms(AlarmNames=[made.identity])["MetricAlarms"][0]
    names = ("AlarmName", "MetricName", "Namespace", "Statistic", "Period", "EvaluationPeriods", "Threshold")
    kept = {name: told[name] for name in (*names, "ComparisonOperator", "Dimensions")}
    client.put_metric_alarm(**kept, TreatMissingData="notBreaching")


CASES = [
    Case(
        SECRET,
        lambda _aws: {"name": "fb-dev", "description": "app secret", "tags": {"environment": "dev"}},
        {"description": "the app secret", "tags": {"environment": "dev", "owner": "jane"}},
        {"name": "fb-prod"},
        lambda aws, made: aws.client("secretsmanager").update_secret(SecretId=made.identity, Description="mine"),
        "description",
    ),
    Case(
        SECRET_POLICY,
        lambda aws: {
            "secretArn": aws.made(SECRET, name="fb-dev").identity,
            "policy": policy("secretsmanager:GetSecretValue"),
        },
        {"policy": policy("secretsmanager:DescribeSecret")},
        {"secretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:other-abcdef"},
        lambda aws, made: aws.client("secretsmanager").put_resource_policy(
            SecretId=made.identity, ResourcePolicy=policy("*")
        ),
        "policy",
    ),
    Case(
        KEY,
        lambda _aws: {"description": "of dev", "enableKeyRotation": True, "tags": {"environment": "dev"}},
        {"description": "of development", "enableKeyRotation": False, "isEnabled": False, "tags": {}},
        {"keyUsage": "SIGN_VERIFY"},
        lambda aws, made: aws.client("kms").disable_key(KeyId=made.identity),
        "isEnabled",
    ),
    Case(
        ALIAS,
        lambda aws: {"name": "alias/dev", "targetKeyId": aws.made(KEY).outputs["arn"]},
        {},
        {"name": "alias/development"},
        lambda aws, _made: aws.client("kms").update_alias(
            AliasName="alias/dev", TargetKeyId=aws.client("kms").create_key()["KeyMetadata"]["KeyId"]
        ),
        "targetKeyId",
    ),
    Case(
        RECORD,
        lambda aws: {
            "zoneId": zone(aws),
            "name": "app.example.com",
            "type": "CNAME",
            "ttl": 300,
            "records": ["app-h.cyclr.com"],
        },
        {"records": ["app-eu.cyclr.com"]},
        {"name": "api.example.com"},
        lambda aws, made: put_record(aws, made.outputs["zoneId"], "elsewhere.example"),
        "records",
    ),
    Case(
        TOPIC,
        lambda _aws: {"name": "drift-dev", "displayName": "Drift", "tags": {"environment": "dev"}},
        {"displayName": "Drift of dev", "tags": {"environment": "development"}},
        {"name": "drift"},
        lambda aws, made: aws.client("sns").set_topic_attributes(
            TopicArn=made.identity, AttributeName="DisplayName", AttributeValue="mine"
        ),
        "displayName",
    ),
    Case(
        SUBSCRIPTION,
        lambda aws: {
            "topic": aws.made(TOPIC, name="drift-dev").identity,
            "protocol": "email",
            "endpoint": "ops@acme.example",
            "filterPolicy": '{"verdict": ["drifted"]}',
        },
        {"filterPolicy": '{"verdict": ["drifted", "refused"]}'},
        {"endpoint": "jane@acme.example"},
        lambda aws, made: aws.client("sns").set_subscription_attributes(
            SubscriptionArn=made.identity, AttributeName="FilterPolicy", AttributeValue='{"verdict": ["none"]}'
        ),
        "filterPolicy",
    ),
    Case(
        ALARM,
        lambda _aws: alarm(),
        {"evaluationPeriods": 2, "threshold": 0.5, "tags": {"owner": "jane"}},
        {"name": "drift"},
        _weaker_alarm,
        "treatMissingData",
    ),
]
