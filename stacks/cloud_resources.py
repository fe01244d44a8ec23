"""From the part `aws:` of a stack file to its resources; imported by stacks that have one.

Never: a value of a secret; the containers are filled by people.
"""

from __future__ import annotations

import pulumi
import pulumi_aws

from components.aws.drift_alarm import DriftAlarm, DriftAlarmArgs
from components.aws.secret_container import SecretContainer, SecretContainerArgs
from components.aws.service_domain_record import ServiceDomainRecord, ServiceDomainRecordArgs
from stacks.settings import AwsSettings, EnvironmentSettings


def make(settings: EnvironmentSettings, declared: AwsSettings) -> dict[str, pulumi.Output[str]]:
    """Containers, record and alarm; the names of the containers, each known once its secret is there.

    Raises: ConnectorError, when a name is taken by somebody else.
    """
    # Credentials of another account would make everything a second time there.
    provider = pulumi_aws.Provider("aws", region=declared.region, allowed_account_ids=[declared.account])
    environment = settings.environment
    if record := declared.service_domain_record:
        args = ServiceDomainRecordArgs(settings.service_domain, record.zone_id, record.target, record.ttl)
        ServiceDomainRecord("service-domain", args, provider)
    if alarm := declared.drift_alarm:
        heard = DriftAlarmArgs(environment, alarm.email, alarm.namespace, alarm.metric, alarm.hours)
        DriftAlarm("drift", heard, provider)
    containers = {
        name: SecretContainer(
            name, SecretContainerArgs(name, environment, declared.account, declared.region, entry.readers), provider
        )
        for name, entry in declared.secrets.items()
    }
    return {name: container.secret_name for name, container in containers.items()}
