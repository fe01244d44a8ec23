"""Cyclr's service domain as the sandbox plays it: the authorise link, the callback, the sign-in link."""

from __future__ import annotations

import json

import pytest

ACCOUNT = "acme-observation"
FORBIDDEN = "403 \u2013 Forbidden: Access is denied."
BACK = "https://our.example/done"


@pytest.fixture
def state_of(sandbox, installed):
    """Read the installation, or whether it is authenticated."""
    return lambda: sandbox.api("GET", f"/account/connectors/{installed}", ACCOUNT).json()


@pytest.fixture
def consent(sandbox, authorise_link):
    """Go through the hand-off with the provider's answers given: what comes back, and what its exchange says."""

    def go(back=None, exchange=None, **link):
        body = {"access_token": "EAAB", "token_type": "bearer", "expires_in": 60} if exchange is None else exchange
        status = 200 if "access_token" in body else 400
        sandbox.fault(vendor="facebook", path="oauth/access_token", then={"status": status, "body": body})
        asked = sandbox.query_of(authorise_link(**link))
        answer = {"code": "c"} if back is None else back
        return sandbox.send("GET", asked["redirect_uri"], params={"state": asked["state"]} | answer)

    return go


@pytest.fixture
def consented(sandbox, consent):
    """The sandbox with the installation authenticated by a consent."""
    sandbox.set_up()
    consent()
    return sandbox


def test_authorise_link_leads_to_the_dialog(sandbox, authorise_link):
    """The Location shows client id, redirect URI and scopes, on Facebook's dialog of the release's version."""
    sandbox.set_up()
    answer = authorise_link()
    asked = sandbox.query_of(answer)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{sandbox.facebook}/v25.0/dialog/oauth?")
    assert asked.pop("state")
    assert asked == {
        "client_id": "111",
        "redirect_uri": f"http://{sandbox.service_domain}/connector/callback",
        "response_type": "code",
        "scope": "ads_read,ads_management,business_management",
    }


def test_authorise_link_asks_for_the_scopes_of_the_setup(sandbox, authorise_link):
    """Scopes typed into the Setup form are sent as typed."""
    sandbox.set_up(scopes="ads_read,leads_retrieval")

    assert sandbox.query_of(authorise_link())["scope"] == "ads_read,leads_retrieval"


def test_authorise_link_matches_in_any_casing(sandbox, authorise_link):
    """The vendor's path is found however it is written."""
    sandbox.set_up()

    assert authorise_link(path="/ConnectorAuth/UpdateAccountConnectorOAuth").status_code == 302


@pytest.mark.parametrize("kind", ["unknown", "used", "expired", "none"])
def test_authorise_link_refuses_a_bad_token(sandbox, authorise_link, kind):
    """An unknown, used, expired or missing token shows the vendor's 403 page."""
    sandbox.set_up()
    if kind == "expired":
        sandbox.patch({"cyclr": {"behaviour": {"sign_in_token_seconds": 0}}})
    changed = {"unknown": {"token": "x"}, "none": {"token": None}}.get(kind, {})
    if kind == "used":
        issued = sandbox.api("POST", f"/accounts/{ACCOUNT}/signintoken", json={"Username": "o"}).json()["Token"]
        authorise_link(token=issued)
        changed = {"token": issued}
    answer = authorise_link(**changed)

    assert answer.status_code == 403
    assert FORBIDDEN in answer.text


def test_authorise_link_does_not_reach_into_another_account(sandbox, authorise_link):
    """A token opens installations of its own account only."""
    sandbox.set_up()
    made = sandbox.api("POST", "/connectors/5001/install", "first-customer", json={}).json()["Id"]

    assert authorise_link(id=made).status_code == 404


@pytest.mark.parametrize("target", [None, "javascript:alert(1)"])
def test_authorise_link_needs_somewhere_to_return_to(sandbox, authorise_link, target):
    """Without a web address to go back to, an error page says what is missing."""
    sandbox.set_up()
    answer = authorise_link(targetOrigin=target)

    assert (answer.status_code, "targetOrigin is required" in answer.text) == (400, True)


@pytest.mark.parametrize("missing", [{"client_id": ""}, {"client_secret": ""}])
def test_authorise_link_without_credentials_says_so(sandbox, authorise_link, missing):
    """Without an id or a secret at either level, the page names both."""
    sandbox.set_up(**missing)
    answer = authorise_link()

    assert (answer.status_code, "Client ID and Client Secret must be provided" in answer.text) == (400, True)


@pytest.fixture
def own_credentials(sandbox, installed):
    """The sandbox with credentials of the installation's own."""
    own = [{"Name": "ClientId", "Value": "222"}, {"Name": "ClientSecret", "Value": "own"}]
    sandbox.api("PUT", f"/account/connectors/{installed}", ACCOUNT, json={"Properties": own})
    return sandbox


@pytest.mark.parametrize(("wins", "client_id"), [(True, "222"), (False, "111")])
def test_account_credentials_win_by_a_switch(own_credentials, authorise_link, wins, client_id):
    """Where both levels have credentials, the switch decides which are used."""
    own_credentials.set_up()
    own_credentials.patch({"cyclr": {"behaviour": {"account_credentials_win": wins}}})

    assert own_credentials.query_of(authorise_link())["client_id"] == client_id


def test_account_credentials_serve_without_a_setup(own_credentials, authorise_link):
    """An installation with credentials of its own needs none in the library."""
    assert own_credentials.query_of(authorise_link())["client_id"] == "222"


def test_consent_authenticates_and_returns(sandbox, consent, state_of):
    """A code that is exchanged well leaves tokens behind and sends the browser back."""
    sandbox.set_up()
    answer = consent()
    exchange = sandbox.requests()[-1]

    assert (answer.status_code, answer.headers["Location"]) == (302, BACK)
    assert state_of()["Authenticated"] is True
    assert json.loads(state_of()["AuthValue"])["AccessToken"] == "EAAB"
    assert (exchange["vendor"], exchange["path"].split("?")[0]) == ("facebook", "/v25.0/oauth/access_token")


def test_consent_with_a_callback_message_posts_it(sandbox, consent, state_of):
    """With a message the browser gets a page that posts it, safely quoted, to the named origin."""
    sandbox.set_up()
    answer = consent(callbackMessage="done</script>")

    assert answer.status_code == 200
    assert f'postMessage("done\\u003c/script\\u003e", "{BACK}")' in answer.text
    assert state_of()["Authenticated"] is True


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"exchange": {"error": {"message": "Error validating secret."}}}, "Error validating secret."),
        ({"back": {"error": "access_denied", "error_description": "Permissions error"}}, "Permissions error"),
        ({"back": {"code": "c", "state": "forged"}}, "The state is unknown"),
    ],
    ids=["wrong secret", "denied", "forged state"],
)
def test_consent_that_fails_leaves_the_installation_alone(sandbox, consent, state_of, answers, told):
    """A refused exchange, a denial and a forged state each show why and authenticate nothing."""
    sandbox.set_up()
    answer = consent(**answers)

    assert (answer.status_code, told in answer.text) == (400, True)
    assert (state_of()["Authenticated"], state_of()["AuthValue"]) == (False, None)


APP, APP_SECRET = "1234567890123456", "5a5ad0b0c0de5a5ad0b0c0de5a5ad0b0"


@pytest.mark.parametrize(("secret", "expected"), [(APP_SECRET, (302, True)), ("wrong", (400, False))])
def test_whole_consent_through_facebook(sandbox, authorise_link, state_of, secret, expected):
    """With both vendors set up, signing in and agreeing authenticates; under a wrong library secret it does not."""
    sandbox.set_up(client_id=APP, client_secret=secret)
    listed = {"redirect_uris": [f"{sandbox.console}/connector/callback"]}
    sandbox.patch({"facebook": {"apps": {APP: {"app_domains": ["localhost"], "dashboard": listed}}}})
    dialog = authorise_link().headers["Location"]
    person = {"username": "dev-user", "password": "dev-user-password", "next": "/"}
    sandbox.send("POST", f"{sandbox.facebook}/login.php", data=person)
    agreed = sandbox.send("POST", dialog, data={"decision": "continue"})
    answer = sandbox.send("GET", agreed.headers["Location"])

    assert (answer.status_code, state_of()["Authenticated"]) == expected


@pytest.mark.parametrize(
    ("switch", "expected"),
    [("redirects", ("asks", True)), ("bounces", ("returns", True)), ("drops_consent", ("asks", False))],
)
def test_authorise_link_on_an_authenticated_installation(consented, authorise_link, state_of, switch, expected):
    """Three things the vendor may do are played: ask again, bounce back, or drop the consent and ask again."""
    consented.patch({"facebook": {"behaviour": {"authorise_link_on_authenticated": switch}}})
    does = "returns" if authorise_link().headers["Location"] == BACK else "asks"

    assert (does, state_of()["Authenticated"]) == expected


@pytest.mark.parametrize("oauth_type", ["ClientCredentials", "PasswordCredentials"])
def test_connector_that_fetches_its_own_token_bounces_back(sandbox, authorise_link, oauth_type):
    """Connectors without a dialog are authenticated by the link alone."""
    entry = {"Id": 1, "Name": "Machine", "AuthType": "OAuth2", "OAuth2Type": oauth_type}
    sandbox.patch({"cyclr": {"connectors": [entry, *sandbox.state()["cyclr"]["connectors"]]}})
    made = sandbox.api("POST", "/connectors/Machine/install", ACCOUNT, json={}).json()["Id"]

    assert authorise_link(id=made).headers["Location"] == BACK
    assert sandbox.api("GET", f"/account/connectors/{made}", ACCOUNT).json()["Authenticated"] is True


def test_sign_in_link_works_once(sandbox):
    """A sign-in link goes to its return address once, then it is the 403 page."""
    issued = sandbox.api("POST", f"/accounts/{ACCOUNT}/signintoken", json={"Username": "o"}).json()["Token"]
    url, query = f"{sandbox.console}/account/SignInWithToken", {"token": issued, "returnUrl": "/orbit"}
    answers = [sandbox.send("GET", url, params=query) for _ in range(2)]

    assert (answers[0].status_code, answers[0].headers["Location"]) == (302, "/orbit")
    assert (answers[1].status_code, FORBIDDEN in answers[1].text) == (403, True)
