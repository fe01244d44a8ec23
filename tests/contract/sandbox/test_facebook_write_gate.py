"""What stops a write of app settings, whatever its values are: gate, token, address, second factor."""

from __future__ import annotations

import pytest
from facebook_calls import (
    APP,
    GOOD_SETUP,
    behave,
    change_app,
    code_of,
    graph,
    open_gate,
    read,
    refusal,
    user_token,
    write,
)

GATE = (
    "(#10) Changing app settings through API calls has been disabled for this app. Go to your app's advanced settings "
    "to enable this."
)


@pytest.fixture
def opened(sandbox):
    """The sandbox, its default app with API access to its settings."""
    open_gate(sandbox)
    return sandbox


def test_gate_refuses_before_any_validation(sandbox):
    """With API access off, which is the default, every write answers code 10 and its exact sentence."""
    for params in ({"app_name": "New"}, {"category": "x"}, {"website_url": "nonsense"}, {}):
        answer = write(sandbox, **params)

        assert refusal(answer) == (403, 10, None, GATE)
    assert read(sandbox, "name")["name"] == "My first app"


@pytest.mark.parametrize("status", [400, 403])
def test_status_of_the_gate_is_a_switch(sandbox, status):
    """Nobody reported the HTTP status of code 10."""
    behave(sandbox, write_gate_status=status)

    assert write(sandbox, app_name="New").status_code == status


def test_gate_does_not_hide_a_wrong_token(sandbox):
    """A wrong token is refused as such, gate or no gate."""
    assert code_of(write(sandbox, f"{APP}|wrong", app_name="New")) == 190


@pytest.mark.parametrize(("allowed", "code"), [(False, 200), (True, None)], ids=["refused", "accepted"])
def test_user_token_on_a_write_is_a_switch(opened, allowed, code):
    """The reference asks for an app token; whether a developer's user token passes is a switch."""
    change_app(opened, **GOOD_SETUP)
    behave(opened, user_token_may_write=allowed)

    assert code_of(write(opened, user_token(opened), app_name="New")) == code


@pytest.mark.parametrize(("field", "code"), [(10, 10), (200, 200)])
def test_update_allowlist_refuses_writes(opened, field, code):
    """An address off the Update Settings IP Allowlist may read and not write; the code is a switch."""
    behave(opened, update_ip_refusal_code=field)
    change_app(opened, dashboard={"update_settings_ip_allowlist": ["203.0.113.7"]})
    answer = write(opened, app_name="New")

    assert refusal(answer)[1] == code
    assert refusal(answer)[3] != GATE
    assert graph(opened, "GET", APP).ok


@pytest.mark.parametrize(("blocks", "code"), [(False, None), (True, 10)])
def test_two_factor_reauthorization_blocks_writes_by_switch(opened, blocks, code):
    """Whether Require 2FA Reauthorization stops an app token is a switch."""
    change_app(opened, dashboard={"require_2fa_reauthorization": True})
    behave(opened, two_factor_blocks_api_writes=blocks)

    assert code_of(write(opened, app_name="New")) == code


def test_token_of_a_native_app_may_not_write(opened):
    """An app marked native or desktop has an insecure token."""
    change_app(opened, dashboard={"native_or_desktop": True})

    assert code_of(write(opened, app_name="New")) == 15


def test_server_allowlist_can_be_written(opened):
    """The write that can lock its writer out does so."""
    assert write(opened, server_ip_whitelist='["203.0.113.7"]').ok
    assert code_of(graph(opened, "GET", APP)) == 5
