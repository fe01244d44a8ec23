"""What calls to SNS, CloudWatch, Route 53, STS and IAM take.

The policies of SNS topics are not asked: the default one says who may publish from within the account, and this AWS
has one account.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends

from tests.aws.cloud.account import ACCOUNT
from tests.aws.cloud.calls import Call
from tests.aws.cloud.conditions import Context, Unjudgeable
from tests.aws.cloud.needs_of_keys import tagged, untagged
from tests.aws.cloud.policies import Need

ON_TOPICS = (
    *("Subscribe", "Publish", "GetTopicAttributes", "SetTopicAttributes", "DeleteTopic", "ListSubscriptionsByTopic"),
    *("ConfirmSubscription", "ListTagsForResource", "TagResource", "UntagResource"),
)
SNS_WITHOUT_RESOURCE = (
    *("ListTopics", "ListSubscriptions", "Unsubscribe", "GetSubscriptionAttributes", "SetSubscriptionAttributes"),
)
"""Operations whose row in the reference names no resource: only Resource `*` grants them."""
CLOUDWATCH_WITHOUT_RESOURCE = ("PutMetricData", "ListMetrics", "GetMetricStatistics", "GetMetricData")
ON_ALARMS = ("PutMetricAlarm", "SetAlarmState", "ListTagsForResource", "TagResource", "UntagResource")
ON_LISTS_OF_ALARMS = ("DescribeAlarms", "DeleteAlarms", "EnableAlarmActions", "DisableAlarmActions")
ON_ZONES = ("ChangeResourceRecordSets", "ListResourceRecordSets", "GetHostedZone", "DeleteHostedZone")
ROUTE53_WITHOUT_RESOURCE = ("ListHostedZones", "ListHostedZonesByName", "CreateHostedZone", "GetHostedZoneCount")
IAM_RESOURCES = {
    "RoleName": "role",
    "UserName": "user",
    "GroupName": "group",
    "InstanceProfileName": "instance-profile",
}


def of_sns(call: Call) -> list[Need]:
    """What a call to SNS takes."""
    action, context = f"sns:{call.operation}", {**tagged(call.parameters.get("Tags")), **untagged(call)}
    if call.operation in SNS_WITHOUT_RESOURCE:
        return [Need(action, "*")]
    if call.operation == "CreateTopic":
        arn = f"arn:aws:sns:{call.region}:{ACCOUNT}:{call.text('Name')}"
        return [Need(name, arn, context) for name in (action, "sns:TagResource")[: 2 if context else 1]]
    if call.operation not in ON_TOPICS:
        raise Unjudgeable(f"{action} is not known here")
    if call.operation == "Subscribe":
        context = {"sns:protocol": (call.text("Protocol"),), "sns:endpoint": (call.text("Endpoint"),)}
    return [Need(action, call.text("TopicArn") or call.text("ResourceArn"), context)]


def of_cloudwatch(call: Call) -> list[Need]:
    """What a call to CloudWatch takes. Which alarm is compared for a list of them is from knowledge."""
    action = f"cloudwatch:{call.operation}"
    context = {**tagged(call.parameters.get("Tags")), **untagged(call)}
    if call.operation in CLOUDWATCH_WITHOUT_RESOURCE:
        namespace = call.text("Namespace")
        return [Need(action, "*", {"cloudwatch:namespace": (namespace,)} if namespace else {})]
    alarm = f"arn:aws:cloudwatch:{call.region}:{ACCOUNT}:alarm:"
    if call.operation in ON_LISTS_OF_ALARMS:
        return [Need(action, f"{alarm}{name}") for name in call.parameters.get("AlarmNames") or ["*"]]
    if call.operation not in ON_ALARMS:
        raise Unjudgeable(f"{action} is not known here")
    arn = call.text("ResourceARN") or f"{alarm}{call.text('AlarmName')}"
    actions = (action, "cloudwatch:TagResource") if call.operation == "PutMetricAlarm" and context else (action,)
    return [Need(name, arn, context) for name in actions]


def of_route53(call: Call) -> list[Need]:
    """What a call to Route 53 takes."""
    action = f"route53:{call.operation}"
    if call.operation in ROUTE53_WITHOUT_RESOURCE:
        return [Need(action, "*")]
    if call.operation == "GetChange":
        return [Need(action, f"arn:aws:route53:::change/{_last(call.text('Id'))}")]
    if call.operation in ("ListTagsForResource", "ChangeTagsForResource"):
        return [Need(action, f"arn:aws:route53:::{call.text('ResourceType')}/{_last(call.text('ResourceId'))}")]
    if call.operation not in ON_ZONES:
        raise Unjudgeable(f"{action} is not known here")
    zone = _last(call.text("HostedZoneId") or call.text("Id"))
    changes = (call.parameters.get("ChangeBatch") or {}).get("Changes") or ()
    return [Need(action, f"arn:aws:route53:::hostedzone/{zone}", _changes(changes))]


def of_sts(call: Call) -> list[Need]:
    """What a call to STS takes; a call with a token of a provider is judged where tokens are read."""
    if call.operation == "GetCallerIdentity":
        return []
    if call.operation != "AssumeRole":
        raise Unjudgeable(f"sts:{call.operation} is not known here")
    arn = call.text("RoleArn")
    return [Need("sts:AssumeRole", arn, {}, trust(arn), policy_must_speak=True)]


def of_iam(call: Call) -> list[Need]:
    """What a call to IAM takes."""
    context = tagged(call.parameters.get("Tags"))
    for name in ("PolicyArn", "OpenIDConnectProviderArn"):
        if arn := call.text(name):
            return [Need(f"iam:{call.operation}", arn, context)]
    for name, kind in IAM_RESOURCES.items():
        if value := call.text(name):
            path = call.text("Path") or "/"
            return [Need(f"iam:{call.operation}", f"arn:aws:iam::{ACCOUNT}:{kind}{path}{value}", context)]
    return [Need(f"iam:{call.operation}", "*", context)]


def trust(role_arn: str) -> str | None:
    """The trust policy of a role, none where there is no such role."""
    try:
        return str(iam_backends[ACCOUNT]["aws"].get_role_by_arn(role_arn).assume_role_policy_document)
    except NotFoundException:
        return None


def _last(text: str) -> str:
    return text.rpartition("/")[2]


def _changes(changes: Iterable[Mapping[str, object]]) -> Context:
    """Names without the last dot and in lower case, as the keys of Route 53 have them."""
    prefix, found = "route53:changeresourcerecordsets", list(changes)
    records = [dict(change["ResourceRecordSet"]) for change in found]  # type: ignore[call-overload]
    if not found:
        return {}
    return {
        f"{prefix}normalizedrecordnames": tuple(str(record["Name"]).lower().rstrip(".") for record in records),
        f"{prefix}recordtypes": tuple(str(record["Type"]) for record in records),
        f"{prefix}actions": tuple(str(change["Action"]) for change in found),
    }
