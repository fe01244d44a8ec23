"""Users of the network and their roles on an app."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

ROLE_NAMES = {"admin": "administrators", "developer": "developers", "tester": "testers", "analyst": "insights users"}
"""Role in the state to role in an answer of the ``roles`` edge."""


def user_id(app_id: str, user: str) -> str:
    """Return the id under which one app knows a user: seventeen digits, another for each app, always the same."""
    return "1" + str(int(hashlib.sha256(f"{app_id}:{user}".encode()).hexdigest(), 16))[:16]


def has_role(app: Mapping[str, Any], user: str) -> bool:
    """Tell whether this user is on the app's roles page in any role."""
    return any(user in users for users in app["roles"].values())


def role_rows(app_id: str, app: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the rows of ``/{app-id}/roles``."""
    return [
        {"app_id": app_id, "user": user_id(app_id, user), "role": ROLE_NAMES.get(role, role)}
        for role, users in app["roles"].items()
        for user in users
    ]
