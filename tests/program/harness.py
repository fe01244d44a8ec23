"""The program under mocks: run afresh for each test, with what it registers written down."""

from __future__ import annotations

import asyncio
import json
import runpy
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import mocks, rpc, set_all_config
from pulumi.runtime.settings import SETTINGS
from pulumi.runtime.stack import run_pulumi_func

ROOT = Path(__file__).parents[2]
PROJECT, STACK = "cyclr-connectors", "staging"

Answer = Callable[[str, str, dict[str, Any]], dict[str, Any]]
"""Type, name and inputs of a resource -> the outputs that it has beside its inputs."""


@dataclass(frozen=True)
class Registered:
    """One resource as the engine is asked for it."""

    urn: str
    type: str
    name: str
    inputs: dict[str, Any]
    """Without the provider's reference; secrets unwrapped, their names in `secret`."""
    secret: frozenset[str]
    provider: str
    """URN of the explicit provider resource; empty without one."""
    parent: str
    after: frozenset[str]
    """URNs of what it depends on."""
    code: str
    """The reference of the provider class."""


@dataclass
class Run:
    """What one run of the program registered and put out."""

    resources: dict[str, Registered] = field(default_factory=dict)
    """By name."""
    outputs: dict[str, Any] = field(default_factory=dict)
    """Those that are known."""
    unknown: set[str] = field(default_factory=set)
    """Names of the outputs that are not."""

    def of_type(self, kind: str) -> list[Registered]:
        """Every resource of a kind such as `facebook:AppSettings`."""
        return [entry for entry in self.resources.values() if entry.type == f"pulumi-python:dynamic/{kind}"]


class _Monitor(mocks.MockMonitor):
    def __init__(self, answer: Answer, run: Run, *, preview: bool) -> None:
        super().__init__(_Mocks(answer, preview=preview))
        self._run = run

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the engine's name
        response = super().RegisterResource(request)
        if request.type != "pulumi:pulumi:Stack":
            _close_loop()
        inputs = rpc.deserialize_properties(request.object, keep_unknowns=True)
        secret = frozenset(name for name, value in inputs.items() if rpc.is_rpc_secret(value))
        plain = {name: rpc.unwrap_rpc_secret(value) for name, value in inputs.items()}
        code = plain.pop("__provider", "")
        self._run.resources[request.name] = Registered(
            response.urn,
            request.type,
            request.name,
            plain,
            secret,
            request.provider.rpartition("::")[0],
            request.parent,
            frozenset(request.dependencies),
            code,
        )
        return response


def _close_loop() -> None:
    """The mock monitor opens an event loop on each of its threads and leaves it open."""
    asyncio.get_event_loop().close()
    asyncio.set_event_loop(None)


class _Mocks(mocks.Mocks):
    def __init__(self, answer: Answer, *, preview: bool) -> None:
        self._answer, self._preview = answer, preview

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return "" if self._preview else f"{args.name}-id", {
            **args.inputs,
            **self._answer(args.typ, args.name, args.inputs),
        }

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
        raise AssertionError(f"the program called {args.token}")


def run_program(config: Mapping[str, Any], secrets: Mapping[str, str], answer: Answer, *, preview: bool = False) -> Run:
    """Run `__main__.py` with this stack config; `config` and `secrets` have keys without the project."""
    run = Run()
    values = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
    named = {f"{PROJECT}:{key}": value for key, value in {**values, **secrets}.items()}

    async def whole() -> None:
        pulumi.runtime.stack.set_root_resource(None)
        mocks.set_mocks(None, PROJECT, STACK, preview, monitor=_Monitor(answer, run, preview=preview))
        set_all_config(named, [f"{PROJECT}:{key}" for key in secrets])
        await run_pulumi_func(lambda: runpy.run_path(str(ROOT / "__main__.py"), run_name="program") and None)
        for name, value in pulumi.runtime.get_root_resource().outputs.items():
            output = pulumi.Output.from_input(value)
            if await output.is_known():
                run.outputs[name] = await output.future()
            else:
                run.unknown.add(name)

    handler = signal.getsignal(signal.SIGINT)
    try:
        asyncio.run(whole())
    finally:
        signal.signal(signal.SIGINT, handler)  # the program gives it up for a process of its own
        set_all_config({})
        pulumi.runtime.stack.set_root_resource(None)
        SETTINGS.outputs.clear()  # what a failed run left behind would fail the next
    return run
