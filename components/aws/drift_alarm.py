"""DriftAlarm: who hears that an environment differs, or that nobody looked. Wiring only.

Source: CloudWatch user guide, read in November 2026: periods of an hour or more may cover seven days in all; a window
        slides; while an evaluation lacks datapoints it takes older ones first, a few periods back, and then what
        `treat_missing_data` says.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch, sns

from components.aws import policies

TYPE = "cyclr-connectors:aws:DriftAlarm"
HOUR = 3600
"""Seconds."""


@dataclass(frozen=True)
class DriftAlarmArgs:
    """The alarm's declaration, canonical."""

    environment: str
    email: str
    namespace: str
    metric: str
    """The heartbeat: 1 for each look at the environment in which everything could be observed."""
    hours: int
    """How long nothing may be heard."""


class DriftAlarm(pulumi.ComponentResource):
    """A topic, its subscription, and two alarms that go to it."""

    topic_arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        args: DriftAlarmArgs,
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the children under `name`."""
        super().__init__(TYPE, name, {}, opts)
        self._name, self._args = name, args
        self._options = pulumi.ResourceOptions(parent=self, provider=provider)
        unheard, findings = (policies.alarm(args.environment, about) for about in policies.ALARMS)
        topic = sns.Topic(
            f"{name}-topic",
            name=policies.topic(args.environment),
            tags=policies.tags(args.environment),
            opts=self._options,
        )
        sns.TopicSubscription(
            f"{name}-email", topic=topic.arn, protocol="email", endpoint=args.email, opts=self._options
        )
        # Hour by hour: with one long period, older heartbeats would be taken for a few times that period.
        self._alarm(
            "heartbeat",
            topic,
            name=unheard,
            alarm_description=f"No look at {args.environment} for {args.hours} hours that could see everything; "
            "see: cyclr-connectors drift",
            metric_name=args.metric,
            statistic="Sum",
            comparison_operator="LessThanThreshold",
            threshold=1,
            period=HOUR,
            evaluation_periods=args.hours,
            datapoints_to_alarm=args.hours,
        )
        # One period: a finding counts at once. Where nothing is told, CloudWatch first goes by older ones, up to a few
        # periods, so that it is the other alarm that tells in time of looks that are missing or not complete.
        self._alarm(
            "findings",
            topic,
            name=findings,
            alarm_description=f"A look at {args.environment} found something, or for days none told anything; "
            "see: cyclr-connectors drift",
            metric_name=policies.FINDINGS,
            statistic="Maximum",
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            period=args.hours * HOUR,
            evaluation_periods=1,
        )
        self.topic_arn = topic.arn
        self.register_outputs({"topic_arn": self.topic_arn})

    def _alarm(self, suffix: str, topic: sns.Topic, **facts: str | int) -> None:
        cloudwatch.MetricAlarm(
            f"{self._name}-{suffix}",
            namespace=self._args.namespace,
            dimensions={policies.DIMENSION: self._args.environment},
            treat_missing_data="breaching",
            alarm_actions=[topic.arn],
            tags=policies.tags(self._args.environment),
            opts=self._options,
            **facts,
        )
