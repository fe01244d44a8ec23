"""DNS records.

A record that exists already is refused here, before AWS is asked to make it: moto refuses only one that is the same in
everything, and would make a second one beside a foreign one.
"""

from __future__ import annotations

from typing import Any

from tests.aws.plugin.calls import Account, Refusal, found
from tests.aws.plugin.comparison import same_domain, same_set
from tests.aws.plugin.kinds import Kind, Problems
from tests.aws.plugin.values import Props

GONE = "NoSuchHostedZone"
TYPES = frozenset(
    {"A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF", "SRV", "SSHFP", "SVCB"}
    | {"TLSA", "TXT"}
)


def _rules(inputs: Props) -> Problems:
    if not inputs.get("records"):
        yield "records", "one of `aliases,records` must be specified"
    elif "ttl" not in inputs:
        yield "ttl", "all of `records,ttl` must be specified"


def _create(account: Account, inputs: Props) -> str:
    zone, kind = _zone_id(inputs["zoneId"]), inputs["type"]
    domain = _full_name(inputs["name"], _zone_name(account, zone))
    if not inputs.get("allowOverwrite"):
        _refuse_existing(account, zone, domain, kind)
    _change(account, zone, ("UPSERT" if inputs.get("allowOverwrite") else "CREATE", _record_set(domain, inputs)))
    return "_".join((zone, inputs["name"].lower().rstrip("."), kind))


def _refuse_existing(account: Account, zone: str, domain: str, kind: str) -> None:
    for each in _record_sets(account, zone, domain):
        if each["Type"] == kind:
            raise Refusal(
                f"InvalidChangeBatch: Tried to create resource record set [name='{domain}.', type='{kind}'] "
                "but it already exists"
            )
        if "CNAME" in (each["Type"], kind):
            raise Refusal(
                f"InvalidChangeBatch: RRSet of type {kind} with DNS name {domain}. is not permitted as it "
                "conflicts with other records with the same DNS name"
            )


def _read(account: Account, identity: str, state: Props) -> Props | None:
    zone, name, kind = _parts(identity)
    answer = found(account.client("route53").get_hosted_zone, GONE, Id=zone)
    if answer is None:
        return None
    domain = _full_name(name, answer["HostedZone"]["Name"])
    for each in _record_sets(account, zone, domain):
        if each["Type"] == kind:
            return {
                "fqdn": domain,
                "name": state.get("name", name),
                "records": [item["Value"] for item in each.get("ResourceRecords", [])],
                "setIdentifier": "",
                "ttl": each.get("TTL", 0),
                "type": kind,
                "zoneId": zone,
            }
    return None


def _update(account: Account, _identity: str, state: Props, inputs: Props, changed: frozenset[str]) -> None:
    domain = state["fqdn"]
    if "type" in changed:
        old, new = _record_set(domain, state), _record_set(domain, inputs)
        _change(account, state["zoneId"], ("DELETE", old), ("CREATE", new))
    elif changed - {"allowOverwrite"}:
        _change(account, state["zoneId"], ("UPSERT", _record_set(domain, inputs)))


def _delete(account: Account, identity: str, _state: Props) -> None:
    zone, name, kind = _parts(identity)
    answer = found(account.client("route53").get_hosted_zone, GONE, Id=zone)
    if answer is None:
        return
    for each in _record_sets(account, zone, _full_name(name, answer["HostedZone"]["Name"])):
        if each["Type"] == kind:
            _change(account, zone, ("DELETE", each))


def _change(account: Account, zone: str, *changes: tuple[str, dict[str, Any]]) -> None:
    client = account.client("route53")
    batch = {"Comment": "Managed by Pulumi", "Changes": [{"Action": a, "ResourceRecordSet": r} for a, r in changes]}
    change = client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)["ChangeInfo"]
    client.get_waiter("resource_record_sets_changed").wait(Id=change["Id"])


def _record_sets(account: Account, zone: str, domain: str) -> list[dict[str, Any]]:
    """What there is of this name, of any type."""
    pages = (
        account.client("route53")
        .get_paginator("list_resource_record_sets")
        .paginate(HostedZoneId=zone, StartRecordName=domain, StartRecordType="A")
    )
    every = [each for page in pages for each in page["ResourceRecordSets"]]
    return [each for each in every if same_domain(each["Name"].replace("\\052", "*"), domain)]


def _record_set(domain: str, inputs: Props) -> dict[str, Any]:
    values = [{"Value": value} for value in inputs["records"]]
    return {"Name": domain, "Type": inputs["type"], "TTL": inputs["ttl"], "ResourceRecords": values}


def _zone_name(account: Account, zone: str) -> str:
    return str(account.client("route53").get_hosted_zone(Id=zone)["HostedZone"]["Name"])


def _zone_id(zone: str) -> str:
    return zone.removeprefix("/hostedzone/")


def _full_name(name: str, zone_name: str) -> str:
    name, zone_name = name.lower().rstrip("."), zone_name.lower().rstrip(".")
    return name if name == zone_name or name.endswith(f".{zone_name}") else f"{name}.{zone_name}"


def _parts(identity: str) -> tuple[str, str, str]:
    """Zone, name and type: a name may hold underscores, the others do not."""
    zone, _, rest = identity.partition("_")
    name, _, kind = rest.rpartition("_")
    if not name or kind not in TYPES:
        raise Refusal(f"{identity} is no id of a record: ZONEID_NAME_TYPE; a set identifier is not served")
    return zone, name, kind


_RECORD = Kind(
    noun="Route 53 Record",
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    served=frozenset({"name", "type", "zoneId", "records", "ttl", "allowOverwrite"}),
    immutable=frozenset({"name", "zoneId"}),
    unread=frozenset({"allowOverwrite"}),
    computed=frozenset({"allowOverwrite"}),
    same={"name": same_domain, "records": same_set, "zoneId": lambda old, new: _zone_id(old) == _zone_id(new)},
    rules=_rules,
    name_prefix=None,
)
KINDS = {"aws:route53/record:Record": _RECORD}
