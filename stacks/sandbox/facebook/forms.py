"""The dashboard's forms as data, and saving one: what a person can set and how a wrong value is answered.

A key that is not posted keeps its value, so a form never clears what is not on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from stacks.sandbox.facebook import values
from stacks.sandbox.facebook.call import behaviour, ip_listed
from stacks.sandbox.facebook.fields import Kind
from stacks.sandbox.facebook.paths import Path, put_at, value_at
from stacks.sandbox.facebook.propagation import note_change
from stacks.sandbox.facebook.writes import note_write
from stacks.sandbox.world import World

LINES = {Kind.LIST, Kind.DOMAINS, Kind.ADDRESSES, Kind.REDIRECTS}
"""Kinds typed one entry a line."""

IP_REFUSED = (
    "Your IP address is not on the Update Settings IP Allowlist of this app, so you cannot change its settings."
)


class RefusedError(Exception):
    """A form that was not saved; ``problems`` are sentences for the person."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Field:
    """One input of a form; its name is the key in the state."""

    path: Path
    label: str
    kind: Kind = Kind.TEXT
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False

    @property
    def name(self) -> str:
        """The input's name."""
        return self.path[-1]

    @property
    def is_lines(self) -> bool:
        """Whether it takes one entry a line."""
        return self.kind in LINES

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """Value and label of each option, for an input that is a list of them."""
        return (("true", "Yes"), ("false", "No")) if self.kind is Kind.YES_NO else self.choices

    def shown(self, app: dict[str, Any]) -> str:
        """Return the value as it stands in the input."""
        value = value_at(app, self.path)
        if isinstance(value, bool):
            return "true" if value else "false"
        return "\n".join(value) if isinstance(value, list) else value or ""


def _dashboard(name: str, label: str, kind: Kind = Kind.YES_NO, **rest: Any) -> Field:
    return Field(("dashboard", name), label, kind, **rest)


BASIC = (
    Field(("name",), "Display name", required=True),
    Field(("app_domains",), "App domains", Kind.DOMAINS, "One host name a line, such as app-h.cyclr.com."),
    Field(("contact_email",), "Contact email", Kind.EMAIL),
    Field(("namespace",), "Namespace"),
    Field(("privacy_policy_url",), "Privacy Policy URL", Kind.URL),
    Field(("terms_of_service_url",), "Terms of Service URL", Kind.URL),
    _dashboard("data_deletion_url", "User data deletion: instructions or callback URL", Kind.URL),
    _dashboard("category", "Category", Kind.TEXT),
    Field(("user_support_email",), "User support email", Kind.EMAIL),
    Field(("user_support_url",), "User support URL", Kind.URL),
    Field(("website_url",), "Website: Site URL", Kind.URL, "App domains must match the domain of this address."),
)

ADVANCED = (
    _dashboard("native_or_desktop", "Native or desktop app?"),
    _dashboard(
        "server_ip_allowlist",
        "Server IP Allowlist",
        Kind.ADDRESSES,
        help="Who may use the App Secret. Empty: everybody.",
    ),
    _dashboard(
        "update_settings_ip_allowlist",
        "Update Settings IP Allowlist",
        Kind.ADDRESSES,
        help="Who may change settings, through the API or on these pages. Empty: everybody.",
    ),
    _dashboard(
        "api_access_to_settings",
        "Allow API Access to App Settings",
        help="When No, every change through the API is refused (code 10).",
    ),
    _dashboard("require_app_secret", "Require App Secret", help="API calls must carry a proof of the App Secret."),
    _dashboard("require_2fa_reauthorization", "Require 2FA Reauthorization"),
)

LOGIN = (
    _dashboard("client_oauth_login", "Client OAuth login"),
    _dashboard("web_oauth_login", "Web OAuth login"),
    _dashboard("enforce_https", "Enforce HTTPS"),
    _dashboard("embedded_browser_login", "Embedded browser OAuth login"),
    _dashboard("strict_mode", "Use Strict Mode for redirect URIs"),
    _dashboard("redirect_uris", "Valid OAuth Redirect URIs", Kind.REDIRECTS, help="One whole address a line."),
    _dashboard("js_sdk_login", "Login with the JavaScript SDK"),
)

PRODUCT = (_dashboard("login_product", "Facebook Login"),)

PUBLISH = (_dashboard("mode", "App mode", Kind.CHOICE, choices=(("development", "Development"), ("live", "Live"))),)

REVIEW = (_dashboard("advanced_access", "Advanced Access granted"),)

DEAUTHORIZE = (Field(("deauth_callback_url",), "Deauthorize callback URL", Kind.URL),)


def prerequisites(app: dict[str, Any]) -> list[tuple[str, bool]]:
    """Return what the vendor wants before publishing, and whether it is there. Source: create-an-app documentation."""
    settings = app["dashboard"]
    wanted: Mapping[str, Any] = {
        "Privacy Policy URL": app["privacy_policy_url"],
        "Category": settings["category"],
        "User data deletion": settings["data_deletion_url"],
    }
    return [(label, bool(value)) for label, value in wanted.items()]


def save(world: World, app_id: str, fields: tuple[Field, ...], posted: MultiDict[str, str], caller: str) -> None:
    """Save what was posted of these fields.

    Raises:  RefusedError with every problem at once, and nothing is saved.
    """
    if not ip_listed(caller, world.state["facebook"]["apps"][app_id]["dashboard"]["update_settings_ip_allowlist"]):
        raise RefusedError([IP_REFUSED])
    problems: list[str] = []
    with world.change() as state:
        app = state["facebook"]["apps"][app_id]
        changes: dict[Field, Any] = {}
        for field in fields:
            if field.name not in posted:
                continue
            old = value_at(app, field.path)
            new = _posted_value(world, field, posted, problems)
            put_at(app, field.path, new)
            if new != old:
                changes[field] = old
        problems += _rule_problems(world, app, changes)
        if problems:
            raise RefusedError(problems)
        for field, old in changes.items():
            note_change(world, app_id, field.path, old)
            note_write(world, app_id, "dashboard", field.name, old=old, new=value_at(app, field.path))


def _posted_value(world: World, field: Field, posted: MultiDict[str, str], problems: list[str]) -> Any:
    """Return the value of one input; what is wrong with it goes to ``problems``."""
    text = "\n".join(posted.getlist(field.name)).strip()
    if field.required and not text:
        problems.append(f"{field.label}: this field is required.")
    if field.kind is Kind.CHOICE and text not in dict(field.choices):
        problems.append(f"{field.label}: {text} is not one of {', '.join(dict(field.choices))}.")
    found = []
    for line in text.splitlines() if field.is_lines else [text]:
        try:
            found += [values.parse_one(world, field.kind, line.strip())] if line.strip() or not field.is_lines else []
        except values.ValueValidationError as error:
            problems.append(f"{field.label}: {error}")
    if field.is_lines:
        return values.unique(found)
    return found[0] if found and (found[0] or field.kind is Kind.YES_NO or field.required) else None


def _rule_problems(world: World, app: dict[str, Any], changes: Mapping[Field, Any]) -> list[str]:
    """Return what is wrong with the settings as they would be, as far as this form changes them."""
    names = {field.name: old for field, old in changes.items()}
    switches, problems = behaviour(world), []
    for uri in app["dashboard"]["redirect_uris"] if "redirect_uris" in names else ():
        try:
            if uri not in names["redirect_uris"]:
                values.check_redirect(world, app, uri)
        except values.ValueValidationError as error:
            problems.append(f"Valid OAuth Redirect URIs: {error}")
    if names.keys() & {"app_domains", "website_url"} and switches["dashboard_domain_must_match_site"]:
        try:
            values.check_site_rule(app)
        except values.ValueValidationError as error:
            problems.append(str(error))
    if "redirect_uris" in names and switches["login_for_business"] and switches["business_login_forgets_redirects"]:
        app["dashboard"]["redirect_uris"] = []
    missing = [label for label, there in prerequisites(app) if not there]
    if "mode" in names and app["dashboard"]["mode"] == "live" and switches["publish_needs_prerequisites"] and missing:
        problems.append(f"This app cannot be published yet. Missing: {', '.join(missing)}.")
    return problems
