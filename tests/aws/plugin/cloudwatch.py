"""Alarms on one metric. AWS overwrites an existing alarm of the same name, so no name is ever taken."""

from __future__ import annotations

from typing import Any

from tests.aws.plugin.calls import Account, retagged, tag_list, tags_of, unless
from tests.aws.plugin.comparison import same_set
from tests.aws.plugin.kinds import Kind, Problems
from tests.aws.plugin.values import Props, is_unknown

_FIELDS = {
    "actionsEnabled": "ActionsEnabled",
    "alarmActions": "AlarmActions",
    "alarmDescription": "AlarmDescription",
    "comparisonOperator": "ComparisonOperator",
    "datapointsToAlarm": "DatapointsToAlarm",
    "evaluationPeriods": "EvaluationPeriods",
    "extendedStatistic": "ExtendedStatistic",
    "insufficientDataActions": "InsufficientDataActions",
    "metricName": "MetricName",
    "namespace": "Namespace",
    "okActions": "OKActions",
    "period": "Period",
    "statistic": "Statistic",
    "threshold": "Threshold",
    "treatMissingData": "TreatMissingData",
    "unit": "Unit",
}
"""What AWS takes and tells in the same form; the name, dimensions and tags it does not."""
_ALLOWED = {
    "comparisonOperator": (
        "GreaterThanOrEqualToThreshold",
        "GreaterThanThreshold",
        "LessThanThreshold",
        "LessThanOrEqualToThreshold",
    ),
    "statistic": ("SampleCount", "Average", "Sum", "Minimum", "Maximum"),
    "treatMissingData": ("breaching", "notBreaching", "ignore", "missing"),
}
_NEEDED = ("comparisonOperator", "evaluationPeriods", "metricName", "namespace", "period", "threshold")
"""Of an alarm on one metric, the only ones served; the SDK's table also has those on queries, which need less."""
_ACTIONS = ("alarmActions", "insufficientDataActions", "okActions")


def _rules(inputs: Props) -> Problems:
    for name in _NEEDED:
        if name not in inputs:
            yield name, "an alarm on one metric needs this argument"
    for name, allowed in _ALLOWED.items():
        if name in inputs and inputs[name] not in allowed and not is_unknown(inputs[name]):
            yield name, f"expected one of {', '.join(allowed)}"
    if ("statistic" in inputs) == ("extendedStatistic" in inputs):
        yield "statistic", "one of `extendedStatistic,statistic` must be specified"


def _put(account: Account, name: str, inputs: Props, **more: Any) -> None:
    wanted = {theirs: inputs[ours] for ours, theirs in _FIELDS.items() if ours in inputs}
    wanted["Dimensions"] = tag_list(inputs.get("dimensions"), "Name", "Value")
    account.client("cloudwatch", inputs.get("region")).put_metric_alarm(AlarmName=name, **wanted, **more)


def _create(account: Account, inputs: Props) -> str:
    name = str(inputs["name"])
    _put(account, name, inputs, **({"Tags": tag_list(inputs["tags"])} if inputs.get("tags") else {}))
    return name


def _read(account: Account, identity: str, state: Props) -> Props | None:
    client = account.client("cloudwatch", state.get("region"))
    alarms = client.describe_alarms(AlarmNames=[identity], AlarmTypes=["MetricAlarm"])["MetricAlarms"]
    if not alarms:
        return None
    alarm = alarms[0]
    tags = tags_of(client.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"])
    return {
        "arn": alarm["AlarmArn"],
        "name": alarm["AlarmName"],
        "dimensions": tags_of(alarm.get("Dimensions", []), "Name", "Value"),
        "region": state.get("region", account.region),
        "tags": tags,
        "tagsAll": tags,
        **{ours: _number(alarm[theirs]) for ours, theirs in _FIELDS.items() if theirs in alarm},
    }


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _update(account: Account, identity: str, state: Props, inputs: Props, changed: frozenset[str]) -> None:
    if changed - {"tags"}:
        _put(account, identity, inputs)
    if "tags" in changed:
        client = account.client("cloudwatch", state.get("region"))
        gone, new = retagged(state.get("tags"), inputs.get("tags"))
        if gone:
            client.untag_resource(ResourceARN=state["arn"], TagKeys=gone)
        if new:
            client.tag_resource(ResourceARN=state["arn"], Tags=tag_list(new))


def _delete(account: Account, identity: str, state: Props) -> None:
    with unless("ResourceNotFound"):
        account.client("cloudwatch", state.get("region")).delete_alarms(AlarmNames=[identity])


_ALARM = Kind(
    noun="CloudWatch Metric Alarm",
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    served=frozenset({*_FIELDS, "dimensions", "name", "region", "tags"}),
    immutable=frozenset({"name", "region"}),
    computed=frozenset({"region"}),
    defaults={"actionsEnabled": True, "treatMissingData": "missing"},
    same=dict.fromkeys(_ACTIONS, same_set),
    rules=_rules,
)
KINDS = {"aws:cloudwatch/metricAlarm:MetricAlarm": _ALARM}
