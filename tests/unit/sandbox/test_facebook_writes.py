"""The log of settings writes, which shows who changed what and that nothing else was sent."""

from __future__ import annotations

import pytest

from stacks.sandbox.facebook import create_app
from stacks.sandbox.world import Addresses, World

APP = "1234567890123456"


@pytest.fixture
def world():
    """A world with one app whose gate is open."""
    app = {"secret": "s3cret", "name": "Old", "dashboard": {"api_access_to_settings": True}}
    world = World({"facebook": {"apps": {APP: app}}})
    world.addresses = Addresses("http://control", "http://facebook", "http://api", "localhost:8703")
    return world


@pytest.fixture
def client(world):
    """A caller of the world's Facebook."""
    return create_app(world).test_client()


def test_api_write_logs_every_field_that_was_sent(world, client):
    """A field sent with the value it has is in the log too, one that was not sent is not."""
    form = {"access_token": f"{APP}|s3cret", "app_name": "Old", "website_url": "https://a.example/"}
    client.post(f"/v25.0/{APP}", data=form)

    assert world.memory["facebook_writes"] == [
        {"app": APP, "who": "app token", "field": "app_name", "old": "Old", "new": "Old"},
        {"app": APP, "who": "app token", "field": "website_url", "old": None, "new": "https://a.example/"},
    ]


def test_refused_write_is_not_logged(world, client):
    """What changed nothing leaves no line."""
    client.post(f"/v25.0/{APP}", data={"access_token": f"{APP}|s3cret", "app_name": "New", "website_url": "nowhere"})
    client.post(f"/apps/{APP}/settings/basic/", data={"name": ""})

    assert "facebook_writes" not in world.memory


def test_dashboard_logs_what_changed(world, client):
    """Of a saved form only the changed fields are in the log."""
    client.post(f"/apps/{APP}/settings/basic/", data={"name": "New", "contact_email": ""})

    assert world.memory["facebook_writes"] == [
        {"app": APP, "who": "dashboard", "field": "name", "old": "Old", "new": "New"}
    ]


def test_reset_secret_is_logged_without_the_secret(world, client):
    """The log names the secret and shows neither."""
    client.post(f"/apps/{APP}/settings/basic/", data={"reset_secret": "true"})

    assert world.memory["facebook_writes"] == [
        {"app": APP, "who": "dashboard", "field": "secret", "old": "[masked]", "new": "[masked]"}
    ]
