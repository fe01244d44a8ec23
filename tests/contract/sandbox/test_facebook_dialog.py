"""The login dialog: which page whom meets."""

from __future__ import annotations

import pytest
from facebook_calls import APP, GOOD, GOOD_SETUP, behave, change_app, dialog, sign_in

URL_BLOCKED = "URL Blocked"
CANNOT_LOAD = "Can't Load URL"


@pytest.fixture
def ready(sandbox):
    """The default app with one redirect URI and its domain set; nobody is signed in."""
    change_app(sandbox, **GOOD_SETUP)
    return sandbox


PAGES = {
    "unlisted": ({"dashboard": {"redirect_uris": []}}, {}, URL_BLOCKED),
    "client login off": ({"dashboard": {"client_oauth_login": False}}, {}, URL_BLOCKED),
    "web login off": ({"dashboard": {"web_oauth_login": False}}, {}, URL_BLOCKED),
    "no login product": ({"dashboard": {"login_product": False}}, {}, URL_BLOCKED),
    "foreign domain": ({"app_domains": ["other.example"]}, {}, CANNOT_LOAD),
    "http with https enforced": (
        {},
        {"redirect_uri": GOOD.replace("https", "http")},
        "Facebook has detected My first app isn't using a secure connection to transfer information",
    ),
}


@pytest.mark.parametrize("user", ["dev-user", "customer"])
@pytest.mark.parametrize(("setup", "changed", "text"), PAGES.values(), ids=PAGES.keys())
def test_refused_redirect_has_its_page(ready, user, setup, changed, text):
    """Whoever is signed in meets the page for what refuses the redirect URI."""
    change_app(ready, **setup)
    sign_in(ready, user)
    answer = dialog(ready, **changed)

    assert answer.status_code == 200
    assert text in answer.text


def test_pages_hold_the_vendors_sentences(ready):
    """The two pages of a refused redirect URI say how to mend it in the vendor's words."""
    sign_in(ready, "dev-user")
    blocked = dialog(ready, redirect_uri=GOOD + "/").text
    foreign = dialog(ready, redirect_uri="https://nobody.example/").text

    assert "This redirect failed because the redirect URI is not whitelisted in the app's Client OAuth" in blocked
    assert "The domain of this URL isn't included in the app's domains." in foreign


@pytest.mark.parametrize("path", ["/dialog/oauth", "/v27.0/dialog/oauth", "/v25.0/dialog/oauth/"])
def test_dialog_is_served_with_and_without_a_version(ready, path):
    """The dialog's address may name a version or none."""
    params = {"client_id": APP, "redirect_uri": GOOD}

    assert ready.send("GET", ready.facebook + path, params=params).status_code == 302


def test_dialog_of_a_version_that_never_was_is_no_dialog(ready):
    """An unknown version leads to a page, not to a login."""
    answer = ready.send("GET", f"{ready.facebook}/v99.0/dialog/oauth", params={"client_id": APP, "redirect_uri": GOOD})

    assert "This content isn't available right now" in answer.text


@pytest.mark.parametrize(
    ("page", "text"),
    [("app_not_active", "App not active: "), ("app_not_set_up", "App Not Set Up: ")],
)
def test_development_keeps_people_without_a_role_out(ready, page, text):
    """In Development a customer meets the wording of the switch and a role user the consent."""
    behave(ready, development_page=page)
    sign_in(ready, "customer")
    assert text.strip(": ") in dialog(ready).text

    sign_in(ready, "dev-user")
    assert "Continue as dev-user" in dialog(ready).text


@pytest.mark.parametrize(("granted", "text"), [(False, "Feature Unavailable"), (True, "Continue as customer")])
def test_live_app_needs_advanced_access_for_customers(ready, granted, text):
    """A live app lets customers in only with Advanced Access."""
    change_app(ready, dashboard={"mode": "live", "advanced_access": granted})
    sign_in(ready, "customer")

    assert text in dialog(ready).text


def test_live_app_without_advanced_access_lets_role_users_in(ready):
    """Standard Access reaches the people with a role."""
    change_app(ready, dashboard={"mode": "live"})
    sign_in(ready, "dev-user")

    assert "Continue as dev-user" in dialog(ready).text


@pytest.mark.parametrize(("shown", "status"), [(True, 200), (False, 302)], ids=["error page", "login page"])
def test_signed_out_refusal_is_a_switch(ready, shown, status):
    """Signed out, a refused redirect URI shows its error or only the login page, by switch."""
    behave(ready, dialog_error_when_signed_out=shown)
    answer = dialog(ready, redirect_uri=GOOD + "/")

    assert answer.status_code == status
    assert (URL_BLOCKED in answer.text) is shown


def test_signed_out_with_a_good_redirect_meets_the_login_page(ready):
    """Signed out, a good request leads to the login page, whatever the mode."""
    answer = dialog(ready)
    page = ready.send("GET", ready.facebook + answer.headers["Location"])

    assert answer.status_code == 302
    assert "Log into Facebook" in page.text


@pytest.mark.parametrize(
    ("business", "changed", "asked"),
    [
        (True, {"scope": "public_profile,email"}, False),
        (True, {"scope": None}, False),
        (True, {"scope": "email,ads_read"}, True),
        (True, {"scope": None, "config_id": "77"}, True),
        (False, {"scope": "public_profile,email"}, True),
        (False, {"scope": None, "config_id": "77"}, True),
    ],
    ids=["basic only", "nothing", "with ads", "configuration", "plain login", "plain login with configuration"],
)
def test_login_for_business_wants_more_than_the_basics(ready, business, changed, asked):
    """Login for Business refuses a dialog for the basic permissions only, unless it names a configuration."""
    behave(ready, login_for_business=business)
    sign_in(ready, "dev-user")
    text = dialog(ready, **changed).text

    assert ("Continue as dev-user" in text) is asked
    assert ("This app needs at least one supported permission" in text) is not asked


@pytest.mark.parametrize(
    ("changed", "title"),
    [
        ({"client_id": "999"}, "Invalid App ID"),
        ({"client_id": None}, "Invalid App ID"),
        ({"redirect_uri": None}, "Invalid Request"),
        ({"redirect_uri": "/connector/callback"}, "Invalid Request"),
        ({"response_type": "token"}, "Invalid Request"),
    ],
)
def test_unusable_request_has_a_page(ready, changed, title):
    """A request that cannot be served shows a page and leads nowhere."""
    answer = dialog(ready, **changed)

    assert answer.status_code == 200
    assert title in answer.text


def test_blocked_app_has_no_dialog(ready):
    """An app the vendor blocked is not active, for its developers either."""
    change_app(ready, blocked=True)
    sign_in(ready, "dev-user")

    assert "App not active" in dialog(ready).text


def test_dialog_sees_the_dashboard_after_the_propagation_time(ready):
    """Within the propagation time the dialog acts on the settings as they were."""
    behave(ready, propagation_seconds=3600)
    form = {"mode": "live", "advanced_access": "true"}
    ready.send("POST", f"{ready.facebook}/apps/{APP}/", data=form)
    sign_in(ready, "customer")

    assert "App not active" in dialog(ready).text
    behave(ready, propagation_seconds=0)
    assert "Continue as customer" in dialog(ready).text


def test_name_of_an_app_is_no_markup(ready):
    """An app's name is shown as text."""
    change_app(ready, name="<b>bold</b>")
    sign_in(ready, "dev-user")

    assert "<b>bold</b>" not in dialog(ready).text
    assert "<b>bold</b>" not in dialog(ready, redirect_uri=GOOD.replace("https", "http")).text
