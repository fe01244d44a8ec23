"""What a declaration of app settings means against what stands at Facebook. Pure: no call, no engine.

Source: Graph reference of Application (spelling), reports on the write gate and on domains dropped in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from components import errors, verdicts
from components.fields import AppField, Input, same
from components.verdicts import Evidence, OpenStep, Setting, Verdict

APP_INPUTS = (
    Input("app_id", "app_id", "The App ID. Another one is another resource.", required=True),
    Input("app_secret", "reference", "Where the app secret lives.", required=True),
    Input("app_secret_version", "text", "What tells that the secret changed: its fingerprint.", required=True),
)
"""How every resource of an app names it."""
DOMAINS = AppField("app_domains", "app_domains", "app_domains", "App domains", "hosts")
FIELDS = (
    AppField("name", "name", "app_name", "Display name"),
    DOMAINS,
    AppField("website_url", "website_url", "website_url", "Site URL", "url"),
    AppField("privacy_policy_url", "privacy_policy_url", "privacy_policy_url", "Privacy policy URL", "url"),
    AppField("terms_of_service_url", "terms_of_service_url", "terms_of_service_url", "Terms of Service URL", "url"),
    AppField(
        "deauthorize_callback_url", "deauth_callback_url", "deauth_callback_url", "Deauthorize callback URL", "url"
    ),
    AppField("contact_email", "contact_email", "contact_email", "App contact email"),
    AppField("user_support_email", "user_support_email", "user_support_email", "User support email"),
    AppField("user_support_url", "user_support_url", "user_support_url", "User support URL", "url"),
)

GATE_SENTENCE = "Changing app settings through API calls has been disabled for this app"
"""Facebook's own words for a closed gate, in English."""

OPEN, CLOSED = "open", "closed"
GATE = "Allow API Access to App Settings"


class Found(NamedTuple):
    """What stands at Facebook after a look or a write."""

    live: dict[str, Any]
    gate: str
    """`closed` when the last write was refused; it stays until a write succeeds or nothing is left to write."""
    gate_cause: str
    dropped: list[str]
    """Declared domains that Facebook confirmed and did not keep."""


def to_request(props: Mapping[str, Any], live: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of the write that makes the declaration stand: only declared fields, only those that differ.

    App Domains replace each other at Facebook, so those of others go along unless they are to be removed.
    """
    request = {}
    for entry in FIELDS:
        wanted = _wanted(entry, props, live)
        if wanted is not None and not same(entry.kind, wanted, live.get(entry.name)):
            request[entry.write] = wanted
    return request


def judge(props: Mapping[str, Any], live: Mapping[str, Any]) -> list[Setting]:
    """One verdict for each declared field, as observed."""
    settings = []
    kept = [] if props.get("exclusive_app_domains") else undeclared_domains(props, live)
    for entry in FIELDS:
        wanted = _wanted(entry, props, live)
        if wanted is None:
            continue
        stands = same(entry.kind, wanted, live.get(entry.name))
        note = f"not declared, kept: {', '.join(kept)}" if kept and entry is DOMAINS else ""
        settings.append(
            Setting(
                entry.name,
                props[entry.name],
                live.get(entry.name),
                Verdict.ACCEPTED if stands else Verdict.REFUSED,
                Evidence.OBSERVED,
                note,
            )
        )
    return settings


def open_steps(dashboard_url: str, props: Mapping[str, Any], found: Found, settings: list[Setting]) -> list[OpenStep]:
    """What a person must do because we cannot write it."""
    differing = {setting.setting: setting for setting in settings if not verdicts.stands(setting)}
    pages = f"{dashboard_url}/apps/{props['app_id']}/settings"
    by_label = [(entry, differing[entry.name]) for entry in FIELDS if entry.name in differing]
    if found.gate == CLOSED and differing:
        values = "; ".join(f"{entry.label}: {_typed(setting.declared)}" for entry, setting in by_label)
        return [
            OpenStep(
                GATE,
                "Yes",
                f"{pages}/advanced/",
                Verdict.REFUSED,
                Evidence.OBSERVED,
                f"{found.gate_cause}. Or type them at {pages}/basic/ : {values}",
                "the next pulumi up writes the declared settings and reads them back",
            )
        ]
    dashboard = props.get("managed_by") == "dashboard"
    if not dashboard and not found.dropped:
        return []
    return [
        OpenStep(
            entry.label,
            _typed(setting.declared),
            f"{pages}/basic/",
            Verdict.REFUSED,
            Evidence.OBSERVED,
            "declared as managed by the dashboard, and the app holds something else"
            if dashboard
            else f"Facebook confirmed the write and dropped {', '.join(found.dropped)} in silence",
            "the next look reads the declared value",
        )
        for entry, setting in by_label
        if dashboard or entry.kind == "hosts"
    ]


def settled(props: Mapping[str, Any], found: Found) -> Found:
    """Without the traces of an earlier write that no longer matter."""
    missing = [domain for domain in found.dropped if domain not in found.live["app_domains"]]
    closed = found.gate == CLOSED and bool(to_request(props, found.live))
    return Found(found.live, CLOSED if closed else OPEN, found.gate_cause if closed else "", missing)


def _wanted(entry: AppField, props: Mapping[str, Any], live: Mapping[str, Any]) -> Any:
    """The value that must stand; None for a field that is not declared."""
    declared = props.get(entry.name)
    if entry.kind != "hosts" or declared is None or props.get("exclusive_app_domains"):
        return declared
    return sorted({*declared, *live["app_domains"]})


def undeclared_domains(props: Mapping[str, Any], live: Mapping[str, Any]) -> list[str]:
    """Domains of the app that nobody declared here."""
    return [item for item in live["app_domains"] if item not in props["app_domains"]]


def declared_fields(props: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that somebody declared, with their values."""
    return {entry.name: props[entry.name] for entry in FIELDS if props.get(entry.name) is not None}


def undeclared(props: Mapping[str, Any]) -> dict[str, None]:
    """The other fields, as None: they are not ours even where a state still holds a value."""
    return {entry.name: None for entry in FIELDS if entry.name not in props["declared"]}


def as_inputs(props: Mapping[str, Any], live: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs with what really stands in the declared fields; spelling alone is no difference."""
    names = ("app_id", "app_secret", "app_secret_version", "managed_by", "exclusive_app_domains")
    inputs = {name: props[name] for name in names if props.get(name) is not None}
    for entry in FIELDS:
        declared, there = props.get(entry.name), live.get(entry.name)
        if declared is None:
            continue
        if entry.kind == "hosts" and not props.get("exclusive_app_domains"):
            inputs[entry.name] = [item for item in declared if item in live["app_domains"]]
        elif there is not None:
            inputs[entry.name] = declared if same(entry.kind, declared, there) else there
    return inputs


def _typed(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def gate_cause(refused: errors.ApiError) -> str:
    """Why the write was refused, with as much certainty as the answer allows."""
    if GATE_SENTENCE in refused.why:
        return "the app is closed to settings changes through the API (Graph code 10)"
    return (
        "Facebook answers the change with its general permission code 10: most likely this switch is off; "
        "else the Update Settings IP Allowlist on the same page lacks our address"
    )
