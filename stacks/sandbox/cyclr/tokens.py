"""What Cyclr issues and keeps in memory: bearer tokens, sign-in tokens and consents under way.

Units:   seconds.
Source:  Cyclr's manual on API authentication and OAuth authentication; samples of tokens in both.
"""

from __future__ import annotations

import base64
import secrets
import time
from dataclasses import dataclass
from typing import Any

from stacks.sandbox.world import World


@dataclass(frozen=True)
class Bearer:
    """An API token; ``account`` is set when it works for that account only."""

    client_id: str
    account: str | None
    expires: float


@dataclass(frozen=True)
class SignIn:
    """A one-time sign-in of a user to an account."""

    account: str
    user: str
    expires: float


@dataclass(frozen=True)
class Consent:
    """A consent under way at the provider; found again by the dialog's ``state``."""

    account: str
    installation: int
    redirect_uri: str
    target_origin: str
    callback_message: str | None


def memory(world: World) -> dict[str, Any]:
    """Return Cyclr's part of the world's memory; hold ``world.lock`` while using it."""
    fresh: dict[str, Any] = {"bearers": {}, "sign_ins": {}, "consents": {}, "last_ids": {}}
    kept: dict[str, Any] = world.memory.setdefault("cyclr", fresh)
    return kept


def issue_bearer(world: World, client_id: str, account: str | None) -> str:
    """Return a new API token: 64 hex digits. Earlier ones stay valid."""
    token = secrets.token_hex(32)
    seconds = world.state["cyclr"]["behaviour"]["api_token_seconds"]
    with world.lock:
        memory(world)["bearers"][token] = Bearer(client_id, account, time.time() + seconds)
    return token


def bearer(world: World, token: str) -> Bearer | None:
    """Return what a token stands for; None when unknown, expired, or its credentials were deleted."""
    with world.lock:
        found: Bearer | None = memory(world)["bearers"].get(token)
    clients = {client["client_id"] for client in world.state["cyclr"]["api_clients"]}
    return found if found and found.expires > time.time() and found.client_id in clients else None


def issue_sign_in(world: World, account: str, user: str, *, url_safe: bool = False) -> tuple[str, float]:
    """Return a single-use sign-in token and when it expires.

    A sign-in token always holds ``+``, ``/`` and ``=``, so that a caller who forgets to encode it fails at once; the
    tokens of ready-made URLs hold none of them.
    """
    token = secrets.token_urlsafe(40)
    while not url_safe and not set("+/=") <= set(token):
        token = base64.b64encode(secrets.token_bytes(40)).decode()
    expires = time.time() + world.state["cyclr"]["behaviour"]["sign_in_token_seconds"]
    with world.lock:
        memory(world)["sign_ins"][token] = SignIn(account, user, expires)
    return token, expires


def use_sign_in(world: World, token: str) -> SignIn | None:
    """Burn a sign-in token and return what it stood for; None when unknown, used or expired."""
    with world.lock:
        found: SignIn | None = memory(world)["sign_ins"].pop(token, None)
    return found if found and found.expires > time.time() else None


def begin_consent(world: World, consent: Consent) -> str:
    """Remember a consent under way and return the ``state`` that finds it again."""
    state = secrets.token_urlsafe(24)
    with world.lock:
        memory(world)["consents"][state] = consent
    return state


def end_consent(world: World, state: str) -> Consent | None:
    """Forget a consent under way and return it; None when there is none of that state."""
    with world.lock:
        found: Consent | None = memory(world)["consents"].pop(state, None)
    return found


def next_id(world: World, kind: str, used: list[int]) -> int:
    """Return an id for a new object of a kind: one that was never used, also not by something deleted since."""
    with world.lock:
        last: dict[str, int] = memory(world)["last_ids"]
        last[kind] = max([last.get(kind, 0), *used]) + 1
        return last[kind]
