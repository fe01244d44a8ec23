"""What a run must leave as it is: the state of both vendors without what the declaration is about."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.contract.convergence.explained import Before, Write

OBSERVER = "cyclr-connectors-observer"
"""The user that Cyclr makes for a sign-in token."""


def touched(before: Before, after: Mapping[str, Any], writes: Sequence[Write]) -> dict[str, Any]:
    """Path of a thing that nobody declared -> what it was and what it became; `writes` are those that were due."""
    one = dict(_leaves(_undeclared(before, before.vendors, writes)))
    other = dict(_leaves(_undeclared(before, after, writes)))
    return {path: (one.get(path), other.get(path)) for path in one | other if one.get(path) != other.get(path)}


def _undeclared(before: Before, vendors: Mapping[str, Any], writes: Sequence[Write]) -> dict[str, Any]:
    """A state of the vendors without what the declaration is about.

    Two things happen to the rest at the vendors themselves: they drop a domain from any list that is written, and end a
    consent when its link is opened.
    """
    rest: dict[str, Any] = json.loads(json.dumps(vendors))
    _without_fields(before, rest["facebook"], writes)
    cyclr = rest["cyclr"]
    made = {write.parameters["Id"] for write in writes if write.call == "POST /v1.0/accounts"}
    cyclr["accounts"] = [account for account in cyclr["accounts"] if account["Id"] not in made]
    for account in cyclr["accounts"]:
        account["users"] = [user for user in account["users"] if user != OBSERVER]
        entries = [_without_declared(before, entry) for entry in account["connectors"]]
        account["connectors"] = [entry for entry in entries if not _comes_or_goes(before, entry, writes)]
    return rest


def _without_fields(before: Before, facebook: dict[str, Any], writes: Sequence[Write]) -> None:
    app = facebook["apps"][before.declaration["appId"]]
    for name in before.fields:
        del app[name]
    kept = [] if before.exclusive else [domain for domain in app["app_domains"] if domain not in before.domains]
    suffixes = facebook["behaviour"]["dropped_domain_suffixes"]
    if any("app_domains" in write.parameters for write in writes if write.call.startswith("POST /v25.0/")):
        kept = [domain for domain in kept if not any(f".{domain}".endswith(f".{suffix}") for suffix in suffixes)]
    app["app_domains"] = sorted(kept)


def _without_declared(before: Before, entry: dict[str, Any]) -> dict[str, Any]:
    looked = before.own()
    if looked is None or looked["Id"] != entry["Id"]:
        return entry
    declared = {name.lower() for name in before.declaration["properties"]}
    entry["Properties"] = [each for each in entry["Properties"] if each["Name"].lower() not in declared]
    if before.vendors["facebook"]["behaviour"]["authorise_link_on_authenticated"] == "drops_consent":
        del entry["Authenticated"], entry["AuthValue"]
    return entry


def _comes_or_goes(before: Before, entry: Mapping[str, Any], writes: Sequence[Write]) -> bool:
    """Whether the run was to remove it, or it is the one that the run was to make: marked, with what was declared."""
    calls = [write.call for write in writes]
    if f"DELETE /v1.0/account/connectors/{entry['Id']}" in calls:
        return True
    there = {each["Id"] for account in before.vendors["cyclr"]["accounts"] for each in account["connectors"]}
    holds = {each["Name"]: each["Value"] for each in entry["Properties"]}
    whole = entry["Description"] == before.mark and holds == before.declaration["properties"]
    return any(call.endswith("/install") for call in calls) and entry["Id"] not in there and whole


def _leaves(thing: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Path -> value of everything that is neither a mapping nor a list with something in it."""
    inside = thing.items() if isinstance(thing, Mapping) else enumerate(thing) if isinstance(thing, list) else ()
    if not inside:
        yield path, thing
    for key, value in inside:
        yield from _leaves(value, f"{path}/{key}")
