"""The sign of life of a scheduled look as metrics in CloudWatch, for alarms that count missing data as bad.

Shape:   namespace and metric out of `cloudwatch:NAMESPACE/METRIC`; of each environment looked at, with the dimension
         Environment, METRIC = 1 where everything could be observed, and `Findings` = how many there are. The first
         tells that there was a complete look, the second what makes exit code 7. Of an incomplete look what was found
         is told all the same, and that nothing was found is not.
Source:  PutMetricData in CloudWatch's API reference, read in November 2026.
Never:   imports AWS's library unless a metric is asked for; shows a credential.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from components.aws.policies import DIMENSION, FINDINGS
from components.errors import ConnectorError, DeclarationError
from stacks.operations.summary.findings import STATES, State
from stacks.operations.summary.survey import Survey

SCHEME = "cloudwatch:"
ACTION = "cloudwatch:PutMetricData"
MOST = 1000
"""Metrics in one call."""

_NAMESPACE = re.compile(r"[A-Za-z0-9._#:/-]{1,255}")
_METRIC = re.compile(r"[A-Za-z0-9._#:-]{1,255}")


@dataclass(frozen=True)
class Metric:
    """Where a sign of life is kept."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{SCHEME}{self.namespace}/{self.name}"


class Alarm(NamedTuple):
    """What the alarm of an environment listens to."""

    region: str
    metric: Metric

    def __str__(self) -> str:
        return f"{self.metric} in {self.region}"


def metric(text: str) -> Metric:
    """The metric that is meant; its name is what comes after the last slash.

    Raises: DeclarationError, when it is none.
    """
    namespace, slash, name = text.removeprefix(SCHEME).rpartition("/")
    if not slash or not namespace or not name:
        raise _wrong("a namespace, a slash and the name of a metric belong behind cloudwatch:")
    if namespace.startswith("AWS/"):
        raise _wrong("namespaces that start with AWS/ are AWS's own")
    if name == FINDINGS:
        raise _wrong(f"{FINDINGS} is the name of the metric that is sent beside it")
    if not _NAMESPACE.fullmatch(namespace) or not _METRIC.fullmatch(name):
        raise _wrong("namespace and metric are at most 255 letters, digits and signs of . - _ # :")
    return Metric(namespace, name)


class Heartbeat:
    """A client that is ready before the look: what is wrong on this machine is known before anything is asked."""

    def __init__(self, text: str, alarms: Mapping[str, Alarm] | None = None) -> None:
        """`alarms`: stack -> what its alarm listens to.

        Raises: DeclarationError, when it is no metric, AWS's library or the region is missing, or an alarm would not
            hear it.
        """
        from components.aws import clients  # noqa: PLC0415 - who has no metric does not pay for it

        self.metric = metric(text)
        self.where = f"--heartbeat {self.metric}"
        self._client: Any = clients.client("cloudwatch", where=self.where)
        sent = Alarm(self._client.meta.region_name, self.metric)
        for stack, alarm in (alarms or {}).items():
            if alarm != sent:
                raise _unheard(stack, alarm, sent)

    def __call__(self, surveys: Sequence[Survey]) -> None:
        """Tell CloudWatch what there is to tell of each of these environments.

        Raises: ConnectorError, when it does not take it.
        """
        from components.aws import refusals  # noqa: PLC0415

        told = list(values(self.metric, surveys))
        try:
            for start in range(0, len(told), MOST):
                # The library reads no body here: only its number tells an answer from a page of somebody between.
                refusals.asked(
                    partial(self._put, told[start : start + MOST]),
                    "RequestId",
                    where=self.where,
                    action=ACTION,
                    resource=f"namespace {self.metric.namespace} (condition cloudwatch:namespace)",
                )
        except ConnectorError as error:
            error.what = f"The heartbeat was not heard. {error.what}"
            raise

    def _put(self, metrics: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        answer = self._client.put_metric_data(Namespace=self.metric.namespace, MetricData=metrics)
        facts: Mapping[str, Any] = answer["ResponseMetadata"]
        return facts


def values(metric: Metric, surveys: Sequence[Survey]) -> Iterator[dict[str, Any]]:
    """What is told of each environment."""
    for survey in surveys:
        # The alarms of a stack know it by its own name, without organisation and project.
        dimensions = [{"Name": DIMENSION, "Value": survey.environment.rpartition("/")[2]}]
        complete = survey.state is not State.NOT_OBSERVED
        found = [each for each in survey.findings if STATES[each.kind] is not State.NOT_OBSERVED]
        if complete:
            yield {"MetricName": metric.name, "Dimensions": dimensions, "Value": 1.0, "Unit": "Count"}
        if complete or found:
            yield {"MetricName": FINDINGS, "Dimensions": dimensions, "Value": float(len(found)), "Unit": "Count"}


def _unheard(stack: str, alarm: Alarm, sent: Alarm) -> DeclarationError:
    return DeclarationError(
        f"The alarm of stack {stack} would not hear this heartbeat",
        where=f"--heartbeat {sent}",
        why=f"it listens to {alarm}, as aws.driftAlarm and aws.region say",
        fix=f"run with AWS_REGION={alarm.region} and --heartbeat {alarm.metric}, or mend the stack file",
    )


def _wrong(why: str) -> DeclarationError:
    return DeclarationError(
        "The heartbeat cannot be sent there",
        where="--heartbeat",
        why=why,
        fix=f"name a namespace and a metric: --heartbeat {SCHEME}NAMESPACE/METRIC",
    )
