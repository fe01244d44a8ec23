"""Looks at the situations that the real engine was recorded in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from pulumi.automation.events import EngineEvent

from components.errors import four_parts
from stacks.operations.summary.look import Look, Resource, from_events
from stacks.operations.summary.unseen import NOT_AUTHORISED, Failure

EVENTS = Path(__file__).parent / "events"
NAMES = sorted(file.stem for file in EVENTS.glob("*.json"))
AT_AWS = sorted(f"aws/{file.stem}" for file in (EVENTS / "aws").glob("*.json"))
"""Situations of what an environment keeps at AWS, recorded without a connector beside it."""
APP, REDIRECT, SETUP = "facebook.AppSettings", "facebook.LoginRedirect", "cyclr.ConnectorSetup"


def events(name: str, **renamed: str) -> list[EngineEvent]:
    """The engine's events that were recorded under a name, with properties renamed."""
    text = json.dumps(_recorded(name)["events"])
    for old, new in renamed.items():
        text = text.replace(old, new)
    return [EngineEvent.from_json(event) for event in json.loads(text)]


def state(name: str) -> list[dict[str, Any]]:
    """The resources of the state under that name; empty where nothing failed."""
    recorded: list[dict[str, Any]] = _recorded(name)["state"]
    return recorded


def look(name: str) -> Look:
    """The look that was recorded under a name."""
    return from_events("dev", events(name), state(name))


def beside(name: str, connector: str = "ready") -> Look:
    """The look at an environment with this connector and, at AWS, this situation."""
    return from_events("dev", [*events(connector), *events(name)], _recorded(name)["state"])


def resource(name: str, kind: str) -> Resource:
    """One resource of a recorded look."""
    return next(each for each in look(name).resources if each.kind == kind)


def refused(app: str, redirect: str) -> Look:
    """A look in which app and redirect were refused for these reasons, each in its own place."""
    whys = {APP: app, REDIRECT: redirect}
    resources = tuple(
        replace(each, failure=Failure(NOT_AUTHORISED, four_parts("AWS refuses it", each.kind, whys[each.kind], "that")))
        for each in look("not_authorised").resources
        if each.kind in whys
    )
    return Look("dev", "app-h.cyclr.com", resources, complete=False)


def _recorded(name: str) -> dict[str, Any]:
    recorded: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return recorded
