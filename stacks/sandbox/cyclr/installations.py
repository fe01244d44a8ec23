"""Account connectors on Cyclr's API: installations, their properties, and the method calls that are refused.

Source:  an API test suite that ran against the live API; Cyclr's manual on the IP restriction of method calls.
"""

from __future__ import annotations

import uuid

from flask import Flask, Response, jsonify

from stacks.sandbox.cyclr.access import account_level, address_in
from stacks.sandbox.cyclr.body import Fields, page_of, sent, sorted_as_asked
from stacks.sandbox.cyclr.errors import CyclrError, not_found
from stacks.sandbox.cyclr.model import (
    account,
    add_property,
    behaviour,
    check_name_is_free,
    deauthenticate,
    find_property,
    installation,
    put_properties,
    release,
    set_auth_value,
)
from stacks.sandbox.cyclr.shown import shown_installation, shown_property
from stacks.sandbox.shape import Json
from stacks.sandbox.world import World

ONE = "/v1.0/account/connectors/<int:installation_id>"
ONE_PROPERTY = f"{ONE}/properties/<int:property_id>"


def installation_routes(app: Flask, world: World) -> None:
    """Serve list, read, partial update, delete and deauthenticate."""

    @app.get("/v1.0/account/connectors")
    def list_installations() -> Response:
        owner = account(world, account_level(world))
        return page_of([shown_installation(world, each) for each in owner["connectors"]], behaviour(world))

    @app.get(ONE)
    def get_installation(installation_id: int) -> Response:
        return jsonify(shown_installation(world, installation(world, account_level(world), installation_id)))

    @app.put(ONE)
    def put_installation(installation_id: int) -> Response:
        account_id = account_level(world)
        with world.change():
            update(world, account_id, installation_id, sent() or Fields({}))
            return jsonify(shown_installation(world, installation(world, account_id, installation_id)))

    @app.delete(ONE)
    def delete_installation(installation_id: int) -> Response:
        account_id = account_level(world)
        with world.change():
            account(world, account_id)["connectors"].remove(installation(world, account_id, installation_id))
        return Response(status=200)

    @app.put(f"{ONE}/deauthenticate")
    def put_deauthenticate(installation_id: int) -> Response:
        account_id = account_level(world)
        with world.change():
            found = installation(world, account_id, installation_id)
            deauthenticate(found)
        return jsonify({"Message": f"Connector '{found['Name']}' successfully de-authenticated."})


def property_routes(app: Flask, world: World) -> None:
    """Serve an installation's properties; any name is accepted here, also one the connector does not declare."""

    @app.get(f"{ONE}/properties")
    def list_properties(installation_id: int) -> Response:
        found = installation(world, account_level(world), installation_id)
        return jsonify(sorted_as_asked([shown_property(world, found, each) for each in found["Properties"]]))

    @app.post(f"{ONE}/properties")
    def post_property(installation_id: int) -> Response:
        account_id, body = account_level(world), sent() or Fields({})
        if not body.text("Name"):
            raise CyclrError(400, "Name is required")
        with world.change():
            found = installation(world, account_id, installation_id)
            return jsonify(shown_property(world, found, posted_property(world, found, body)))

    @app.get(ONE_PROPERTY)
    def get_property(installation_id: int, property_id: int) -> Response:
        found = installation(world, account_level(world), installation_id)
        return jsonify(shown_property(world, found, one_property(found, property_id)))

    @app.put(ONE_PROPERTY)
    def put_property(installation_id: int, property_id: int) -> Response:
        account_id, body = account_level(world), sent() or Fields({})
        with world.change():
            found = installation(world, account_id, installation_id)
            there = one_property(found, property_id)
            there["Name"] = body.text("Name") or there["Name"]
            there["Value"] = body.text("Value") if "Value" in body else there["Value"]
            return jsonify(shown_property(world, found, there))

    @app.delete(ONE_PROPERTY)
    def delete_property(installation_id: int, property_id: int) -> Response:
        account_id = account_level(world)
        with world.change():
            found = installation(world, account_id, installation_id)
            found["Properties"].remove(one_property(found, property_id))
        return Response(status=200)


def method_routes(app: Flask, world: World) -> None:
    """Serve method and test calls: blocked for third-party connectors unless support approved the caller's address."""

    @app.route(f"{ONE}/methods/<method>", methods=["GET", "POST"])
    @app.route(f"{ONE}/test/<method>", methods=["GET", "POST"])
    def call(installation_id: int, method: str) -> Response:
        found = installation(world, account_level(world), installation_id)
        native = not release(world, found["Connector"])["IsSystemConnector"]
        if not native and not address_in(behaviour(world)["approved_ips"]):
            status = int(behaviour(world)["blocked_method_status"])
            raise CyclrError(status, "Your IP address is not approved to call methods of this connector.")
        if not method.isdecimal() and not _is_guid(method):
            raise CyclrError(400, "The request is invalid.")
        # The sandbox's connectors have no methods, so each is an unknown one.
        raise not_found("Method")


def update(world: World, account_id: str, installation_id: int, body: Fields) -> None:
    """Write the fields that were sent and no others; call inside ``world.change()``."""
    found = installation(world, account_id, installation_id)
    if body.text("Name"):
        check_name_is_free(world, account_id, body.text("Name"), but=installation_id)
        found["Name"] = body.text("Name")
    if "Description" in body:
        found["Description"] = body.get("Description")
    if "AuthValue" in body:
        set_auth_value(found, release(world, found["Connector"]), body.get("AuthValue"))
    if "Properties" in body:
        given = body.objects("Properties")
        if behaviour(world)["put_properties"] == "replaces":
            names = {each.text("Name").lower() for each in given}
            found["Properties"] = [each for each in found["Properties"] if each["Name"].lower() in names]
        put_properties(world, found, given)


def posted_property(world: World, found: dict[str, Json], body: Fields) -> dict[str, Json]:
    """Write a new property, or a second one of its name, or the one there is, as the switch says."""
    there = find_property(found, body.text("Name"))
    if there is None or behaviour(world)["post_existing_property"] == "duplicates":
        return add_property(world, found, body.text("Name"), body.text("Value"))
    there["Value"] = body.text("Value")
    return there


def one_property(found: dict[str, Json], property_id: int) -> dict[str, Json]:
    """Return a property of an installation by its id.

    Raises:  CyclrError 404.
    """
    for each in found["Properties"]:
        if each["Id"] == property_id:
            return each  # type: ignore[no-any-return]
    raise not_found("Property")


def _is_guid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
