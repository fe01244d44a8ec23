"""Secrets that live at AWS: which version is current, and its value.

The version tells a change to who may only describe; the value is for the provider alone.
Source: Secrets Manager and Systems Manager API references, read in November 2026: a secret that is to be deleted has a
        DeletedDate; the stage AWSCURRENT is on at most one version, and on none while no value was ever put.
Never:  a value in a message; a parameter's value where only its version is wanted, unless AWS holds it encrypted.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from components.aws import clients, refusals
from components.errors import AuthError, NotFound, Rejected
from components.secrets import PARAMETER_STORE, SECRETS_MANAGER, Reference

CURRENT = "AWSCURRENT"
_NOUNS = {SECRETS_MANAGER: "secret", PARAMETER_STORE: "parameter"}


class _Question(NamedTuple):
    """A call, what each answer to it has, and the permission that it needs."""

    method: str
    key: str
    action: str


_DESCRIBE = _Question("describe_secret", "ARN", "secretsmanager:DescribeSecret")
_READ = _Question("get_secret_value", "ARN", "secretsmanager:GetSecretValue")
_PARAMETER = _Question("get_parameter", "Parameter", "ssm:GetParameter")


def version(reference: Reference, where: str, region: str = "", entries: Collection[str] = ()) -> str:
    """Which version is current, for who may not read the value: a version id, for a parameter its number.

    `entries` are those that the stack file refers to, for an error that says what to put.
    Raises: AuthError, when AWS refuses or there is no value; RateLimited, TransportError, DeclarationError.
    """
    if reference.kind != SECRETS_MANAGER:
        return str(_parameter(reference, where, region, decrypted=False)["Version"])
    client = clients.client("secretsmanager", _region(reference, region), where)
    described = _asked(client, _DESCRIBE, reference, where, SecretId=reference.name)
    if described.get("DeletedDate"):
        raise _deleted(reference, where)
    for each, stages in (described.get("VersionIdsToStages") or {}).items():
        if CURRENT in stages:
            return str(each)
    raise empty(reference, where, entries)


def value(reference: Reference, where: str, region: str = "") -> str:
    """The whole current value, in memory only.

    Raises: AuthError, when AWS refuses or there is no value; RateLimited, TransportError, DeclarationError.
    """
    if reference.kind != SECRETS_MANAGER:
        return str(_parameter(reference, where, region, decrypted=True)["Value"])
    client = clients.client("secretsmanager", _region(reference, region), where)
    try:
        answer = _asked(client, _READ, reference, where, SecretId=reference.name, VersionStage=CURRENT)
    except Rejected:
        version(reference, where, region)  # says so if it is scheduled for deletion, which a read does not
        raise
    text = answer.get("SecretString")
    if not text:
        why, fix = "its current version holds bytes or nothing", "put its value as a text"
        raise AuthError(f"Secret {reference.name} holds no text", where=where, why=why, fix=fix)
    return str(text)


def entry(text: str, reference: Reference, where: str) -> str:
    """What a reference means of a whole value: one entry of a JSON object, or all of it.

    Raises: AuthError, when there is no such entry.
    """
    if not reference.key:
        return text
    what = f"Secret {reference.name} has no entry {reference.key}"
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        why, fix = "its value is no JSON", "put a JSON object, or take #KEY out of the reference"
        raise AuthError(what, where=where, why=why, fix=fix) from None
    found = parsed.get(reference.key) if isinstance(parsed, dict) else None
    if isinstance(found, str) and found:
        return found
    why = "its value is JSON without that entry, or the entry is no text"
    raise AuthError(what, where=where, why=why, fix="mend the part behind # in the stack file, or put the entry")


def empty(reference: Reference, where: str, entries: Collection[str] = ()) -> AuthError:
    """The error for a secret that was made and never given a value; `entries` as in `version`."""
    named = sorted({*entries, reference.key} - {""})
    held = json.dumps(dict.fromkeys(named, "...")) if named else "the secret alone, without a line end"
    command = f"aws secretsmanager put-secret-value --secret-id {reference.name} --secret-string file://FILE"
    return AuthError(
        f"Secret {reference.name} holds no value yet",
        where=where,
        why=f"none of its versions is {CURRENT}",
        fix=f"put it: {command}\n         where FILE holds {held}",
    )


def _asked(client: Any, question: _Question, reference: Reference, where: str, **given: Any) -> dict[str, Any]:
    """A secret that is not there has no value for us; it is never a gone object, which would look like drift."""
    resource = f"{_NOUNS[reference.kind]} {reference.name}"
    try:
        return refusals.asked(
            lambda: getattr(client, question.method)(**given),
            question.key,
            where=where,
            action=question.action,
            resource=resource,
        )
    except NotFound:
        region = client.meta.region_name
        place = "where its ARN points" if reference.name.startswith("arn:") else f"in {region} in this account"
        raise AuthError(
            f"There is no value behind {reference}",
            where=where,
            why=f"AWS has no {resource} with a value {place}",
            fix="make it and put its value, or mend the reference in the stack file, the region (aws.region, else "
            "AWS_REGION) or the credentials",
        ) from None


def _parameter(reference: Reference, where: str, region: str, *, decrypted: bool) -> Mapping[str, Any]:
    client = clients.client("ssm", region, where)
    answer = _asked(client, _PARAMETER, reference, where, Name=reference.name, WithDecryption=decrypted)
    parameter: Mapping[str, Any] = answer["Parameter"]
    if parameter.get("Type") != "SecureString":
        raise AuthError(
            f"Parameter {reference.name} is no SecureString",
            where=where,
            why="whoever may list parameters reads its value as plain text",
            fix="replace the secret at the vendor, put it as a SecureString under a new name, and refer to that",
        )
    return parameter


def _deleted(reference: Reference, where: str) -> AuthError:
    return AuthError(
        f"Secret {reference.name} is scheduled for deletion",
        where=where,
        why="AWS gives no value of it any more, and removes it when its recovery window ends",
        fix=f"run: aws secretsmanager restore-secret --secret-id {reference.name}",
    )


def _region(reference: Reference, region: str) -> str:
    """The region that an ARN names; else the given one."""
    return reference.name.split(":")[3] if reference.name.startswith("arn:") else region
