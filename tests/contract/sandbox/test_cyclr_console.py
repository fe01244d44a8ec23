"""The console's pages as the sandbox plays them: what a person sets and does there, and nobody by API."""

from __future__ import annotations

import pytest

ACCOUNT = "acme-observation"


@pytest.mark.parametrize(("switch", "other"), [("entry", "111"), ("release", "")])
def test_setup_belongs_to_entry_or_release_by_a_switch(sandbox, switch, other):
    """The Setup form writes all releases of a name, or one."""
    releases = [{"Id": number, "Name": "X", "Version": f"v{number}"} for number in (1, 2)]
    sandbox.patch({"cyclr": {"connectors": releases, "behaviour": {"setup_belongs_to": switch}}})
    sandbox.set_up(entry=1)
    found = [each["setup"]["client_id"] for each in sandbox.state()["cyclr"]["connectors"]]

    assert found == ["111", other]


def test_setup_form_shows_what_stands_and_the_callback_url(sandbox):
    """The form holds the saved values and the Callback URL to copy."""
    sandbox.set_up(scopes="ads_read")
    page = sandbox.send("GET", f"{sandbox.console}/connectors/5001/setup").text

    assert all(f'value="{value}"' in page for value in ("111", "library-secret", "ads_read"))
    assert f'value="http://{sandbox.service_domain}/connector/callback" readonly' in page


def test_support_changes_the_service_domain_and_with_it_the_redirect_uri(sandbox, authorise_link):
    """A new service domain stands in the next redirect URI, as https, and Google connectors lose their consent."""
    sandbox.set_up()
    google = sandbox.api(
        "POST", "/connectors/Google Sheets/install", ACCOUNT, json={"AuthValue": '{"AccessToken": "t"}'}
    )
    form = {"service_domain": "App-H.cyclr.com"}
    sandbox.send("POST", f"{sandbox.console}/settings/general/support/service-domain", data=form)
    after = sandbox.api("GET", f"/account/connectors/{google.json()['Id']}", ACCOUNT).json()

    assert sandbox.query_of(authorise_link())["redirect_uri"] == "https://app-h.cyclr.com/connector/callback"
    assert (google.json()["Authenticated"], after["Authenticated"]) == (True, False)


@pytest.mark.parametrize(
    "given", ["https://app-h.cyclr.com", "app-h.cyclr.com/", "nodots", "-a.example", "a b.example"]
)
def test_support_refuses_what_is_no_host_name(sandbox, given):
    """A service domain is a bare host name; anything else is told and changes nothing."""
    form = {"service_domain": given}
    answer = sandbox.send("POST", f"{sandbox.console}/settings/general/support/service-domain", data=form)

    assert (answer.status_code, "is not a host name" in answer.text) == (400, True)
    assert sandbox.state()["cyclr"]["service_domain"] is None


def test_console_does_what_a_person_does_with_an_installation(sandbox):
    """Install, set and delete a property, deauthenticate, upgrade and delete are buttons of the pages."""
    account = f"{sandbox.console}/accounts/{ACCOUNT}"
    one = (
        sandbox.console
        + sandbox.send("POST", f"{account}/connectors", data={"connector": 5020, "name": "CRM"})
        .headers["Location"]
        .split("?")[0]
    )
    sandbox.send("POST", f"{one}/properties", data={"name": "BaseUrl", "value": "https://crm.example"})
    sandbox.send("POST", f"{one}/upgrade")
    found = sandbox.api("GET", "/account/connectors", ACCOUNT).json()[0]
    page = sandbox.send("GET", one).text
    sandbox.send("POST", f"{one}/properties/{found['Properties'][0]['Id']}/delete")
    sandbox.send("POST", f"{one}/deauthenticate")
    emptied = sandbox.api("GET", "/account/connectors", ACCOUNT).json()[0]
    sandbox.send("POST", f"{one}/delete")

    assert (found["Name"], found["Connector"]["Id"], found["Properties"][0]["Name"]) == ("CRM", 5021, "BaseUrl")
    assert "https://crm.example" in page
    assert emptied["Properties"] == []
    assert sandbox.api("GET", "/account/connectors", ACCOUNT).json() == []


def test_console_authenticate_button_opens_a_fresh_link(sandbox, installed):
    """The button makes its own sign-in token, and the link it opens leads to the dialog."""
    sandbox.set_up()
    pressed = sandbox.send("POST", f"{sandbox.console}/accounts/{ACCOUNT}/connectors/{installed}/authenticate")
    opened = sandbox.send("GET", sandbox.console + pressed.headers["Location"])

    assert opened.headers["Location"].startswith(f"{sandbox.facebook}/v25.0/dialog/oauth?")


PAGES = ["/", "/connectors/5001/setup", "/settings/general", f"/accounts/{ACCOUNT}", "/nowhere", "/accounts/nobody"]


@pytest.mark.parametrize("path", PAGES)
def test_console_pages_are_plain_and_stand_alone(sandbox, installed, path):
    """Pages hold no script and ask no other host for anything, and every input has a label."""
    page = sandbox.send("GET", sandbox.console + path).text
    unlabelled = [part for part in page.split("<input")[1:] if 'id="' not in part.split(">")[0]]

    assert '<html lang="en">' in page
    assert ("<script" in page, "src=" in page, unlabelled) == (False, False, [])


def test_console_escapes_what_others_typed(sandbox):
    """A name with markup in it is text on the page."""
    sandbox.api("POST", "/accounts", json={"Id": "x", "Name": "<script>alert(1)</script>"})

    assert "<script>" not in sandbox.send("GET", f"{sandbox.console}/").text
