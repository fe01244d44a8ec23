"""What every web page of the sandbox shares: the template folder and what ``base.html`` needs."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from stacks.sandbox.world import World

TEMPLATES = Path(__file__).with_name("templates")


def page_app(name: str, world: World) -> Flask:
    """Return a Flask app whose templates are the sandbox's and know ``control_url`` and ``addresses``."""
    app = Flask(name, template_folder=str(TEMPLATES), static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.context_processor(lambda: {"control_url": world.addresses.control, "addresses": world.addresses})
    return app
