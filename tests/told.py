"""A look, made of what provider methods returned: the events that the engine tells of it, given to the real summary.

Source: the engine as recorded in tests/unit/operations/events: a refresh (old: the state, new: the vendor), then the
plan (old: the vendor, new: the declaration); a failed read is a diagnostic alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi.automation.events import EngineEvent

from components.errors import ConnectorError
from stacks.operations.summary.look import from_events
from stacks.operations.summary.naming import CONNECTOR_TYPE
from stacks.operations.summary.survey import Survey

STACK = "urn:pulumi:dev::cyclr-connectors::pulumi:pulumi:Stack::cyclr-connectors-dev"
CONNECTOR = f"urn:pulumi:dev::cyclr-connectors::{CONNECTOR_TYPE}::facebook-marketing"
Props = Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """One resource: what the state knows, what the read returned, what is declared."""

    kind: str
    """`facebook.AppSettings`."""
    inputs: Props
    outputs: Props
    declared: Props
    seen: tuple[Props, Props] | ConnectorError | None
    """Inputs and outputs as the vendor has them; None: gone; an error: not read."""


def survey(readings: Iterable[Reading], config: Mapping[str, str] | None = None) -> Survey:
    """The environment that these readings are the look at."""
    readings = list(readings)
    events = [{"preludeEvent": {"config": dict(config or {})}}]
    events += [event for reading in readings for event in _events(reading)]
    state = [{"urn": _urn(each.kind), "type": _type(each.kind), "parent": CONNECTOR} for each in readings]
    failed = any(isinstance(each.seen, ConnectorError) for each in readings)
    told = [EngineEvent.from_json(event) for event in events]
    return Survey("dev", from_events("dev", told, state if failed else ()))


def _events(reading: Reading) -> list[dict[str, Any]]:
    if isinstance(reading.seen, ConnectorError):
        message = f"Preview failed: components.errors.{type(reading.seen).__name__}: {reading.seen}"
        return [{"diagnosticEvent": {"urn": _urn(reading.kind), "message": message, "severity": "error", "color": ""}}]
    before = _side(reading.kind, reading.inputs, reading.outputs)
    if reading.seen is None:
        return [_step(reading.kind, "refresh", before, None), _step(reading.kind, "create", None, reading.declared)]
    inputs, outputs = reading.seen
    found = _side(reading.kind, inputs, outputs)
    differs = _differing(inputs, reading.declared)
    planned = _step(reading.kind, "update" if differs else "same", found, reading.declared, differs)
    return [_step(reading.kind, "refresh", before, found, _differing(reading.inputs, inputs)), planned]


def _step(kind: str, op: str, old: Any, new: Any, changed: Iterable[str] = ()) -> dict[str, Any]:
    sides = {
        name: side if side is None or "inputs" in side else _side(kind, side, {})
        for name, side in (("old", old), ("new", new))
    }
    diff = {name: {"diffKind": "update", "inputDiff": True} for name in changed} or None
    metadata = {"op": op, "urn": _urn(kind), "type": _type(kind), "detailedDiff": diff, "provider": "", **sides}
    return {"resOutputsEvent": {"metadata": metadata, "planning": True}}


def _side(kind: str, inputs: Props, outputs: Props) -> dict[str, Any]:
    return {
        "type": _type(kind), "urn": _urn(kind), "custom": True, "id": "id", "parent": CONNECTOR,
        "inputs": dict(inputs), "outputs": dict(outputs), "provider": "",
    }  # fmt: skip


def _differing(one: Props, other: Props) -> list[str]:
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def _type(kind: str) -> str:
    return "pulumi-python:dynamic/" + kind.replace(".", ":")


def _urn(kind: str) -> str:
    return f"urn:pulumi:dev::cyclr-connectors::{CONNECTOR_TYPE}${_type(kind)}::facebook-marketing-{kind}"
