"""What roles do at AWS, as calls that are really made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.aws.policies.world import OWN, PROJECT, World
from tests.unit.operations.policies.declared import BUCKET

Calls = Mapping[str, tuple[str, Callable[[Any, World], object]]]
"""Name of the case -> service, and what is asked of its client."""
STATE = f".pulumi/stacks/{PROJECT}"
LOCKS = f".pulumi/locks/organization/{PROJECT}"
PREFIX = "cyclr-connectors"


def record(client: Any, world: World, name: str, kind: str = "CNAME", action: str = "UPSERT") -> object:
    """One change of one record."""
    value = '"x"' if kind == "TXT" else "custom.cyclr.com"
    entry = {"Name": name, "Type": kind, "TTL": 300, "ResourceRecords": [{"Value": value}]}
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": entry}]}
    return client.change_resource_record_sets(HostedZoneId=world.zone, ChangeBatch=batch)


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
