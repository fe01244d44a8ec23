"""Tokens: whose they are, when they die, the proof of the secret, and what debug_token and the edges tell."""

from __future__ import annotations

import pytest
from facebook_calls import (
    APP,
    APP_TOKEN,
    GOOD_SETUP,
    OTHER_APP,
    SECRET,
    add_other_app,
    behave,
    change_app,
    code_of,
    graph,
    probe,
    proof_of,
    refusal,
    save,
    user_token,
)


@pytest.fixture
def ready(sandbox):
    """The default app with one redirect URI and its domain set."""
    change_app(sandbox, **GOOD_SETUP)
    return sandbox


@pytest.mark.parametrize(
    ("token", "code"),
    [(None, 104), (f"{APP}|wrong", 190), ("999|secret", 190), ("EAAnonsense", 190), ("nonsense", 190), ("EAAé", 190)],
    ids=["none", "wrong secret", "unknown app", "no user token", "no token", "not ascii"],
)
def test_call_without_a_living_token_is_refused(sandbox, token, code):
    """A missing token is 104, a wrong one 190."""
    assert code_of(graph(sandbox, "GET", APP, token)) == code


@pytest.mark.parametrize("code", [190, 101, 1])
def test_code_of_a_wrong_secret_in_a_token_is_a_switch(sandbox, code):
    """Nobody knows which code a read with ``id|wrong`` has."""
    behave(sandbox, wrong_secret_token_code=code)

    assert code_of(graph(sandbox, "GET", APP, f"{APP}|wrong")) == code


@pytest.mark.parametrize("scheme", ["Bearer", "OAuth"])
def test_token_may_come_in_a_header(sandbox, scheme):
    """The Authorization header carries a token as well."""
    headers = {"Authorization": f"{scheme} {APP_TOKEN}"}

    assert sandbox.send("GET", f"{sandbox.facebook}/v25.0/{APP}", headers=headers).ok


def test_reset_of_the_secret_ends_app_tokens(sandbox):
    """After a reset on the dashboard the literal and the minted app token are dead, and a new secret works."""
    minted = probe(sandbox, grant_type="client_credentials").json()["access_token"]
    save(sandbox, "settings/basic/", reset_secret="true")
    fresh = sandbox.state()["facebook"]["apps"][APP]["secret"]

    assert fresh != SECRET
    assert code_of(graph(sandbox, "GET", APP, APP_TOKEN)) == 190
    assert code_of(graph(sandbox, "GET", APP, minted)) == 190
    assert graph(sandbox, "GET", APP, f"{APP}|{fresh}").ok


def test_proof_is_checked_when_it_is_sent(sandbox):
    """A right proof passes and a wrong one does not, although none is wanted."""
    assert graph(sandbox, "GET", APP, appsecret_proof=proof_of(APP_TOKEN)).ok
    answer = graph(sandbox, "GET", APP, appsecret_proof=proof_of(APP_TOKEN, "other"))

    assert refusal(answer) == (400, 100, None, "Invalid appsecret_proof provided in the API argument")
    assert answer.json()["error"]["type"] == "GraphMethodException"


def test_proof_is_wanted_by_the_setting(sandbox):
    """With Require App Secret a call without proof is refused and one with it passes."""
    change_app(sandbox, dashboard={"require_app_secret": True})

    assert refusal(graph(sandbox, "GET", APP))[3] == "API calls from the server require an appsecret_proof argument"
    assert graph(sandbox, "GET", APP, appsecret_proof=proof_of(APP_TOKEN)).ok


def test_need_of_a_proof_beside_an_app_token_is_a_switch(ready):
    """Where app tokens need no proof, user tokens do."""
    token = user_token(ready)
    change_app(ready, dashboard={"require_app_secret": True})
    behave(ready, app_token_needs_proof=False)

    assert graph(ready, "GET", APP).ok
    assert code_of(graph(ready, "GET", "me", token)) == 100
    assert graph(ready, "GET", "me", token, appsecret_proof=proof_of(token)).ok


def debugged(sandbox, token, by=APP_TOKEN):
    """Return what debug_token says of a token."""
    return graph(sandbox, "GET", "debug_token", by, input_token=token).json()["data"]


def test_debug_token_tells_of_a_user_token(ready):
    """A living user token shows app, user, scopes and its times."""
    found = debugged(ready, user_token(ready, scope="ads_read,ads_management"))

    assert (found["app_id"], found["application"], found["type"]) == (APP, "My first app", "USER")
    assert found["is_valid"] is True
    assert found["scopes"] == ["public_profile", "ads_read", "ads_management"]
    assert found["granular_scopes"][1] == {"scope": "ads_read"}
    assert found["expires_at"] == pytest.approx(found["issued_at"] + 5184000, abs=1)
    assert found["data_access_expires_at"] > found["issued_at"]
    assert found["user_id"].isdigit()


def test_debug_token_tells_of_an_app_token(sandbox):
    """An app token is of type APP and has no user."""
    assert debugged(sandbox, APP_TOKEN) == {
        "app_id": APP, "application": "My first app", "is_valid": True, "scopes": [], "type": "APP"
    }  # fmt: skip


def expire(sandbox):
    """End every user token by age."""
    behave(sandbox, user_token_seconds=0)


def change_password(sandbox):
    """Change the user's password."""
    sandbox.patch({"facebook": {"users": {"dev-user": {"password": "other"}}}})


def remove_app(sandbox):
    """Take the consent back on the user's page."""
    sandbox.send("POST", f"{sandbox.facebook}/settings/applications/", data={"app_id": APP})


@pytest.mark.parametrize(("end", "subcode"), [(expire, 463), (change_password, 460), (remove_app, 458)])
def test_dead_user_token_says_why(ready, end, subcode):
    """An ended token is 190 with its subcode, in a call and in debug_token."""
    token = user_token(ready)
    end(ready)
    found = debugged(ready, token)

    assert refusal(graph(ready, "GET", "me", token))[1:3] == (190, subcode)
    assert (found["is_valid"], found["error"]["code"], found["error"]["subcode"]) == (False, 190, subcode)


def test_consent_after_a_removal_works(ready):
    """Who takes a consent back and gives it again has a living token."""
    user_token(ready)
    remove_app(ready)

    assert debugged(ready, user_token(ready))["is_valid"] is True


def test_debug_token_answers_a_role_user_of_the_same_app(ready):
    """A person with a role may ask, a person without and another app may not."""
    token = user_token(ready)
    change_app(ready, dashboard={"mode": "live", "advanced_access": True})
    customer = user_token(ready, "customer")
    add_other_app(ready)

    assert debugged(ready, customer, by=token)["is_valid"] is True
    assert code_of(graph(ready, "GET", "debug_token", customer, input_token=token)) == 100
    answer = graph(ready, "GET", "debug_token", f"{OTHER_APP}|other-secret", input_token=token)
    assert refusal(answer)[3] == "(#100) The App_id in the input_token did not match the Viewing App"


def test_debug_token_wants_a_token_to_look_at(sandbox):
    """Without input_token the call is refused."""
    assert code_of(graph(sandbox, "GET", "debug_token")) == 100


def test_debug_token_finds_nonsense_invalid(sandbox):
    """A text that is no token is no error of the call."""
    assert debugged(sandbox, "nonsense")["is_valid"] is False


def test_roles_name_who_has_one(ready):
    """The roles edge lists the ids that tokens of those users show, and no customer's."""
    change_app(ready, roles={"admin": ["dev-user"], "tester": ["somebody"]})
    rows = graph(ready, "GET", f"{APP}/roles").json()["data"]

    assert [row["role"] for row in rows] == ["administrators", "testers"]
    assert rows[0]["user"] == debugged(ready, user_token(ready))["user_id"]


def test_roles_are_told_to_the_app_only(ready):
    """Another app's token and a customer's are refused."""
    change_app(ready, dashboard={"mode": "live", "advanced_access": True})
    add_other_app(ready)

    assert code_of(graph(ready, "GET", f"{APP}/roles", f"{OTHER_APP}|other-secret")) == 200
    assert code_of(graph(ready, "GET", f"{APP}/roles", user_token(ready, "customer"))) == 200


@pytest.mark.parametrize(
    ("granted", "asked", "statuses"),
    [
        (True, "live", {"live"}),
        (True, "unapproved", set()),
        (False, "live", set()),
        (False, "unapproved", {"unapproved"}),
        (False, None, {"unapproved"}),
    ],
)
def test_permissions_follow_the_review(sandbox, granted, asked, statuses):
    """Permissions are live once Advanced Access is granted, unapproved before."""
    change_app(sandbox, dashboard={"advanced_access": granted})
    rows = graph(sandbox, "GET", f"{APP}/permissions", **({"status": asked} if asked else {})).json()["data"]

    assert {row["status"] for row in rows} == statuses


def test_permissions_know_two_statuses(sandbox):
    """Any other status is refused."""
    assert code_of(graph(sandbox, "GET", f"{APP}/permissions", status="maybe")) == 100


def test_me_needs_a_user(sandbox):
    """An app token has no user behind it."""
    assert code_of(graph(sandbox, "GET", "me")) == 2500
