"""What Cyclr's API shows of its objects.

Never:   shows a library entry's Setup.
Source:  an API test suite that ran against the live API; both sides of what is unknown are switches.
"""

from __future__ import annotations

from typing import Any

from stacks.sandbox.cyclr.model import behaviour, release
from stacks.sandbox.world import World

HIDDEN_VALUE = "********"


def shown_release(found: dict[str, Any]) -> dict[str, Any]:
    """Return a release as the API answers it."""
    return {key: value for key, value in found.items() if key != "setup"}


def shown_installation(world: World, found: dict[str, Any]) -> dict[str, Any]:
    """Return an account connector as the API answers it, with its whole release inside."""
    installed = release(world, found["Connector"])
    readable = world.state["facebook"]["behaviour"]["auth_value_readable"] or installed["AuthType"] != "OAuth2"
    return {
        "Id": found["Id"],
        "Name": found["Name"],
        "Description": found["Description"],
        "AuthValue": found["AuthValue"] if readable else None,
        "Authenticated": found["Authenticated"],
        "AuthenticationId": found["AuthenticationId"],
        "Connector": shown_release(installed),
        "IsPartnerIntegrationConnector": found["IsPartnerIntegrationConnector"],
        "Properties": [shown_property(world, found, each) for each in found["Properties"]],
        "CustomFields": found["CustomFields"],
    }


def shown_property(world: World, owner: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Return a property as the API answers it, its value in clear unless the switch masks sensitive ones."""
    hidden = behaviour(world)["sensitive_values"] == "masked" and _is_sensitive(world, owner, found["Name"])
    value = HIDDEN_VALUE if hidden else found["Value"]
    return {"Id": found["Id"], "Name": found["Name"], "Value": value, "AccountConnectorId": owner["Id"]}


def _is_sensitive(world: World, owner: dict[str, Any], name: str) -> bool:
    declared = {each.get("Name"): each for each in release(world, owner["Connector"])["Parameters"]}
    return name == "ClientSecret" or bool(declared.get(name, {}).get("IsSensitive"))
