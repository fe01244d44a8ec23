"""Cyclr's API, the sandbox's third port: ``/oauth/token`` and ``/v1.0/...``.

Never:   a path that reads or writes a library entry's Setup, or returns the service domain: the vendor is
         not known to have one.
"""

from __future__ import annotations

from flask import Flask

from stacks.sandbox.cyclr.access import guard, token_route
from stacks.sandbox.cyclr.accounts import account_routes, sign_in_routes
from stacks.sandbox.cyclr.errors import answer_errors_in_json
from stacks.sandbox.cyclr.installations import installation_routes, method_routes, property_routes
from stacks.sandbox.cyclr.library import install_routes, library_routes
from stacks.sandbox.world import World


def create_api(world: World) -> Flask:
    """Return the app of the API's port."""
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    answer_errors_in_json(app)
    guard(app, world)
    token_route(app, world)
    account_routes(app, world)
    sign_in_routes(app, world)
    library_routes(app, world)
    install_routes(app, world)
    installation_routes(app, world)
    property_routes(app, world)
    method_routes(app, world)
    return app
