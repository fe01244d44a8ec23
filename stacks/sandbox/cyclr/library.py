"""The Connector Library on Cyclr's API: reading it, and installing from it.

Source:  the operation list in Cyclr's manual (a screenshot of 2020, still shipped in 2023); an API test suite.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, jsonify, request

from stacks.sandbox.cyclr.access import account_level
from stacks.sandbox.cyclr.body import Fields, page_of, sent
from stacks.sandbox.cyclr.errors import CyclrError, not_found
from stacks.sandbox.cyclr.model import behaviour, cyclr, install, installation, newest, release, releases
from stacks.sandbox.cyclr.shown import shown_installation, shown_release
from stacks.sandbox.world import World


def library_routes(app: Flask, world: World) -> None:
    """Serve the list, and entries by id (an object), by name and by name and version (arrays)."""

    @app.get("/v1.0/connectors")
    def list_connectors() -> Response:
        _check_level(world)
        return page_of([shown_release(each) for each in _searched(world)], behaviour(world))

    @app.get("/v1.0/connectors/<int:library_id>")
    def get_by_id(library_id: int) -> Response:
        _check_level(world)
        return jsonify(shown_release(release(world, library_id)))

    @app.get("/v1.0/connectors/<name>")
    @app.get("/v1.0/connectors/<name>/<version>")
    def get_by_name(name: str, version: str | None = None) -> Response:
        _check_level(world)
        found = releases(world, name, version)
        if not found and behaviour(world)["unknown_connector_name"] == "404":
            raise not_found("Connector")
        return jsonify([shown_release(each) for each in found])

    @app.get("/v1.0/connectors/<name>/methods")
    @app.get("/v1.0/connectors/<name>/<version>/methods")
    def list_methods(name: str, version: str | None = None) -> Response:
        _check_level(world)
        _chosen(world, name, version)
        return jsonify([])


def install_routes(app: Flask, world: World) -> None:
    """Serve the three forms of install."""

    @app.post("/v1.0/connectors/<name>/install")
    @app.post("/v1.0/connectors/<name>/<version>/install")
    def post_install(name: str, version: str | None = None) -> Response:
        account_id = account_level(world)
        found = _chosen(world, name, version)
        body = sent()
        status = int(behaviour(world)["null_install_body_status"])
        if body is None and status != 200:
            raise CyclrError(status, "An error has occurred.")
        installed = install(world, account_id, found, body or Fields({}))
        return jsonify(shown_installation(world, installation(world, account_id, installed)))


def _chosen(world: World, name: str, version: str | None) -> dict[str, Any]:
    if name.isdecimal() and version is None:
        return release(world, int(name))
    return newest(releases(world, name, version))


def _check_level(world: World) -> None:
    if behaviour(world)["catalogue_needs_account"] or g.bearer.account is not None:
        account_level(world)


def _searched(world: World) -> list[dict[str, Any]]:
    name, category = request.args.get("query", "").lower(), request.args.get("category", "").lower()
    custom = request.args.get("includeCustomConnectors", "").lower() == "true"
    return [
        each
        for each in cyclr(world)["connectors"]
        if name in each["Name"].lower()
        and (not category or category in (one.lower() for one in each["Categories"]))
        and (custom or each["IsSystemConnector"])
    ]
