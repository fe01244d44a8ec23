"""Access tokens: app tokens, literal and minted; user tokens; the proof that a caller holds the secret.

A user token carries its own content, signed with the user's password, so it outlives a restart and dies with the
password, as it does at the vendor (subcode 460).

Source:  developers.facebook.com/documentation/facebook-login/guides/access-tokens; ``id|secret`` is what live users
         send (reported); *Require App Secret* and the proof: the vendor's advanced settings page.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any

from stacks.sandbox.facebook.call import Call, behaviour, ip_listed
from stacks.sandbox.facebook.errors import APP_UNKNOWN, SECRET_REFUSED, GraphError
from stacks.sandbox.world import World

USER_PREFIX = "EAA"

_WRONG_SECRET_SENTENCES = {1: SECRET_REFUSED, 101: "Error validating application. Invalid application ID."}


@dataclass(frozen=True)
class Token:
    """A token that lives. ``user`` is empty for an app token; times are in seconds since the epoch."""

    app_id: str
    user: str = ""
    scopes: tuple[str, ...] = ()
    issued_at: int = 0
    expires_at: int = 0


def minted_app_token(app_id: str, secret: str) -> str:
    """Return the app token that client_credentials answers; the same for as long as the secret is."""
    digest = hmac.digest(secret.encode(), f"app token of {app_id}".encode(), "sha256")
    return f"{app_id}|{base64.urlsafe_b64encode(digest).decode()[:27]}"


def minted_user_token(world: World, app_id: str, user: str, scopes: tuple[str, ...]) -> str:
    """Return a fresh user token."""
    content = json.dumps([app_id, user, list(scopes), time.time()]).encode()
    signature = hmac.digest(_password(world, user).encode(), content, "sha256")
    # No padding and no pipe: a token travels in addresses, and a pipe makes an app token.
    return USER_PREFIX + base64.urlsafe_b64encode(signature + content).decode().rstrip("=")


def caller_token(call: Call) -> Token:
    """Return the token a call brings.

    Raises:  GraphError 104 without one, 190 for a dead one, 200 for a blocked app, 5 for a foreign address, 100 for a
             proof that is wrong or wanted.
    """
    text = call.params.get("access_token", "")
    if not text:
        raise GraphError(104, "An access token is required to request this resource.")
    token = read_token(call.world, text)
    app = call.world.app(token.app_id)
    if app is None:
        raise GraphError(101, APP_UNKNOWN)
    if app["blocked"]:
        raise GraphError(200, "API access blocked.")
    if not token.user:
        check_server_ip(call, app)
    _check_proof(call, app, token, text)
    return token


def read_token(world: World, text: str) -> Token:
    """Return what a token says.

    Raises:  GraphError with the code and subcode for why it is dead.
    """
    return _read_app_token(world, text) if "|" in text else _read_user_token(world, text)


def check_server_ip(call: Call, app: dict[str, Any]) -> None:
    """Refuse the use of the secret from an address that is not on the Server IP Allowlist."""
    if not ip_listed(call.caller, app["dashboard"]["server_ip_allowlist"]):
        raise GraphError(
            int(call.behaviour["server_ip_refusal_code"]), "This IP can't make requests for that application."
        )


def _read_app_token(world: World, text: str) -> Token:
    app_id, _, rest = text.partition("|")
    app = world.app(app_id)
    if app is None:
        raise GraphError(190, "Invalid OAuth access token - Cannot parse access token", challenge="invalid_token")
    valid = (app["secret"], minted_app_token(app_id, app["secret"]).partition("|")[2])
    if not any(hmac.compare_digest(rest.encode(), known.encode()) for known in valid):
        code = int(behaviour(world)["wrong_secret_token_code"])
        sentence = _WRONG_SECRET_SENTENCES.get(code, "Invalid OAuth access token signature.")
        raise GraphError(code, sentence, challenge="invalid_token")
    return Token(app_id)


def _read_user_token(world: World, text: str) -> Token:
    try:
        raw = base64.urlsafe_b64decode(text.removeprefix(USER_PREFIX) + "===")
        app_id, user, scopes, issued = json.loads(raw[32:])
    except ValueError:
        app_id = user = ""
        raw, scopes, issued = b"", [], 0.0
    if not text.startswith(USER_PREFIX) or user not in world.state["facebook"]["users"] or not world.app(app_id):
        raise GraphError(190, "Invalid OAuth access token - Cannot parse access token", challenge="invalid_token")
    if not hmac.compare_digest(hmac.digest(_password(world, user).encode(), raw[32:], "sha256"), raw[:32]):
        raise _dead("The session has been invalidated because the user changed their password.", 460)
    expires_at = int(issued + behaviour(world)["user_token_seconds"])
    if expires_at <= time.time():
        raise _dead("Session has expired.", 463)
    if issued <= world.memory.get("facebook_removed", {}).get((app_id, user), -1.0):
        raise _dead(f"The user has not authorized application {app_id}.", 458)
    return Token(app_id, user, tuple(scopes), int(issued), expires_at)


def _dead(why: str, subcode: int) -> GraphError:
    return GraphError(190, f"Error validating access token: {why}", subcode=subcode, challenge="invalid_token")


def _check_proof(call: Call, app: dict[str, Any], token: Token, text: str) -> None:
    """Check the proof when it is sent and ask for it where it is wanted. Source: sentences as reported, type too."""
    proof = call.params.get("appsecret_proof")
    if proof is None:
        wanted = app["dashboard"]["require_app_secret"]
        if wanted and (token.user or call.behaviour["app_token_needs_proof"]):
            sentence = "API calls from the server require an appsecret_proof argument"
            raise GraphError(100, sentence, kind="GraphMethodException")
        return
    right = hmac.new(app["secret"].encode(), text.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), proof.encode()):
        raise GraphError(100, "Invalid appsecret_proof provided in the API argument", kind="GraphMethodException")


def _password(world: World, user: str) -> str:
    found: str = world.state["facebook"]["users"][user]["password"]
    return found
