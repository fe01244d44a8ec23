"""What a stack file declares, setting by setting and in canonical form, so that several can be laid side by side. Pure.

Shape:  a setting is named by its path: ("cyclr", "account"), ("connectors", "facebook-marketing", "appId").
Never:  a secret. Of encrypted values only the cipher text is kept, to see whether two files hold the same one; of
        properties, which may be credentials, only fingerprints.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML

from components import derive, secrets
from stacks.mending import Loc, path
from stacks.settings_model import REGIONS, EnvironmentSettings
from stacks.settings_relations import mapping
from stacks.settings_rules import PROJECT
from stacks.settings_types import ATTESTATION_KEYS
from stacks.stack_file import StackFile

NOT_KNOWN = "not known here"
"""Stands for a value that an imported environment may supply."""

API, REGION, CONSOLE = ("cyclr", "api"), ("cyclr", "region"), ("cyclr", "consoleUrl")
DOMAINS = (("serviceDomain",), ("previousServiceDomain",))
_AT_AWS = tuple(f"{kind}:" for kind in secrets.AWS)
_LOOPBACK = re.compile(r"127(\.\d{1,3}){3}")
_ATTESTATIONS, _PROPERTIES = "attestations", "properties"


@dataclass(frozen=True)
class Declared:
    """One environment, as its stack file has it."""

    environment: str
    settings: Mapping[Loc, Any]
    """Each setting with its value, defaults included where nothing else can supply one."""
    written: frozenset[Loc]
    """Those that the file itself spells out."""
    imports: bool = False
    """Whether a Pulumi environment may supply what the file does not declare."""
    ciphers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Config key -> its encrypted text."""

    def value(self, loc: Loc) -> Any:
        """The value of a setting; None: not declared."""
        return self.settings.get(loc, NOT_KNOWN if self.imports else None)

    def declares(self, connector: str) -> bool:
        """Whether it has this connector."""
        return any(loc[:2] == ("connectors", connector) for loc in self.settings)

    def cipher(self, loc: Loc) -> str:
        """The encrypted text behind a secret reference; empty where the file has none."""
        kind, _, name = str(self.value(loc)).partition(":")
        return self.ciphers.get(name, "") if kind == "config" else ""

    def place(self, loc: Loc) -> str:
        """Where at AWS a secret lives; empty where it lives elsewhere, or which account is meant is not known."""
        text = str(self.value(loc))
        if not text.startswith(_AT_AWS):
            return ""
        if ":arn:" in text:
            return text
        account, region = self.value(("aws", "account")), self.value(("aws", "region"))
        return f"{account}/{region}/{text}" if {account, region}.isdisjoint({None, NOT_KNOWN}) else ""

    @property
    def is_sandbox(self) -> bool:
        """Whether it is one of the sandbox, which its name says: `sandbox`, `sandbox-2`, `my.sandbox`."""
        return "sandbox" in re.split(r"[-_./]", self.environment.lower())

    def is_local(self, loc: Loc) -> bool:
        """Whether a setting is an address of this machine: a service domain or a URL."""
        value = self.value(loc)
        if not isinstance(value, str) or ("://" not in value and loc not in DOMAINS):
            return False
        host = derive.host_of(value) if "://" in value else derive.app_domain(value)
        return derive.is_local(host) or host == "::1" or bool(_LOOPBACK.fullmatch(host))


@dataclass(frozen=True)
class Row:
    """One setting, with what the environments that it concerns have."""

    setting: str
    """As `pulumi config --path` names it."""
    values: Mapping[str, Any]
    """Environment -> value; None: not declared."""
    why: str


def row(loc: Loc, environments: Iterable[Declared], why: str) -> Row:
    """The setting as these environments have it."""
    values = {each.environment: each.value(loc) for each in environments}
    if loc == REGION and any("://" in str(value) for value in values.values()):  # an address has no region beside it
        regions = {name: region.api for name, region in REGIONS.items()}
        return Row(path(API), {name: regions.get(value, value) for name, value in values.items()}, why)
    return Row(path(loc), values, why)


def connectors(environments: Iterable[Declared]) -> list[str]:
    """Every connector that one of them declares."""
    return sorted({loc[1] for each in environments for loc in each.settings if loc[0] == "connectors"})


def declared(environment: str, file: StackFile) -> Declared:
    """The declaration in a file without problems."""
    top = mapping(YAML(typ="base", pure=True).load(file.text))  # every value a text: none of another project can fail
    config, imported = mapping(top.get("config")), top.get("environment")
    imports = isinstance(imported, list | dict) and bool(imported)
    written = dict(_flat(file.values))
    settings = dict(_typed(file.settings)) if file.settings else written
    # A console that was not written follows from others; a default is none where something else may supply the value.
    settings = {loc: value for loc, value in settings.items() if loc in written or not (imports or loc == CONSOLE)}
    ciphers = {
        key.removeprefix(f"{PROJECT}:"): str(value["secure"])
        for key, value in config.items()
        if isinstance(value, Mapping) and set(value) == {"secure"}
    }
    return Declared(environment, settings, frozenset(written), imports, ciphers)


def _typed(settings: EnvironmentSettings) -> Iterator[tuple[Loc, Any]]:
    return _flat(settings.model_dump(by_alias=True, exclude={"environment"}, exclude_none=True))


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[Loc, Any]]:
    """Every setting with its path. A region and its API are one; a Site URL that is the default is none."""
    found = {loc: _canonical(loc, value) for loc, value in _leaves(values, ())}
    usual = derive.site_url(str(found.get(DOMAINS[0])))
    for loc, value in found.items():
        if loc == API and REGION not in found:
            yield REGION, next((name for name, region in REGIONS.items() if region.api == value), value)
        elif loc != API and (loc[2:] != ("siteUrl",) or value != usual):
            yield loc, value


def _leaves(value: Any, loc: Loc) -> Iterator[tuple[Loc, Any]]:
    if isinstance(value, Mapping) and not (loc[2:3] == (_ATTESTATIONS,) and loc[-1] in ATTESTATION_KEYS):
        for key, inner in value.items():
            yield from _leaves(inner, (*loc, str(key)))
    else:
        yield loc, value


def _canonical(loc: Loc, value: Any) -> Any:
    """One spelling of each value, whether the model or the file gave it."""
    if loc[2:3] == (_ATTESTATIONS,):
        entry = mapping(value)
        return f"{entry.get('by')} on {entry.get('date')}"
    if loc[2:3] == (_PROPERTIES,):
        return f"fingerprint {secrets.fingerprint(str(value), loc[-1])}"
    if isinstance(value, list | tuple):
        return derive.canonical_set(str(each).strip() for each in value)
    if not isinstance(value, str):
        return value
    text = value.strip()
    if loc in DOMAINS:
        return derive.canonical_host(text)
    if not text.startswith(("http://", "https://")):
        return text
    url = derive.canonical_url(text)
    return url.rstrip("/") if loc[0] in ("cyclr", "facebook") else url
