"""Cyclr's rules over the world's state: accounts, library, installations, effective credentials, service domain.

Shape:   what is found is the state's own object; mutate it only inside ``world.change()``, where these functions
         find the objects of the changed state.
Source:  Cyclr's manual (github cyclr/docs, pages/v2) and an API test suite that ran against the live API in 2023.
"""

from __future__ import annotations

import json
from typing import Any

from stacks.sandbox.cyclr.body import Fields
from stacks.sandbox.cyclr.errors import CyclrError, not_found
from stacks.sandbox.cyclr.tokens import next_id
from stacks.sandbox.schema import ACCOUNT_CONNECTOR
from stacks.sandbox.shape import Json
from stacks.sandbox.world import World

FIRST_INSTALLATION_ID = 1873
"""Ids of installations start after this one."""


def cyclr(world: World) -> dict[str, Any]:
    """Return Cyclr's half of the state."""
    half: dict[str, Any] = world.state["cyclr"]
    return half


def behaviour(world: World) -> dict[str, Any]:
    """Return the switches of what is not known about the vendor."""
    switches: dict[str, Any] = cyclr(world)["behaviour"]
    return switches


def service_domain(world: World) -> str:
    """Return the host that stands in callback URLs and sign-in links."""
    return str(cyclr(world)["service_domain"] or world.addresses.service_domain)


def service_url(world: World) -> str:
    """Return the service domain as a base URL: https, except on this machine."""
    host = service_domain(world)
    return f"{'http' if host.split(':')[0] in {'localhost', '127.0.0.1'} else 'https'}://{host}"


def callback_url(world: World) -> str:
    """Return the redirect URI of every OAuth connector. Source: 75 of the manual's connector guides."""
    return f"{service_url(world)}/connector/callback"


def account(world: World, account_id: str) -> dict[str, Any]:
    """Return an account.

    Raises:  CyclrError 404.
    """
    for found in cyclr(world)["accounts"]:
        if found["Id"] == account_id:
            return found  # type: ignore[no-any-return]
    raise not_found("Account")


def installation(world: World, account_id: str, installation_id: int) -> dict[str, Any]:
    """Return an account connector of one account.

    Raises:  CyclrError 404.
    """
    for found in account(world, account_id)["connectors"]:
        if found["Id"] == installation_id:
            return found  # type: ignore[no-any-return]
    raise not_found("Account connector")


def release(world: World, library_id: int) -> dict[str, Any]:
    """Return a library entry's release by its id, which differs per console and changes on upgrade.

    Raises:  CyclrError 404.
    """
    for found in cyclr(world)["connectors"]:
        if found["Id"] == library_id:
            return found  # type: ignore[no-any-return]
    raise not_found("Connector")


def releases(world: World, name: str, version: str | None = None) -> list[dict[str, Any]]:
    """Return the releases of a name (and version); casing does not matter."""
    return [
        found
        for found in cyclr(world)["connectors"]
        if found["Name"].lower() == name.lower()
        and (version is None or (found["Version"] or "").lower() == version.lower())
    ]


def newest(candidates: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the release an install by name takes: the newest live one, else the newest of any kind.

    Raises:  CyclrError 404 when there is none.
    """
    if not candidates:
        raise not_found("Connector")
    live = [found for found in candidates if found["ReleaseStatus"] == "Live"]
    return max(live or candidates, key=lambda found: int(found["Id"]))


def setup_siblings(world: World, library_id: int) -> list[dict[str, Any]]:
    """Return the releases whose Setup is one and the same: all of the name, or this one, as the switch says."""
    own = release(world, library_id)
    return [own] if behaviour(world)["setup_belongs_to"] == "release" else releases(world, own["Name"])


def install(world: World, account_id: str, found: dict[str, Any], body: Fields) -> int:
    """Install a release in an account and return the installation's id.

    Raises:  CyclrError 400 with the vendor's texts. Source: the API test suite; the name clash from a partner's client.
    """
    if found["ReleaseStatus"] == "Draft":
        raise CyclrError(400, f"Connector {found['Id']} is a draft and cannot be installed.")
    properties = body.objects("Properties")
    for given in properties:
        _check_declared(found, given.text("Name"))
    name = body.text("Name") or found["Name"]
    with world.change():
        check_name_is_free(world, account_id, name)
        fresh = {
            "Id": _new_installation_id(world),
            "Name": name,
            "Description": body.get("Description"),
            "Connector": found["Id"],
            "Authenticated": found["AuthType"] == "None",
            "AuthenticationId": body.get("AuthenticationId"),
            "IsPartnerIntegrationConnector": body.flag("IsPartnerIntegrationConnector"),
        }
        created = ACCOUNT_CONNECTOR.fill(fresh)
        account(world, account_id)["connectors"].append(created)
        if body.get("AuthValue") is not None:
            set_auth_value(created, found, body.get("AuthValue"))
        put_properties(world, created, properties)
    return int(created["Id"])


def all_installations(world: World) -> list[dict[str, Any]]:
    """Return the installations of every account."""
    return [each for owner in cyclr(world)["accounts"] for each in owner["connectors"]]


def check_name_is_free(world: World, account_id: str, name: str, but: int | None = None) -> None:
    """Refuse a name that another installation of the account has."""
    for taken in account(world, account_id)["connectors"]:
        if taken["Name"].lower() == name.lower() and taken["Id"] != but:
            status = int(behaviour(world)["name_in_use_status"])
            raise CyclrError(status, f"Account connector name '{name}' is in use.")


def set_auth_value(target: dict[str, Any], found: dict[str, Any], value: Json) -> None:
    """Set what an installation authenticates with, and whether that makes it authenticated.

    A key or basic connector is authenticated by any value; an OAuth connector by an access token, or, where it can
    fetch one by itself, by "{}". Source: the manual on OAuth authentication.
    """
    target["AuthValue"] = None if value is None else value if isinstance(value, str) else json.dumps(value)
    if not found["AuthType"].startswith("OAuth"):
        target["Authenticated"] = bool(value)
        return
    try:
        parsed = json.loads(target["AuthValue"] or "null")
    except ValueError:
        parsed = None
    fetches_itself = found["OAuth2Type"] in {"ClientCredentials", "PasswordCredentials"}
    target["Authenticated"] = isinstance(parsed, dict) and (bool(parsed.get("AccessToken")) or fetches_itself)


def deauthenticate(target: dict[str, Any]) -> None:
    """Drop an installation's tokens; the provider's token is not revoked."""
    target["Authenticated"], target["AuthValue"] = False, None


def put_properties(world: World, target: dict[str, Any], given: list[Fields]) -> None:
    """Write properties by name, keeping the ids of those that stay; call inside ``world.change()``."""
    for each in given:
        named = find_property(target, each.text("Name"))
        if named is None:
            add_property(world, target, each.text("Name"), each.text("Value"))
        else:
            named["Value"] = each.text("Value")


def add_property(world: World, target: dict[str, Any], name: str, value: str) -> dict[str, Any]:
    """Append a property, whatever its name; call inside ``world.change()``."""
    used = [each["Id"] for one in all_installations(world) for each in one["Properties"]]
    fresh = {"Id": next_id(world, "property", used), "Name": name, "Value": value}
    target["Properties"].append(fresh)
    return fresh


def find_property(target: dict[str, Any], name: str) -> dict[str, Any] | None:
    """Return an installation's property by name, the last one if there are several."""
    named = [each for each in target["Properties"] if each["Name"].lower() == name.lower()]
    return named[-1] if named else None


def _new_installation_id(world: World) -> int:
    used = [each["Id"] for each in all_installations(world)]
    return next_id(world, "installation", [FIRST_INSTALLATION_ID, *used])


def _check_declared(found: dict[str, Any], name: str) -> None:
    declared = {each.get("Name", "").lower(): each for each in found["Parameters"]}
    parameter = declared.get(name.lower())
    if parameter is None:
        raise CyclrError(400, f"There is not a connector property that matches name '{name}'.")
    if not parameter.get("IsAccountConnectorProperty"):
        raise CyclrError(400, f"Connector property name '{name}' is not an account connector property.")
