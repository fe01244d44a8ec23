"""What hangs off an app and beside it: roles, permissions, the debugging of a token, the user behind one."""

from __future__ import annotations

from typing import Any

from stacks.sandbox.facebook.call import Call
from stacks.sandbox.facebook.errors import GraphError, parameter_error
from stacks.sandbox.facebook.node import may_look_at
from stacks.sandbox.facebook.people import has_role, role_rows, user_id
from stacks.sandbox.facebook.tokens import Token, read_token

PERMISSIONS = (
    "public_profile", "email", "ads_management", "ads_read", "business_management", "catalog_management",
    "instagram_basic", "leads_retrieval", "pages_manage_ads", "pages_manage_metadata", "pages_messaging",
    "pages_read_engagement", "pages_show_list", "read_insights",
)  # fmt: skip
"""The permissions known here: those of a Marketing API connector and their neighbours."""


def roles(call: Call, app_id: str, app: dict[str, Any], token: Token) -> dict[str, Any]:
    """Return who has a role on the app; read-only since February 2020. Source: codegen history."""
    del call
    may_look_at(app_id, app, token)
    return {"data": role_rows(app_id, app)}


def permissions(call: Call, app_id: str, app: dict[str, Any], token: Token) -> dict[str, Any]:
    """Return the app's permissions; ``status`` is live or unapproved. Source: codegen enum_types.json."""
    may_look_at(app_id, app, token)
    asked = call.params.get("status", "")
    if asked not in {"", "live", "unapproved"}:
        raise parameter_error("Param status must be one of {live, unapproved}")
    status = "live" if app["dashboard"]["advanced_access"] else "unapproved"
    names = PERMISSIONS if asked in {"", status} else ()
    return {"data": [{"permission": name, "status": status} for name in names]}


def me(app_id: str, token: Token) -> dict[str, Any]:
    """Return the user behind a token."""
    if not token.user:
        raise GraphError(2500, "An active access token must be used to query information about the current user.")
    return {"id": user_id(app_id, token.user), "name": token.user}


def debug_token(call: Call, token: Token) -> dict[str, Any]:
    """Return what a token is worth, told only to its own app and to people with a role on it.

    Source:  developers.facebook.com/docs/graph-api/reference/debug_token
    """
    app = call.world.app(token.app_id)
    if app is None or (token.user and not has_role(app, token.user)):
        raise parameter_error(
            "You must provide an app access token, or a user access token that is an owner or developer of the app"
        )
    text = call.params.get("input_token", "")
    if not text:
        raise parameter_error("The parameter input_token is required")
    try:
        found = read_token(call.world, text)
    except GraphError as error:
        return {"data": _dead(error)}
    if found.app_id != token.app_id:
        raise parameter_error("The App_id in the input_token did not match the Viewing App")
    return {"data": _alive(found, app)}


def _dead(error: GraphError) -> dict[str, Any]:
    cause: dict[str, Any] = {"code": error.code, "message": error.message}
    if error.subcode is not None:
        cause["subcode"] = error.subcode
    return {"error": cause, "is_valid": False, "scopes": []}


def _alive(token: Token, app: dict[str, Any]) -> dict[str, Any]:
    common = {"app_id": token.app_id, "application": app["name"], "is_valid": True, "scopes": list(token.scopes)}
    if not token.user:
        return {**common, "type": "APP"}
    return {
        **common,
        "type": "USER",
        "data_access_expires_at": token.issued_at + 90 * 86400,
        "expires_at": token.expires_at,
        "issued_at": token.issued_at,
        "granular_scopes": [{"scope": scope} for scope in token.scopes],
        "user_id": user_id(token.app_id, token.user),
    }
