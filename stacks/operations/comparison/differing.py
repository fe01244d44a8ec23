"""What several environments declare differently: by design, or for no reason that is known. Pure.

By design is what each environment has of its own, and what follows from that.
Never: a guess. What an imported environment may supply is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from components import derive
from stacks.mending import Loc, path
from stacks.operations.comparison.declared import NOT_KNOWN, Declared, Row, connectors, row
from stacks.settings_connector import ConnectorSettings

BY_DESIGN = {
    "serviceDomain": "each environment has its own",
    "previousServiceDomain": "a move to another service domain is under way where one is declared",
    "cyclr.region": "where an environment's Cyclr is run",
    "cyclr.consoleUrl": "where an environment's console is",
    "cyclr.clientId": "each environment has its own API client",
    "cyclr.clientSecret": "where a secret lives is each environment's own matter",
    "cyclr.account": "each environment observes through an account of its own",
    "cyclr.createAccount": "belongs to the account",
    "appId": "each environment has its own app",
    "appSecret": "where a secret lives is each environment's own matter",
    "appName": "each environment has its own app",
}
"""Setting -> why environments differ in it; one of a connector by its own name."""

UNEXPLAINED = {
    "version": "their customers get different releases of the library entry",
    "scopes": "their customers are asked for different permissions, or nobody judges which",
    "managedBy": "in the one the API writes the app's settings, in the other a person",
    "exclusiveAppDomains": "in the one App Domains that nobody declared are removed, in the other they are kept",
    "shared": "no environment compared here owns the app that is said to be another stack's",
    "privacyPolicyUrl": "a prerequisite of publishing an app",
    "facebook.graphVersion": "their calls are answered by different versions of the Graph API",
    "attestations": "a person's word closes the step in the one and not in the other",
}
"""Setting -> what an unexplained difference in it means."""

DECLARED = "declared"
NOT_DECLARED = "a connector is declared in the one and not in the other"
FOLLOWS = "follows the service domain"
SANDBOX = "the sandbox has addresses of its own"
ATTESTED = "each environment is attested on its own"
AT_AWS = "each environment has its own secrets, roles and record at AWS"
SHARED = "one environment owns the app, the others share it"
NO_REASON = "no reason for a difference is known"
IMPORTED = "an imported Pulumi environment may supply it, which is not read here"
OTHERS = "every other setting"

_OWN_AT_AWS = ("account", "region", "secrets", "serviceDomainRecord", "access")
_OWN_URL = "{service url}"
_OWNED_ELSEWHERE = {str(ConnectorSettings.model_fields[name].alias) for name in ConnectorSettings.OWNED_ELSEWHERE}
_VENDOR_URLS = {("facebook", name) for name in ("graphUrl", "wwwUrl", "dashboardUrl")}


def differences(environments: Sequence[Declared]) -> Iterator[tuple[str, Row]]:
    """Each row that is not the same everywhere, with the list that it belongs to."""
    yield from _connectors(environments)
    for loc in _settings(environments):
        concerned = [each for each in environments if loc[0] != "connectors" or each.declares(loc[1])]
        compared = [each for each in concerned if not _owned_elsewhere(each, loc)]
        known = [each for each in compared if each.value(loc) != NOT_KNOWN]
        if len({_key(each.value(loc)) for each in known}) > 1:
            of, why = _judge(loc, known, environments)
            if of != "unexplained" or not _is_misplaced(loc, known):
                yield of, row(loc, compared, why)
        elif len(known) < len(compared) and any(loc in each.written for each in compared):
            yield "not_compared", row(loc, compared, IMPORTED)
    if importing := [each.environment for each in environments if each.imports]:
        yield "not_compared", Row(OTHERS, dict.fromkeys(importing, NOT_KNOWN), IMPORTED)


def _connectors(environments: Sequence[Declared]) -> Iterator[tuple[str, Row]]:
    for name in connectors(environments):
        absent = [each for each in environments if not each.declares(name)]
        values = {each.environment: DECLARED for each in environments} | {
            each.environment: NOT_KNOWN if each.imports else None for each in absent
        }
        setting = path(("connectors", name))
        if any(not each.imports for each in absent):
            yield "unexplained", Row(setting, values, NOT_DECLARED)
        elif absent:
            yield "not_compared", Row(setting, values, IMPORTED)


def _name(loc: Loc) -> str:
    """How the tables above know a setting."""
    return loc[2] if loc[0] == "connectors" and len(loc) > 2 else ".".join(loc)


def _settings(environments: Sequence[Declared]) -> list[Loc]:
    """Every setting of one of them, those of the environment before those of its connectors."""
    found = dict.fromkeys(loc for each in environments for loc in each.settings)
    return sorted(found, key=lambda loc: (loc[0] == "connectors", loc[:2] if loc[0] == "connectors" else ()))


def _owned_elsewhere(each: Declared, loc: Loc) -> bool:
    """Whether another stack owns the setting, so that this one must not declare it."""
    return _name(loc) in _OWNED_ELSEWHERE and each.value((*loc[:2], "shared")) is True


def _judge(loc: Loc, known: Sequence[Declared], environments: Sequence[Declared]) -> tuple[str, str]:
    """The list that a difference belongs to, and why."""
    name = _name(loc)
    if name in BY_DESIGN:
        return "by_design", BY_DESIGN[name]
    if loc[0] == "aws" and loc[1] in _OWN_AT_AWS:
        return "by_design", AT_AWS
    if name == "attestations" and all(each.value(loc) is not None for each in known):
        return "by_design", ATTESTED
    if name == "shared" and all(_has_owner(each, loc[1], environments) for each in known if each.value(loc) is True):
        return "by_design", SHARED
    if len({_key(_relative(each, loc)) for each in known}) == 1:
        return "by_design", FOLLOWS
    elsewhere = [each for each in known if not (each.is_sandbox and each.is_local(loc))]
    if loc in _VENDOR_URLS and len({each.value(loc) for each in elsewhere}) <= 1:
        return "by_design", SANDBOX
    return "unexplained", UNEXPLAINED.get(name, NO_REASON)


def _is_misplaced(loc: Loc, known: Sequence[Declared]) -> bool:
    """Whether addresses of this machine outside the sandbox are all that differs; those are listed as such."""
    elsewhere = [each for each in known if not each.is_local(loc)]
    outside = any(each.is_local(loc) and not each.is_sandbox for each in known)
    return outside and len({_key(_relative(each, loc)) for each in elsewhere}) <= 1


def _has_owner(each: Declared, connector: str, environments: Sequence[Declared]) -> bool:
    app, shared = ("connectors", connector, "appId"), ("connectors", connector, "shared")
    return any(other.value(app) == each.value(app) and other.value(shared) is False for other in environments)


def _relative(each: Declared, loc: Loc) -> Any:
    """The value with the environment's own service domain taken out."""
    value, domain = each.value(loc), each.value(("serviceDomain",))
    if not isinstance(value, str) or domain == NOT_KNOWN:
        return value
    own = derive.service_url(domain)
    return value.replace(own, _OWN_URL, 1) if value.startswith((own + "/", own + "?")) or value == own else value


def _key(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
