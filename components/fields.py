"""The inputs of every resource as tables, their checks, and the conversions between ours and Facebook's spelling.

Each resource owns one tuple of `Input`; the table drives `check`, the reference page and the component. `AppField` adds
how Graph reads and writes an input. Pure: neither pulumi nor HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from components import derive, secrets

ATTESTATION_KEYS = {"value", "by", "date"}
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Fault(NamedTuple):
    """One thing wrong with the inputs; `property` is empty where naming it would print a value that may be a secret."""

    property: str
    reason: str


@dataclass(frozen=True)
class Input:
    """One input of a resource."""

    name: str
    kind: str
    """A key of CHECKS."""
    doc: str
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class AppField:
    """How Facebook spells one writable setting. Source: Graph reference of Application, v25.0."""

    name: str
    """Ours, as in the inputs."""
    read: str
    """Field of `GET /{app-id}`."""
    write: str
    """Parameter of `POST /{app-id}`."""
    label: str
    """What the page Settings > Basic calls it."""
    kind: str = "text"
    """How two spellings compare: `text`, `url` or `hosts`."""


def _text(value: object) -> str | None:
    return None if isinstance(value, str) and value.strip() else "must be a text that is not empty"


def _app_id(value: object) -> str | None:
    if isinstance(value, str) and value.isdigit() and value.isascii():
        return None
    return "must be the App ID: digits only, quoted, so that it stays a text"


def _canonical(convert: Callable[[str], str], value: object) -> str | None:
    if not isinstance(value, str):
        return "must be a text"
    try:
        canonical = convert(value)
    except ValueError as fault:
        return str(fault)
    return None if canonical == value else f"must be in its canonical form: {canonical}"


def _host(value: object) -> str | None:
    return _canonical(derive.canonical_host, value)


def _hosts(value: object) -> str | None:
    if not isinstance(value, list):
        return "must be a list of bare host names"
    return next((reason for reason in map(_host, value) if reason), None) or _sorted_once(value)


def _texts(value: object) -> str | None:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        return "must be a list of texts"
    return _sorted_once(value)


def _sorted_once(value: list[str]) -> str | None:
    return None if value == derive.canonical_set(value) else "must be sorted, each value once"


def _url(value: object) -> str | None:
    return _canonical(derive.canonical_url, value)


def _email(value: object) -> str | None:
    return None if isinstance(value, str) and _EMAIL.fullmatch(value) else "must be an e-mail address"


def _reference(value: object) -> str | None:
    try:
        secrets.parse_reference(value)
    except ValueError as fault:
        return str(fault)
    return None


def _flag(value: object) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def _properties(value: object) -> str | None:
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        return "must map property names to texts"
    credentials = sorted(set(value) & {"ClientId", "ClientSecret"})
    return f"must not hold {', '.join(credentials)}: those belong to the connector's setup" if credentials else None


def attestation_fault(value: object) -> str | None:
    """Why `value` is no attestation; None when it is one."""
    if not isinstance(value, Mapping) or set(value) != ATTESTATION_KEYS:
        return "must be {value, by, date}"
    if not all(isinstance(value[key], str) and value[key].strip() for key in ATTESTATION_KEYS):
        return "value, by and date must be texts (quote the date)"
    return None if _DATE.fullmatch(value["date"]) else 'date must be a quoted day like "2026-11-02"'


def _attestations(value: object) -> str | None:
    if not isinstance(value, dict):
        return "must map setting names to {value, by, date}"
    return next((f"{key}: {reason}" for key, entry in value.items() if (reason := attestation_fault(entry))), None)


CHECKS: Mapping[str, Callable[[Any], str | None]] = {
    "text": _text,
    "app_id": _app_id,
    "host": _host,
    "hosts": _hosts,
    "texts": _texts,
    "url": _url,
    "email": _email,
    "reference": _reference,
    "flag": _flag,
    "properties": _properties,
    "attestation": attestation_fault,
    "attestations": _attestations,
}
"""Kind of an input -> the reason why a value is none of it, or None."""


def faults(inputs: Sequence[Input], props: Mapping[str, Any], is_unknown: Callable[[Any], bool]) -> list[Fault]:
    """Everything wrong with `props` at once; a value that is unknown at preview passes."""
    found = []
    for entry in inputs:
        value = props.get(entry.name)
        if is_unknown(value):
            continue
        if value is None:
            reason = "is missing" if entry.required else None
        elif entry.choices:
            reason = None if value in entry.choices else f"must be one of: {', '.join(entry.choices)}"
        else:
            reason = CHECKS[entry.kind](value)
        if reason and entry.kind == "reference":
            found.append(Fault("", f"{entry.name}: {reason}"))
        elif reason:
            found.append(Fault(entry.name, f"{entry.name} {reason}"))
    return found


def same(kind: str, one: Any, other: Any) -> bool:
    """Whether two spellings of a setting mean the same at the vendor."""
    return bool(_comparable(kind, one) == _comparable(kind, other))


def from_app(table: Sequence[AppField], answer: Mapping[str, Any]) -> dict[str, Any]:
    """Graph's answer in our names; a setting that is not set is absent, App Domains then an empty list."""
    found = {field.name: answer[field.read] for field in table if answer.get(field.read) not in (None, "")}
    found["app_domains"] = derive.canonical_set(str(domain).lower() for domain in found.get("app_domains", []))
    return found


def _comparable(kind: str, value: Any) -> Any:
    if value is None or value == "":
        return None
    if kind == "hosts":
        return derive.canonical_set(str(item).lower() for item in value)
    if kind != "url":
        return value
    try:
        return derive.canonical_url(value)
    except ValueError:
        return value
