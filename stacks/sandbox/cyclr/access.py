"""Who may call Cyclr's API: the token endpoint, the bearer on every call, the account header, the IP list.

Source:  Cyclr's manual on API authentication and IP restrictions; an API test suite for the 401s.
"""

from __future__ import annotations

import ipaddress
import time
from email.utils import formatdate

from flask import Flask, Response, g, jsonify, request

from stacks.sandbox.cyclr.errors import CyclrError, denied
from stacks.sandbox.cyclr.model import behaviour, cyclr
from stacks.sandbox.cyclr.tokens import bearer, issue_bearer
from stacks.sandbox.world import World

ACCOUNT_HEADER = "X-Cyclr-Account"
ACCOUNT_SCOPE = "account:"


def guard(app: Flask, world: World) -> None:
    """Refuse callers whose address is not listed, and calls of the API without a valid token."""

    @app.before_request
    def check() -> None:
        listed = behaviour(world)["ip_restrictions"]
        if listed and not address_in(listed):
            raise CyclrError(403, "Your IP address is not permitted to use this API.")
        if request.path.startswith("/v1.0/"):
            kind, _, token = request.headers.get("Authorization", "").partition(" ")
            found = bearer(world, token.strip()) if kind.lower() == "bearer" else None
            if found is None:
                raise denied()
            g.bearer = found

    @app.after_request
    def harden(answer: Response) -> Response:
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer


def address_in(listed: list[str]) -> bool:
    """Whether the caller's address is one of these addresses or CIDR blocks."""
    caller = ipaddress.ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104 (no binding: an unknown caller)
    return any(caller in ipaddress.ip_network(each, strict=False) for each in listed)


def partner_level(account_id: str | None = None) -> None:
    """Let a partner-level call through; a token made for one account reaches that account alone.

    Raises:  CyclrError 401.
    """
    if g.bearer.account is not None and g.bearer.account != account_id:
        raise denied()


def account_level(world: World) -> str:
    """Return the account a call is for: the header's, else the one the token was made for.

    Raises:  CyclrError 401, for an empty or unknown account just as for a bad token.
    """
    named = request.headers.get(ACCOUNT_HEADER) or g.bearer.account
    known = {each["Id"] for each in cyclr(world)["accounts"]}
    if named not in known or (g.bearer.account or named) != named:
        raise denied()
    return str(named)


def token_route(app: Flask, world: World) -> None:
    """Serve the token endpoint: parameters in a form body, never in the URL."""

    @app.post("/oauth/token")
    def token() -> tuple[Response, int] | Response:
        form = request.form
        if form.get("grant_type") != "client_credentials":
            return _token_error(world, "unsupported_grant_type")
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        if {"client_id": client_id, "client_secret": secret} not in cyclr(world)["api_clients"]:
            return _token_error(world, "invalid_client")
        scope = form.get("scope", "")
        account_id = scope.removeprefix(ACCOUNT_SCOPE) if scope.startswith(ACCOUNT_SCOPE) else None
        if scope and account_id not in {each["Id"] for each in cyclr(world)["accounts"]}:
            return _token_error(world, "invalid_scope")
        seconds, now = int(behaviour(world)["api_token_seconds"]), time.time()
        answer = jsonify(
            {
                "access_token": issue_bearer(world, client_id, account_id),
                "token_type": "bearer",
                "expires_in": seconds,
                "clientId": client_id,
                ".refresh": "True",
                ".issued": formatdate(now, usegmt=True),
                ".expires": formatdate(now + seconds, usegmt=True),
            }
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _token_error(world: World, error: str) -> tuple[Response, int]:
    # The body is what ASP.NET's OAuth server sends; the status has a switch, the vendor's being unknown.
    return jsonify({"error": error}), int(behaviour(world)["token_error_status"])
