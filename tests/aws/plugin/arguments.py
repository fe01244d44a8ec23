"""Which inputs a resource has, by the argument tables of the installed SDK: nothing of them is written here again.

Source: pulumi_aws, its classes `...Args`; read as the SDK's own serialiser does, by `pulumi._types`.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import import_module
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import pulumi
from pulumi import _types

from tests.aws.plugin.values import is_unknown

_WORDS: dict[type, str] = {str: "a string", bool: "a boolean", int: "a whole number", float: "a number"}


@dataclass(frozen=True)
class Table:
    """The properties of a resource by their names on the wire."""

    inputs: Mapping[str, Any]
    required: frozenset[str]
    outputs: frozenset[str]
    """What can only be read."""


def own_type(token: str) -> str:
    """The type of a resource, without those of its components, which the SDK passes in front of it."""
    return token.rpartition("$")[2]


@cache
def table(token: str) -> Table:
    """The table of a resource, such as `aws:kms/key:Key`; only the package of its service is imported."""
    token = own_type(token)
    _package, module, name = token.split(":")
    service = import_module(f"pulumi_aws.{module.partition('/')[0]}")
    arguments = getattr(service, f"{name}Args")
    inputs = _types.input_type_types(arguments)
    every = _types.resource_types(getattr(service, name))
    return Table(inputs, _required(arguments), frozenset(every) - frozenset(inputs))


def failures(values: Mapping[str, Any], token: str) -> Iterator[tuple[str, str]]:
    """Path and reason of everything that the SDK's table does not allow; an unknown value is of every type."""
    known = table(token)
    yield from _failures(values, known.inputs, known.required, "", token)


def _failures(
    values: Mapping[str, Any], inputs: Mapping[str, Any], required: frozenset[str], path: str, what: str
) -> Iterator[tuple[str, str]]:
    for name in sorted(required - values.keys()):
        yield path + name, f"{what} needs this argument"
    for name, value in values.items():
        if name not in inputs:
            yield path + name, f"{what} has no such argument"
        else:
            yield from _mismatches(value, inputs[name], path + name)


def _mismatches(value: Any, expected: Any, path: str) -> Iterator[tuple[str, str]]:
    choices = list(_choices(expected))
    found = [list(_mismatches_of_one(value, choice, path)) for choice in choices]
    if all(found) and not (isinstance(value, str) and is_unknown(value)):
        yield from found[0]


def _mismatches_of_one(value: Any, expected: Any, path: str) -> Iterator[tuple[str, str]]:
    origin, items = get_origin(expected), get_args(expected)
    if inspect.isclass(expected) and _types.is_input_type(expected):
        if isinstance(value, Mapping):
            inputs = _types.input_type_types(expected)
            yield from _failures(value, inputs, _required(expected), f"{path}.", expected.__name__)
        else:
            yield path, "must be an object"
    elif origin and issubclass(origin, Mapping):
        if isinstance(value, Mapping):
            for key, item in value.items():
                yield from _mismatches(item, items[1], f"{path}.{key}")
        else:
            yield path, "must be a map"
    elif origin and issubclass(origin, Sequence):
        if isinstance(value, list):
            for number, item in enumerate(value):
                yield from _mismatches(item, items[0], f"{path}[{number}]")
        else:
            yield path, "must be a list"
    elif not _is_of(value, expected):
        yield path, f"must be {_WORDS[expected]}"


def _is_of(value: Any, expected: type) -> bool:
    if isinstance(value, bool) or expected is bool:
        return isinstance(value, bool) and expected is bool
    return isinstance(value, (int, float) if expected is float else expected)


def _choices(expected: Any) -> Iterator[Any]:
    """The types that a value on the wire may have: an output has come to be a value by then, an enum is its text."""
    if get_origin(expected) in (Union, UnionType):
        for each in get_args(expected):
            yield from _choices(each)
    elif expected is NoneType or get_origin(expected) in (Awaitable, pulumi.Output):
        return
    elif inspect.isclass(expected) and issubclass(expected, Enum):
        yield str
    else:
        yield expected


def _required(arguments: type) -> frozenset[str]:
    names = _types.input_type_py_to_pulumi_names(arguments)
    parameters = list(inspect.signature(arguments.__init__).parameters.values())[1:]  # type: ignore[misc]
    return frozenset(names[each.name] for each in parameters if each.default is inspect.Parameter.empty)
