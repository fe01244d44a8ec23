"""What roles do at AWS, as calls that are really made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from components.aws import policies
from tests.aws.cloud.account import ACCOUNT, REGION
from tests.aws.policies.world import OWN, PROJECT, World, own_tag
from tests.unit.operations.policies.declared import BUCKET

Calls = Mapping[str, tuple[str, Callable[[Any, World], object]]]
"""Name of the case -> service, and what is asked of its client."""
STATE = f".pulumi/stacks/{PROJECT}"
LOCKS = f".pulumi/locks/organization/{PROJECT}"
PREFIX = "cyclr-connectors"
TEAM = {"Key": "team", "Value": "x"}
"""A mark that is none of ours."""
TEAM_OF_KEY = {"TagKey": "team", "TagValue": "x"}


def record(client: Any, world: World, name: str, kind: str = "CNAME", action: str = "UPSERT") -> Any:
    """One change of one record."""
    value = '"x"' if kind == "TXT" else "custom.cyclr.com"
    entry = {"Name": name, "Type": kind, "TTL": 300, "ResourceRecords": [{"Value": value}]}
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": entry}]}
    return client.change_resource_record_sets(HostedZoneId=world.zone, ChangeBatch=batch)


def first_record(client: Any, world: World) -> object:
    """The record, made where there is none."""
    route53, name = world.cloud.client("route53"), f"{OWN}.acme.example"
    for each in route53.list_resource_record_sets(HostedZoneId=world.zone)["ResourceRecordSets"]:
        if each["Name"].rstrip(".") == name:
            batch = {"Changes": [{"Action": "DELETE", "ResourceRecordSet": each}]}
            route53.change_resource_record_sets(HostedZoneId=world.zone, ChangeBatch=batch)
    return record(client, world, name, action="CREATE")


def awaited_record(client: Any, world: World) -> object:
    """The record, and whether it is served."""
    return client.get_change(Id=record(client, world, f"{OWN}.acme.example")["ChangeInfo"]["Id"])


def under_common_key(client: Any) -> object:
    """A value for a secret that was given to the key which AWS manages for everybody."""
    client.update_secret(SecretId=f"{OWN}/common", KmsKeyId="alias/aws/secretsmanager")
    return client.update_secret(SecretId=f"{OWN}/common", SecretString="x")


def move(client: Any, environment: str) -> object:
    """Another version is the current one of a secret."""
    version = {"VersionStage": "AWSCURRENT", "MoveToVersionId": "0" * 32}
    return client.update_secret_version_stage(SecretId=f"{environment}/facebook", **version)


def guard(client: Any) -> object:
    """Who may read a secret."""
    readers = [f"arn:aws:iam::{ACCOUNT}:role/{OWN}-deploy"]
    policy = policies.text(policies.secret_policy(readers))
    return client.put_resource_policy(SecretId=f"{OWN}/common", ResourcePolicy=policy, BlockPublicPolicy=True)


def subscribe(client: Any, world: World, environment: str, protocol: str, endpoint: str) -> object:
    """A subscription to the topic of an environment."""
    return client.subscribe(TopicArn=world.topics[environment], Protocol=protocol, Endpoint=endpoint)


def alarm(client: Any, environment: str) -> object:
    """The alarm on findings of an environment."""
    return client.put_metric_alarm(
        AlarmName=f"{PREFIX}-{environment}-findings",
        MetricName="Findings",
        Namespace="CyclrConnectors",
        Statistic="Maximum",
        Period=3600,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
    )


def marked_alarm(client: Any, does: str, **what: Any) -> object:
    """A change of the marks of that alarm."""
    alarm(client, OWN)
    arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{PREFIX}-{OWN}-findings"
    client.tag_resource(ResourceARN=arn, Tags=own_tag(OWN))  # moto takes marks only off an alarm that has some
    return getattr(client, does)(ResourceARN=arn, **what)


def heartbeat(client: Any, namespace: str) -> object:
    """One metric."""
    return client.put_metric_data(Namespace=namespace, MetricData=[{"MetricName": "Looked", "Value": 1}])


def lock(client: Any) -> object:
    """What an update does with the lock of its stack."""
    key = f"{LOCKS}/{OWN}/3.json"
    client.put_object(Bucket=BUCKET, Key=key)
    client.list_objects_v2(Bucket=BUCKET, Prefix=f"{LOCKS}/{OWN}/")
    client.head_object(Bucket=BUCKET, Key=key)
    return client.delete_object(Bucket=BUCKET, Key=key)
