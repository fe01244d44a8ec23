"""The dashboard: what a person can type, press and read, and what is refused."""

from __future__ import annotations

import pytest
from facebook_calls import APP, GOOD, behave, change_app, save


def app_of(sandbox):
    """Return the app's state."""
    return sandbox.state()["facebook"]["apps"][APP]


def page(sandbox, path, **params):
    """Open a page of the app."""
    return sandbox.send("GET", f"{sandbox.facebook}/apps/{APP}/{path}", params=params)


PAGES = ["", "settings/basic/", "settings/advanced/", "fb-login/settings/"]


@pytest.mark.parametrize("path", PAGES)
def test_page_links_every_other_page_of_the_app(sandbox, path):
    """From each page of an app all pages of it can be reached."""
    text = page(sandbox, path).text

    assert all(f'href="/apps/{APP}/{other}"' in text for other in PAGES)


def test_list_links_each_app(sandbox):
    """The list of apps is where the server's root leads and links every app."""
    root = sandbox.send("GET", f"{sandbox.facebook}/")

    assert root.headers["Location"] == "/apps/"
    assert f'href="/apps/{APP}/"' in sandbox.send("GET", f"{sandbox.facebook}/apps/").text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_unknown_app_is_not_found(sandbox, method):
    """An app that is not there has a page that says so."""
    answer = sandbox.send(method, f"{sandbox.facebook}/apps/999/settings/basic/")

    assert answer.status_code == 404
    assert "There is no app" in answer.text


VALUES = [
    ("settings/basic/", "name", "Acme", "Acme"),
    ("settings/basic/", "app_domains", "A.example\n b.a.example \n\na.example", ["a.example", "b.a.example"]),
    ("settings/basic/", "website_url", "https://a.example/", "https://a.example/"),
    ("settings/basic/", "privacy_policy_url", "https://a.example/p", "https://a.example/p"),
    ("settings/basic/", "contact_email", "a@a.example", "a@a.example"),
    ("settings/basic/", "category", "Business", "Business"),
    ("settings/basic/", "data_deletion_url", "https://a.example/del", "https://a.example/del"),
    ("settings/advanced/", "api_access_to_settings", "true", True),
    ("settings/advanced/", "require_app_secret", "yes", True),
    ("settings/advanced/", "update_settings_ip_allowlist", "127.0.0.1\n10.0.0.0/8", ["127.0.0.1", "10.0.0.0/8"]),
    ("settings/advanced/", "server_ip_allowlist", "10.0.0.1", ["10.0.0.1"]),
    ("fb-login/settings/", "login_product", "false", False),
    ("fb-login/settings/", "client_oauth_login", "false", False),
    ("fb-login/settings/", "strict_mode", "off", False),
    ("fb-login/settings/", "redirect_uris", f"{GOOD}\r\nhttps://b.example/\r\n{GOOD}", [GOOD, "https://b.example/"]),
    ("fb-login/settings/", "deauth_callback_url", "https://a.example/d", "https://a.example/d"),
    ("", "mode", "live", "live"),
    ("", "advanced_access", "true", True),
]


@pytest.mark.parametrize(("path", "name", "typed", "stored"), VALUES, ids=[row[1] for row in VALUES])
def test_saved_value_stands_and_nothing_else_moves(sandbox, path, name, typed, stored):
    """Posting one input stores that value, keeps all others and leads back to the page, which says so."""
    behave(sandbox, dashboard_domain_must_match_site=False)
    before = app_of(sandbox)
    answer = save(sandbox, path, **{name: typed})
    after = app_of(sandbox)
    place = after["dashboard"] if name in after["dashboard"] else after

    assert answer.status_code == 303
    assert "Changes saved" in sandbox.send("GET", sandbox.facebook + answer.headers["Location"]).text
    assert place[name] == stored
    place[name] = (before["dashboard"] if name in before["dashboard"] else before)[name]
    assert after == before


@pytest.mark.parametrize(
    ("path", "name", "cleared"),
    [
        ("settings/basic/", "website_url", None),
        ("settings/basic/", "app_domains", []),
        ("fb-login/settings/", "redirect_uris", []),
    ],
)
def test_empty_input_clears_its_setting(sandbox, path, name, cleared):
    """An input posted empty clears its setting."""
    change_app(sandbox, website_url=None if name == "app_domains" else "https://a.example/")
    behave(sandbox, dashboard_domain_must_match_site=False)
    change_app(sandbox, app_domains=["a.example"], dashboard={"redirect_uris": [GOOD]})
    save(sandbox, path, **{name: ""})

    assert (app_of(sandbox) | app_of(sandbox)["dashboard"])[name] == cleared


REFUSALS = [
    ("settings/basic/", {"name": ""}, "Display name: this field is required."),
    ("settings/basic/", {"app_domains": "intranet"}, "Must contain a top level domain"),
    ("settings/basic/", {"website_url": "a.example"}, "is not a valid URL"),
    ("settings/basic/", {"contact_email": "nobody"}, "is not a valid email address"),
    ("settings/advanced/", {"server_ip_allowlist": "nowhere"}, "is not a valid IP address"),
    ("settings/advanced/", {"require_app_secret": "maybe"}, "is not a boolean"),
    ("fb-login/settings/", {"redirect_uris": "http://a.example/cb"}, "must use https"),
    ("fb-login/settings/", {"redirect_uris": "a.example/cb"}, "is not a valid redirect URI"),
    ("", {"mode": "public"}, "is not one of development, live"),
]


@pytest.mark.parametrize(("path", "form", "text"), REFUSALS, ids=[row[2] for row in REFUSALS])
def test_wrong_value_is_refused_on_the_page(sandbox, path, form, text):
    """A value the vendor does not take is answered beside what was typed, and nothing is saved."""
    before = sandbox.state()
    answer = save(sandbox, path, **form)

    assert answer.status_code == 400
    assert text in answer.text
    assert next(iter(form.values())) in answer.text
    assert sandbox.state() == before


def test_every_problem_of_a_form_is_told_at_once(sandbox):
    """Two wrong values give two notices."""
    answer = save(sandbox, "settings/basic/", website_url="nowhere", contact_email="nobody", name="Good")

    assert answer.text.count('role="alert"') == 2
    assert app_of(sandbox)["name"] == "My first app"


def test_http_redirect_uris_that_pass(sandbox):
    """Loopback and the own service domain may be listed with http, any host only where https is not enforced."""
    local = f"http://localhost:1/cb\nhttp://{sandbox.service_domain}/connector/callback"

    assert save(sandbox, "fb-login/settings/", redirect_uris=local).status_code == 303
    plain = {"redirect_uris": "http://a.example/cb", "enforce_https": "false"}
    assert save(sandbox, "fb-login/settings/", **plain).status_code == 303


@pytest.mark.parametrize(("rule", "status"), [(True, 400), (False, 303)], ids=["rule on", "rule off"])
def test_app_domains_must_match_the_site_address(sandbox, rule, status):
    """The form refuses a domain that matches no address of the app, by switch."""
    behave(sandbox, dashboard_domain_must_match_site=rule)

    assert save(sandbox, "settings/basic/", app_domains="a.example").status_code == status
    assert save(sandbox, "settings/basic/", website_url="https://www.a.example/", app_domains="a.example").ok


def test_product_is_added_with_a_button(sandbox):
    """Without the Login product its page offers to add it and shows no settings."""
    change_app(sandbox, dashboard={"login_product": False})
    without = page(sandbox, "fb-login/settings/").text
    save(sandbox, "fb-login/settings/", login_product="true")
    with_product = page(sandbox, "fb-login/settings/").text

    assert "Add product" in without
    assert "redirect_uris" not in without
    assert "redirect_uris" in with_product


def test_overview_shows_what_publishing_wants(sandbox):
    """Each prerequisite is shown as missing until it is there."""
    change_app(sandbox, privacy_policy_url="https://a.example/p")
    text = page(sandbox, "").text

    assert "Privacy Policy URL: there" in text
    assert "Category: missing" in text
    assert "User data deletion: missing" in text


def test_publishing_needs_its_prerequisites_by_switch(sandbox):
    """With the switch, an app goes live only once everything wanted is there."""
    behave(sandbox, publish_needs_prerequisites=True)
    refused = save(sandbox, "", mode="live")
    change_app(
        sandbox,
        privacy_policy_url="https://a.example/p",
        dashboard={"category": "Business", "data_deletion_url": "https://a.example/d"},
    )

    assert "Missing: Privacy Policy URL, Category, User data deletion" in refused.text
    assert save(sandbox, "", mode="live").status_code == 303


def test_publishing_needs_nothing_by_default(sandbox):
    """Without the switch the mode can be set at once."""
    assert save(sandbox, "", mode="live").status_code == 303


@pytest.mark.parametrize(("forgets", "kept"), [(False, [GOOD]), (True, [])])
def test_login_for_business_may_forget_the_list(sandbox, forgets, kept):
    """One builder's list was empty after a save that looked good; a switch plays it."""
    behave(sandbox, login_for_business=True, business_login_forgets_redirects=forgets)

    assert save(sandbox, "fb-login/settings/", redirect_uris=GOOD).status_code == 303
    assert app_of(sandbox)["dashboard"]["redirect_uris"] == kept


def test_update_allowlist_holds_for_the_dashboard_too(sandbox):
    """From an address off the list no page can be saved."""
    save(sandbox, "settings/advanced/", update_settings_ip_allowlist="203.0.113.7")
    answer = save(sandbox, "settings/basic/", name="New", reset_secret="true")

    assert answer.status_code == 403
    assert "Update Settings IP Allowlist" in answer.text
    assert app_of(sandbox)["name"] == "My first app"


def test_secret_is_shown_and_reset(sandbox):
    """The basic page shows the secret; a reset makes another."""
    first = app_of(sandbox)["secret"]
    shown = page(sandbox, "settings/basic/").text
    save(sandbox, "settings/basic/", reset_secret="true")

    assert first in shown
    assert app_of(sandbox)["secret"] in page(sandbox, "settings/basic/").text
    assert app_of(sandbox)["secret"] != first


@pytest.mark.parametrize(
    ("uri", "text"),
    [
        (GOOD, "valid redirect URI for this app: the URI is in the list"),
        (GOOD + "/", "invalid redirect URI for this app: the URI is not in the list"),
        ("callback", "invalid redirect URI for this app: it is no absolute address"),
    ],
)
def test_validator_says_which_rule_decides(sandbox, uri, text):
    """The Redirect URI Validator tells a person more than the probe tells a program."""
    change_app(sandbox, app_domains=["app-h.cyclr.com"], dashboard={"redirect_uris": [GOOD]})

    assert text in page(sandbox, "fb-login/settings/", check=uri).text


@pytest.mark.parametrize("path", PAGES)
def test_every_input_has_a_label(sandbox, path):
    """Each visible input, select and textarea of a page is named by a label."""
    text = page(sandbox, path).text
    inputs = [part.split('"')[0] for part in text.split(' id="')[1:]]
    named = {part.split('"')[0] for part in text.split('<label for="')[1:]}

    assert {name for name in inputs if f'name="{name}"' in text} == named
