"""Environments as a look finds them, made from typed objects: a deployed connector, and what is done to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from components.facebook import app_rules
from components.facebook.app_rules import CLOSED, Found
from components.verdicts import Evidence, OpenStep, Setting, Verdict
from stacks.operations.summary.look import ORDER, Look, Resource
from stacks.operations.summary.naming import CONNECTOR_TYPE
from stacks.operations.summary.observed import Difference
from stacks.operations.summary.survey import Survey
from stacks.operations.summary.unseen import Failure

APP, REDIRECT, PUBLICATION, INSTALLATION, SETUP, CREDENTIALS = ORDER
ACCESS, CONNECTOR = "pulumi-python", "OAuthConnector"
HOST, URI = "app-h.cyclr.com", "https://app-h.cyclr.com/connector/callback"
ID, MARK = "1234567890123456", "03153249db7c"
DASHBOARD = f"https://developers.facebook.com/apps/{ID}"
HOSTILE = (
    "a|b\n# x\n```\n</details><script>alert(1)</script> <!-- cyclr-connectors:preview --> @octocat #1 GH-2 o/r#3 "
    "[click](https://evil.example) ![x](https://evil.example/x.png) https://evil.example www.evil.example "
    "`` ` \\| \u202eevil\u202c\u200b\x1b[31m :tada: $x$ &lt; *b* _i_ ~~s~~"
)
"""What a vendor or a stack file might hold to forge a report."""
_APP = {"app_id": ID, "app_secret": "config:facebookAppSecret", "app_secret_version": MARK}
INPUTS: dict[str, dict[str, Any]] = {
    APP: {
        **_APP,
        "name": "Acme Ads (staging)",
        "app_domains": [HOST],
        "website_url": f"https://{HOST}/",
        "exclusive_app_domains": False,
        "managed_by": "api",
    },
    REDIRECT: {**_APP, "redirect_uri": URI},
    PUBLICATION: {**_APP, "redirect_uri": URI},
    INSTALLATION: {"account": "acme", "connector": "Facebook Marketing API", "create_account": False},
    SETUP: {
        "connector": "Facebook Marketing API",
        "client_id": ID,
        "client_secret": "config:facebookAppSecret",
        "client_secret_version": MARK,
        "service_domain": HOST,
        "installation": "acme/1874",
    },
}
FACTS = {
    APP: ("app_domains", [HOST]),
    REDIRECT: ("redirect_uri", URI),
    PUBLICATION: ("live", "live"),
    INSTALLATION: ("connector", "Facebook Marketing API"),
    SETUP: ("client_id", ID),
}
STEPS = {
    REDIRECT: OpenStep(
        "Valid OAuth Redirect URIs",
        URI,
        f"{DASHBOARD}/fb-login/settings/",
        Verdict.REFUSED,
        Evidence.OBSERVED,
        "one of: not in the list; Client or Web OAuth login is off; the Login product is missing",
        "the code-exchange probe answers 100 instead of 191",
    ),
    SETUP: OpenStep(
        "Consent",
        "cyclr-connectors authorize -s staging",
        f"https://{HOST}",
        Verdict.UNKNOWN,
        Evidence.NONE,
        "no consent was completed yet",
        "the observation installation is authenticated after the mark of `authorize`",
        ("every other step",),
    ),
}
NOT_REACHED = "not reached because facebook-marketing"
FOUR_PARTS = (
    "Facebook did not answer\n  where: facebook.AppSettings app 1234567890123456, environment production\n"
    "  why:   HTTP 503 at the third try\n  fix:   look again later; nothing was written"
)
NOT_AUTHORISED = (
    "Facebook refuses the app secret of app 1234567890123456\n  where: the secret behind config:facebookAppSecret\n"
    "  why:   HTTP 400, code 101: id and secret are no pair\n"
    "  fix:   set the app's current secret as config:facebookAppSecret, then run pulumi with --run-program"
)


def urn(kind: str, name: str) -> str:
    """A URN as the engine gives it."""
    own = CONNECTOR_TYPE if kind == CONNECTOR else f"pulumi-python:dynamic/{kind.replace('.', ':')}"
    return f"urn:pulumi:staging::cyclr-connectors::{own}::{name}"


def stands(kind: str, connector: str = "facebook-marketing", suffix: str = "") -> Resource:
    """A resource as declared, looked at."""
    inputs = INPUTS.get(kind, {})
    settings = (Setting(*FACTS[kind], FACTS[kind][1], Verdict.ACCEPTED, Evidence.OBSERVED),) if kind in FACTS else ()
    name = f"{connector}-{suffix or kind.rpartition('.')[2]}"
    return Resource(
        urn(kind, name), kind, connector, "same", "." in kind, settings=settings, found=inputs, declared=inputs
    )


def changed(resource: Resource, operation: str = "update", drifted: bool = False, **after: Any) -> Resource:
    """The resource with inputs that the next update makes others; `before__NAME` gives what stands there now."""
    before = {key.removeprefix("before__"): after.pop(key) for key in list(after) if key.startswith("before__")}
    found = {**resource.found, **before}
    differences = tuple(Difference(key, value, found.get(key)) for key, value in after.items())
    note = "changed at the vendor since the last update" if drifted else "declared but not applied"
    refused = [
        Setting(each.setting, each.expected, each.found, Verdict.REFUSED, Evidence.OBSERVED, note)
        for each in differences
    ]
    kept = [each for each in resource.settings if each.setting not in after]
    return replace(
        resource,
        planned=operation,
        not_applied=differences,
        drift=differences if drifted else (),
        settings=(*kept, *refused),
        found=found,
        declared={**resource.declared, **after},
    )


def beside(resource: Resource, *others: str) -> Resource:
    """The app settings, with app domains at Facebook that are not declared."""
    note = f"not declared, kept: {', '.join(others)}"
    settings = [
        replace(each, found=[*each.found, *others], note=note) if each.setting == "app_domains" else each
        for each in resource.settings
    ]
    return replace(resource, settings=tuple(settings))


def exclusively(resource: Resource) -> Resource:
    """The app settings of a declaration that removes app domains of others, now as before."""
    only = {"exclusive_app_domains": True}
    return replace(resource, found={**resource.found, **only}, declared={**resource.declared, **only})


def by_hand(resource: Resource) -> Resource:
    """The app settings of a declaration that the dashboard manages."""
    return replace(resource, declared={**resource.declared, "managed_by": "dashboard"})


def gated(resource: Resource, **live: Any) -> Resource:
    """The app settings after a write that the closed app refused: what stands there instead, None for nothing."""
    declared = dict(resource.declared)
    there = {key: value for key, value in {**declared, **live}.items() if value is not None}
    found = Found(there, CLOSED, "the app is closed to settings changes through the API (Graph code 10)", [])
    steps = app_rules.open_steps(DASHBOARD.partition("/apps/")[0], declared, found, app_rules.judge(declared, there))
    return replace(resource, open_steps=tuple(steps))


def created(
    kind: str, connector: str = "facebook-marketing", suffix: str = "", missing: bool = False, **inputs: Any
) -> Resource:
    """A resource that the next update makes."""
    base = stands(kind, connector, suffix)
    declared = {**base.declared, **inputs}
    return replace(base, planned="create", observed=False, settings=(), found={}, declared=declared, missing=missing)


def deleted(resource: Resource) -> Resource:
    """A resource that is declared no more."""
    return replace(resource, planned="delete", observed=False, settings=(), declared={})


def unseen(resource: Resource, error: str = FOUR_PARTS, kind: str = "unreachable") -> Resource:
    """A resource that could not be looked at."""
    failure = Failure(kind, error)
    return replace(resource, planned="", observed=False, settings=(), declared={}, failure=failure)


def open_(resource: Resource, **parts: Any) -> Resource:
    """A resource with its open step."""
    step = replace(STEPS[resource.kind], **parts)
    setting, declared = {REDIRECT: ("redirect_uri", URI), SETUP: ("client_secret", MARK)}[resource.kind]
    refused = Setting(setting, declared, None, step.verdict, step.evidence, step.cause)
    kept = tuple(each for each in resource.settings if each.setting != setting)
    return replace(resource, open_steps=(step,), settings=(*kept, refused))


def connector(*others: Resource, name: str = "facebook-marketing") -> list[Resource]:
    """A deployed connector with some of its resources as given."""
    given = {each.urn: each for each in others}
    whole = [stands(kind, name) for kind in (*FACTS, CONNECTOR)]
    known = {each.urn for each in whole}
    return [*(given.get(each.urn, each) for each in whole), *(each for each in others if each.urn not in known)]


def access(operation: str = "same", environment: str = "staging", **after: str) -> Resource:
    """The access to the vendors."""
    values = {"graphVersion": "v25.0", "cyclrApiUrl": "https://api.cyclr.com", "graphUrl": "https://graph.facebook.com"}
    address = urn(ACCESS, "vendors").replace("staging", environment)
    base = Resource(address, ACCESS, "vendors", "same", found=values, declared=values)
    if operation == "create":
        keys = {f"cyclr-connectors:{key}": value for key, value in {**values, **after}.items()}
        return replace(base, planned=operation, found={}, declared=keys)
    return changed(base, operation, **after) if operation != "same" else base


def survey(resources: Sequence[Resource], environment: str = "staging", **facts: Any) -> Survey:
    """One look at these resources."""
    failed = any(each.failure for each in resources)
    ordered = sorted(resources, key=lambda each: (each.connector, ORDER.index(each.kind) if each.kind in ORDER else 9))
    return Survey(environment, Look(environment, HOST, tuple(ordered), complete=not failed), **facts)


def moved(previous: bool = False) -> list[Resource]:
    """The service domain moves, with or without the old one beside the new."""
    new, uri = "connect.acme.example", "https://connect.acme.example/connector/callback"
    domains = sorted([new, HOST]) if previous else [new]
    beside = [created(REDIRECT, suffix="previous-redirect", redirect_uri=URI)] if previous else []
    return connector(
        changed(stands(APP), app_domains=domains, website_url=f"https://{new}/"),
        changed(stands(REDIRECT), "replace", redirect_uri=uri),
        changed(stands(PUBLICATION), redirect_uri=uri),
        changed(stands(SETUP), service_domain=new),
        *beside,
    )


def rotated(version: str = "258499e710e0") -> list[Resource]:
    """The app secret is another one."""
    facebook = [changed(stands(kind), app_secret_version=version) for kind in (APP, REDIRECT, PUBLICATION)]
    return connector(*facebook, changed(stands(SETUP), client_secret_version=version))


def first_deployment(name: str = "facebook-marketing") -> list[Resource]:
    """Nothing is there yet."""
    return [created(kind, name) for kind in (*FACTS, CONNECTOR)]


def stopped() -> list[Resource]:
    """The app could not be looked at, so the engine stopped before its plan."""
    lost = [
        unseen(stands(APP), NOT_AUTHORISED, "not authorised"),
        unseen(stands(REDIRECT), f"{NOT_REACHED}-app failed"),
    ]
    return [replace(each, planned="") for each in connector(*lost)]


def removed() -> list[Resource]:
    """The connector is declared no more."""
    return [deleted(each) for each in connector()]


def another_app(other: str = "9876543210987654") -> list[Resource]:
    """The app is another one, and so is its secret."""
    facts = {"app_id": other, "app_secret_version": "5e0c8a2b9d41"}
    app = {"app_domains": [HOST], "before__app_domains": [], "name": "Acme Ads", "website_url": f"https://{HOST}/"}
    facebook = [changed(stands(kind), "replace", **facts) for kind in (REDIRECT, PUBLICATION)]
    facebook.append(changed(stands(APP), "replace", **facts, **app, before__website_url=None))
    vendors = changed(access(), references=f'{{"{other}": "config:facebookAppSecret"}}')
    return connector(vendors, *facebook, changed(stands(SETUP), client_id=other, client_secret_version="5e0c8a2b9d41"))


def many(count: int) -> list[Resource]:
    """As many connectors, each with another name of its app."""
    return [
        each
        for number in range(count)
        for each in connector(
            changed(stands(APP, f"connector-{number:03}"), name=f"Acme Ads {number}"), name=f"connector-{number:03}"
        )
    ]


def attested(**words: Mapping[str, str]) -> list[Resource]:
    """A person's word on the publication."""
    return connector(changed(stands(PUBLICATION), attestations=words))
