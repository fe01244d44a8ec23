"""Pages of Cyclr's console about one account: what is installed, and what a person does with it.

Source:  Cyclr's manual on accounts and connectors: upgrading is a button of the console and has no API.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from flask import Flask, redirect, render_template, request
from werkzeug.wrappers import Response

from stacks.sandbox.cyclr.body import Fields
from stacks.sandbox.cyclr.errors import CyclrError
from stacks.sandbox.cyclr.model import (
    account,
    add_property,
    cyclr,
    deauthenticate,
    find_property,
    install,
    installation,
    newest,
    put_properties,
    release,
    releases,
)
from stacks.sandbox.cyclr.tokens import issue_sign_in
from stacks.sandbox.world import World

ONE = "/accounts/<account_id>/connectors/<int:installation_id>"
CONSOLE_USER = "console"


def installation_pages(app: Flask, world: World) -> None:
    """Serve an account's page and the pages of its installations."""
    _pages(app, world)
    _property_forms(app, world)
    _buttons(app, world)

    @app.post("/accounts/<account_id>/connectors")
    def install_by_hand(account_id: str) -> Response:
        found = release(world, request.form.get("connector", 0, type=int))
        body = Fields({"Name": request.form.get("name", "").strip() or None})
        return _to(account_id, install(world, account_id, found, body), "Installed.")


def _pages(app: Flask, world: World) -> None:
    @app.get("/accounts/<account_id>")
    def account_page(account_id: str) -> str:
        return render_template(
            "cyclr/account.html",
            account=account(world, account_id),
            library={each["Id"]: each for each in cyclr(world)["connectors"]},
            notice=request.args.get("done"),
        )

    @app.get(ONE)
    def installation_page(account_id: str, installation_id: int) -> str:
        found = installation(world, account_id, installation_id)
        installed = release(world, found["Connector"])
        newer = newest(releases(world, installed["Name"]))
        return render_template(
            "cyclr/installation.html",
            account=account(world, account_id),
            installation=found,
            connector=installed,
            newer=newer if newer["Id"] != installed["Id"] else None,
            here=f"/accounts/{quote(account_id)}/connectors/{installation_id}",
            notice=request.args.get("done"),
        )


def _property_forms(app: Flask, world: World) -> None:
    @app.post(f"{ONE}/properties")
    def save_property(account_id: str, installation_id: int) -> Response:
        name, value = request.form.get("name", "").strip(), request.form.get("value", "")
        if not name:
            raise CyclrError(400, "Name is required")
        with world.change():
            found = installation(world, account_id, installation_id)
            if find_property(found, name) is None:
                add_property(world, found, name, value)
            else:
                put_properties(world, found, [Fields({"Name": name, "Value": value})])
        return _to(account_id, installation_id, "Saved.")

    @app.post(f"{ONE}/properties/<int:property_id>/delete")
    def remove_property(account_id: str, installation_id: int, property_id: int) -> Response:
        with world.change():
            found = installation(world, account_id, installation_id)
            found["Properties"] = [each for each in found["Properties"] if each["Id"] != property_id]
        return _to(account_id, installation_id, "Deleted.")


def _buttons(app: Flask, world: World) -> None:
    @app.post(f"{ONE}/authenticate")
    def authenticate(account_id: str, installation_id: int) -> Response:
        installation(world, account_id, installation_id)
        token, _ = issue_sign_in(world, account_id, CONSOLE_USER)
        back = f"http://{world.addresses.service_domain}/accounts/{quote(account_id)}/connectors/{installation_id}"
        query = urlencode({"id": installation_id, "token": token, "targetOrigin": back})
        return redirect(f"/connectorauth/updateaccountconnectoroauth?{query}", 303)

    @app.post(f"{ONE}/deauthenticate")
    def drop_consent(account_id: str, installation_id: int) -> Response:
        with world.change():
            deauthenticate(installation(world, account_id, installation_id))
        return _to(account_id, installation_id, "De-authenticated.")

    @app.post(f"{ONE}/upgrade")
    def upgrade(account_id: str, installation_id: int) -> Response:
        with world.change():
            found = installation(world, account_id, installation_id)
            found["Connector"] = newest(releases(world, release(world, found["Connector"])["Name"]))["Id"]
        return _to(account_id, installation_id, "Upgraded.")

    @app.post(f"{ONE}/delete")
    def delete(account_id: str, installation_id: int) -> Response:
        with world.change():
            account(world, account_id)["connectors"].remove(installation(world, account_id, installation_id))
        return redirect(f"/accounts/{quote(account_id)}?done=Deleted.", 303)


def _to(account_id: str, installation_id: int, done: str) -> Response:
    return redirect(f"/accounts/{quote(account_id)}/connectors/{installation_id}?{urlencode({'done': done})}", 303)
