"""What stands in the state of every environment, and so outlives any change of the code."""

from __future__ import annotations

import base64
import importlib
import inspect
import json
import re
from pathlib import Path

import pytest
from pulumi.dynamic import Resource
from pulumi.dynamic.dynamic import serialize_provider

from components.provider import VendorProvider
from tests.repository.sources import ROOT, module_name, python_files

FILE = Path(__file__).with_name("state_format.json")
PINNED = json.loads(FILE.read_text())
"""Resource -> provider class path, form of the id, inputs, those whose change makes it another resource, since when."""
CHANGING = (
    "states of existing environments hold this. Restore it. If it must change: let old states be read (the old class "
    "stays importable, the old input is still taken, the old id still found), write a `State:` line in CHANGELOG.md "
    "under the version that changes it, and set the entry and its `since` in tests/repository/state_format.json"
)


def defined(base):
    """Every class of ours below a base, by its dotted path."""
    found = {}
    for path in python_files("components"):
        module = importlib.import_module(module_name(path))
        for _, item in inspect.getmembers(module, inspect.isclass):
            if issubclass(item, base) and item is not base and item.__module__.startswith("components."):
                found[f"{item.__module__}.{item.__qualname__}"] = item
    return found


def provider_class(path):
    """The class at a dotted path."""
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name, None)


@pytest.mark.parametrize("kind", PINNED)
def test_provider_class_path_is_final(kind):
    """The engine finds a provider class again by the path that the state holds."""
    path = PINNED[kind]["provider"]

    assert provider_class(path) is not None, f"{path} is gone: {CHANGING}"


def test_resource_types_are_final():
    """A resource's type is part of its URN: another one would be another resource."""
    types = {item._resource_type_name for item in defined(Resource).values()}

    assert types == {f"dynamic/{kind}" for kind in PINNED}, CHANGING


def test_every_provider_class_is_pinned():
    """A new provider class is pinned before the first state holds it."""
    assert defined(VendorProvider).keys() == {entry["provider"] for entry in PINNED.values()}, CHANGING


@pytest.mark.parametrize("kind", PINNED)
def test_input_names_are_final(kind):
    """The inputs of a resource are those of the documented table."""
    pinned = PINNED[kind]
    now = sorted(entry.name for entry in provider_class(pinned["provider"]).INPUTS)

    assert now == pinned["inputs"], f"{kind}: {CHANGING}"


@pytest.mark.parametrize("kind", PINNED)
def test_identity_is_final(kind):
    """What replaces a resource decides what an existing environment loses at an update."""
    pinned = PINNED[kind]

    assert sorted(provider_class(pinned["provider"]).IDENTITY) == pinned["replaced_by"], f"{kind}: {CHANGING}"


@pytest.mark.parametrize("kind", PINNED)
def test_state_format_is_told_to_the_operator(kind):
    """The version that made or last changed what a state holds of a resource has a `State:` line in the changelog."""
    since = PINNED[kind]["since"]
    sections = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    told = [section for section in sections if section.partition(",")[0] == since and "- State: " in section]

    assert len(told) == 1, f"CHANGELOG.md has no `- State:` line under {since}, which {FILE.name} names for {kind}"


@pytest.mark.parametrize("kind", PINNED)
def test_provider_is_stored_as_a_short_reference(kind):
    """The state holds the class's name, no code: an update of the package needs no update of the state."""
    path = PINNED[kind]["provider"]
    module, _, name = path.rpartition(".")
    stored = base64.b64decode(serialize_provider(provider_class(path)()))

    assert len(stored) < 120, path
    assert module.encode() in stored, path
    assert name.encode() in stored, path


@pytest.mark.parametrize("kind", PINNED)
def test_provider_is_stored_the_same_each_time(kind):
    """A reference that differed between runs would stand as a change in every preview."""
    cls = provider_class(PINNED[kind]["provider"])

    assert serialize_provider(cls()) == serialize_provider(cls())


@pytest.mark.parametrize("kind", PINNED)
def test_provider_reference_is_no_secret(kind):
    """Nothing secret is captured, so the reference need not be encrypted: a diff of it stays readable."""
    path = PINNED[kind]["provider"]

    assert provider_class(path).serialize_as_secret_always is False, path
    assert not vars(provider_class(path)()), f"a new {path} already holds something"


@pytest.mark.parametrize("kind", PINNED)
def test_secret_inputs_are_references(kind):
    """An input for a secret takes a reference, and its version stands beside it as plain text."""
    table = {entry.name: entry.kind for entry in provider_class(PINNED[kind]["provider"]).INPUTS}
    secret = [name for name in table if name.endswith("_secret")]

    assert [table[name] for name in secret] == ["reference"] * len(secret), kind
    assert [table.get(f"{name}_version") for name in secret] == ["text"] * len(secret), kind
