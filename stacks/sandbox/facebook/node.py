"""The Application node: ``GET`` and ``POST /{app-id}``.

Source:  developers.facebook.com/docs/graph-api/reference/application. The gate's sentence and that it comes before
         any validation are reported; so are the silent drop of shared domains and that ``app_domains`` is replaced.
"""

from __future__ import annotations

import json
import re
from typing import Any

from stacks.sandbox.facebook import values
from stacks.sandbox.facebook.call import Call, ip_listed
from stacks.sandbox.facebook.errors import WRITE_GATE, GraphError, parameter_error, permission_error
from stacks.sandbox.facebook.fields import DEFAULT_FIELDS, TRANSPORT_PARAMETERS, WRITABLE, Kind, Parameter, read_field
from stacks.sandbox.facebook.paths import put_at, value_at
from stacks.sandbox.facebook.people import has_role
from stacks.sandbox.facebook.redirects import domain_covers
from stacks.sandbox.facebook.tokens import Token
from stacks.sandbox.facebook.writes import note_write

LISTS = {Kind.LIST, Kind.DOMAINS, Kind.ADDRESSES}


def read_app(call: Call, app_id: str, app: dict[str, Any], token: Token) -> dict[str, Any]:
    """Return the fields that were asked for; those without a value are left out.

    Raises:  GraphError 200 for a token that may not look, 100 for a field that does not exist.
    """
    may_look_at(app_id, app, token)
    asked = [name.strip() for name in call.params.get("fields", "").split(",") if name.strip()]
    answer: dict[str, Any] = {}
    for name in asked or DEFAULT_FIELDS:
        try:
            value = read_field(app_id, app, name)
        except KeyError:
            raise parameter_error(f"Tried accessing nonexisting field ({name}) on node type (Application)") from None
        if value is not None or call.behaviour["unset_fields_are_null"]:
            answer[name] = value
    return {**answer, "id": app_id}


def write_app(call: Call, app_id: str, app: dict[str, Any], token: Token) -> dict[str, bool]:
    """Write what was sent and nothing else.

    Raises:  GraphError 200 for a token that may not write, 10 for a closed gate, 100 for a value that cannot be.
    """
    _may_write(call, app_id, app, token)
    with call.world.change() as state:
        changed = state["facebook"]["apps"][app_id]
        before = {name: value_at(changed, WRITABLE[name].path) for name in WRITABLE}
        try:
            sent = _sent_values(call)
            for name, value in sent.items():
                put_at(changed, WRITABLE[name].path, value)
            if call.behaviour["domain_must_match_site"] and sent:
                values.check_site_rule(changed)
        except values.ValueValidationError as error:
            raise parameter_error(str(error)) from None
        for name, value in sent.items():
            note_write(call.world, app_id, token.user or "app token", name, old=before[name], new=value)
    return {"success": True}


def may_look_at(app_id: str, app: dict[str, Any], token: Token) -> None:
    """Let pass the app's own token and the people with a role on it."""
    if token.app_id != app_id or (token.user and not has_role(app, token.user)):
        raise permission_error("You do not have sufficient permissions to perform this action")


def _may_write(call: Call, app_id: str, app: dict[str, Any], token: Token) -> None:
    may_look_at(app_id, app, token)
    settings = app["dashboard"]
    if token.user and not call.behaviour["user_token_may_write"]:
        raise permission_error("An app access token is required to change the settings of an app")
    if not token.user and settings["native_or_desktop"]:
        # The vendor treats such an app's token as insecure. Code and sentence: reported, restfb/restfb#1002.
        raise GraphError(15, "(#15) Requires session when calling from a desktop app", status=403)
    status = int(call.behaviour["write_gate_status"])
    if not settings["api_access_to_settings"]:
        raise GraphError(10, WRITE_GATE, status)
    if not ip_listed(call.caller, settings["update_settings_ip_allowlist"]):
        code = int(call.behaviour["update_ip_refusal_code"])
        raise GraphError(code, f"(#{code}) This IP address is not allowed to change the settings of this app.", status)
    if settings["require_2fa_reauthorization"] and call.behaviour["two_factor_blocks_api_writes"]:
        raise GraphError(10, "(#10) Changing the settings of this app requires two-factor reauthorization.", status)


def _sent_values(call: Call) -> dict[str, Any]:
    """Return every parameter of the write with its value."""
    names = dict.fromkeys(re.sub(r"\[\w*\]$", "", key) for key in call.params if key not in TRANSPORT_PARAMETERS)
    sent: dict[str, Any] = {}
    for name in names:
        parameter = WRITABLE.get(name)
        if parameter is not None:
            sent[name] = _value(call, name, parameter)
        elif not call.behaviour["unknown_parameters_ignored"]:
            raise parameter_error(f"Invalid parameter: {name}")
    return sent


def _value(call: Call, name: str, parameter: Parameter) -> Any:
    if parameter.kind not in LISTS:
        text = call.params.get(name)
        if text is None:
            raise parameter_error(f"Param {name} must not be an array.")
        if parameter.required and not text.strip():
            raise parameter_error(f"Param {name} must be a non-empty string.")
        return values.parse_one(call.world, parameter.kind, text)
    found = values.unique(values.parse_one(call.world, parameter.kind, item) for item in _items(call, name))
    if parameter.choices and not parameter.choices.issuperset(found):
        raise parameter_error(f"Param {name} must be one of {{{', '.join(sorted(parameter.choices))}}}")
    if parameter.kind is Kind.DOMAINS:
        return [each for each in found if not domain_covers(call.behaviour["dropped_domain_suffixes"], each)]
    return found


def _items(call: Call, name: str) -> list[str]:
    """Return a list sent as a JSON array or under indexed keys, ``app_domains[0]``."""
    if name not in call.params:
        indexed = [key for key in call.params if key.startswith(f"{name}[")]
        return [call.params[key] for key in sorted(indexed, key=lambda key: (len(key), key))]
    try:
        found = json.loads(call.params[name])
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise parameter_error(f"Param {name} must be an array.")
    return found
