"""Looks at the situations that the real engine was recorded in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pulumi.automation.events import EngineEvent

from stacks.operations.summary.look import Look, Resource, from_events

EVENTS = Path(__file__).parent / "events"
NAMES = sorted(file.stem for file in EVENTS.glob("*.json"))
APP, REDIRECT, SETUP = "facebook.AppSettings", "facebook.LoginRedirect", "cyclr.ConnectorSetup"


def events(name: str) -> list[EngineEvent]:
    """The engine's events that were recorded under a name."""
    return [EngineEvent.from_json(event) for event in _recorded(name)["events"]]


def look(name: str) -> Look:
    """The look that was recorded under a name."""
    return from_events("dev", events(name), _recorded(name)["state"])


def resource(name: str, kind: str) -> Resource:
    """One resource of a recorded look."""
    return next(each for each in look(name).resources if each.kind == kind)


def _recorded(name: str) -> dict[str, Any]:
    recorded: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return recorded
