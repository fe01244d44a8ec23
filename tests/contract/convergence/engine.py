"""A small, honest model of what the engine does with `refresh: always` and the program: read, check, diff, act.

Resource by resource, in the order of registration: what stands in the state is read first, with its inputs as they
really are; then the new inputs are compared with those. A failure hides what depends on it, and keeps deletes back.
The inputs are those that the program itself registers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pulumi.dynamic import Config

from components.errors import ConnectorError
from components.provider import VendorProvider
from components.vendor_access import Access
from tests.declared import PROVIDERS, Environment
from tests.program.harness import PROJECT, Registered, Run, run_program
from tests.worlds import API_SECRET, APP_SECRET

DYNAMIC = "pulumi-python:dynamic/"
STACK_SECRETS = {"cyclrClientSecret": API_SECRET, "facebookAppSecret": APP_SECRET}


@dataclass
class Kept:
    """One resource in the state."""

    kind: str
    id: str
    inputs: dict[str, Any]
    outs: dict[str, Any]


@dataclass
class Engine:
    """One stack: its state."""

    kept: dict[str, Kept] = field(default_factory=dict)
    leaving: list[Kept] = field(default_factory=list)
    """Replaced ones, which go when a run ends well."""

    def up(self, config: Mapping[str, Any]) -> dict[str, str]:
        """One update, as in a new process of the provider; resource -> what happened to it."""
        program = run_program(config, STACK_SECRETS, lambda *_: {"settings": [], "open_steps": []})
        return self._deploy(program)

    def outputs(self) -> dict[str, dict[str, Any]]:
        """Resource -> its outputs."""
        return {name: kept.outs for name, kept in self.kept.items()}

    def _deploy(self, program: Run) -> dict[str, str]:
        Environment.forget_tokens()
        (vendors,) = [entry for entry in program.resources.values() if entry.type.startswith("pulumi:providers:")]
        access = replace(Access.from_config(Config(vendors.inputs, PROJECT)), run=object())
        declared = {name: entry for name, entry in program.resources.items() if entry.type.startswith(DYNAMIC)}
        happened: dict[str, str] = {}
        for name, entry in declared.items():
            before = {other for other, each in declared.items() if each.urn in entry.after}
            if any(happened[other].startswith("failed") for other in before):
                happened[name] = "failed: not reached"
                continue
            try:
                happened[name] = self._step(entry, access)
            except ConnectorError as error:
                happened[name] = f"failed: {type(error).__name__}: {error.what}"
        if not any(outcome.startswith("failed") for outcome in happened.values()):
            happened |= self._remove(declared, access)
        return happened

    def _step(self, entry: Registered, access: Access) -> str:
        kind = entry.type.removeprefix(DYNAMIC).replace(":", ".")
        provider = _provider(kind, access)
        there = self._refreshed(entry.name, provider)
        inputs = plain({key: self._known(value) for key, value in entry.inputs.items()})
        checked = provider.check(there.inputs if there else {}, inputs)
        assert checked.failures == [], f"{entry.name}: {[failure.reason for failure in checked.failures]}"
        if there is None:
            self._create(entry.name, kind, provider, inputs)
            return "create"
        difference = provider.diff(there.id, there.outs, inputs)
        if difference.replaces:
            self._create(entry.name, kind, provider, inputs)
            self.leaving.append(there)
            return "replace"
        if there.inputs == inputs and not difference.changes:
            return "same"
        there.outs = plain(provider.update(there.id, there.outs, inputs).outs)
        there.inputs = inputs
        return "update"

    def _refreshed(self, name: str, provider: VendorProvider) -> Kept | None:
        there = self.kept.get(name)
        if there is None:
            return None
        found = provider.read(there.id, dict(there.outs))
        if found.id is None:
            return self.kept.pop(name) and None
        there.outs, there.inputs = plain(found.outs), plain(found.inputs)
        return there

    def _create(self, name: str, kind: str, provider: VendorProvider, inputs: dict[str, Any]) -> None:
        made = provider.create(dict(inputs))
        assert made.id, f"{name} has no id"
        self.kept[name] = Kept(kind, made.id, inputs, plain(made.outs))

    def _remove(self, declared: Mapping[str, Registered], access: Access) -> dict[str, str]:
        gone = [name for name in self.kept if name not in declared]
        for kept in [*self.leaving, *(self.kept.pop(name) for name in gone)]:
            _provider(kept.kind, access).delete(kept.id, kept.outs)
        self.leaving.clear()
        return dict.fromkeys(gone, "delete")

    def _known(self, value: Any) -> Any:
        """The mocks name an id after its resource."""
        name = value.removesuffix("-id") if isinstance(value, str) else ""
        return self.kept[name].id if name in self.kept and value != name else value


def plain(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Properties as they come back from the engine: JSON, without None at the top."""
    there: dict[str, Any] = json.loads(json.dumps(properties))
    return {key: value for key, value in there.items() if value is not None}


def _provider(kind: str, access: Access) -> VendorProvider:
    provider = PROVIDERS[kind]()
    provider.access = access
    return provider
