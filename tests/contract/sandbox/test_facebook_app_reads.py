"""``GET /{app-id}`` and the paths around it: what can be read, and under which versions."""

from __future__ import annotations

import json

import pytest
from facebook_calls import (
    APP,
    APP_TOKEN,
    OTHER_APP,
    add_other_app,
    behave,
    change_app,
    code_of,
    graph,
    open_gate,
    read,
    refusal,
    save,
    write,
)


@pytest.fixture
def opened(sandbox):
    """The sandbox, its default app with API access to its settings."""
    open_gate(sandbox)
    return sandbox


def test_read_answers_the_default_fields_that_are_set(sandbox):
    """Without fields the defaults come, unset ones are absent."""
    assert graph(sandbox, "GET", APP).json() == {
        "id": APP,
        "name": "My first app",
        "link": f"https://www.facebook.com/games/?app_id={APP}",
    }


def test_read_answers_the_fields_asked_for(sandbox):
    """Asked for, fields come with the id."""
    change_app(sandbox, app_domains=["a.example"], website_url="https://a.example/", dashboard={"category": "Business"})

    assert read(sandbox, "app_name", "app_domains", "website_url", "category", "contact_email", "created_time") == {
        "id": APP,
        "app_name": "My first app",
        "app_domains": ["a.example"],
        "website_url": "https://a.example/",
        "category": "Business",
    }


def test_unset_fields_are_null_by_switch(sandbox):
    """Whether an unset field is absent or null is a switch."""
    behave(sandbox, unset_fields_are_null=True)

    assert read(sandbox, "website_url") == {"website_url": None, "id": APP}


@pytest.mark.parametrize("field", ["redirect_uris", "valid_oauth_redirect_uris", "mode", "secret", "nonsense"])
def test_read_knows_no_such_field(sandbox, field):
    """Redirect URIs, mode and secret are no fields."""
    answer = graph(sandbox, "GET", APP, fields=f"id,{field}")

    assert refusal(answer)[1::2] == (
        100,
        f"(#100) Tried accessing nonexisting field ({field}) on node type (Application)",
    )


@pytest.mark.parametrize("path", ["app", f"/{APP}"])
def test_app_is_an_alias_for_the_tokens_own_app(sandbox, path):
    """``/app`` is the app of the token."""
    assert graph(sandbox, "GET", path).json()["id"] == APP


def test_token_of_another_app_may_neither_write_nor_look(opened):
    """A token of another app is code 200."""
    add_other_app(opened)

    assert code_of(write(opened, f"{OTHER_APP}|other-secret", app_name="New")) == 200
    assert code_of(graph(opened, "GET", APP, f"{OTHER_APP}|other-secret")) == 200


def test_changes_of_the_dashboard_show_in_a_read(sandbox):
    """A person's change is what the next read answers."""
    save(sandbox, "settings/basic/", name="Typed")

    assert read(sandbox, "name")["name"] == "Typed"


def test_usage_header_comes_when_something_is_used(sandbox):
    """The usage header holds three measures and is absent while nothing is used."""
    assert "X-App-Usage" not in graph(sandbox, "GET", APP).headers
    behave(sandbox, usage={"call_count": 28})
    shown = json.loads(graph(sandbox, "GET", APP).headers["X-App-Usage"])

    assert shown == {"call_count": 28, "total_cputime": 0, "total_time": 0}


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "999", (400, 100, 33)),
        ("DELETE", APP, (400, 100, 33)),
        ("POST", f"{APP}/roles", (400, 100, 33)),
        ("GET", f"{APP}/subscriptions_of_nobody", (400, 100, None)),
        ("GET", "nobody", (404, 803, None)),
    ],
)
def test_what_is_not_there_is_refused(sandbox, method, path, expected):
    """Unknown ids, edges and methods have the vendor's codes."""
    assert refusal(graph(sandbox, method, path))[:3] == expected


VERSIONS = {"v21.0": "v21.0", "v27.0": "v27.0", "v20.0": "v21.0", "v2.4": "v21.0"}


@pytest.mark.parametrize(("asked", "served"), [*VERSIONS.items(), ("", "v25.0")])
def test_version_serves_or_is_mapped(sandbox, asked, served):
    """Living versions answer as themselves, retired ones as the oldest living, none as the app's default."""
    answer = sandbox.send(
        "GET", f"{sandbox.facebook}/{asked + '/' if asked else ''}{APP}", params={"access_token": APP_TOKEN}
    )

    assert (answer.status_code, answer.headers["facebook-api-version"]) == (200, served)


@pytest.mark.parametrize(("asked", "code"), [("v20.0", 2635), ("v28.0", 2500), ("v25.1", 2500), ("vNext", 803)])
def test_version_is_refused(sandbox, asked, code):
    """Retired versions are refused by switch, versions that never were always."""
    behave(sandbox, retired_versions="refused")
    answer = sandbox.send("GET", f"{sandbox.facebook}/{asked}/{APP}", params={"access_token": APP_TOKEN})

    assert code_of(answer) == code
