"""What an environment fills the templates of its policies with: the names of what is its own, as AWS spells them.

Source: the layout of the CLI's state in a bucket, observed with Pulumi CLI 3.274 (November 2026): stacks, history,
        backups and locks of a project each in a folder of its own. Secrets Manager puts a dash and six signs behind the
        name of a secret, read in November 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from components import secrets
from components.aws import policies
from components.secrets import PARAMETER_STORE, SECRETS_MANAGER, Reference
from stacks.operations.policies.rendering import Facts
from stacks.settings_aws import AccessSettings, AwsSettings
from stacks.settings_model import EnvironmentSettings
from stacks.settings_rules import PROJECT

_PERHAPS_WHOLE = re.compile(r"arn:.*-[A-Za-z0-9]{6}")
"""An ARN that may hold what AWS puts behind the name of a secret."""
_SOME_SIGNS = "-??????"


def facts(settings: EnvironmentSettings, declared: AwsSettings, access: AccessSettings) -> Facts:
    """Everything that the permissions name."""
    stack = settings.environment.rpartition("/")[2]
    partition = access.state_key.split(":")[1]
    here = f"{declared.region}:{declared.account}"
    found = references(settings)
    manager = f"arn:{partition}:secretsmanager:{here}"
    referred = [arn for each in found if _is_secret(each) for arn in _secret(each, manager)]
    parameters = [f"arn:{partition}:ssm:{here}:parameter{each.name}" for each in found if each.kind == PARAMETER_STORE]
    key = f"arn:{partition}:kms:{here}:key/*"
    return {
        "stack": stack,
        "project": PROJECT,
        "tag": policies.ENVIRONMENT_TAG,
        "marks": f"{policies.MARKS}*",
        "partition": partition,
        "account": declared.account,
        "region": declared.region,
        "bucket": access.state_bucket,
        "folder": f"{access.state_folder}/" if access.state_folder else "",
        "state_key": access.state_key,
        "referred_secrets": _each(referred),
        "secret_names": _each([*(each.name for each in found if _is_secret(each)), *declared.secrets]),
        "services_of_secrets": _each(f"secretsmanager.{_part(arn, 3)}.amazonaws.com" for arn in referred),
        "keys_of_secrets": _each(f"arn:{partition}:kms:{_part(arn, 3)}:{_part(arn, 4)}:key/*" for arn in referred),
        "parameters": _each(parameters),
        "keys_of_parameters": (key,) if parameters else (),
        **_containers(declared, stack, manager, key),
        **_record(settings, declared, partition),
        **_alarm(declared, stack, partition, here),
    }


def subjects(facts: Facts, access: AccessSettings, role: str) -> Facts:
    """What the trust of a role names: who signs the tokens, and the runs that may take it."""
    named: Sequence[str] = getattr(access.subjects, role)
    wild = [each for each in named if "*" in each or "?" in each]
    return {
        **facts,
        "issuer": access.identity_provider,
        "subjects": _each(_literal(each) for each in named if each not in wild),
        "subject_patterns": _each(map(_literal, wild)),
    }


def references(settings: EnvironmentSettings) -> list[Reference]:
    """The secrets at AWS that the stack file refers to, without the entries inside them."""
    found = map(secrets.parse_reference, settings.secret_references())
    return sorted({each.whole for each in found if each.in_aws}, key=lambda each: (each.kind, each.name))


def _containers(declared: AwsSettings, stack: str, secrets_here: str, key: str) -> Facts:
    some = bool(declared.secrets)
    alias = key.removesuffix("key/*")
    return {
        "containers": _each(f"{secrets_here}:secret:{name}{_SOME_SIGNS}" for name in declared.secrets),
        "keys": (key,) if some else (),
        "aliases": (f"{alias}{policies.alias(stack, '')}*",) if some else (),
        "any_key": ("*",) if some else (),
        "any_alias": ("*",) if some else (),
    }


def _record(settings: EnvironmentSettings, declared: AwsSettings, partition: str) -> Facts:
    record = declared.service_domain_record
    return {
        "zones": (f"arn:{partition}:route53:::hostedzone/{record.zone_id}",) if record else (),
        "record_names": (settings.service_domain,) if record else (),
        "any_change": (f"arn:{partition}:route53:::change/*",) if record else (),
    }


def _alarm(declared: AwsSettings, stack: str, partition: str, here: str) -> Facts:
    alarm = declared.drift_alarm
    alarms = f"arn:{partition}:cloudwatch:{here}:alarm"
    return {
        "namespaces": (alarm.namespace,) if alarm else (),
        "topics": (f"arn:{partition}:sns:{here}:{policies.topic(stack)}",) if alarm else (),
        "any_subscription": ("*",) if alarm else (),
        # A question for alarms by their names is judged as one for all of them.
        "any_alarm": (f"{alarms}:*",) if alarm else (),
        "alarms": _each(f"{alarms}:{policies.alarm(stack, about)}" for about in policies.ALARMS) if alarm else (),
    }


def _secret(reference: Reference, secrets_here: str) -> list[str]:
    """The ARN of a secret, with room for the signs that AWS puts behind a name."""
    if not reference.name.startswith("arn:"):
        return [f"{secrets_here}:secret:{reference.name}{_SOME_SIGNS}"]
    open_ended = f"{reference.name}{_SOME_SIGNS}"
    # A name may end as AWS's own signs do (staging-vendor): which of the two it is, only AWS could tell.
    return [reference.name, open_ended] if _PERHAPS_WHOLE.fullmatch(reference.name) else [open_ended]


def _is_secret(reference: Reference) -> bool:
    return reference.kind == SECRETS_MANAGER


def _literal(subject: str) -> str:
    """The subject, with what IAM would take for a variable of its own as plain signs."""
    return subject.replace("${", "${$}{")


def _part(arn: str, number: int) -> str:
    return arn.split(":")[number]


def _each(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
