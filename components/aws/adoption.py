"""What already stands at AWS under a name that we are about to declare: ours to take back, or somebody else's.

`destroy` leaves secrets, keys and records where they are, and a killed run may have made one that no state holds; the
next run imports them. The program cannot know what the state holds. It need not: an import of what is held already is
nothing to do, and what is refused is refused by a hook that the engine calls before it creates, and only then. So a
secret of ours that lost its mark is a difference to mend, and the same secret without a state is somebody else's.
Source: Secrets Manager, KMS and Route 53 API references, read in November 2026; engine 3.274, which imports first and
        then updates what differs.
Never:  a write; something taken over that does not carry our mark, or that differs where there are no marks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pulumi

from components.aws import clients, hosted_zones, policies, refusals
from components.errors import DeclarationError, NotFound


@dataclass(frozen=True)
class Standing:
    """Ids to import; None for what is to be made."""

    secret: str | None = None
    key: str | None = None
    alias: str | None = None
    record: str | None = None
    refused: DeclarationError | None = None
    """Why nothing may be made there: the name is somebody else's, or what has it is about to be deleted."""


def container(secret_name: str, environment: str, region: str) -> Standing:
    """What stands of the container of a secret.

    Raises: AuthError, RateLimited, Rejected, TransportError, DeclarationError, when AWS does not tell.
    """
    try:
        return _container(secret_name, environment, region)
    except _Taken as taken:
        return Standing(refused=taken)


def record(domain: str, zone_id: str, target: str, ttl: int, environment: str) -> Standing:
    """A record that is exactly the declared one is taken back; it has no tags that would say whose it is.

    Raises: as `container`; NotFound, when there is no such zone; DeclarationError too, as `hosted_zones.check`.
    """
    where = f"aws.serviceDomainRecord of stack {environment}"
    client = clients.client("route53", "", where)
    resource = f"hosted zone {zone_id}"
    asked = partial(refusals.asked, where=where, resource=resource)
    try:
        zone = asked(lambda: client.get_hosted_zone(Id=zone_id), "HostedZone", action="route53:GetHostedZone")
    except NotFound as missing:
        missing.fix = hosted_zones.OTHER_ZONE  # nothing of Route 53 is in a region
        raise
    hosted_zones.check(domain, zone_id, zone["HostedZone"], where)
    answer = asked(
        lambda: client.list_resource_record_sets(HostedZoneId=zone_id, StartRecordName=domain, MaxItems="10"),
        "ResourceRecordSets",
        action="route53:ListResourceRecordSets",
    )
    found = [each for each in answer["ResourceRecordSets"] if each["Name"].rstrip(".").lower() == domain]
    if not found:
        return Standing()
    leads = _plain(found[0]) if len(found) == 1 else None
    if leads == (target.rstrip(".").lower(), ttl):
        return Standing(record=f"{zone_id}_{domain}_CNAME")
    kinds = ", ".join(sorted({str(each["Type"]) for each in found}))
    declare = "take serviceDomainRecord out of the stack file"
    if leads:
        declare = f"to take it over as it is, declare target {leads[0]} and ttl {leads[1]}"
    taken = _Taken(
        f"{domain} has other records already ({kinds})",
        where=where,
        why=f"a CNAME to {target} for {ttl} seconds is declared, and what others made is never overwritten",
        fix=f"{declare}; or remove what stands there from hosted zone {zone_id}",
    )
    return Standing(refused=taken)


def refusal(name: str, refused: DeclarationError | None) -> pulumi.ResourceHookBinding | None:
    """What keeps the engine, in a preview too, from creating where something is refused; None where nothing is."""
    if refused is None:
        return None

    def refuse(_: pulumi.ResourceHookArgs) -> None:
        raise refused

    # The name stands before the error: before hook "NAME" failed: ...
    hook = pulumi.ResourceHook(f"{name} is free", refuse, pulumi.ResourceHookOptions(on_dry_run=True))
    return pulumi.ResourceHookBinding(before_create=[hook])


class _Taken(DeclarationError):
    """A name at AWS that we may not use."""


def _container(secret_name: str, environment: str, region: str) -> Standing:
    where = f"aws.secrets.{secret_name} of stack {environment}"
    name = policies.alias(environment, secret_name)
    kms = clients.client("kms", region, where)
    described = _secret(secret_name, environment, region, where)
    untag = f"aws secretsmanager untag-resource --secret-id {secret_name} --tag-keys {policies.KEY_TAG}"
    if described is None:
        key, otherwise = _aliases(kms, where).get(name), f"take alias {name} off it"
    else:
        key = _tags(described.get("Tags"), "Key", "Value").get(policies.KEY_TAG)
        otherwise = f"have secret {secret_name} forget it, to get a key of its own: {untag}"
    if key and not _usable(kms, key, environment, where, otherwise):
        key = None
    alias = name if key and name in _aliases(kms, where, key) else None
    return Standing(described["ARN"] if described else None, key, alias)


def _plain(found: Mapping[str, Any]) -> tuple[str, int] | None:
    """Target and TTL of a record that could be declared; None for any other one."""
    values = [str(each["Value"]).rstrip(".").lower() for each in found.get("ResourceRecords", ())]
    if found["Type"] != "CNAME" or "SetIdentifier" in found or len(values) != 1:
        return None
    return values[0], int(found.get("TTL", 0))


def _secret(secret_name: str, environment: str, region: str, where: str) -> dict[str, Any] | None:
    client = clients.client("secretsmanager", region, where)
    resource = f"secret {secret_name}"
    try:
        described = refusals.asked(
            lambda: client.describe_secret(SecretId=secret_name),
            "ARN",
            where=where,
            action="secretsmanager:DescribeSecret",
            resource=resource,
        )
    except NotFound:
        return None
    tag = f"aws secretsmanager tag-resource --secret-id {secret_name} --tags Key={policies.ENVIRONMENT_TAG},Value="
    another = "choose another name in the stack file"
    _check_environment(
        _tags(described.get("Tags"), "Key", "Value"), environment, resource, where, tag=tag, otherwise=another
    )
    if described.get("DeletedDate"):
        raise _Taken(
            f"Secret {secret_name} is scheduled for deletion",
            where=where,
            why="its name stays taken until its recovery window ends, and a new one cannot be made before",
            fix=f"run: aws secretsmanager restore-secret --secret-id {secret_name}",
        )
    return described


def _check_environment(
    found: Mapping[str, str], environment: str, what: str, where: str, *, tag: str, otherwise: str
) -> None:
    """Raises _Taken for something without our mark, or with that of another environment."""
    owner = found.get(policies.ENVIRONMENT_TAG)
    if owner == environment:
        return
    if owner is None:
        raise _Taken(
            f"There is a {what} already, and it is not ours",
            where=where,
            why=f"it has no tag {policies.ENVIRONMENT_TAG}; what others made is never taken over",
            fix=f"{otherwise}; or, if it is for this environment, run: {tag}{environment}",
        )
    raise _Taken(
        f"There is a {what} already, and it belongs to another environment",
        where=where,
        why=f"its tag {policies.ENVIRONMENT_TAG} says {owner}, and each environment has its own secrets and keys",
        fix=otherwise,
    )


def _usable(kms: Any, key: str, environment: str, where: str, otherwise: str) -> bool:
    """Whether there is such a key.

    Raises: _Taken, for one that is not of the environment, or is about to be deleted.
    """
    asked = partial(refusals.asked, where=where, resource=f"key {key}")
    try:
        described = asked(lambda: kms.describe_key(KeyId=key), "KeyMetadata", action="kms:DescribeKey")
        tagged = asked(lambda: kms.list_resource_tags(KeyId=key), "Tags", action="kms:ListResourceTags")
    except NotFound:
        return False
    tag = f"aws kms tag-resource --key-id {key} --tags TagKey={policies.ENVIRONMENT_TAG},TagValue="
    tags = _tags(tagged["Tags"], "TagKey", "TagValue")
    _check_environment(tags, environment, f"key {key}", where, tag=tag, otherwise=otherwise)
    if described["KeyMetadata"]["KeyState"] in ("PendingDeletion", "PendingReplicaDeletion"):
        raise _Taken(
            f"Key {key} is scheduled for deletion",
            where=where,
            why="with the key go all values that it encrypts",
            fix=f"run: aws kms cancel-key-deletion --key-id {key} && aws kms enable-key --key-id {key}",
        )
    return True


def _aliases(kms: Any, where: str, key: str = "") -> dict[str, str]:
    """Aliases and the ids of their keys: of one key, or all of the account in this region."""
    asked = {"KeyId": key} if key else {}
    pages = refusals.pages(
        lambda: kms.get_paginator("list_aliases").paginate(**asked),
        "Aliases",
        where=where,
        action="kms:ListAliases",
        resource=f"key {key}" if key else "the aliases of the account",
    )
    return {each["AliasName"]: each.get("TargetKeyId", "") for page in pages for each in page["Aliases"]}


def _tags(entries: Any, key: str, value: str) -> dict[str, str]:
    return {each[key]: each[value] for each in entries or ()}
