"""A write that was not sent because the engine is gone says what it was, and no secret of it."""

import json

import pytest

from components import engine, errors
from tests.declared import steps
from tests.engine.canaries import DECLARED, PROPERTY, leaks
from tests.worlds import API_SECRET, APP_SECRET

SECRETS = {**DECLARED, "app secret of the world": APP_SECRET, "API secret of the world": API_SECRET}
CLOSED = "127.0.0.1:1"
"""Where no engine listens."""


def test_unsent_property_is_named_without_its_value(environment, world, monkeypatch):
    """An installation whose property could not be written is incomplete; its state names the property alone."""
    kind = "cyclr.ConnectorInstallation"
    environment.install()
    monkeypatch.setattr(engine, "address", lambda: CLOSED)
    world.forget_requests()

    made = environment.provider(kind).create(environment.inputs(kind, properties={"ApiKey": PROPERTY}))

    told = {name: value for name, value in made.outs.items() if name != "properties"}
    assert "property ApiKey of installation" in steps(made.outs)["Installation"]["cause"]
    assert leaks(json.dumps(told), SECRETS) == []
    assert world.writes() == []


def test_unsent_app_setting_is_refused_without_a_secret(environment, world, monkeypatch):
    """A change of the app that could not be written is an error without a secret in it."""
    kind = "facebook.AppSettings"
    monkeypatch.setattr(engine, "address", lambda: CLOSED)

    with pytest.raises(errors.EngineGone) as caught:
        environment.provider(kind).create(environment.inputs(kind))

    assert leaks(str(caught.value), SECRETS) == []
    assert world.writes() == []
