"""The types of single values in a stack file: each checks, and returns the canonical form.

Raises: ValueError (through pydantic), whose text says what the value must be and never what it is.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainValidator
from pydantic.alias_generators import to_camel

from components import derive, fields, secrets
from components.catalogue import CATALOGUE

MISSING = "missing_here"
"""Type of the error for a value that is only required beside certain others."""

REDUNDANT = "redundant_here"
"""Type of the error for a value that must be taken out."""

ATTESTATION_KEYS = ("redirect_uri", "live", "advanced_access", "client_id", "client_secret")
GRAPH_VERSIONS = tuple(f"v{major}.0" for major in range(21, 28))
FIXED_VALUES = {"live": "live", "advanced_access": "granted"}
"""Attestations whose value says all that there is to say."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FINGERPRINT = re.compile(rf"[0-9a-f]{{{secrets.FINGERPRINT_DIGITS}}}")
_CREDENTIALS = ("ClientId", "ClientSecret")


class Settings(BaseModel):
    """Strict about types and names, immutable, silent about inputs."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        alias_generator=to_camel,
        hide_input_in_errors=True,
        defer_build=True,  # only the whole is ever validated: its parts need no validator of their own
    )


def fixed_value_fault(key: str, value: str) -> str | None:
    """Why an attestation of `key` with this value could never count; None when it could."""
    if key in FIXED_VALUES and value != FIXED_VALUES[key]:
        return f"must be {FIXED_VALUES[key]}"
    if key == "client_secret" and not _FINGERPRINT.fullmatch(value):
        return "must be the fingerprint of the secret (12 hex digits), never the secret itself"
    if key == "client_id" and fields.CHECKS["app_id"](value):
        return "must be the App ID, digits only"
    return None


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return value.strip()


def _host(value: str) -> str:
    try:
        return derive.canonical_host(value)
    except ValueError:
        raise ValueError(
            "must be a bare host name, without scheme, port or path (a sandbox has localhost:PORT)"
        ) from None


def _url(value: str) -> str:
    try:
        return derive.canonical_url(value)
    except ValueError:
        raise ValueError("must be an absolute http or https URL") from None


def _vendor_url(value: str) -> str:
    if not value:
        return value
    url = _url(value)
    parts = urlsplit(url)
    if parts.query:
        raise ValueError("must be a base URL, without a query")
    if parts.scheme == "http" and not derive.is_local(parts.netloc):
        raise ValueError("must be https: plain http is for localhost and 127.0.0.1 only")
    return url.rstrip("/")


def _checked(kind: str) -> Callable[[str], str]:
    """The check that the resource's own table uses for this kind."""

    def check(value: str) -> str:
        if reason := fields.CHECKS[kind](value):
            raise ValueError(reason)
        return value

    return check


def _reference(value: Any) -> str:
    return str(secrets.parse_reference(value))


def _day(value: str) -> str:
    try:
        day = datetime.date.fromisoformat(value if _DAY.fullmatch(value) else "")
    except ValueError:
        raise ValueError('must be a day as a quoted text, like "2026-11-02"') from None
    tomorrow = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)  # it is tomorrow somewhere
    if day > tomorrow:
        raise ValueError("lies in the future: nobody can have seen it then")
    return value


def _graph_version(value: str) -> str:
    if value not in GRAPH_VERSIONS:
        raise ValueError(f"must be one of: {', '.join(GRAPH_VERSIONS)}")
    return value


def _known_connector(value: str) -> str:
    if value not in CATALOGUE:
        raise ValueError(f"is not in the catalogue, which has: {', '.join(sorted(CATALOGUE))}")
    return value


def _attestation_key(value: str) -> str:
    if value not in ATTESTATION_KEYS:
        raise ValueError(f"cannot be attested; what can: {', '.join(ATTESTATION_KEYS)}")
    return value


def _property_name(value: str) -> str:
    if value in _CREDENTIALS:
        raise ValueError("belongs to the connector's setup and is never a declared property")
    return _text(value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item.strip() for item in value):
        raise ValueError("must be a list of texts")
    if not value:
        raise ValueError("is an empty list: take it out, or name at least one")
    return tuple(derive.canonical_set(item.strip() for item in value))


def _all_or_some(value: Any) -> Any:
    return value if value == "all" else _texts(value)


def _scopes(value: Any) -> tuple[str, ...]:
    scopes = _texts(value)
    if any(re.search(r"[\s,]", scope) for scope in scopes):
        raise ValueError("must be a list with one scope an entry")
    return scopes


Text = Annotated[str, AfterValidator(_text)]
Host = Annotated[str, AfterValidator(_host)]
Url = Annotated[str, AfterValidator(_url)]
VendorUrl = Annotated[str, AfterValidator(_vendor_url)]
Email = Annotated[str, AfterValidator(_checked("email"))]
AppId = Annotated[str, AfterValidator(_checked("app_id"))]
SecretReference = Annotated[str, BeforeValidator(_reference)]
Day = Annotated[str, AfterValidator(_day)]
GraphVersion = Annotated[str, AfterValidator(_graph_version)]
ConnectorName = Annotated[str, AfterValidator(_known_connector)]
AttestationKey = Annotated[str, AfterValidator(_attestation_key)]
PropertyName = Annotated[str, AfterValidator(_property_name)]
Scopes = Annotated[tuple[str, ...], PlainValidator(_scopes)]
Some = Annotated[Literal["all"] | tuple[str, ...], PlainValidator(_all_or_some)]
