"""Looks at the situations that the real engine was recorded in."""

from __future__ import annotations

import json
from pathlib import Path

from pulumi.automation.events import EngineEvent

from stacks.operations.summary.look import Look, Resource, from_events

EVENTS = Path(__file__).parent / "events"
NAMES = sorted(file.stem for file in EVENTS.glob("*.json"))
APP, REDIRECT, SETUP = "facebook.AppSettings", "facebook.LoginRedirect", "cyclr.ConnectorSetup"


def look(name: str) -> Look:
    """The look that was recorded under a name."""
    recorded = json.loads((EVENTS / f"{name}.json").read_text())
    events = [EngineEvent.from_json(event) for event in recorded["events"]]
    return from_events("dev", events, recorded["state"])


def resource(name: str, kind: str) -> Resource:
    """One resource of a recorded look."""
    return next(each for each in look(name).resources if each.kind == kind)
