"""``/oauth/access_token``: each answer the vendor is known to give, in the order it gives them."""

from __future__ import annotations

import pytest
from facebook_calls import (
    APP,
    APP_TOKEN,
    GOOD,
    GOOD_SETUP,
    OTHER_APP,
    SECRET,
    add_other_app,
    behave,
    change_app,
    code_of,
    consent,
    graph,
    probe,
    refusal,
    save,
    user_token,
)

REFUSED = (
    "Can't Load URL: The domain of this URL isn't included in the app's domains. To be able to load this URL, add all "
    "domains and subdomains of your app to the App Domains field in your app settings."
)
BAD_CODE = "Invalid verification code format."
BAD_SECRET = "Error validating client secret."
UNKNOWN_APP = "Error validating application. Cannot get application info due to a system error."


@pytest.fixture
def ready(sandbox):
    """The default app with one redirect URI and its domain set."""
    change_app(sandbox, **GOOD_SETUP)
    return sandbox


ROWS = {
    "redirect not allowed": ({"redirect_uri": "https://nobody.example/cb"}, (400, 191, None, REFUSED)),
    "redirect missing": ({"redirect_uri": None}, (400, 191, None, "Missing redirect_uri parameter.")),
    "redirect relative": (
        {"redirect_uri": "/connector/callback"},
        (400, 191, None, "redirect_uri isn't an absolute URI. Check RFC 3986."),
    ),
    "redirect encoded twice": (
        {"redirect_uri": "https%3A%2F%2Fapp-h.cyclr.com%2Fconnector%2Fcallback"},
        (400, 191, None, "redirect_uri isn't an absolute URI. Check RFC 3986."),
    ),
    "redirect unreadable": (
        {"redirect_uri": "https://[app-h.cyclr.com/"},
        (400, 191, None, "redirect_uri isn't an absolute URI. Check RFC 3986."),
    ),
    "all good": ({}, (400, 100, None, BAD_CODE)),
    "wrong secret": ({"client_secret": "wrong"}, (400, 1, None, BAD_SECRET)),
    "absent secret": ({"client_secret": None}, (400, 1, None, BAD_SECRET)),
    "unknown app": ({"client_id": "999"}, (400, 101, None, UNKNOWN_APP)),
    "no app": ({"client_id": None}, (400, 101, None, "Missing client_id parameter.")),
    "app id not numeric": ({"client_id": "abc"}, (500, 1, None, "An unknown error has occurred.")),
    "no code": ({"code": None}, (400, 1, None, "Missing authorization code")),
    "unknown grant": (
        {"grant_type": "magic"},
        (400, 100, None, "Invalid grant_type: 'magic'. Supported types: authorization_code, client_credentials"),
    ),
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("changed", "expected"), ROWS.values(), ids=ROWS.keys())
def test_exchange_gives_the_vendors_answer(ready, method, changed, expected):
    """Each way to get the exchange wrong has the vendor's status, code and sentence."""
    assert refusal(probe(ready, method, **changed)) == expected


def test_error_carries_the_vendors_envelope_and_headers(ready):
    """A refusal holds type and trace id, may not be stored, and says the cause in WWW-Authenticate."""
    answer = probe(ready)
    error = answer.json()["error"]

    assert error["type"] == "OAuthException"
    assert error["fbtrace_id"] == answer.headers["x-fb-trace-id"]
    assert answer.headers["WWW-Authenticate"] == f'OAuth "Facebook Platform" "invalid_code" "{BAD_CODE}"'
    assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == ("no-store", "no-cache")
    assert answer.headers["x-fb-rev"]


@pytest.mark.parametrize(("first", "code"), [(False, 1), (True, 191)], ids=["secret first", "redirect first"])
def test_order_of_secret_and_redirect_is_a_switch(ready, first, code):
    """With both wrong, the one that is checked first answers."""
    behave(ready, redirect_check_before_secret=first)

    assert code_of(probe(ready, client_secret="wrong", redirect_uri="https://nobody.example/")) == code


@pytest.mark.parametrize("status", [400, 401])
def test_status_of_a_wrong_secret_is_a_switch(ready, status):
    """The status of the secret error follows the switch, for both grants."""
    behave(ready, secret_error_status=status)

    assert probe(ready, client_secret="wrong").status_code == status
    assert probe(ready, client_secret="wrong", grant_type="client_credentials").status_code == status


def test_client_credentials_answer_an_app_token_that_works(sandbox):
    """The minted app token begins with the app id and reads the app."""
    token = probe(sandbox, grant_type="client_credentials", redirect_uri=None, code=None).json()

    assert token["token_type"] == "bearer"
    assert token["access_token"].startswith(f"{APP}|")
    assert token["access_token"] != APP_TOKEN
    assert graph(sandbox, "GET", APP, token["access_token"]).json()["id"] == APP


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"client_secret": "wrong"}, 1), ({"client_id": "999"}, 101)],
    ids=["wrong secret", "unknown app"],
)
def test_client_credentials_tell_a_wrong_pair(sandbox, changed, code):
    """A wrong secret is code 1 and an unknown app 101."""
    assert code_of(probe(sandbox, grant_type="client_credentials", **changed)) == code


def test_blocked_app_is_refused(ready):
    """An app the vendor blocked answers 101 on validation and 200 on use."""
    change_app(ready, blocked=True)

    assert code_of(probe(ready)) == 101
    assert refusal(graph(ready, "GET", APP))[1::2] == (200, "API access blocked.")


def test_code_buys_one_token_of_the_user_who_consented(ready):
    """A code of the dialog is exchanged for a user token with an end."""
    answer = probe(ready, code=consent(ready)["code"])

    assert answer.status_code == 200
    assert answer.json()["access_token"].startswith("EAA")
    assert answer.json()["expires_in"] == 5184000


def test_code_is_bound_to_its_redirect_uri(ready):
    """Another accepted redirect URI than the dialog's is subcode 36008."""
    change_app(ready, dashboard={"redirect_uris": [GOOD, GOOD + "2"]})
    answer = probe(ready, code=consent(ready)["code"], redirect_uri=GOOD + "2")

    assert refusal(answer)[1:3] == (100, 36008)
    assert "identical to the one you used in the OAuth dialog request" in answer.text


def test_code_works_once(ready):
    """The second exchange of a code is refused as used."""
    code = consent(ready)["code"]
    probe(ready, code=code)

    assert refusal(probe(ready, code=code)) == (400, 100, 36009, "This authorization code has been used.")


def test_code_expires(ready):
    """A code older than its life is refused as expired."""
    code = consent(ready)["code"]
    behave(ready, code_seconds=0)

    assert refusal(probe(ready, code=code)) == (400, 100, 36007, "This authorization code has expired.")


def test_code_of_another_app_is_no_code(ready):
    """A code is worth nothing to another app."""
    code = consent(ready)["code"]
    change_app(ready, OTHER_APP, secret="other-secret", **GOOD_SETUP)

    assert refusal(probe(ready, client_id=OTHER_APP, client_secret="other-secret", code=code))[3] == BAD_CODE


def test_user_token_is_exchanged_for_a_new_one(ready):
    """fb_exchange_token answers another user token that works."""
    old = user_token(ready)
    answer = probe(ready, grant_type="fb_exchange_token", fb_exchange_token=old).json()

    assert answer["access_token"] != old
    assert graph(ready, "GET", "me", answer["access_token"]).json()["name"] == "dev-user"


@pytest.mark.parametrize(("token", "code"), [("", 1), ("nonsense", 190), (APP_TOKEN, 190)])
def test_exchange_of_what_is_no_user_token_is_refused(ready, token, code):
    """Only a living user token of the app can be exchanged."""
    assert code_of(probe(ready, grant_type="fb_exchange_token", fb_exchange_token=token)) == code


def test_exchange_refuses_a_user_token_of_another_app(ready):
    """A user token belongs to the app it was consented to."""
    token = user_token(ready)
    add_other_app(ready)
    answer = probe(
        ready,
        client_id=OTHER_APP,
        client_secret="other-secret",
        grant_type="fb_exchange_token",
        fb_exchange_token=token,
    )

    assert code_of(answer) == 190


def test_secret_is_refused_from_an_address_off_the_server_allowlist(ready):
    """With a Server IP Allowlist, other addresses may not use the secret, in whatever call; the code is a switch."""
    save(ready, "settings/advanced/", server_ip_allowlist="203.0.113.0/24")

    assert refusal(probe(ready))[1::2] == (5, "This IP can't make requests for that application.")
    assert code_of(graph(ready, "GET", APP)) == 5
    behave(ready, server_ip_refusal_code=190)
    assert code_of(probe(ready)) == 190


def test_secret_works_from_an_address_on_the_server_allowlist(ready):
    """An address on the list passes."""
    save(ready, "settings/advanced/", server_ip_allowlist="203.0.113.7\n127.0.0.0/8")

    assert code_of(probe(ready)) == 100


@pytest.mark.parametrize(
    ("send", "start"),
    [
        ({"params": {"locale": "nl_NL"}}, "Ongeldige"),
        ({"headers": {"Accept-Language": "de-DE,en;q=0.5"}}, "Ungültiges"),
        ({"headers": {"Accept-Language": "hi"}}, "सत्यापन"),
        ({"headers": {"Accept-Language": "fr"}}, "Invalid"),
    ],
    ids=["locale", "accept-language", "not latin", "no translation"],
)
def test_sentence_follows_the_language_and_the_code_does_not(ready, send, start):
    """A caller's language changes the message only."""
    form = {"client_id": APP, "client_secret": SECRET, "redirect_uri": GOOD, "code": "bogus"}
    error = ready.send("POST", f"{ready.facebook}/oauth/access_token", data=form, **send).json()["error"]

    assert error["code"] == 100
    assert error["message"].startswith(start)
