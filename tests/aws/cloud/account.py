"""The one account of this AWS, and what tests and service say to each other about it; without moto.

Source:  the account's number is moto's own
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ACCOUNT = "123456789012"
REGION = "eu-west-1"
CONTROL = "/_cloud/"
"""Where the service is asked about itself."""
TOKEN_LIFE = 600
"""Seconds that a token made here is valid."""

Kind = Literal[
    "throttling", "expired", "denied", "down", "server-error", "unavailable", "stall", "garbage", "disabled-key"
]
"""What can go wrong: the service's own error for the first three and for 500, 503 and a disabled key; `down` drops the
connection, `stall` never answers, `garbage` answers as a hotel's network does."""


@dataclass(frozen=True)
class Credentials:
    """What a client signs with."""

    access_key: str
    secret_key: str
    token: str = ""


ROOT = Credentials("AKIAACCOUNTITSELF000", "the-account-itself-signs-with-this")
"""The account itself, which may do everything that no policy of a resource denies."""


@dataclass
class Record:
    """A call as it is written down."""

    service: str
    action: str
    """The operation of the API."""
    resource: str
    principal: str
    status: int = 0
    """HTTP status; 0 where no answer was given."""
    error: str = ""
    """The code of the error, or the fault, where the call did not come through to moto."""


def token(claims: Mapping[str, object]) -> str:
    """A token of an identity provider with these claims, signed by nobody."""
    now = int(time.time())
    parts = ({"alg": "none", "typ": "JWT"}, {"iat": now, "exp": now + TOKEN_LIFE, **claims})
    head, body = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return f"{head}.{body}.unsigned"
