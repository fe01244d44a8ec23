"""Stack files with faults, and for each the whole set of problems: (key, words that what or fix must hold)."""

from __future__ import annotations

from typing import NamedTuple

from tests.unit.stacks.texts import CANARY, VALID, app, but, config, cyclr, facebook, top

APP = "connectors.facebook-marketing"
LIVE = f"{APP}.attestations.live"


class Broken(NamedTuple):
    """One broken stack file."""

    text: str
    problems: tuple[tuple[str, str], ...]


def one(text: str, key: str, words: str) -> Broken:
    """A file with a single fault."""
    return Broken(text, ((key, words),))


SETTINGS = {
    "no service domain": one(
        but(("  cyclr-connectors:serviceDomain: app-h.cyclr.com\n", "")), "serviceDomain", "is missing"
    ),
    "empty service domain": one(but((": app-h.cyclr.com", ': ""')), "serviceDomain", "is missing"),
    "service domain as a URL": one(
        but((": app-h.cyclr.com", ": https://app-h.cyclr.com/")), "serviceDomain", "bare host name"
    ),
    "previous domain is the domain": one(
        config("cyclr-connectors:previousServiceDomain: APP-H.cyclr.com."), "previousServiceDomain", "itself"
    ),
    "no cyclr": Broken(
        but((VALID[VALID.index("  cyclr-connectors:cyclr:") : VALID.index("  cyclr-connectors:facebook:")], "")),
        (
            ("cyclr.api", "is missing (or region)"),
            ("cyclr.clientId", "is missing"),
            ("cyclr.clientSecret", "--secret cyclrClientSecret"),
            ("cyclr.account", "is missing"),
        ),
    ),
    "cyclr is a text": one(
        but((VALID[VALID.index("\n    api:") : VALID.index("\n  cyclr-connectors:facebook:")], " yes")),
        "cyclr",
        "must be a mapping",
    ),
    "api and region": one(cyclr("region: eu"), "cyclr.api", "twice"),
    "unknown region": one(
        but(("api: https://api.cyclr.com", "region: apac")), "cyclr.region", "must be one of: us, us2, uk, eu"
    ),
    "api without scheme": one(but(("https://api.cyclr.com", "api.cyclr.com")), "cyclr.api", "absolute"),
    "api over plain http": one(but(("https://api", "http://api")), "cyclr.api", "must be https"),
    "misspelt key under cyclr": Broken(
        but(("    account:", "    acount:")),
        (("cyclr.account", "is missing"), ("cyclr.acount", "nearest one is account")),
    ),
    "flag as a text": one(cyclr('createAccount: "true"'), "cyclr.createAccount", "true or false, without quotes"),
    "unquoted account": one(but(("acme-observation", "12345678")), "cyclr.account", "into quotes"),
    "account without value": one(but((" acme-observation", "")), "cyclr.account", "has no value"),
    "unknown key under facebook": one(
        facebook("graphversion: v25.0"), "facebook.graphversion", "nearest one is graphVersion"
    ),
    "old Graph version": one(facebook("graphVersion: v20.0"), "facebook.graphVersion", "v21.0"),
    "dialog over plain http": one(facebook("wwwUrl: http://www.facebook.com"), "facebook.wwwUrl", "must be https"),
    "no connector": one(
        but((VALID[VALID.index("\n    facebook-marketing:") : VALID.index("\n  cyclr-connectors:cyclrCl")], " {}")),
        "connectors",
        "--path --type string connectors.facebook-marketing.appId",
    ),
    "unknown connector": one(
        but(("    facebook-marketing:", "    facebook-marketting:")),
        "connectors.facebook-marketting",
        "nearest one is facebook-marketing",
    ),
    "app id as a number": one(but(('"1234567890123456"', "1234567890123456")), f"{APP}.appId", "no digit is lost"),
    "app id with letters": one(but(('"1234567890123456"', "acme")), f"{APP}.appId", "digits only"),
    "no app name": one(but(("      appName: Acme Ads\n", "")), f"{APP}.appName", "is missing"),
    "snake case": Broken(
        but(("      appName:", "      app_name:")),
        ((f"{APP}.appName", "is missing"), (f"{APP}.app_name", "nearest one is appName")),
    ),
    "credentials per account": one(app("credentials: accounts"), f"{APP}.credentials", "not available"),
    "accounts without effect": one(app("accounts: [a, b]"), f"{APP}.accounts", "no effect"),
    "managed by nobody": one(app("managedBy: hand"), f"{APP}.managedBy", "must be one of: api, dashboard"),
    "shared and declared": Broken(
        app("shared: true", "contactEmail: a@acme.example", "exclusiveAppDomains: true"),
        (
            (f"{APP}.appName", "another stack"),
            (f"{APP}.contactEmail", "another stack"),
            (f"{APP}.exclusiveAppDomains", "config rm"),
        ),
    ),
    "no e-mail address": one(app("userSupportEmail: acme"), f"{APP}.userSupportEmail", "e-mail"),
    "relative URL": one(app("privacyPolicyUrl: /privacy"), f"{APP}.privacyPolicyUrl", "absolute"),
    "scopes in one text": one(app("scopes: ads_read,ads_management"), f"{APP}.scopes", "list"),
    "scopes in one entry": one(app("scopes: ['ads_read ads_management']"), f"{APP}.scopes", "one scope an entry"),
    "no scopes": one(app("scopes: []"), f"{APP}.scopes", "empty list"),
    "version as a number": one(app("version: 25.0"), f"{APP}.version", "into quotes"),
    "credentials as properties": one(
        app(f"properties: {{ClientSecret: {CANARY}}}"), f"{APP}.properties.ClientSecret", "never a declared property"
    ),
    "property as a number": one(app("properties: {Limit: 5}"), f"{APP}.properties.Limit", "into quotes"),
    "unknown attestation": one(
        app('attestations: {secret: {value: x, by: jane, date: "2026-11-02"}}'),
        f"{APP}.attestations.secret",
        "nearest one is client_secret",
    ),
    "attestation without a name": one(
        app('attestations: {live: {value: live, date: "2026-11-02"}}'), f"{LIVE}.by", "cyclr-connectors attest"
    ),
    "attestation of nothing": one(
        app('attestations: {live: {value: published, by: jane, date: "2026-11-02"}}'), f"{LIVE}.value", "must be live"
    ),
    "date in the future": one(
        app('attestations: {live: {value: live, by: jane, date: "2999-01-01"}}'), f"{LIVE}.date", "in the future"
    ),
    "date that is none": one(
        app('attestations: {live: {value: live, by: jane, date: "2026-02-30"}}'), f"{LIVE}.date", "must be a day"
    ),
    "on for date": Broken(
        app('attestations: {live: {value: live, by: jane, on: "2026-11-02"}}'),
        ((f"{LIVE}.date", "is missing"), (f"{LIVE}.on", "stands under date")),
    ),
    "secret attested as itself": one(
        app(f'attestations: {{client_secret: {{value: {CANARY}, by: jane, date: "2026-11-02"}}}}'),
        f"{APP}.attestations.client_secret.value",
        "never the secret itself",
    ),
    "secret for a reference": one(
        but(("config:facebookAppSecret", CANARY)), f"{APP}.appSecret", "replace it at the vendor"
    ),
    "secret behind config:": one(but(("config:cyclrClientSecret", f"config:k{CANARY}")), "cyclr.clientSecret", "never"),
    "secret behind a wrong prefix": one(
        but(("config:cyclrClientSecret", f"secret:{CANARY}")), "cyclr.clientSecret", "--plaintext cyclr.clientSecret"
    ),
    "path that is none": one(
        but(("config:facebookAppSecret", "aws-ssm:facebook")), f"{APP}.appSecret", "is not a valid name"
    ),
    "reference to nothing": one(
        but(("config:facebookAppSecret", "config:faceboookAppSecret")), f"{APP}.appSecret", "is facebookAppSecret"
    ),
    "reference to a setting": one(
        but(("config:cyclrClientSecret", "config:connectors")), "cyclr.clientSecret", "holds no secret"
    ),
    "secret in plain text": one(
        but(("\n    secure: v1:dHdv", f" {CANARY}")), "facebookAppSecret", "is stored as plain text"
    ),
    "unknown config key": one(
        config("cyclr-connectors:previousServiceDomian: old.cyclr.com"),
        "previousServiceDomian",
        "nearest one is previousServiceDomain",
    ),
    "local domain, real vendors": Broken(
        but((": app-h.cyclr.com", ": localhost:8703")),
        (
            ("cyclr.api", "real address"),
            ("facebook.graphUrl", "real address"),
            ("facebook.wwwUrl", "real address"),
            ("facebook.dashboardUrl", "real address"),
        ),
    ),
}
"""Faults that the program finds as well."""

FILE = {
    "empty file": Broken("", tuple((key, "") for key in (
        "serviceDomain", "cyclr.api", "cyclr.clientId", "cyclr.clientSecret", "cyclr.account", "connectors",
    ))),
    "a list": one("- config\n", "the file", "is no mapping"),
    "tab": one(but(("    api:", "\tapi:")), "the file", "is no YAML"),
    "unclosed quote": one(but((": app-h.cyclr.com", f': "{CANARY}')), "the file", "is no YAML"),
    "colon in a value": one(but(("Acme Ads", "Acme: Ads")), "the file", "needs quotes"),
    "alias that is none": one(but((" acme-api", f" *{CANARY}")), "the file", "undefined alias"),
    "two documents": one(top("---", "config: {}"), "the file", "single document"),
    "control character": one(but(("Acme Ads", "Acme \x07")), "the file", "does not allow"),
    "key twice": one(app("appName: Acme"), f"{APP}.appName", "stands twice, first in line 15"),
    "alias": Broken(
        but(("acme-api", "&a acme-api"), ("acme-observation", "*a")),
        (("cyclr.clientId", "anchor or an alias"), ("cyclr.account", "anchor or an alias")),
    ),
    "anchor twice": Broken(
        but(("acme-api", f"&a k{CANARY}"), ("acme-observation", "&a x")),
        (("cyclr.clientId", "anchor or an alias"), ("cyclr.account", "anchor or an alias")),
    ),
    "merge key": one(app("<<: {version: v25.0}"), APP, "merge key"),
    "key that is a number": one(app("properties: {5: x}"), f"{APP}.properties", "no text"),
    "tag": one(but((" acme-api", " !secret acme-api")), "cyclr.clientId", "tag"),
    "bare date": one(
        app("attestations: {live: {value: live, by: jane, date: 2026-11-02}}"), f"{LIVE}.date", "bare date"
    ),
    "encrypted in place": one(
        but(("config:cyclrClientSecret", "{secure: v1:abc}")), "cyclr.clientSecret", "under keys of their own"
    ),
    "encrypted value is empty": one(
        but(("secure: v1:dHdv", "secure:")), f"{APP}.appSecret", "config:facebookAppSecret, which is not set"
    ),
    "misspelt top level": one(
        but(("encryptionsalt:", "encryptionSalt:")), "encryptionSalt", "nearest one is encryptionsalt"
    ),
    "setting outside config": one(
        top("cyclr-connectors:previousServiceDomain: old.cyclr.com"),
        "cyclr-connectors:previousServiceDomain",
        "outside config",
    ),
    "key without namespace": one(
        config("previousServiceDomain: a.example"), "previousServiceDomain", "has no namespace"
    ),
    "misspelt namespace": one(
        config("cyclr-connector:previousServiceDomain: a.example"),
        "cyclr-connector:previousServiceDomain",
        "nearest one is cyclr-connectors",
    ),
    "environment is a text": one(top("environment: acme"), "environment", "must be a list"),
}  # fmt: skip
"""Faults of the file itself."""

CATALOGUE = SETTINGS | FILE
