"""Random worlds: what people typed into both consoles, what the account holds, and how the vendors behave.

Shape: flat, a key for each thing that may differ; `state` makes the sandbox's state of it. A drift is a part of one.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from stacks.sandbox.first_day import first_day
from tests.contract.convergence.declarations import (
    BOSS,
    HELP,
    MOVED_FROM,
    NAMES,
    OTHER_APP,
    PRIVACY,
    ROTATED,
    SITE,
    TERMS,
    placed,
    seldom,
)
from tests.worlds import APP_ID, APP_SECRET, CONNECTOR, OBSERVATION, World

SPELLED = {
    "HTTPS://ACME.example:443/privacy": PRIVACY,
    "http://SERVICE": "http://SERVICE/",
}
"""Other spellings of a URL that mean the same at the vendor -> the canonical one."""
URL = st.sampled_from([None, PRIVACY, TERMS, "HTTPS://ACME.example:443/privacy", "https://other.example/"])
EMAIL = st.sampled_from([None, HELP, BOSS, "somebody@other.example"])

FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from([*NAMES, "My first app"]),
    "app_domains": st.lists(
        st.sampled_from(["localhost", *MOVED_FROM, "shop.example", "people.sslip.io"]), unique=True, max_size=4
    ),
    "website_url": st.sampled_from([None, "http://SERVICE/", "http://SERVICE", SITE, "https://other.example/"]),
    "privacy_policy_url": URL,
    "terms_of_service_url": URL,
    "deauth_callback_url": URL,
    "user_support_url": URL,
    "contact_email": EMAIL,
    "user_support_email": EMAIL,
    "namespace": seldom(None, "acme"),
    "other_settings": seldom({}, {"canvas_url": "https://canvas.example/"}),
    "secret": st.sampled_from([APP_SECRET] * 11 + [ROTATED]),
}
"""Fields of the app; some of them nobody can declare."""
DASHBOARD: dict[str, st.SearchStrategy[Any]] = {
    "api_access_to_settings": seldom(True, False),
    "login_product": seldom(True, False),
    "client_oauth_login": seldom(True, False),
    "strict_mode": seldom(True, False),
    "enforce_https": st.booleans(),
    "redirect_uris": seldom(["http://SERVICE/connector/callback"], [], ["https://other.example/callback"]),
    "mode": st.sampled_from(["development", "live"]),
    "require_app_secret": st.booleans(),
    "require_2fa_reauthorization": seldom(False, True),
    "native_or_desktop": seldom(False, True),
    "update_settings_ip_allowlist": seldom([], ["203.0.113.7"], ["127.0.0.1"]),
}
FACEBOOK: dict[str, st.SearchStrategy[Any]] = {
    "dropped_domain_suffixes": seldom(["sslip.io"], [], ["sslip.io", "localhost"]),
    "domain_must_match_site": seldom(False, True),
    "two_factor_blocks_api_writes": st.booleans(),
    "write_gate_status": st.sampled_from([403, 200, 400]),
    "update_ip_refusal_code": seldom(10, 5),
    "unset_fields_are_null": st.booleans(),
    "app_token_needs_proof": st.booleans(),
    "wrong_secret_token_code": st.sampled_from([190, 101, 1]),
    "redirect_check_before_secret": st.booleans(),
    "loopback_in_development": st.booleans(),
    "app_domain_needed": st.booleans(),
    "authorise_link_on_authenticated": st.sampled_from(["redirects", "bounces", "drops_consent"]),
    "auth_value_readable": st.booleans(),
}
CYCLR: dict[str, st.SearchStrategy[Any]] = {
    "catalogue_needs_account": st.booleans(),
    "unknown_connector_name": st.sampled_from(["empty", "404"]),
    "setup_belongs_to": st.sampled_from(["entry", "release"]),
    "name_in_use_status": st.sampled_from([400, 500]),
    "put_properties": st.sampled_from(["merges", "replaces"]),
    "post_existing_property": st.sampled_from(["duplicates", "updates"]),
    "sensitive_values": seldom("clear", "masked"),
    "account_credentials_win": st.booleans(),
    "default_page_size": st.sampled_from([1, 50]),
    "maximum_page_size": st.sampled_from([1, 1000]),
}

SETUP = {
    "client_id": st.sampled_from(["", APP_ID, "999"]),
    "client_secret": st.sampled_from(["", APP_SECRET, "wrong"]),
    "scopes": st.sampled_from(["", "ads_read"]),
}
PROPERTIES = st.lists(
    st.sampled_from(
        [
            ("BaseUrl", "https://a.example"),
            ("BaseUrl", "https://c.example"),
            ("baseurl", "https://a.example"),
            ("ApiKey", "k-1"),
            ("Limit", "10"),
            ("ClientId", "999"),
        ]
    ),
    unique_by=lambda pair: pair[0].lower(),
    max_size=3,
)
MARKS = ("", "Ads of the board", "[cyclr-connectors: made by stack STACK]", "[cyclr-connectors: made by stack other]")
CONSENT = "[cyclr-connectors: consent under fingerprint 793b5548aea0, scopes ads_read, date 2026-11-02]"
INSTALLATION = st.fixed_dictionaries(
    {
        "Connector": st.sampled_from([5001, 5002, 5014]),
        "Description": st.sampled_from([*MARKS, CONSENT]),
        "Authenticated": st.booleans(),
        "AuthValue": st.sampled_from([None, '{"AccessToken": "unknown"}', "no JSON"]),
        "Properties": PROPERTIES,
    }
)
INSTALLATIONS = st.lists(INSTALLATION, max_size=2)
RELEASES = {5001: ("v25.0", "Live"), 5002: ("v24.0", "Live"), 5003: ("v26.0", "Draft"), 5004: ("v9.0", "Deprecated")}
"""Of our connector: library id -> version and release status."""

worlds = st.fixed_dictionaries(
    {
        "fields": st.fixed_dictionaries(FIELDS),
        "dashboard": st.fixed_dictionaries(DASHBOARD),
        "facebook": st.fixed_dictionaries({}, optional=FACEBOOK),
        "cyclr": st.fixed_dictionaries({}, optional=CYCLR),
        "service_domain": seldom(None, "LOOPBACK", "x.cyclr.com"),
        "setup": st.fixed_dictionaries(SETUP),
        "observation": INSTALLATIONS,
        "customer": INSTALLATIONS,
    }
)
drifts = st.fixed_dictionaries(
    {
        "fields": st.fixed_dictionaries({}, optional=FIELDS),
        "dashboard": st.fixed_dictionaries({}, optional=DASHBOARD),
        "setup": st.fixed_dictionaries({}, optional=SETUP),
        "uninstalled": seldom(False, True),
        "properties": st.none() | PROPERTIES,
    }
)
"""What people change between two runs: fields, switches, the library, the first installation."""


def state(made: dict[str, Any], world: World, stack: str) -> dict[str, Any]:
    """The sandbox's state for a drawn world; what it does not say is as on a new company's first day."""
    first = first_day()
    app = {**made["fields"], "dashboard": made["dashboard"], "roles": {"admin": ["dev-user"]}}
    users = {"dev-user": {"password": "dev-user-password"}, "customer": {"password": "customer-password"}}
    apps = {APP_ID: app, OTHER_APP: {"secret": ROTATED, "name": "Another app", "app_domains": ["shop.example"]}}
    others = [entry for entry in first["cyclr"]["connectors"] if entry["Name"] != CONNECTOR]
    own = next(entry for entry in first["cyclr"]["connectors"] if entry["Name"] == CONNECTOR)
    accounts = [
        {**account, "connectors": _installed(made[key], number, stack)}
        for key, number, account in zip(
            ("observation", "customer"), (1700, 1800), first["cyclr"]["accounts"], strict=True
        )
    ]
    text = {
        "facebook": {"apps": apps, "users": users, "behaviour": made["facebook"]},
        "cyclr": {
            "service_domain": made["service_domain"],
            "api_clients": first["cyclr"]["api_clients"],
            "connectors": [*_releases(own, made["setup"]), *others],
            "accounts": accounts,
            "behaviour": made["cyclr"],
        },
    }
    return placed(text, world)


def drifted(before: dict[str, Any], drift: dict[str, Any], world: World) -> dict[str, Any]:
    """The state after people's changes."""
    app = before["facebook"]["apps"][APP_ID]
    app.update(placed(drift["fields"], world))
    app["dashboard"].update(placed(drift["dashboard"], world))
    for entry in before["cyclr"]["connectors"]:
        if entry["Name"] == CONNECTOR:
            entry["setup"].update(drift["setup"])
    for account in before["cyclr"]["accounts"]:
        if account["Id"] == OBSERVATION and account["connectors"]:
            if drift["properties"] is not None:
                account["connectors"][0]["Properties"] = _properties(drift["properties"])
            if drift["uninstalled"]:
                del account["connectors"][0]
    return before


def _installed(drawn: list[dict[str, Any]], number: int, stack: str) -> list[dict[str, Any]]:
    return [
        {
            **one,
            "Id": number + index,
            "Name": f"Connector of {number + index}",
            "Description": one["Description"].replace("STACK", stack),
            "Properties": _properties(one["Properties"]),
        }
        for index, one in enumerate(drawn)
    ]


def _properties(pairs: list[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"Id": number, "Name": name, "Value": value} for number, (name, value) in enumerate(pairs, 1)]


def _releases(own: dict[str, Any], setup: dict[str, str]) -> list[dict[str, Any]]:
    parameters = [
        {"Name": name, "IsAccountConnectorProperty": True, "IsSensitive": name == "ApiKey"}
        for name in ("BaseUrl", "ApiKey")
    ]
    shared = {**own, "Parameters": parameters, "setup": setup}
    return [
        {**shared, "Id": number, "Version": version, "ReleaseStatus": status}
        for number, (version, status) in RELEASES.items()
    ]
