"""Every setting of both consoles, and of the declaration, with the values that are not right.

Shape:   what a report may call a setting is written `Resource.setting`, for an open step `Resource: label`, for a
         resource that is gone or cannot be looked at its own name.
Source:  `stacks/sandbox/schema.py` for what there is to set; `test_coverage.py` finds what is missing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.truth import edits
from tests.truth.edits import Edit
from tests.worlds import APP_ID

FIRST_DAY, BROKEN = "from the first day", "broken after ready"
"""The two phases: each world is met twice."""
FIRST, INSTALLED, CONSENTED, NEVER = "at first", "after the first up", "after the consent", "by other means"
FACEBOOK = ("AppSettings", "LoginRedirect", "AppPublication")
CYCLR = ("ConnectorInstallation", "ConnectorSetup")
REDIRECT = ("LoginRedirect.redirect_uri",)
CONSENT = ("ConnectorSetup.client_secret", "ConnectorSetup: Consent")
WORDS = ("AppPublication.attestations",)
THROUGH = ("ConnectorSetup.installation",)
OTHER_SECRET, NEW_SECRET = "0f" * 16, "1e" * 16
WORD_ON_LIVE = {"live": {"value": "live", "by": "jane@acme.example", "date": "2026-11-02"}}
OTHER_WORD = {"advanced_access": {"value": "standard", "by": "jane@acme.example", "date": "2026-11-02"}}
LIVE, ADVANCED = "AppPublication.live", "AppPublication.advanced_access"
LIVE_ATTESTED, ADVANCED_ATTESTED = (LIVE, "attested"), (ADVANCED, "attested")
PROVEN = ("ConnectorSetup.client_secret", "proven")
VERSIONS = (
    *(f"{kind}.app_secret_version" for kind in FACEBOOK),
    "ConnectorSetup.client_secret_version",
)
AFTER_PROOF = "a library secret that is changed after the proof is not seen until the next consent"
FALSE_WORD = "an attestation is as good as the person"


@dataclass(frozen=True)
class Value:
    """One value that a setting should not have, or may have as well."""

    name: str
    edit: Edit | None
    names: tuple[str, ...] = ()
    """What the report must name, one of them at least; empty: nothing, the value is as good as the right one."""
    fails: bool = False
    """Whether a customer fails with it, every switch of the vendors on its default."""
    also: tuple[str, ...] = ()
    """What else may be called refused because of it."""
    only: str = ""
    """The one phase in which it says anything; empty: both."""
    moment: str = FIRST
    """When it comes to be so in a world that is like this from the first day."""
    unseen: tuple[str, ...] = ()
    """Resources that cannot be looked at with it."""
    unmade: tuple[str, ...] = ()
    """Resources that cannot be made with it on the first day."""
    blinds: tuple[str, ...] = ()
    """Resources that it may keep from being looked at, beside another value."""
    rests_on: tuple[str, str] = ("", "")
    """Setting and evidence: where the report shows these, the value need not be named."""
    shown_unless: str = ""
    """Facebook's switch without which a look shows the value, as long as the app takes its own redirect URI."""
    limit: str = ""
    """Why the report may then be ready although a customer fails."""
    consents: bool = True
    """Whether the consent through the observation installation is given on the first day."""
    by_role: bool = False
    """Whether somebody with a role on the app gives it."""
    attestations: Mapping[str, Any] = field(default_factory=dict)
    """Declared beside or in place of the right ones; None takes one out."""
    secret: str = ""
    """Declared in place of the right one."""


@dataclass(frozen=True)
class Setting:
    """One setting."""

    key: str
    values: tuple[Value, ...]


def _one(key: str, *values: Value) -> Setting:
    return Setting(key, values)


SETTINGS = (
    # --- Facebook, Settings > Basic ---
    _one(
        "display name",
        Value("wrong", edits.app(name="Somebody else's"), ("AppSettings.name",)),
        Value("missing", edits.app(name=""), ("AppSettings.name",)),
    ),
    _one(
        "App Domains",
        Value("wrong", edits.app(app_domains=["other.example"]), ("AppSettings.app_domains",), True, REDIRECT),
        Value("missing", edits.app(app_domains=[]), ("AppSettings.app_domains",), True, REDIRECT),
    ),
    _one(
        "Site URL",
        Value("wrong", edits.app(website_url="http://other.example/"), ("AppSettings.website_url",)),
        Value("missing", edits.app(website_url=None), ("AppSettings.website_url",)),
    ),
    _one("App Secret", Value("reset", edits.app(secret=OTHER_SECRET), FACEBOOK, True, unseen=FACEBOOK)),
    _one("app", Value("blocked by Facebook", edits.app(blocked=True), FACEBOOK, True, unseen=FACEBOOK)),
    # --- Facebook, Settings > Advanced ---
    _one(
        "API access to settings",
        Value("open", edits.dashboard(api_access_to_settings=True)),
        Value(
            "open for another address",
            edits.dashboard(api_access_to_settings=True, update_settings_ip_allowlist=["10.0.0.1"]),
            blinds=FACEBOOK,
        ),
        Value("open with 2FA", edits.dashboard(api_access_to_settings=True, require_2fa_reauthorization=True)),
        Value(
            "open, native app", edits.dashboard(api_access_to_settings=True, native_or_desktop=True), blinds=FACEBOOK
        ),
    ),
    _one("Require App Secret", Value("on", edits.dashboard(require_app_secret=True))),
    _one(
        "Server IP Allowlist",
        Value("ours", edits.dashboard(server_ip_allowlist=["127.0.0.0/8"])),
        Value("others only", edits.dashboard(server_ip_allowlist=["10.0.0.1"]), FACEBOOK, True, unseen=FACEBOOK),
    ),
    # --- Facebook Login > Settings ---
    _one("Login product", Value("missing", edits.dashboard(login_product=False), REDIRECT, True)),
    _one("Client OAuth login", Value("off", edits.dashboard(client_oauth_login=False), REDIRECT, True)),
    _one("Web OAuth login", Value("off", edits.dashboard(web_oauth_login=False), REDIRECT, True)),
    _one("Enforce HTTPS", Value("off", edits.dashboard(enforce_https=False))),
    _one("strict mode", Value("off", edits.dashboard(strict_mode=False))),
    _one(
        "redirect list",
        Value("wrong", edits.listed_with("/"), REDIRECT, True),
        Value("missing", edits.dashboard(redirect_uris=[]), REDIRECT, True),
    ),
    # --- Facebook, publishing ---
    _one(
        "App Mode",
        Value(
            "development",
            edits.dashboard(mode="development"),
            (LIVE,),
            True,
            moment=INSTALLED,
            rests_on=LIVE_ATTESTED,
            shown_unless="loopback_in_development",
            limit=FALSE_WORD,
        ),
        Value(
            "live before the first look",
            edits.dashboard(mode="live"),
            (LIVE,),
            only=FIRST_DAY,
            rests_on=LIVE_ATTESTED,
        ),
    ),
    _one(
        "Advanced Access",
        Value(
            "missing",
            edits.dashboard(advanced_access=False),
            (ADVANCED,),
            True,
            rests_on=ADVANCED_ATTESTED,
            limit=FALSE_WORD,
        ),
    ),
    # --- Cyclr, Connector Library ---
    _one(
        "library Client ID",
        Value("wrong", edits.library(client_id="9999999999999999"), ("ConnectorSetup.client_id",), True, CONSENT),
        Value("missing", edits.library(client_id=""), ("ConnectorSetup.client_id",), True, CONSENT),
    ),
    _one(
        "library Client Secret",
        Value("wrong", edits.library(client_secret=OTHER_SECRET), CONSENT, True, rests_on=PROVEN, limit=AFTER_PROOF),
        Value("missing", edits.library(client_secret=""), ("ConnectorSetup.client_id",), True, CONSENT),
    ),
    _one(
        "library Scopes",
        Value("fewer", edits.library(scopes="public_profile,email"), ("ConnectorSetup.scopes",), also=CONSENT),
        Value("unknown to Facebook", edits.library(scopes="ads_reed"), ("ConnectorSetup.scopes", *CONSENT), True),
    ),
    _one(
        "library release",
        Value("a newer one, filled in", edits.newer_release(own_setup=True), ("ConnectorInstallation.version",)),
        Value("a newer one of its own", edits.newer_release(own_setup=False), ("ConnectorInstallation.version",)),
        Value("a newer draft", edits.newer_release(own_setup=False, status="Draft")),
        Value("withdrawn", edits.withdrawn("Draft"), ("ConnectorInstallation.version",), True, unmade=CYCLR),
    ),
    # --- Cyclr, Settings > General Settings, and API ---
    _one(
        "service domain",
        Value(
            "another host", edits.cyclr(service_domain="x.cyclr.com"), ("ConnectorSetup.redirect_uri",), True, CONSENT
        ),
        Value("not https", edits.cyclr(service_domain="localhost:1"), ("ConnectorSetup.redirect_uri",), True, CONSENT),
    ),
    _one(
        "API credentials",
        Value("deleted", edits.cyclr(api_clients=[]), CYCLR, unseen=CYCLR),
    ),
    # --- Cyclr, the observation installation ---
    _one(
        "own credentials",
        Value("ClientId", edits.own(ClientId=APP_ID), ("ConnectorSetup.client_id",), moment=INSTALLED),
        Value("ClientSecret", edits.own(ClientSecret=OTHER_SECRET), ("ConnectorSetup.client_id",), moment=INSTALLED),
        Value("ClientId of another app", edits.own(ClientId="99"), ("ConnectorSetup.client_id",), moment=INSTALLED),
    ),
    _one(
        "consent",
        Value("missing", edits.installation(Authenticated=False, AuthValue=None), CONSENT, consents=False),
        Value("by somebody with a role", edits.consented_by_role, moment=NEVER, by_role=True),
        Value("its token is dead", edits.installation(AuthValue='{"AccessToken": "EAAdead"}'), moment=CONSENTED),
    ),
    _one(
        "mark",
        Value("missing", edits.installation(Description=""), CONSENT, moment=CONSENTED),
        Value("of another secret", edits.marked_for(OTHER_SECRET), CONSENT, moment=CONSENTED),
    ),
    _one(
        "installation", Value("removed", edits.uninstalled, ("ConnectorInstallation",), also=THROUGH, moment=INSTALLED)
    ),
    _one("account", Value("deleted", edits.no_account, ("ConnectorInstallation",), also=THROUGH, unmade=CYCLR)),
    # --- the declaration ---
    _one(
        "word on Advanced Access",
        Value("absent", None, (ADVANCED, *WORDS), attestations={"advanced_access": None}),
        Value("of another value", None, (ADVANCED, *WORDS), attestations=OTHER_WORD),
    ),
    _one("word on App Mode", Value("given", None, WORDS, rests_on=LIVE_ATTESTED, attestations=WORD_ON_LIVE)),
    _one(
        "App Secret in all places but Cyclr",
        Value("new", edits.app(secret=NEW_SECRET), CONSENT, True, also=VERSIONS, secret=NEW_SECRET),
    ),
)
