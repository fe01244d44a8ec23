"""The login dialog: signing in and out, and what the app gets back."""

from __future__ import annotations

import pytest
from facebook_calls import GOOD, GOOD_SETUP, answered, change_app, consent, dialog, sign_in, sign_out

URL_BLOCKED = "URL Blocked"


@pytest.fixture
def ready(sandbox):
    """The default app with one redirect URI and its domain set; nobody is signed in."""
    change_app(sandbox, **GOOD_SETUP)
    return sandbox


def test_wrong_password_signs_nobody_in(ready):
    """A wrong password shows the login page again."""
    form = {"username": "dev-user", "password": "wrong", "next": "/"}
    answer = ready.send("POST", f"{ready.facebook}/login.php", data=form)

    assert "is not right" in answer.text
    assert dialog(ready).status_code == 302


@pytest.mark.parametrize("destination", ["https://nobody.example/", "//nobody.example/", "/\\nobody.example/", ""])
def test_login_leads_to_no_other_host(ready, destination):
    """The login page goes on to this server's pages only."""
    form = {"username": "dev-user", "password": "dev-user-password", "next": destination}
    answer = ready.send("POST", f"{ready.facebook}/login.php", data=form)

    assert answer.headers["Location"] == "/settings/applications/"


def test_signing_out_lets_another_user_in(ready):
    """After logging out the dialog asks for a login again."""
    sign_in(ready, "dev-user")
    sign_out(ready)

    assert dialog(ready).status_code == 302


def test_consent_answers_a_code_and_the_state_unchanged(ready):
    """The app gets a code, its own state and the vendor's odd fragment."""
    sign_in(ready, "dev-user")
    answer = dialog(ready, "POST", "continue", state="a b&c=ä/%41#")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(GOOD + "?code=")
    assert answer.headers["Location"].endswith("#_=_")
    assert answered(answer)["state"] == "a b&c=ä/%41#"


def test_no_state_comes_back_when_none_was_sent(ready):
    """The answer holds a state only if the request did."""
    assert consent(ready, state=None).keys() == {"code"}


def test_each_consent_has_a_code_of_its_own(ready):
    """Two consents give two codes."""
    assert consent(ready)["code"] != consent(ready)["code"]


def test_redirect_uri_keeps_its_query(ready):
    """A redirect URI with a query has the answer appended to it."""
    listed = GOOD + "?tenant=7"
    change_app(ready, dashboard={"redirect_uris": [listed]})

    assert consent(ready, redirect_uri=listed)["tenant"] == "7"


def test_denial_comes_back_as_an_error(ready):
    """Cancel answers the vendor's four error parameters and no code."""
    sign_in(ready, "dev-user")

    assert answered(dialog(ready, "POST", "cancel", state="s")) == {
        "error": "access_denied",
        "error_code": "200",
        "error_description": "Permissions error",
        "error_reason": "user_denied",
        "state": "s",
    }


def test_bad_scope_comes_back_as_an_error(ready):
    """Permissions that do not exist are named to the app."""
    sign_in(ready, "dev-user")

    assert answered(dialog(ready, scope="ads_read,ads_magic email", state=None)) == {
        "error_code": "100",
        "error_message": "Invalid Scopes: ads_magic",
    }


def test_consent_is_judged_again_when_it_is_given(ready):
    """A consent page left open does not get around a setting changed meanwhile."""
    sign_in(ready, "dev-user")
    dialog(ready)
    change_app(ready, dashboard={"redirect_uris": []})
    answer = dialog(ready, "POST", "continue")

    assert URL_BLOCKED in answer.text
