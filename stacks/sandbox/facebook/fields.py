"""The Application node as data: what can be read, what can be written, and where each value stands in the state.

Source:  facebook-business-sdk-codegen, api_specs/specs/Application.json (v25.0), and the Application reference.
Never:   the redirect URIs, a login switch, the mode or the secret: none of them is a field.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stacks.sandbox.facebook.paths import Path, value_at

DEFAULT_FIELDS = ("category", "link", "name", "namespace", "id")
"""What a read without ``fields`` answers. Source: fields marked Default in the reference."""


class Kind(enum.Enum):
    """The type of a parameter."""

    TEXT = "string"
    URL = "URL"
    EMAIL = "email"
    YES_NO = "bool"
    LIST = "list<string>"
    DOMAINS = "list of domains"
    ADDRESSES = "list of IP addresses"
    RESTRICTIONS = "JSON-encoded string"
    REDIRECTS = "list of redirect URIs"
    """On the dashboard only."""
    CHOICE = "one of some words"
    """On the dashboard only."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of ``POST /{app-id}`` and where its value goes."""

    kind: Kind
    path: Path
    required: bool = False
    choices: frozenset[str] = frozenset()


AUDIENCE_NETWORK_PLATFORMS = frozenset(
    ("ANDROID", "CTV", "DESKTOP", "GALAXY", "INSTANT_ARTICLES", "IOS", "MOBILE_WEB", "OCULUS", "UNKNOWN", "XIAOMI")
)


def _other(kind: Kind, *names: str) -> dict[str, Parameter]:
    return {name: Parameter(kind, ("other_settings", name)) for name in names}


WRITABLE: Mapping[str, Parameter] = {
    "app_name": Parameter(Kind.TEXT, ("name",), required=True),
    "app_domains": Parameter(Kind.DOMAINS, ("app_domains",)),
    "website_url": Parameter(Kind.URL, ("website_url",)),
    "privacy_policy_url": Parameter(Kind.URL, ("privacy_policy_url",)),
    "terms_of_service_url": Parameter(Kind.URL, ("terms_of_service_url",)),
    "deauth_callback_url": Parameter(Kind.URL, ("deauth_callback_url",)),
    "contact_email": Parameter(Kind.EMAIL, ("contact_email",)),
    "user_support_email": Parameter(Kind.EMAIL, ("user_support_email",)),
    "user_support_url": Parameter(Kind.URL, ("user_support_url",)),
    "namespace": Parameter(Kind.TEXT, ("namespace",)),
    "app_type": Parameter(Kind.YES_NO, ("dashboard", "native_or_desktop")),
    "server_ip_whitelist": Parameter(Kind.ADDRESSES, ("dashboard", "server_ip_allowlist")),
    "restrictions": Parameter(Kind.RESTRICTIONS, ("other_settings", "restrictions")),
    "an_platforms": Parameter(Kind.LIST, ("other_settings", "an_platforms"), choices=AUDIENCE_NETWORK_PLATFORMS),
    **_other(Kind.YES_NO, "allow_cycle_app_secret", "auth_referral_enabled", "canvas_fluid_height"),
    **_other(Kind.YES_NO, "canvas_fluid_width"),
    **_other(Kind.LIST, "auth_referral_extended_perms", "auth_referral_friend_perms", "auth_referral_user_perms"),
    **_other(Kind.TEXT, "auth_dialog_headline", "auth_dialog_perms_explanation", "auth_referral_response_type"),
    **_other(Kind.TEXT, "page_tab_default_name", "url_scheme_suffix"),
    **_other(Kind.URL, "canvas_url", "secure_canvas_url", "secure_page_tab_url", "mobile_web_url"),
}
"""Every parameter of the write, all optional; ``app_type`` is the native-or-desktop switch."""

TRANSPORT_PARAMETERS = frozenset({"access_token", "appsecret_proof", "locale", "format", "method", "pretty", "debug"})
"""What any call may carry beside its own parameters."""

SITE_URLS = ("website_url", "mobile_web_url", "canvas_url", "secure_canvas_url", "secure_page_tab_url")
"""The addresses an App Domain has to match. Source: the sentence of the dashboard (reported)."""

UNSET_FIELDS = frozenset(
    (
        "aam_rules", "an_ad_space_limit", "app_install_tracked", "business", "client_config", "company", "config_ids",
        "created_time", "creator_uid", "daily_active_users", "daily_active_users_rank", "description", "icon_url",
        "logo_url", "migrations", "monthly_active_users", "monthly_active_users_rank", "object_store_urls",
        "owner_business", "photo_url", "protected_mode_rules", "subcategory", "weekly_active_users",
    )
)  # fmt: skip
"""Readable fields that no app here has a value for."""


def read_field(app_id: str, app: dict[str, Any], field: str) -> Any:
    """Return a field's value, None when it is unset.

    Raises:  KeyError for what is no field of an app.
    """
    if field in UNSET_FIELDS:
        return None
    computed = _COMPUTED.get(field)
    if computed:
        return computed(app_id, app)
    value = value_at(app, WRITABLE[field].path)
    return None if value in ("", []) else value


_COMPUTED: Mapping[str, Any] = {
    "id": lambda app_id, _: app_id,
    "name": lambda _, app: app["name"] or None,
    "category": lambda _, app: app["dashboard"]["category"],
    "link": lambda app_id, _: f"https://www.facebook.com/games/?app_id={app_id}",
    "app_type": lambda _, app: int(app["dashboard"]["native_or_desktop"]),
    "server_ip_whitelist": lambda _, app: ",".join(app["dashboard"]["server_ip_allowlist"]) or None,
    "supported_platforms": lambda _, app: ["WEB"] if app["website_url"] else None,
}


def site_urls(app: dict[str, Any]) -> list[str]:
    """Return the addresses of the app that its App Domains are compared with."""
    found = (value_at(app, WRITABLE[name].path) for name in SITE_URLS)
    return [url for url in found if url]
