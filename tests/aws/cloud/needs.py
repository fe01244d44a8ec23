"""Which rights a call takes: the actions, the resources that IAM compares, and the keys that conditions can ask for.

Source:  AWS's service authorization reference, a page a service; from knowledge where a function says so
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from tests.aws.cloud import needs_of_keys, needs_of_others, needs_of_s3, needs_of_secrets
from tests.aws.cloud.account import ACCOUNT
from tests.aws.cloud.calls import Call
from tests.aws.cloud.conditions import Context, Unjudgeable
from tests.aws.cloud.policies import Need, Principal

BY_SERVICE: Mapping[str, Callable[[Call], list[Need]]] = {
    "s3": needs_of_s3.needs,
    "kms": needs_of_keys.needs,
    "secretsmanager": needs_of_secrets.of_secrets_manager,
    "ssm": needs_of_secrets.of_parameters,
    "sns": needs_of_others.of_sns,
    "cloudwatch": needs_of_others.of_cloudwatch,
    "route53": needs_of_others.of_route53,
    "sts": needs_of_others.of_sts,
    "iam": needs_of_others.of_iam,
}


def needs(call: Call) -> list[Need]:
    """What a call takes, the first thing that AWS asks for first.

    Raises:  Unjudgeable, for a service or operation that is not known here
    """
    if call.service not in BY_SERVICE or not call.operation:
        raise Unjudgeable(f"{call.service}:{call.operation or '?'} is not known here")
    return BY_SERVICE[call.service](call)


def asked_by(principal: Principal, call: Call, need: Need) -> Need:
    """A need with the keys that every request carries."""
    role = next((name for name in principal.names if ":role/" in name), principal.arn)
    everywhere: Context = {
        "aws:principalarn": (role,),
        "aws:principalaccount": (principal.account,),
        "aws:principalisawsservice": ("false",),
        "aws:requestedregion": (call.region,),
        "aws:resourceaccount": (ACCOUNT,),
        "aws:securetransport": ("true",),  # loopback stands for TLS
        "aws:viaawsservice": ("false",),
    }
    return replace(need, context={**everywhere, **need.context})
