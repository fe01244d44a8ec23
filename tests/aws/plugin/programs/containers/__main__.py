"""A container for a secret with its key and its readers, a topic and an alarm: one of most that the stand-in serves."""

import json

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
tags = {"environment": "dev"}


def readers(arn):
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "secretsmanager:GetSecretValue"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | {"Resource": arn}]})


key = aws.kms.Key("key", description="of dev", enable_key_rotation=True, tags=tags)
aws.kms.Alias("alias", name="alias/dev", target_key_id=key.key_id)
secret = aws.secretsmanager.Secret(
    "secret",
    name=config.get("name") or "fb-dev",
    description=config.get("description") or "app secret",
    kms_key_id=None if config.get("import") else key.arn,
    recovery_window_in_days=7,
    tags=tags,
    opts=pulumi.ResourceOptions(retain_on_delete=True, import_=config.get("import")),
)
aws.secretsmanager.SecretPolicy("readers", secret_arn=secret.arn, policy=secret.arn.apply(readers))
topic = aws.sns.Topic("topic", tags=tags)
aws.sns.TopicSubscription("mail", topic=topic.arn, protocol="email", endpoint=config.require_secret("mail"))
aws.cloudwatch.MetricAlarm(
    "heartbeat",
    name="heartbeat-dev",
    namespace="Connectors",
    metric_name="Heartbeat",
    statistic="Sum",
    period=3600,
    evaluation_periods=26,
    threshold=1,
    comparison_operator="LessThanThreshold",
    treat_missing_data="breaching",
    alarm_actions=[topic.arn],
)
if config.get("zone"):
    aws.route53.Record(
        "domain", zone_id=config.get("zone"), name="app.example.com", type="CNAME", ttl=300, records=["app-h.cyclr.com"]
    )
if config.get("colour"):
    pulumi.CustomResource("aws:secretsmanager/secret:Secret", "odd", {"name": "odd", "colour": config.get("colour")})
pulumi.export("arn", secret.arn)
pulumi.export("topic", topic.name)
