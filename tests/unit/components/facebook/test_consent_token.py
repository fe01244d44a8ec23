"""What Facebook's answers about a consent's token mean."""

from __future__ import annotations

import pytest

from components import errors
from components.facebook import consent_token
from components.inspectors import TokenFacts
from components.vendor_access import Access
from tests.unit.components.scripted import reply

APP, SECRET, TOKEN = "1234567890123456", "canary-5a5ad0b0c0de", "EAAcanary-user-token"
APP_TOKEN = reply(200, {"access_token": f"{APP}|{SECRET}"})
ALIVE = {"app_id": APP, "is_valid": True, "scopes": ["email", "ads_read"], "user_id": "17"}
ROLES = reply(200, {"data": [{"app_id": APP, "user": "42", "role": "administrators"}]})


def answered(**changes):
    """An answer of debug_token."""
    return reply(200, {"data": {**ALIVE, **changes}})


def inspected(vendor, *answers):
    """The facts, from these answers after the app token's."""
    vendor.answers(APP_TOKEN, *answers)
    access = Access("", "", "", "", graph_url=vendor.url, values={"key": SECRET})
    return consent_token.inspect(access, APP, "config:key", TOKEN)


@pytest.mark.parametrize(("user", "has_role"), [("17", False), ("42", True)])
def test_living_token_tells_scopes_and_role(vendor, user, has_role):
    """A living token of the app shows what was granted and whether the person has a role."""
    facts = inspected(vendor, answered(user_id=user), ROLES)

    assert facts == TokenFacts(is_ours=True, lives=True, scopes=("ads_read", "email"), has_role=has_role)


@pytest.mark.parametrize(
    "roles",
    [reply(200, {"data": None}), reply(200, {}), reply(200, {"data": [], "paging": {"next": "https://x.example/"}})],
    ids=["null", "absent", "another-page"],
)
def test_roles_that_are_not_told_are_not_missing(vendor, roles):
    """Without a list of roles nobody is said to have none."""
    assert inspected(vendor, answered(), roles).has_role is None


def test_token_without_a_user_has_no_role_to_ask_for(vendor):
    """A token of no person costs no second call."""
    assert inspected(vendor, answered(user_id=None)).has_role is None
    assert len(vendor.requests) == 2


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        ({"code": 190, "subcode": 460, "message": "changed"}, "code 190/460"),
        ({"code": 190, "message": "expired"}, "code 190"),
        ({}, "without a reason"),
        (None, "without a reason"),
    ],
)
def test_dead_token_says_why(vendor, error, cause):
    """A dead token of ours is dead for the reason that Facebook gives, by its numbers alone."""
    facts = inspected(vendor, reply(200, {"data": {"is_valid": False, "error": error}}))

    assert facts == TokenFacts(is_ours=True, lives=False, cause=cause)


@pytest.mark.parametrize(
    "answer",
    [reply(400, {"error": {"code": 100, "message": "The App_id did not match"}}), answered(app_id="7")],
    ids=["refused", "told"],
)
def test_token_of_another_app_is_not_ours(vendor, answer):
    """A token that belongs to another app is known as such, whichever way Facebook says it."""
    assert inspected(vendor, answer, ROLES).is_ours is False


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {}}, {"data": 7}, {"data": {"is_valid": "yes"}}])
def test_answer_that_says_nothing_of_the_token_tells_nothing(vendor, body):
    """A token is neither dead nor alive by an answer that does not say so."""
    with pytest.raises(errors.TransportError, match="does not say"):
        inspected(vendor, reply(200, body))


@pytest.mark.parametrize("scopes", [5, None, "email", {}])
def test_scopes_of_another_shape_are_none(vendor, scopes):
    """Whatever stands where the scopes should, the rest is told."""
    facts = inspected(vendor, answered(scopes=scopes), ROLES)

    assert (facts.lives, facts.scopes, facts.has_role) == (True, (), False)


@pytest.mark.parametrize(("code", "kind"), [(200, errors.AuthError), (3, errors.Rejected), (341, errors.RateLimited)])
def test_refusal_tells_nothing(vendor, code, kind):
    """Any other refusal is an error, and it shows no token."""
    with pytest.raises(kind) as caught:
        inspected(vendor, reply(400, {"error": {"code": code, "message": f"no {TOKEN}", "is_transient": False}}))

    assert TOKEN not in str(caught.value)
