"""Properties of the engine as plain Python values, and back.

Shape: bool, int, float, str, list, dict; an unknown value is the engine's own text for it, since pulumi 3.272 neither
       reads nor writes its `Computed`; a null is left out of maps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.provider.experimental.property_value import PropertyValue, PropertyValueType
from pulumi.runtime.rpc import UNKNOWN

Props = dict[str, Any]
DEFAULTED = "__defaults"
"""The input in which the real provider names those inputs that it filled in itself."""


def plain(value: PropertyValue) -> Any:
    """The value without its marks; a whole number is an int."""
    inner: Any = value.value
    if value.type is PropertyValueType.NUMBER:
        return int(inner) if float(inner).is_integer() else inner
    if value.type is PropertyValueType.ARRAY:
        return [plain(item) for item in inner]
    if value.type is PropertyValueType.MAP:
        return plain_map(inner)
    return inner


def plain_map(values: Mapping[str, PropertyValue]) -> Props:
    """A map of properties, without nulls and without what only the engine's bridge keeps in it."""
    known = {key: plain(value) for key, value in values.items() if not key.startswith("__")}
    return {key: value for key, value in known.items() if value is not None}


def wrapped(value: Any, secret: bool = False) -> PropertyValue:
    """The engine's form of a plain value."""
    if isinstance(value, Mapping):
        inner: Any = {key: wrapped(item) for key, item in value.items()}
    elif isinstance(value, (list, tuple)):
        inner = [wrapped(item) for item in value]
    elif isinstance(value, int) and not isinstance(value, bool):
        inner = float(value)
    else:
        inner = value
    return PropertyValue(inner, is_secret=secret)


def wrapped_map(values: Props, *like: Mapping[str, PropertyValue]) -> dict[str, PropertyValue]:
    """The engine's form of properties: what is secret in one of the likes is secret."""
    secret = {key for each in like for key, value in each.items() if value.contains_secret()}
    return {key: wrapped(value, key in secret) for key, value in values.items() if value is not None}


def is_unknown(value: Any) -> bool:
    """Whether it, or a part of it, is known only after other resources are made."""
    if isinstance(value, Mapping):
        return any(is_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(is_unknown(item) for item in value)
    return bool(value == UNKNOWN)
