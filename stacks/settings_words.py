"""What the model found, in words, and the command that mends a setting.

Never: an input; only its kind is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from components import secrets
from components.catalogue import CATALOGUE
from stacks.mending import Commands, Loc, unknown
from stacks.settings_aws import (
    AccessSettings,
    AwsSettings,
    DriftAlarmSettings,
    SecretContainerSettings,
    ServiceDomainRecordSettings,
    SubjectSettings,
)
from stacks.settings_connector import Attestation, ConnectorSettings
from stacks.settings_model import CyclrSettings, EnvironmentSettings, FacebookSettings
from stacks.settings_types import ATTESTATION_KEYS, MISSING, REDUNDANT

_FIRST_CONNECTOR_FIELDS = ("appId", "appSecret", "appName")
_WRONG_TYPE = {
    "bool_type": "must be true or false, without quotes",
    "int_type": "must be a whole number, without quotes",
    "int_from_float": "must be a whole number, without quotes",
    "dict_type": "must be a mapping of names to values",
    "model_type": "must be a mapping of names to values",
    "model_attributes_type": "must be a mapping of names to values",
}


_SINGLE: Mapping[Loc, type[BaseModel]] = {
    (): EnvironmentSettings,
    ("cyclr",): CyclrSettings,
    ("facebook",): FacebookSettings,
    ("aws",): AwsSettings,
    ("aws", "serviceDomainRecord"): ServiceDomainRecordSettings,
    ("aws", "driftAlarm"): DriftAlarmSettings,
    ("aws", "access"): AccessSettings,
    ("aws", "access", "subjects"): SubjectSettings,
}


_FORMS_AT_AWS = {secrets.SECRETS_MANAGER: "aws-sm:NAME", secrets.PARAMETER_STORE: "aws-ssm:/PATH"}
_FORM_NOTES = {"aws-sm:NAME": "#JSON_KEY may follow the name", "aws-ssm:/PATH": "a parameter has no #JSON_KEY"}


class Kind(StrEnum):
    """What must happen to a setting."""

    ABSENT = "give it a value"
    UNKNOWN = "rename it, or take it out"
    REDUNDANT = "take it out"
    WRONG = "give it another value"


class Words(NamedTuple):
    """One error of the model."""

    loc: Loc
    what: str
    kind: Kind
    form: str = ""
    """What should stand there, where that can be told from the kind of what does."""


def of(error: ErrorDetails) -> Words:
    """The error in our words; the model's own text may quote the input."""
    name, context = error["type"], error.get("ctx", {})
    loc = tuple(str(part) for part in error["loc"] if part != "[key]")
    if name == "extra_forbidden":
        return Words(loc, _unknown_key(loc), Kind.UNKNOWN)
    if "[key]" in error["loc"]:
        known = known_names(loc[:-1])
        return Words(loc, unknown(loc[-1], known) if known else str(context.get("error")), Kind.UNKNOWN)
    loc = _by_alias(loc)
    if name == "missing":
        return Words(loc, "is missing", Kind.ABSENT)
    if name in (MISSING, REDUNDANT):
        return Words(loc, error["msg"], Kind.ABSENT if name == MISSING else Kind.REDUNDANT)
    if name == "string_type":
        what = _no_text(error["input"])
    elif name == "literal_error":
        what = f"must be one of: {context['expected'].replace(' or ', ', ')}".replace("'", "")
    elif name == "value_error":
        return Words(loc, _reason(loc, str(context["error"])), Kind.WRONG, _form(loc, error["input"]))
    else:
        what = _WRONG_TYPE.get(name, "has the wrong type")
    return Words(loc, what, Kind.WRONG)


def mend(loc: Loc, commands: Commands, kind: Kind = Kind.WRONG, form: str = "") -> str:
    """The command that mends a setting, or the change where no command can; `form` is what it should then be."""
    if kind in (Kind.UNKNOWN, Kind.REDUNDANT):
        return f"{kind}: {commands.remove(loc)}"
    if loc == ("connectors",):
        name = next(iter(CATALOGUE))
        return "run: " + "; ".join(_set((*loc, name, key), commands) for key in _FIRST_CONNECTOR_FIELDS)
    if loc[2:3] == ("attestations",) and len(loc) > 3:
        return f"run: {commands.attest(loc[1], loc[3])}"
    if form:
        return f"{_FORM_NOTES[form]}; run: {commands.set(loc, form)}"
    field = field_of(loc)
    parts = _required_parts(loc)
    if not parts and not (field and field.examples):
        return f"mend it by hand, or take it out: {commands.remove(loc)}"
    # The CLI sets no part of a value that is of another kind, and leaves a text a text.
    stands = parts or _is_list(loc) or isinstance(example(loc), int)
    cleared = [commands.remove(loc)] if kind is Kind.WRONG and stands else []
    return "run: " + "; ".join([*cleared, *(_set(each, commands) for each in parts or [loc])])


def example(loc: Loc) -> str | int:
    """What could stand at a setting."""
    field = field_of(loc)
    found: str | int = field.examples[0] if field and field.examples else "VALUE"
    return found


def known_names(loc: Loc) -> tuple[str, ...]:
    """What may stand under a setting."""
    if loc == ("connectors",):
        return tuple(CATALOGUE)
    if loc[2:] == ("attestations",):
        return ATTESTATION_KEYS
    model = _model_of(loc)
    return tuple(field.alias or name for name, field in model.model_fields.items()) if model else ()


def field_of(loc: Loc) -> FieldInfo | None:
    """The field that a setting is, or whose list it is an entry of."""
    if len(loc) > 1 and loc[-1].isdigit() and _is_list(loc[:-1]):
        return field_of(loc[:-1])
    model = _model_of(loc[:-1])
    fields = model.model_fields.values() if model else ()
    return next((field for field in fields if field.alias == loc[-1]), None)


def _model_of(loc: Loc) -> type[BaseModel] | None:
    if loc[:1] == ("connectors",):
        is_attestation = len(loc) == 4 and loc[2] == "attestations"
        return Attestation if is_attestation else ConnectorSettings if len(loc) == 2 else None
    if loc[:2] == ("aws", "secrets"):
        return SecretContainerSettings if len(loc) == 3 else None
    return _SINGLE.get(loc)


def _set(loc: Loc, commands: Commands) -> str:
    value = example(loc)
    command = commands.set((*loc, "0") if _is_list(loc) else loc, value)
    kind, _, key = str(value).partition(":")
    return f"{commands.set_secret(key)}; {command}" if kind == "config" else command


def _unknown_key(loc: Loc) -> str:
    if loc[-1] == "on" and _model_of(loc[:-1]) is Attestation:
        return "is not a known key (and some readers take a bare on for the value true); the day stands under date"
    return unknown(loc[-1], known_names(loc[:-1]))


def _by_alias(loc: Loc) -> Loc:
    """The model names a field whose default is wrong by its Python name."""
    model = _model_of(loc[:-1])
    field = model.model_fields.get(loc[-1]) if model else None
    return (*loc[:-1], field.alias) if field and field.alias else loc


def _is_list(loc: Loc) -> bool:
    field = None if loc[-1].isdigit() else field_of(loc)
    return field is not None and get_origin(field.annotation) is tuple


def _required_parts(loc: Loc) -> list[Loc]:
    """The settings under a group in which none may be left out."""
    model = _model_of(loc)
    fields = model.model_fields.values() if model else ()
    return [(*loc, str(field.alias)) for field in fields] if all(field.is_required() for field in fields) else []


def _form(loc: Loc, value: Any) -> str:
    """The form of the kind of reference that was meant; nothing behind the colon is looked at."""
    kind = value.strip().partition(":")[0] if isinstance(value, str) and _is_reference(field_of(loc)) else ""
    return _FORMS_AT_AWS.get(kind, "")


def _reason(loc: Loc, reason: str) -> str:
    if not _is_reference(field_of(loc)):
        return reason
    reason = reason.removeprefix("it is not a secret reference; ")
    return f"holds no secret reference: {reason} (if a secret stood here, replace it at the vendor)"


def _is_reference(field: FieldInfo | None) -> bool:
    return bool(field and field.examples and str(field.examples[0]).startswith("config:"))


def _no_text(value: Any) -> str:
    if isinstance(value, bool):
        return "must be a text: put it into quotes"
    if isinstance(value, int | float):
        return "is a number: put it into quotes, so that it stays a text and no digit is lost"
    return "must be a text, not a mapping" if isinstance(value, Mapping) else "must be a text"
