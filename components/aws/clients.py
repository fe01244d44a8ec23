"""Clients of AWS's APIs, the only place that makes them: bounded in time, and only for who uses AWS.

Region:      the one that is given, else AWS_REGION, AWS_DEFAULT_REGION or the profile.
Credentials: whatever AWS's own tools would take: environment, profile, web identity, the machine's role.
Units:       seconds.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from components.errors import DeclarationError

CONNECT_TIMEOUT = 5
READ_TIMEOUT = 15
ATTEMPTS = 3
"""In all; the library waits between them, longer each time."""


def client(service: str, region: str = "", where: str = "", **options: Any) -> Any:
    """A client of one service; boto3 is imported by the first call.

    Raises: DeclarationError, when the package or the region is missing, or the profile is.
    """
    try:
        import boto3  # noqa: PLC0415 - who does not use AWS does not pay for it
        from botocore import session as sessions  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415
    except ImportError:
        raise missing_packages(where) from None
    timing = Config(
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=READ_TIMEOUT,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
    config = timing.merge(options.pop("config")) if "config" in options else timing
    # botocore itself reads AWS_DEFAULT_REGION and the profile only.
    region = region or os.environ.get("AWS_REGION", "")
    profile = options.pop("profile", None)
    try:
        session = sessions.Session(profile=profile)
        session.register_component("data_loader", _descriptions())
        return boto3.session.Session(botocore_session=session).client(
            service, region_name=region or None, config=config, **options
        )
    except BotoCoreError as error:
        raise _unusable(type(error).__name__, where) from None


@cache
def _descriptions() -> Any:
    """AWS's descriptions of its services: megabytes of JSON, which a process reads once and no session changes."""
    from botocore.loaders import Loader  # noqa: PLC0415

    return Loader()


def missing_packages(where: str) -> DeclarationError:
    """The error for an environment on AWS where the packages for it are not installed."""
    return DeclarationError(
        "The packages for AWS are not installed",
        where=where,
        why="this needs AWS, and boto3 or pulumi-aws is missing",
        fix="run: make setup AWS=yes (or install the extra `aws` of this package)",
    )


def _unusable(kind: str, where: str) -> DeclarationError:
    if kind == "NoRegionError":
        why, fix = "no region is named", "set AWS_REGION"
    elif kind == "ProfileNotFound":
        why, fix = "AWS_PROFILE names a profile that is not there", "name another one, or sign in: aws configure sso"
    else:
        why, fix = f"its settings on this machine cannot be used ({kind})", "check AWS_* variables and ~/.aws/config"
    return DeclarationError("AWS cannot be asked", where=where, why=why, fix=fix)
