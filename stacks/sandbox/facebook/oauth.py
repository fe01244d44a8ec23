"""``/oauth/access_token``: app tokens, the code exchange, longer-lived tokens.

Order of checks in the exchange: parameters present, app id, secret and redirect URI (which of the two comes first is a
switch), code last. Source: shipped programs send a bogus code and still expect the other errors (canvas-lms,
lib/facebook.rb); the rows and their sentences are reported one by one.
"""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass, replace
from typing import Any

from stacks.sandbox.facebook import tokens
from stacks.sandbox.facebook.call import Call, behaviour
from stacks.sandbox.facebook.errors import APP_UNKNOWN, CODE_MALFORMED, REDIRECT_REFUSED, SECRET_REFUSED, GraphError
from stacks.sandbox.facebook.propagation import visible_app
from stacks.sandbox.facebook.redirects import is_absolute, judge
from stacks.sandbox.world import World

USED, EXPIRED, OTHER_REDIRECT = 36009, 36007, 36008
"""Subcodes of a refused code; 36008 is reported, the other two are general knowledge."""


@dataclass(frozen=True)
class Code:
    """A code the dialog gave out; ``moment`` is monotonic."""

    app_id: str
    user: str
    scopes: tuple[str, ...]
    redirect_uri: str
    moment: float
    used: bool = False


def give_code(world: World, app_id: str, user: str, scopes: tuple[str, ...], redirect_uri: str) -> str:
    """Return a fresh single-use code."""
    text = "AQ" + secrets.token_urlsafe(48)
    with world.lock:
        codes = world.memory.setdefault("facebook_codes", {})
        codes[text] = Code(app_id, user, scopes, redirect_uri, time.monotonic())
    return text


def access_token(call: Call) -> dict[str, Any]:
    """Answer one call to ``/oauth/access_token``.

    Raises:  GraphError, each row of the vendor's list.
    """
    grant = call.params.get("grant_type", "authorization_code")
    grants = {
        "authorization_code": _exchange_code,
        "client_credentials": _client_credentials,
        "fb_exchange_token": _exchange_token,
    }
    if not call.params.get("client_id"):
        raise GraphError(101, "Missing client_id parameter.")
    if grant not in grants:
        supported = "authorization_code, client_credentials"
        raise GraphError(100, f"Invalid grant_type: '{grant}'. Supported types: {supported}")
    return grants[grant](call)


def _client_credentials(call: Call) -> dict[str, Any]:
    app_id, app = _known_app(call)
    _check_secret(call, app)
    return {"access_token": tokens.minted_app_token(app_id, app["secret"]), "token_type": "bearer"}


def _exchange_code(call: Call) -> dict[str, Any]:
    redirect_uri = call.params.get("redirect_uri", "")
    if not redirect_uri:
        raise GraphError(191, "Missing redirect_uri parameter.")
    if not call.params.get("code"):
        raise GraphError(1, "Missing authorization code")
    app_id, app = _known_app(call)
    if call.behaviour["redirect_check_before_secret"]:
        _check_redirect(call, app_id, redirect_uri)
        _check_secret(call, app)
    else:
        _check_secret(call, app)
        _check_redirect(call, app_id, redirect_uri)
    code = _take_code(call.world, app_id, call.params["code"], redirect_uri)
    return _user_token(call, app_id, code.user, code.scopes)


def _exchange_token(call: Call) -> dict[str, Any]:
    """Exchange a user token for one with a whole new life. Source: guides/access-tokens/get-long-lived."""
    app_id, app = _known_app(call)
    _check_secret(call, app)
    if not call.params.get("fb_exchange_token"):
        raise GraphError(1, "fb_exchange_token parameter not specified")
    token = tokens.read_token(call.world, call.params["fb_exchange_token"])
    if token.app_id != app_id or not token.user:
        raise GraphError(
            190,
            "Error validating access token: The access token does not belong to this app.",
            challenge="invalid_token",
        )
    return _user_token(call, app_id, token.user, token.scopes)


def _user_token(call: Call, app_id: str, user: str, scopes: tuple[str, ...]) -> dict[str, Any]:
    return {
        "access_token": tokens.minted_user_token(call.world, app_id, user, scopes),
        "token_type": "bearer",
        "expires_in": int(call.behaviour["user_token_seconds"]),
    }


def _known_app(call: Call) -> tuple[str, dict[str, Any]]:
    app_id = call.params["client_id"]
    if not (app_id.isascii() and app_id.isdigit()):
        raise GraphError(1, "An unknown error has occurred.", status=500)
    app = call.world.app(app_id)
    if app is None or app["blocked"]:
        raise GraphError(101, APP_UNKNOWN)
    tokens.check_server_ip(call, app)
    return app_id, app


def _check_secret(call: Call, app: dict[str, Any]) -> None:
    if not hmac.compare_digest(app["secret"].encode(), call.params.get("client_secret", "").encode()):
        raise GraphError(1, SECRET_REFUSED, status=int(call.behaviour["secret_error_status"]))


def _check_redirect(call: Call, app_id: str, redirect_uri: str) -> None:
    """Refuse a redirect URI; whatever the cause, code and sentence are the same. Source: php-graph-sdk#1030."""
    if not is_absolute(redirect_uri):
        raise GraphError(191, "redirect_uri isn't an absolute URI. Check RFC 3986.")
    seen = visible_app(call.world, app_id)
    if seen is None or not judge(call.world, seen, redirect_uri).accepts:
        raise GraphError(191, REDIRECT_REFUSED)


def _take_code(world: World, app_id: str, text: str, redirect_uri: str) -> Code:
    with world.lock:
        codes: dict[str, Code] = world.memory.setdefault("facebook_codes", {})
        code = codes.get(text)
        if code is None or code.app_id != app_id:
            raise GraphError(100, CODE_MALFORMED, challenge="invalid_code")
        if code.redirect_uri != redirect_uri:
            sentence = (
                "Error validating verification code. Please make sure your redirect_uri is identical to the one you "
                "used in the OAuth dialog request"
            )
            raise GraphError(100, sentence, subcode=OTHER_REDIRECT, challenge="invalid_code")
        if code.used:
            raise GraphError(100, "This authorization code has been used.", subcode=USED, challenge="invalid_code")
        if time.monotonic() - code.moment >= behaviour(world)["code_seconds"]:
            raise GraphError(100, "This authorization code has expired.", subcode=EXPIRED, challenge="invalid_code")
        codes[text] = replace(code, used=True)
    return code
