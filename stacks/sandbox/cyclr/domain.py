"""Cyclr's service domain, the sandbox's fourth port: the OAuth hand-off and, beside it, the console's pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, render_template
from werkzeug.exceptions import HTTPException

from stacks.sandbox.cyclr.connect import hand_off_routes
from stacks.sandbox.cyclr.console import console_routes
from stacks.sandbox.cyclr.console_installations import installation_pages
from stacks.sandbox.cyclr.errors import CyclrError
from stacks.sandbox.pages import page_app
from stacks.sandbox.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CASELESS = ("/connectorauth/", "/connector/", "/account/")
"""Beginnings of the vendor's own paths, which match in any casing: guides write them in several."""


def create_service_domain(world: World) -> Flask:
    """Return the app of the service domain's port."""
    app = page_app(__name__, world)
    hand_off_routes(app, world)
    console_routes(app, world)
    installation_pages(app, world)
    app.wsgi_app = CaselessPaths(app.wsgi_app)  # type: ignore[method-assign]

    @app.errorhandler(CyclrError)
    def refused(error: CyclrError) -> tuple[str, int]:
        return render_template("cyclr/error.html", heading=error.message, detail=None), error.status

    @app.errorhandler(HTTPException)
    def unmatched(error: HTTPException) -> tuple[str, int]:
        heading = f"{error.code} \u2013 {error.name}"
        return render_template("cyclr/error.html", heading=heading, detail=error.description), error.code or 500

    return app


class CaselessPaths:
    """WSGI middleware: writes the vendor's own paths in lower case, as its server would match them."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve the call under the path's lower case."""
        lower = environ["PATH_INFO"].lower()
        if lower.startswith(CASELESS):
            environ["PATH_INFO"] = lower
        return self._app(environ, start_response)
