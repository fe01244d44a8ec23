"""Accounts on Cyclr's API, and the sign-in tokens that are made for them.

Source:  an API test suite that ran against the live API (the messages are the vendor's own); Cyclr's manual on OAuth
         authentication for sign-in tokens, on ORBIT for its URL.
"""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, jsonify

from stacks.sandbox.cyclr.access import partner_level
from stacks.sandbox.cyclr.body import Fields, page_of, sent
from stacks.sandbox.cyclr.errors import CyclrError
from stacks.sandbox.cyclr.model import account, behaviour, cyclr, service_url
from stacks.sandbox.cyclr.tokens import issue_sign_in
from stacks.sandbox.schema import ACCOUNT
from stacks.sandbox.shape import Json
from stacks.sandbox.world import World

LONGEST_RETENTION = 744
"""Hours; a longer retention is cut to this without a word."""

NOT_IN_ANSWERS = frozenset({"users", "connectors"})
TEXTS = ("Name", "Description", "Timezone", "ParentAccountId")
FLAGS = ("AuditInfo", "TaskAuditInfo", "TransactionErrorWebhookEnabled", "TransactionErrorWebhookIncludeWarnings")
RETENTIONS = ("StepDataSuccessRetentionHours", "StepDataErroredRetentionHours")


def account_routes(app: Flask, world: World) -> None:
    """Serve list, create, read, merge and delete."""

    @app.get("/v1.0/accounts")
    def list_accounts() -> Response:
        partner_level()
        return page_of([shown(each) for each in cyclr(world)["accounts"]], behaviour(world))

    @app.post("/v1.0/accounts")
    def create_account() -> Response:
        partner_level()
        body = sent() or Fields({})
        return jsonify(shown(create(world, body.text("Id"), body)))

    @app.get("/v1.0/accounts/<account_id>")
    def get_account(account_id: str) -> Response:
        partner_level(account_id)
        return jsonify(shown(account(world, account_id)))

    @app.put("/v1.0/accounts/<account_id>")
    def put_account(account_id: str) -> Response:
        partner_level(account_id)
        with world.change():
            found = account(world, account_id)
            write(found, sent() or Fields({}))
            return jsonify(shown(found))

    @app.delete("/v1.0/accounts/<account_id>")
    def delete_account(account_id: str) -> Response:
        partner_level(account_id)
        with world.change():
            cyclr(world)["accounts"].remove(account(world, account_id))
        return Response(status=200)

    @app.get("/v1.0/accounts/<account_id>/subaccounts")
    def list_subaccounts(account_id: str) -> Response:
        partner_level(account_id)
        parent = account(world, account_id)["Id"]
        children = [shown(each) for each in cyclr(world)["accounts"] if each["ParentAccountId"] == parent]
        return page_of(children, behaviour(world))


def sign_in_routes(app: Flask, world: World) -> None:
    """Serve the sign-in token and ORBIT's ready-made URL."""

    @app.post("/v1.0/accounts/<account_id>/signintoken")
    def sign_in_token(account_id: str) -> Response:
        partner_level(account_id)
        user = (sent() or Fields({})).text("Username")
        account(world, account_id)
        if not user:
            raise CyclrError(400, "Username is required")
        add_user(world, account_id, user)
        token, expires = issue_sign_in(world, account_id, user)
        return jsonify({"Token": token, "ExpiresAtUtc": _utc(expires)})

    @app.post("/v1.0/accounts/<account_id>/orbit")
    def orbit(account_id: str) -> Response:
        partner_level()
        body = sent() or Fields({})
        user = body.text("Username") or "api-user"
        if account_id not in {each["Id"] for each in cyclr(world)["accounts"]}:
            create(world, account_id, Fields({"Name": body.text("AccountName") or account_id}))
        add_user(world, account_id, user)
        token, expires = issue_sign_in(world, account_id, user, url_safe=True)
        url = f"{service_url(world)}/account/signinwithtoken?token={quote(token)}&returnUrl=%2Forbit"
        return jsonify({"AccountId": account_id, "ExpiresAtUtc": _utc(expires), "OrbitUrl": url, "Token": token})


def create(world: World, account_id: str, body: Fields) -> dict[str, Any]:
    """Add an account and return it.

    Raises:  CyclrError 400.
    """
    now = datetime.now(UTC)
    fresh: dict[str, Any] = ACCOUNT.fill(
        {"Id": account_id or str(uuid.uuid4()), "Name": "", "CreatedDate": _utc(now.timestamp())}
    )
    with world.change():
        if fresh["Id"] in {each["Id"] for each in cyclr(world)["accounts"]}:
            raise CyclrError(400, "ID already in use")
        write(fresh, body)
        cyclr(world)["accounts"].append(fresh)
    return fresh


def write(target: dict[str, Any], body: Fields) -> None:
    """Merge a body into an account: absent fields keep their value, null clears a retention.

    Raises:  CyclrError 400.
    """
    for name in TEXTS:
        if name in body:
            target[name] = body.get(name)
    if not target["Name"]:
        raise CyclrError(400, "Name is required")
    if body.flag("TransactionErrorWebhookEnabled") and not body.text("TransactionErrorWebhookUrl"):
        raise CyclrError(400, "Transaction Error Webhook enabled: Transaction Error Webhook URL must be defined")
    if "TransactionErrorWebhookUrl" in body:
        target["TransactionErrorWebhookUrl"] = _webhook(body.text("TransactionErrorWebhookUrl"))
    for name in FLAGS:
        if name in body:
            target[name] = body.flag(name)
    for name in RETENTIONS:
        if name in body:
            target[name] = _retention(name, body.get(name), target[name])


def shown(found: dict[str, Any]) -> dict[str, Any]:
    """Return an account as the API answers it."""
    return {key: value for key, value in found.items() if key not in NOT_IN_ANSWERS}


def add_user(world: World, account_id: str, user: str) -> None:
    """Create a user of an account unless it is there."""
    if user not in account(world, account_id)["users"]:
        with world.change():
            account(world, account_id)["users"].append(user)


def _webhook(given: str) -> str | None:
    if not given:
        return None
    url = given if re.match("https?://", given, re.IGNORECASE) else f"https://{given}"
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", url, re.IGNORECASE):
        raise CyclrError(400, f"{url} is not a valid URL")
    return url


def _retention(name: str, given: Json, kept: Json) -> Json:
    if given is None:
        return None
    try:
        hours = int(given)
    except (TypeError, ValueError):
        return kept
    if hours < 0:
        raise CyclrError(400, f"{name} ({hours}): must be non negative")
    return min(hours, LONGEST_RETENTION)


def _utc(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
