"""Facebook on this machine: Graph, the login dialog, the app dashboard.

Modules: ``call`` and ``errors`` are the two ends of a Graph call; ``graph`` finds what answers; ``node``, ``edges``
and ``oauth`` answer; ``redirects`` judges a redirect URI; ``dialog`` and ``dashboard`` are the pages of people.
Not here: batch requests, ETags, the ownership of apps by a business, everything outside settings and login.
"""

from __future__ import annotations

from flask import Flask, redirect
from werkzeug.wrappers import Response

from stacks.sandbox.facebook.dashboard import create_dashboard
from stacks.sandbox.facebook.dialog import create_dialog
from stacks.sandbox.facebook.graph import create_graph
from stacks.sandbox.facebook.session import create_session
from stacks.sandbox.pages import page_app
from stacks.sandbox.world import World

__all__ = ["create_app"]


def create_app(world: World) -> Flask:
    """Return the web application of Facebook's port."""
    app = page_app(__name__, world)
    for part in (create_session, create_dialog, create_dashboard, create_graph):
        app.register_blueprint(part(world))

    @app.get("/")
    def index() -> Response:
        return redirect("/apps/", 302)

    return app
