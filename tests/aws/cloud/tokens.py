"""`sts:AssumeRoleWithWebIdentity`: a token of an identity provider against the trust of a role.

The token's signature is not checked; its issuer, audience and time are, and so is the trust of the role.
Source:  STS API reference; IAM user guide, "Available keys for AWS OIDC federation"
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from typing import Any

from moto.iam.models import iam_backends

from tests.aws.cloud.account import ACCOUNT
from tests.aws.cloud.answers import Refused
from tests.aws.cloud.calls import Call
from tests.aws.cloud.conditions import Context
from tests.aws.cloud.needs_of_others import trust
from tests.aws.cloud.policies import Need, Principal, Verdict, decide

OPERATION = "AssumeRoleWithWebIdentity"
DENIED = Refused(403, "AccessDenied", f"Not authorized to perform sts:{OPERATION}")
CLAIMS = ("aud", "sub", "amr")
"""What a trust policy can ask of a token, each as `HOST/PATH:CLAIM`."""


def admitted(call: Call) -> str:
    """The subject that a token lets in.

    Raises:  Refused, as STS refuses the token or the role; Unjudgeable
    """
    claims = _claims(call.text("WebIdentityToken"))
    host = str(claims.get("iss", "")).removeprefix("https://").rstrip("/")
    provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{host}"
    known = next(
        (item for item in iam_backends[ACCOUNT]["aws"].list_open_id_connect_providers() if item == provider), ""
    )
    audiences = _texts(claims.get("aud"))
    if not known:
        raise Refused(
            400, "InvalidIdentityToken", f"No OpenIDConnect provider found in your account for https://{host}"
        )
    accepted = iam_backends[ACCOUNT]["aws"].get_open_id_connect_provider(provider).client_id_list
    if not set(audiences) & set(accepted or ()):
        raise Refused(400, "InvalidIdentityToken", "Incorrect token audience")
    if float(claims.get("exp", 0)) <= time.time():
        raise Refused(
            400, "ExpiredTokenException", "Token expired: the current date/time must be before the expiration"
        )
    role_arn = call.text("RoleArn")
    context: Context = {f"{host.lower()}:{name}": values for name in CLAIMS if (values := _texts(claims.get(name)))}
    subject = Principal(provider, frozenset({provider}), ACCOUNT)
    need = Need(f"sts:{OPERATION}", role_arn, context, trust(role_arn), policy_must_speak=True)
    if decide(subject, need) is not Verdict.ALLOWED:
        raise DENIED
    return str(claims.get("sub", ""))


def _claims(token: str) -> Mapping[str, Any]:
    try:
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (IndexError, ValueError) as error:
        raise Refused(400, "InvalidIdentityToken", "The ID Token provided is not a valid JWT.") from error
    return claims if isinstance(claims, dict) else {}


def _texts(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(str(item) for item in values if item is not None)
