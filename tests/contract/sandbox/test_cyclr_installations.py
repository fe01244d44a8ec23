"""What Cyclr's API does with an installation: fields, properties, authentication, method calls, sign-in tokens."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

ACCOUNT = "acme-observation"
TOKENS = json.dumps({"AccessToken": "t", "RefreshToken": None})


def behaviour(sandbox, **switches):
    """Set switches of Cyclr's behaviour."""
    sandbox.patch({"cyclr": {"behaviour": switches}})


@pytest.fixture
def call(sandbox, installed):
    """Call the API below the installation's own path."""
    return lambda method, path="", **more: sandbox.api(
        method, f"/account/connectors/{installed}{path}", ACCOUNT, **more
    )


def named(answer):
    """The properties of an answer, as one object."""
    return {each["Name"]: each["Value"] for each in answer.json()["Properties"]}


def test_installation_of_another_account_is_not_found(sandbox, installed):
    """An installation is seen through its own account only."""
    assert sandbox.api("GET", f"/account/connectors/{installed}", "first-customer").status_code == 404


def test_update_writes_only_what_was_sent(call):
    """PUT of a description leaves everything else as it was."""
    before = call("GET").json()
    answer = call("PUT", json={"Description": "mark"})

    assert answer.json() == before | {"Description": "mark"}
    assert call("GET").json() == answer.json()


def test_update_refuses_a_name_that_is_in_use(sandbox, installed, call):
    """Two installations of one account never have one name."""
    sandbox.api("POST", "/connectors/5014/install", ACCOUNT, json={})

    assert call("PUT", json={"Name": "Facebook Messenger"}).status_code == 400
    assert call("PUT", json={"Name": "Facebook Marketing API"}).status_code == 200


@pytest.mark.parametrize(
    ("switch", "kept"), [("merges", {"ClientId": "1", "ClientSecret": "new"}), ("replaces", {"ClientSecret": "new"})]
)
def test_update_of_properties_is_a_switch(sandbox, call, switch, kept):
    """PUT with properties keeps the ones it does not name, or drops them."""
    behaviour(sandbox, put_properties=switch)
    call("PUT", json={"Properties": [{"Name": "ClientId", "Value": "1"}, {"Name": "ClientSecret", "Value": "old"}]})
    answer = call("PUT", json={"Properties": [{"Name": "ClientSecret", "Value": "new"}]})

    assert named(answer) == kept


@pytest.mark.parametrize(
    ("connector", "value", "authenticated"),
    [(5021, "key", True), (5021, None, False), (5001, TOKENS, True), (5001, "{}", False), (5001, "junk", False)],
)
def test_auth_value_authenticates_where_it_can(sandbox, connector, value, authenticated):
    """A key authenticates its installation; OAuth takes an access token and nothing less."""
    made = sandbox.api("POST", f"/connectors/{connector}/install", ACCOUNT, json={}).json()["Id"]
    answer = sandbox.api("PUT", f"/account/connectors/{made}", ACCOUNT, json={"AuthValue": value})

    assert answer.json()["Authenticated"] is authenticated


@pytest.mark.parametrize(("readable", "shown"), [(True, TOKENS), (False, None)])
def test_auth_value_of_oauth_is_readable_by_a_switch(sandbox, call, readable, shown):
    """Whether an installation shows its tokens can be played both ways."""
    sandbox.patch({"facebook": {"behaviour": {"auth_value_readable": readable}}})
    call("PUT", json={"AuthValue": TOKENS})

    assert (call("GET").json()["AuthValue"], call("GET").json()["Authenticated"]) == (shown, True)


def test_deauthenticate_says_so_in_the_vendors_words(call):
    """Deauthenticating drops the tokens and names the installation."""
    call("PUT", json={"AuthValue": TOKENS})
    answer = call("PUT", "/deauthenticate")

    assert answer.status_code == 200
    assert answer.json() == {"Message": "Connector 'Facebook Marketing API' successfully de-authenticated."}
    assert (call("GET").json()["Authenticated"], call("GET").json()["AuthValue"]) == (False, None)


def test_property_lives_from_create_to_delete(installed, call):
    """A property no connector declares is accepted, reads back in clear, and all four calls answer 200."""
    made = call("POST", "/properties", json={"Name": "ClientSecret", "Value": "s", "Id": 0})
    path = f"/properties/{made.json()['Id']}"
    written = call("PUT", path, json={"Value": "t"})
    read = call("GET", path)
    deleted = call("DELETE", path)

    assert [each.status_code for each in (made, written, read, deleted)] == [200, 200, 200, 200]
    assert made.json() == {
        "Id": made.json()["Id"],
        "Name": "ClientSecret",
        "Value": "s",
        "AccountConnectorId": installed,
    }
    assert read.json() == made.json() | {"Value": "t"}
    assert [call(method, path).status_code for method in ("GET", "PUT", "DELETE")] == [404, 404, 404]


@pytest.mark.parametrize(("switch", "values"), [("duplicates", ["1", "2"]), ("updates", ["2"])])
def test_second_property_of_a_name_is_a_switch(sandbox, call, switch, values):
    """A second POST of a name adds a property, or writes the one there is."""
    behaviour(sandbox, post_existing_property=switch)
    for value in ("1", "2"):
        call("POST", "/properties", json={"Name": "ClientId", "Value": value})

    assert [each["Value"] for each in call("GET", "/properties").json()] == values


def test_property_needs_a_name(call):
    """A property without a name is 400."""
    assert call("POST", "/properties", json={"Value": "x"}).json() == {"Message": "Name is required"}


def test_sensitive_values_can_be_masked(sandbox, call):
    """With the switch on, the secret reads masked and the id does not."""
    behaviour(sandbox, sensitive_values="masked")
    answer = call(
        "PUT", json={"Properties": [{"Name": "ClientId", "Value": "1"}, {"Name": "ClientSecret", "Value": "s"}]}
    )

    assert named(answer)["ClientId"] == "1"
    assert "s" not in named(answer).values()


GUID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


@pytest.mark.parametrize(
    ("approved", "path", "status"),
    [
        ([], f"/methods/{GUID}", 403),
        ([], f"/test/{GUID}", 403),
        (["127.0.0.1"], f"/methods/{GUID}", 404),
        (["127.0.0.0/8"], "/test/17", 404),
        (["127.0.0.1"], "/methods/not-a-guid", 400),
    ],
    ids=["methods", "test", "approved", "digits", "malformed"],
)
def test_method_calls_need_an_approved_address(sandbox, call, approved, path, status):
    """Method and test calls are refused until support approved the address; then ids are looked at."""
    behaviour(sandbox, approved_ips=approved)

    assert call("POST", path, json={}).status_code == status


def test_sign_in_token_creates_its_user_and_needs_encoding(sandbox):
    """A missing user is created once, and the token holds every character that a URL would change."""
    answers = [
        sandbox.api("POST", f"/accounts/{ACCOUNT}/signintoken", json={"Username": "observer"}).json() for _ in range(2)
    ]
    account = sandbox.state()["cyclr"]["accounts"][0]

    assert account["users"] == ["observer"]
    assert all(set("+/=") <= set(each["Token"]) and each["ExpiresAtUtc"].endswith("Z") for each in answers)
    assert answers[0]["Token"] != answers[1]["Token"]


@pytest.mark.parametrize(("account", "body", "status"), [(ACCOUNT, {}, 400), ("nobody", {"Username": "x"}, 404)])
def test_sign_in_token_needs_a_user_and_a_known_account(sandbox, account, body, status):
    """No user name is 400, no such account is 404."""
    assert sandbox.api("POST", f"/accounts/{account}/signintoken", json=body).status_code == status


def test_orbit_url_shows_the_service_domain(sandbox):
    """The ready-made URL stands on the service domain and holds its token as it is."""
    sandbox.patch({"cyclr": {"service_domain": "app-h.cyclr.com"}})
    answer = sandbox.api("POST", f"/accounts/{ACCOUNT}/orbit", json={}).json()
    url = urlsplit(answer["OrbitUrl"])

    assert (url.scheme, url.netloc, url.path) == ("https", "app-h.cyclr.com", "/account/signinwithtoken")
    assert f"token={answer['Token']}&" in url.query
    assert parse_qs(url.query)["token"] == [answer["Token"]]


def test_orbit_creates_an_account_it_does_not_know(sandbox):
    """ORBIT's documented side effect: an unknown id becomes an account."""
    sandbox.api("POST", "/accounts/new/orbit", json={})

    assert sandbox.api("GET", "/accounts/new").status_code == 200
