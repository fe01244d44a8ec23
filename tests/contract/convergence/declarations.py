"""Random declarations of one environment, and random edits of them, as they stand in a stack file.

Shape: flat, a key for each thing that may differ; `config` makes the stack file's config of it. None: not declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from components.secrets import fingerprint
from stacks.settings_connector import ConnectorSettings
from tests.worlds import APP_ID, APP_SECRET, CUSTOMER, OBSERVATION, World

KEY = "facebook-marketing"
OTHER_APP = "2234567890123456"
ROTATED = "r07a7ed0b0c0de5a5ad0b0c0de5a5ad0"
ENVIRON = {"CONVERGENCE_ROTATED": ROTATED}
"""What the shell holds for the references to it."""
REFERENCES = {
    (APP_ID, "own"): "config:facebookAppSecret",
    (APP_ID, "other"): "env:CONVERGENCE_ROTATED",
    (OTHER_APP, "own"): "env:CONVERGENCE_ROTATED",
    (OTHER_APP, "other"): "config:facebookAppSecret",
}
"""App and `appSecret` of a declaration -> what stands in the stack file; the other secret is right after a rotation."""
SECRETS = {"config:facebookAppSecret": APP_SECRET, "env:CONVERGENCE_ROTATED": ROTATED}
FRESH_ACCOUNT = "fresh-account"
PRIVACY, TERMS = "https://acme.example/privacy", "https://acme.example/terms?in=en"
SITE = "https://www.acme.example/"
HELP, BOSS = "help@acme.example", "boss@acme.example"
NAMES = ("Acme Ads", "Acme Ads (staging)")
MOVED_FROM = ("old.cyclr.com", "acme.sslip.io")
"""Service domains before a move; the vendor drops the second one in silence."""

Declaration = dict[str, Any]


def seldom(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """The usual value, and now and then another one."""
    return st.sampled_from([usual] * (4 * len(others)) + list(others))


PROPERTIES: tuple[dict[str, str], ...] = (
    {"BaseUrl": "https://a.example"},
    {"BaseUrl": "https://b.example", "ApiKey": "k-2"},
    {"ApiKey": "k-1"},
)
URL = st.sampled_from([None, PRIVACY, TERMS])
EMAIL = st.sampled_from([None, HELP, BOSS])
ENTRY: dict[str, st.SearchStrategy[Any]] = {
    "appId": seldom(APP_ID, OTHER_APP),
    "appSecret": st.sampled_from(["own"] * 11 + ["other"]),
    "appName": st.sampled_from(NAMES),
    "siteUrl": seldom(None, SITE),
    "privacyPolicyUrl": URL,
    "termsOfServiceUrl": URL,
    "deauthorizeCallbackUrl": URL,
    "userSupportUrl": URL,
    "contactEmail": EMAIL,
    "userSupportEmail": EMAIL,
    "exclusiveAppDomains": seldom(False, True),
    "managedBy": seldom("api", "dashboard"),
    "shared": seldom(False, True),
    "version": seldom(None, "v25.0", "v24.0", "v26.0"),
    "scopes": seldom(None, ["ads_read"], ["ads_management", "ads_read", "business_management"]),
    "properties": st.sampled_from([{}, *PROPERTIES, *PROPERTIES, {"Unknown": "x"}]),
    "attested": st.sets(st.sampled_from(["redirect_uri", "live", "advanced_access", "client_id", "client_secret"])),
}
"""Keys of the connector, but for `attested`: whose attestations stand there."""
TOP: dict[str, st.SearchStrategy[Any]] = {
    "serviceDomain": seldom("SERVICE", "LOOPBACK"),
    "previousServiceDomain": seldom(None, *MOVED_FROM),
    "account": seldom(OBSERVATION, CUSTOMER, FRESH_ACCOUNT),
    "createAccount": st.booleans(),
}

declarations: st.SearchStrategy[Declaration] = st.fixed_dictionaries({**TOP, **ENTRY})
edits: st.SearchStrategy[Declaration] = st.fixed_dictionaries({}, optional={**TOP, **ENTRY})
"""What an edit of the stack file changes; may be nothing."""


def placed(thing: Any, world: World) -> Any:
    """The same with the addresses of a running sandbox: SERVICE as it goes by, LOOPBACK under its other name."""
    if isinstance(thing, str):
        return thing.replace("SERVICE", world.service_domain).replace("LOOPBACK", loopback(world))
    if isinstance(thing, Mapping):
        return {key: placed(value, world) for key, value in thing.items()}
    return [placed(item, world) for item in thing] if isinstance(thing, list) else thing


def loopback(world: World) -> str:
    """The service domain under its other name, which Cyclr does not go by."""
    return f"127.0.0.1:{world.service_domain.partition(':')[2]}"


def config(declaration: Declaration, world: World) -> dict[str, Any]:
    """What stands under `config:` of the stack file, keys without the project."""
    facebook = {"graphUrl": world.facebook, "wwwUrl": world.facebook, "dashboardUrl": world.facebook}
    cyclr = {
        "api": world.cyclr_api,
        "consoleUrl": world.service_url,
        "clientId": "sandbox-api-client",
        "clientSecret": "config:cyclrClientSecret",
        "account": declaration["account"],
        "createAccount": declaration["createAccount"],
    }
    top = {
        "serviceDomain": declaration["serviceDomain"],
        "previousServiceDomain": declaration["previousServiceDomain"],
        "cyclr": cyclr,
        "facebook": facebook,
        "connectors": {KEY: _connector(declaration)},
    }
    return placed({key: value for key, value in top.items() if value is not None}, world)


def owned_elsewhere(declaration: Declaration) -> set[str]:
    """Keys that a stack must not declare about an app that it shares."""
    names = [ConnectorSettings.model_fields[name].alias or name for name in ConnectorSettings.OWNED_ELSEWHERE]
    return set(names) if declaration["shared"] else set()


def reference(declaration: Declaration) -> str:
    """The secret reference in the stack file."""
    return REFERENCES[declaration["appId"], declaration["appSecret"]]


def _connector(declaration: Declaration) -> dict[str, Any]:
    left_out = {"attested", *owned_elsewhere(declaration)}
    declaration = {**declaration, "appSecret": reference(declaration)}
    given = {key: declaration[key] for key in ENTRY if key not in left_out and declaration[key] is not None}
    values = {
        "redirect_uri": "http://SERVICE/connector/callback",
        "live": "live",
        "advanced_access": "granted",
        "client_id": declaration["appId"],
        "client_secret": fingerprint(SECRETS[declaration["appSecret"]], declaration["appId"]),
    }
    said = {key: {"value": values[key], "by": "jane@acme.example", "date": "2026-11-02"} for key in values}
    return {**given, "attestations": {key: said[key] for key in sorted(declaration["attested"])}}
