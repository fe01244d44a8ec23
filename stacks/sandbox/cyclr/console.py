"""Pages of Cyclr's console: the Connector Library with its Setup forms, General Settings, accounts.

What stands in these forms has no API at the vendor; a person, or a test that plays one, sets it here.

Source:  Cyclr's guides to connector setup; docs.cyclr.com/using-cyclr/custom-service-domains.
"""

from __future__ import annotations

import re

from flask import Flask, redirect, render_template, request
from werkzeug.wrappers import Response

from stacks.sandbox.cyclr.accounts import create
from stacks.sandbox.cyclr.body import Fields
from stacks.sandbox.cyclr.model import (
    all_installations,
    callback_url,
    cyclr,
    deauthenticate,
    release,
    service_domain,
    setup_siblings,
)
from stacks.sandbox.world import World

HOST = re.compile(r"localhost:\d+|(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
SETUP_FIELDS = ("client_id", "client_secret", "scopes")


def console_routes(app: Flask, world: World) -> None:
    """Serve the pages that are not about one account."""
    _library_pages(app, world)
    _settings_pages(app, world)

    @app.get("/")
    def console() -> str:
        domain = service_domain(world)
        return render_template("cyclr/console.html", state=cyclr(world), domain=domain, notice=request.args.get("done"))

    @app.post("/accounts")
    def add_account() -> Response:
        made = create(world, request.form.get("id", "").strip(), Fields({"Name": request.form.get("name", "").strip()}))
        return redirect(f"/accounts/{made['Id']}", 303)


def _library_pages(app: Flask, world: World) -> None:
    @app.get("/connectors/<int:library_id>/setup")
    def setup_form(library_id: int) -> str:
        return render_template(
            "cyclr/setup.html",
            connector=release(world, library_id),
            callback_url=callback_url(world),
            shared=len(setup_siblings(world, library_id)) > 1,
            notice=request.args.get("done"),
        )

    @app.post("/connectors/<int:library_id>/setup")
    def save_setup(library_id: int) -> Response:
        with world.change():
            for each in setup_siblings(world, library_id):
                each["setup"] = {name: request.form.get(name, "").strip() for name in SETUP_FIELDS}
        return redirect(f"/connectors/{library_id}/setup?done=Saved.", 303)


def _settings_pages(app: Flask, world: World) -> None:
    @app.get("/settings/general")
    def general_settings() -> str:
        return _settings_page(world, notice=request.args.get("done"))

    @app.post("/settings/general/support/service-domain")
    def change_service_domain() -> Response | tuple[str, int]:
        given = request.form.get("service_domain", "").strip().lower()
        if given and not HOST.fullmatch(given):
            text = f"{given} is not a host name: write it without https:// and without a path."
            return _settings_page(world, notice=text, notice_kind="bad"), 400
        with world.change() as state:
            state["cyclr"]["service_domain"] = given or None
            # Google ties a consent to the domain. Source: the manual on custom service domains.
            for each in all_installations(world):
                if release(world, each["Connector"])["Name"].startswith("Google"):
                    deauthenticate(each)
        return redirect("/settings/general?done=Support+has+changed+the+service+domain.", 303)


def _settings_page(world: World, notice: str | None, notice_kind: str = "good") -> str:
    return render_template(
        "cyclr/settings.html",
        domain=service_domain(world),
        own_domain=world.addresses.service_domain,
        callback_url=callback_url(world),
        notice=notice,
        notice_kind=notice_kind,
    )
