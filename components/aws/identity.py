"""Whose credentials a run has: asked before anything is read, for another account may have secrets of the same names.

Source: STS API reference, read in November 2026: GetCallerIdentity needs no permission, and none can be denied.
"""

from __future__ import annotations

from components.aws import clients, refusals
from components.errors import AuthError


def check(account: str, where: str, region: str = "") -> None:
    """Pass when the credentials are of the account (twelve digits) that the stack file names.

    Raises: AuthError, when they are of another one, or AWS does not take them; TransportError, DeclarationError.
    """
    client = clients.client("sts", region, where)
    answer = refusals.asked(
        client.get_caller_identity,
        "Account",
        where=where,
        action="sts:GetCallerIdentity",
        resource="the account of this run",
    )
    if answer["Account"] != account:
        raise AuthError(
            "The credentials for AWS are of another account",
            where=where,
            why=f"the stack file names account {account}, and they are of account {answer['Account']}",
            fix=f"take a role of account {account} (AWS_PROFILE, or the step of the job that takes the role); "
            "or mend aws.account in the stack file",
        )
