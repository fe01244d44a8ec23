"""Rules that concern several settings at once: secret references and their keys, a sandbox's domain, attestations.

They look at plain values and take nothing for granted, so they speak even where the model has refused a part.
Never: a value in a problem; the name in a reference only where it cannot be a secret typed in the wrong place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from components import derive, secrets
from stacks import settings_words
from stacks.mending import Commands, Loc, nearest, path, unknown
from stacks.settings_model import REGIONS, FacebookSettings
from stacks.settings_types import FIXED_VALUES, fixed_value_fault

KEYS = ("serviceDomain", "previousServiceDomain", "cyclr", "facebook", "connectors", "aws")
"""The config keys that are settings; every other key of the project holds a secret that a reference names."""

_NATURAL_NAME = re.compile(r"[A-Za-z._-]{1,48}\d{0,2}")
_FACEBOOK_URLS = ("graph_url", "www_url", "dashboard_url")


def _nowhere(_loc: Loc) -> int | None:
    return None


@dataclass(frozen=True)
class Source:
    """Where the values came from."""

    environment: str
    commands: Commands
    encrypted: frozenset[str] = frozenset()
    """Config keys of the project that are stored encrypted."""
    plain: frozenset[str] = frozenset()
    """Config keys of the project that are stored as plain text."""
    imports: bool = False
    """Whether a Pulumi environment may supply more values, so that a missing one proves nothing."""
    line: Callable[[Loc], int | None] = _nowhere


@dataclass(frozen=True)
class Finding:
    """One thing that a rule has to say."""

    loc: Loc
    what: str
    fix: str
    absent: bool = False
    """Whether an imported environment could mend it."""
    note: bool = False
    """Whether it is merely odd."""


def references(values: Mapping[str, Any], source: Source) -> Iterator[Finding]:
    """Each `config:KEY` names a key that exists and is encrypted."""
    declared = _config_references(values)
    unused = source.encrypted - {reference.name for _, reference in declared}
    for loc, reference in declared:
        name = reference.name
        if name in KEYS:
            fix = settings_words.mend(loc, source.commands)
            yield Finding(loc, f"names the setting {name}, which holds no secret", fix)
        elif name in source.plain:
            what = f"is stored as plain text, and {path(loc)} refers to it as a secret"
            fix = "replace it at the vendor, since it could be read, then run: " + source.commands.set_secret(name)
            yield Finding((name,), what, fix)
        elif name not in source.encrypted:
            yield _missing_key(loc, name, source, unused)


def unknown_keys(values: Mapping[str, Any], source: Source) -> Iterator[Finding]:
    """Keys of the project that are neither a setting nor a secret that something refers to."""
    used = {reference.name for _, reference in _config_references(values)}
    for key in sorted((source.encrypted | source.plain) - used - set(KEYS)):
        fix = f"rename it, or take it out: {source.commands.remove((key,))}"
        if key in source.plain:
            yield Finding((key,), unknown(key, KEYS), fix)
        elif _all_resolve(values, source):
            yield Finding((key,), "is a secret that nothing refers to", fix, note=True)
    for key in sorted(source.encrypted & set(KEYS)):
        fix = f"give each secret a key of its own ({source.commands.set_secret('KEY')}) and write config:KEY here"
        yield Finding((key,), "is encrypted, wholly or in part; secrets stand under keys of their own", fix)


def local_domain(values: Mapping[str, Any], source: Source) -> Iterator[Finding]:
    """A service domain of this machine is a sandbox's, so no vendor's real address stands beside it."""
    domain = values.get("serviceDomain")
    if not isinstance(domain, str) or not derive.is_local(domain.strip().lower()):
        return
    for loc, url in _vendor_urls(values, source.imports).items():
        if isinstance(url, str) and _is_real(url):
            at = ("cyclr", "api") if loc[0] == "cyclr" else loc
            fix = f"give serviceDomain its real domain, or for a sandbox: {source.commands.set(at, 'http://127.0.0.1:PORT')}"
            yield Finding(loc, "is a vendor's real address, but serviceDomain is a sandbox's", fix)


def attestations(values: Mapping[str, Any], source: Source) -> Iterator[Finding]:
    """Attestations that could never count, and those whose value is not the declared one."""
    for name, connector in mapping(values.get("connectors")).items():
        for key, entry in mapping(mapping(connector).get("attestations")).items():
            value = mapping(entry).get("value")
            loc = ("connectors", name, "attestations", key, "value")
            if not isinstance(value, str):
                continue
            declared = declared_value(values, name, key)
            if fault := fixed_value_fault(key, value):
                yield Finding(loc, fault, settings_words.mend(loc, source.commands))
            elif declared and declared != value:
                fix = f"take it out, or look again and run: {source.commands.attest(name, key)}"
                yield Finding(loc, "does not count, since it is not the declared value", fix, note=True)


def containers(values: Mapping[str, Any], source: Source) -> Iterator[Finding]:
    """Secrets that the stack makes at AWS and that no reference names."""
    named = {reference.name for reference in _references(values).values() if reference and reference.in_aws}
    for name in mapping(mapping(values.get("aws")).get("secrets")):
        if not any(each == name or each.endswith(f":secret:{name}") for each in named):
            loc = ("aws", "secrets", name)
            fix = f"refer to it (aws-sm:{name}), or take it out: {source.commands.remove(loc)}"
            yield Finding(loc, "is a secret that nothing refers to", fix, note=True)


RULES: tuple[Callable[[Mapping[str, Any], Source], Iterator[Finding]], ...] = (
    references,
    unknown_keys,
    local_domain,
    attestations,
    containers,
)


def declared_value(values: Mapping[str, Any], connector: str, key: str) -> str | None:
    """The value that an attestation of `key` must have to count, where that can be told without a secret."""
    if key in FIXED_VALUES:
        return FIXED_VALUES[key]
    if key == "client_id":
        app_id = mapping(mapping(values.get("connectors")).get(connector)).get("appId")
        return app_id if isinstance(app_id, str) else None
    domain = values.get("serviceDomain")
    if key != "redirect_uri" or not isinstance(domain, str):
        return None
    try:
        return derive.redirect_uri(derive.canonical_host(domain))
    except ValueError:
        return None


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def _references(values: Mapping[str, Any]) -> dict[Loc, secrets.Reference | None]:
    """Every place of a reference, with the reference that stands there; None where none does, as the model says."""
    places: dict[Loc, Any] = {("cyclr", "clientSecret"): mapping(values.get("cyclr")).get("clientSecret")}
    for name, connector in mapping(values.get("connectors")).items():
        places["connectors", name, "appSecret"] = mapping(connector).get("appSecret")
    return {loc: _parsed(text) for loc, text in places.items()}


def _parsed(text: Any) -> secrets.Reference | None:
    try:
        return secrets.parse_reference(text)
    except ValueError:
        return None


def _config_references(values: Mapping[str, Any]) -> list[tuple[Loc, secrets.Reference]]:
    found = _references(values).items()
    return [(loc, reference) for loc, reference in found if reference and reference.kind == "config"]


def _all_resolve(values: Mapping[str, Any], source: Source) -> bool:
    """Whether no reference still has to be mended, after which it may name a secret that nothing names now."""
    return bool(mapping(values.get("connectors"))) and all(
        reference and (reference.kind != "config" or reference.name in source.encrypted)
        for reference in _references(values).values()
    )


def _missing_key(loc: Loc, name: str, source: Source, unused: frozenset[str]) -> Finding:
    if not _NATURAL_NAME.fullmatch(name):
        # It may be the secret itself, typed behind `config:`, so it is not repeated.
        what = "names a config key that is not set; what stands behind config: is the name of a key, never a secret"
        return Finding(loc, what, settings_words.mend(loc, source.commands), absent=True)
    what = f"refers to config:{name}, which is not set"
    if near := nearest(name, unused):
        fix = f"run: {source.commands.set(loc, f'config:{near}')}"
        return Finding(loc, f"{what}; the nearest secret is {near}", fix, absent=True)
    return Finding(loc, what, f"run: {source.commands.set_secret(name)}", absent=True)


def _vendor_urls(values: Mapping[str, Any], imports: bool) -> dict[Loc, Any]:
    """Each vendor address in use; a default only where nothing can supply another one."""
    facebook, cyclr = mapping(values.get("facebook")), mapping(values.get("cyclr"))
    urls: dict[Loc, Any] = {("cyclr", "api"): cyclr.get("api")}
    region = cyclr.get("region")
    if isinstance(region, str) and region in REGIONS:
        urls["cyclr", "region"] = REGIONS[region].api
    for name in _FACEBOOK_URLS:
        field = FacebookSettings.model_fields[name]
        urls["facebook", str(field.alias)] = facebook.get(str(field.alias), None if imports else field.default)
    return urls


def _is_real(url: str) -> bool:
    rest = url.strip().lower().partition("://")[2]
    return bool(rest) and not derive.is_local(rest.partition("/")[0])
