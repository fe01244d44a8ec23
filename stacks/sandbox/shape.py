"""The language ``schema.py`` is written in: shapes that check a JSON value and fill in what is missing.

A shape's ``fill(value, path)`` returns a new value with every default in place.

Raises:  StateError, for an unknown key (with the nearest known one), a missing key or a wrong type.
"""

from __future__ import annotations

import copy
import difflib
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

Json: TypeAlias = Any
"""A JSON value; what it is exactly is what shapes are there to find out."""

ABSENT: Json = object()
"""Stands for a value that was not given."""


class StateError(ValueError):
    """A state that the sandbox refuses; the text names the place and the way out."""


class Shape(Protocol):
    """What every shape can do."""

    def fill(self, value: Json, path: str) -> Json:
        """Return the value, checked and complete."""


@dataclass(frozen=True)
class Leaf:
    """One value of one of some types; without a default it has to be given."""

    types: tuple[type, ...]
    default: Json = ABSENT
    allowed: tuple[str, ...] = ()

    def fill(self, value: Json, path: str) -> Json:
        """Return the value or the default."""
        if value is ABSENT:
            if self.default is ABSENT:
                raise StateError(f"{path} is missing: it has no default, so give it a value")
            return copy.deepcopy(self.default)
        # True is an int in Python; in JSON it is none.
        if not isinstance(value, self.types) or (isinstance(value, bool) and bool not in self.types):
            raise StateError(f"{path} must be {_names(self.types)}, not {_name(type(value))}")
        if self.allowed and value not in self.allowed:
            raise StateError(f"{path} must be one of {', '.join(self.allowed)}, not {value!r}")
        return value


@dataclass(frozen=True)
class Free:
    """Any JSON of one type, not looked into."""

    type: type
    default: Json

    def fill(self, value: Json, path: str) -> Json:
        """Return the value or the default."""
        return Leaf((self.type,), self.default).fill(value, path)


@dataclass(frozen=True)
class ListOf:
    """A list whose items all have one shape."""

    item: Shape
    default: tuple[Json, ...] = ()

    def fill(self, value: Json, path: str) -> Json:
        """Return the list with each item complete."""
        given = Leaf((list,), list(self.default)).fill(value, path)
        return [self.item.fill(item, f"{path}[{number}]") for number, item in enumerate(given)]


@dataclass(frozen=True)
class MapOf:
    """An object whose keys are free (ids, user names) and whose values all have one shape."""

    item: Shape
    default: Json

    def fill(self, value: Json, path: str) -> Json:
        """Return the object with each value complete."""
        given = Leaf((dict,), self.default).fill(value, path)
        return {key: self.item.fill(item, f"{path}.{key}") for key, item in given.items()}


@dataclass(frozen=True)
class Record:
    """An object with known keys."""

    fields: dict[str, Shape]

    def fill(self, value: Json, path: str = "") -> Json:
        """Return the object with every known key in it."""
        given = Leaf((dict,), {}).fill(value, path or "the state")
        for key in given:
            if key not in self.fields:
                raise StateError(_unknown(_join(path, key), key, self.fields))
        return {key: shape.fill(given.get(key, ABSENT), _join(path, key)) for key, shape in self.fields.items()}


def text(default: str | None) -> Leaf:
    """Make a text shape; null is allowed where the default is null."""
    return Leaf((str, type(None)) if default is None else (str,), default)


def yes_no(default: bool) -> Leaf:
    """Make a true-or-false shape."""
    return Leaf((bool,), default)


def number(default: float) -> Leaf:
    """Make a number shape."""
    return Leaf((int, float), default)


def choice(default: str, *others: str) -> Leaf:
    """Make a shape for one of some words; the first is the default."""
    return Leaf((str,), default, (default, *others))


def texts(*default: str) -> ListOf:
    """Make a shape for a list of texts."""
    return ListOf(Leaf((str,)), default)


def items(kind: type) -> ListOf:
    """Make a shape for a list of free JSON values of one type."""
    return ListOf(Leaf((kind,)))


def needed(kind: type) -> Leaf:
    """Make a shape for a value that has to be given."""
    return Leaf((kind,))


def _unknown(path: str, key: str, known: dict[str, Shape]) -> str:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.0)
    hint = f"did you mean {near[0]}?" if near else "nothing is known here"
    return f"unknown key {path}: {hint} (known: {', '.join(known)})"


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _name(kind: type) -> str:
    names = {str: "text", int: "a whole number", float: "a number", bool: "true or false", dict: "an object"}
    return {**names, list: "a list", type(None): "null"}.get(kind, kind.__name__)


def _names(kinds: tuple[type, ...]) -> str:
    return " or ".join(dict.fromkeys(_name(kind) for kind in kinds))
