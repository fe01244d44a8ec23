"""Cyclr's API as the sandbox plays it: who may call it, its accounts, its lists."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime

import pytest

ACCOUNT = "acme-observation"
OTHER = "first-customer"
DENIED = {"Message": "Authorization has been denied for this request."}


def behaviour(sandbox, **switches):
    """Set switches of Cyclr's behaviour."""
    sandbox.patch({"cyclr": {"behaviour": switches}})


def test_token_endpoint_answers_a_bearer_for_fourteen_days(sandbox):
    """A token answer holds 64 hex digits, the client's id and dotted dates that are 14 days apart."""
    answer = sandbox.new_token().json()
    issued, expires = (parsedate_to_datetime(answer[name]) for name in (".issued", ".expires"))

    assert re.fullmatch("[0-9a-f]{64}", answer["access_token"])
    assert (answer["token_type"], answer["expires_in"], answer["clientId"]) == ("bearer", 1209599, "sandbox-api-client")
    assert (expires - issued).total_seconds() == 1209599


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"scope": "account:nobody"}, "invalid_scope"),
    ],
)
def test_token_endpoint_refuses(sandbox, form, error):
    """Wrong credentials, grants and scopes are 400 with OAuth's own error names."""
    answer = sandbox.new_token(**form)

    assert (answer.status_code, answer.json()) == (400, {"error": error})


def test_token_endpoint_reads_no_parameters_from_the_url(sandbox):
    """Credentials in the query are not credentials."""
    query = "grant_type=client_credentials&client_id=sandbox-api-client&client_secret=sandbox-api-secret"

    assert sandbox.send("POST", f"{sandbox.cyclr_api}/oauth/token?{query}").status_code == 400


@pytest.mark.parametrize("kind", ["bad", "expired", "deleted"])
def test_call_without_a_valid_token_is_denied(sandbox, kind):
    """A bad token, an expired one and one whose credentials were deleted are all 401."""
    behaviour(sandbox, api_token_seconds=0 if kind == "expired" else 60)
    token = "0" * 64 if kind == "bad" else sandbox.new_token().json()["access_token"]
    if kind == "deleted":
        sandbox.patch({"cyclr": {"api_clients": []}})
    answer = sandbox.api("GET", "/accounts", token=token)

    assert (answer.status_code, answer.json()) == (401, DENIED)


@pytest.mark.parametrize("account", [None, "", "nobody"])
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/account/connectors"), ("GET", "/connectors"), ("POST", "/connectors/5001/install")]
)
def test_account_level_call_needs_a_known_account(sandbox, account, method, path):
    """No, an empty and an unknown account are 401, as a bad token is."""
    answer = sandbox.api(method, path, account, json={})

    assert (answer.status_code, answer.json()) == (401, DENIED)


def test_catalogue_without_an_account_is_a_switch(sandbox):
    """With the switch off, the library reads without an account and installing still needs one."""
    behaviour(sandbox, catalogue_needs_account=False)

    assert sandbox.api("GET", "/connectors").status_code == 200
    assert sandbox.api("POST", "/connectors/5001/install", json={}).status_code == 401


@pytest.mark.parametrize(
    ("path", "account", "status"),
    [
        ("/account/connectors", None, 200),
        ("/account/connectors", ACCOUNT, 200),
        ("/account/connectors", OTHER, 401),
        ("/accounts", None, 401),
        (f"/accounts/{ACCOUNT}", None, 200),
        (f"/accounts/{OTHER}", None, 401),
    ],
)
def test_account_token_reaches_its_account_alone(sandbox, path, account, status):
    """A token with an account scope needs no header for its account and is denied everything else."""
    token = sandbox.new_token(scope=f"account:{ACCOUNT}").json()["access_token"]

    assert sandbox.api("GET", path, account, token=token).status_code == status


@pytest.mark.parametrize(("listed", "status"), [(["203.0.113.0/24"], 403), (["127.0.0.0/8"], 200)])
def test_ip_restrictions_hold_for_the_api(sandbox, listed, status):
    """Once addresses are listed, others are refused."""
    token = sandbox.new_token().json()["access_token"]
    behaviour(sandbox, ip_restrictions=listed)

    assert sandbox.api("GET", "/accounts", token=token).status_code == status


@pytest.mark.parametrize("path", ["/accounts", "/accounts/nobody", "/nowhere"])
def test_every_answer_forbids_sniffing(sandbox, path):
    """Good and bad answers carry nosniff and no ETag."""
    answer = sandbox.api("GET", path)

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "ETag" not in answer.headers


def test_account_lives_from_create_to_delete(sandbox):
    """Create, read, merge and delete all answer 200, and a deleted account is 404."""
    made = sandbox.api("POST", "/accounts", json={"Id": "a.example", "Name": "A", "Timezone": "Europe/Paris"})
    merged = sandbox.api("PUT", "/accounts/a.example", json={"Description": "d"})
    deleted = sandbox.api("DELETE", "/accounts/a.example")

    assert [each.status_code for each in (made, merged, deleted)] == [200, 200, 200]
    assert merged.json() == made.json() | {"Description": "d"}
    assert sandbox.api("GET", "/accounts/a.example").status_code == 404


WEBHOOK_MISSING = "Transaction Error Webhook enabled: Transaction Error Webhook URL must be defined"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"Id": ACCOUNT, "Name": "A"}, "ID already in use"),
        ({"Id": "a"}, "Name is required"),
        ({"Name": "A", "TransactionErrorWebhookEnabled": True}, WEBHOOK_MISSING),
        ({"Name": "A", "TransactionErrorWebhookUrl": " "}, "https://  is not a valid URL"),
        (
            {"Name": "A", "StepDataSuccessRetentionHours": -10},
            "StepDataSuccessRetentionHours (-10): must be non negative",
        ),
    ],
)
def test_account_refusals_have_the_vendors_texts(sandbox, body, message):
    """A bad account is 400 with the exact message, and is not made."""
    answer = sandbox.api("POST", "/accounts", json=body)

    assert (answer.status_code, answer.json()) == (400, {"Message": message})
    assert len(sandbox.state()["cyclr"]["accounts"]) == 2


@pytest.mark.parametrize(
    ("field", "sent", "kept"),
    [
        ("TransactionErrorWebhookUrl", "hooks.example/x", "https://hooks.example/x"),
        ("TransactionErrorWebhookUrl", "http://hooks.example", "http://hooks.example"),
        ("StepDataErroredRetentionHours", 1000, 744),
        ("StepDataErroredRetentionHours", "soon", 10),
        ("StepDataErroredRetentionHours", None, None),
        ("Timezone", "Asia/Tokyo", "Asia/Tokyo"),
    ],
)
def test_account_keeps_values_in_its_own_form(sandbox, field, sent, kept):
    """What is stored may differ from what was sent, as at the vendor."""
    sandbox.api("POST", "/accounts", json={"Id": "a", "Name": "A", "StepDataErroredRetentionHours": 10})
    answer = sandbox.api("PUT", "/accounts/a", json={field: sent})

    assert answer.status_code == 200
    assert sandbox.api("GET", "/accounts/a").json()[field] == kept


def test_lists_come_in_pages(sandbox):
    """A list is a bare array of one page, Total-Pages counts them, and per_page means nothing."""
    for number in range(3):
        sandbox.api("POST", "/accounts", json={"Id": f"a{number}", "Name": f"A{number}"})
    answer = sandbox.api("GET", "/accounts?page=2&pageSize=2&per_page=100&orderBy=id&sortOrderAsc=true")

    assert [each["Id"] for each in answer.json()] == ["a2", ACCOUNT]
    assert answer.headers["Total-Pages"] == "3"
    assert sandbox.api("GET", "/accounts?page=4&pageSize=2").json() == []
