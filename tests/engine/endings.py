"""What a run leaves at both vendors and in the state, made comparable: without times, random ids and ciphertexts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stacks.operations import remains
from tests.engine.stack import STACK, EngineStack
from tests.worlds import CONNECTOR

AFTER = "stall_after"
"""The fault that holds a call after the vendor acted."""
INSTALL, REMOVE = r"POST /v1\.0/connectors/\d+/install", r"DELETE /v1\.0/account/connectors/\d+"
COUNTED = ("CreatedDate", "NextBillDateUtc")
"""What the vendor dates by its own clock."""


@dataclass(frozen=True)
class Repaired:
    """What an `up` that nobody killed ends in."""

    ending: dict[str, Any]
    status: tuple[int, dict[str, Any]]

    @classmethod
    def by_up(cls, stack: EngineStack) -> Repaired:
        """After an `up` from here."""
        stack.up()
        return cls(ending(stack), stack.status())


def ending(stack: EngineStack) -> dict[str, Any]:
    """Both vendors and the state, as they must be whether a run was killed or not."""
    state = deployment(stack)
    resources = [_comparable(resource) for resource in state["resources"]]
    return {
        "vendors": _without(stack.world.state(), COUNTED),
        "resources": sorted(resources, key=lambda resource: resource["urn"]),
        "pending": state.get("pending_operations", []),
        "locks": remains.read_locks(backend(stack), "cyclr-connectors", STACK),
    }


def deployment(stack: EngineStack) -> dict[str, Any]:
    """The state."""
    found: dict[str, Any] = json.loads(stack.state())["checkpoint"]["latest"]
    return found


def calls(log: Iterable[Mapping[str, Any]], pattern: str) -> list[str]:
    """The calls of that kind on which the vendor acted."""
    acted = [entry for entry in log if entry["status"] == 200 or entry.get("fault") == AFTER]
    return [entry["path"] for entry in acted if re.fullmatch(pattern, f"{entry['method']} {entry['path']}")]


def installations(vendors: Mapping[str, Any]) -> list[Any]:
    """Every installation of the connector, in every account."""
    cyclr = vendors["cyclr"]
    releases = {entry["Id"] for entry in cyclr["connectors"] if entry["Name"] == CONNECTOR}
    return [each for account in cyclr["accounts"] for each in account["connectors"] if each["Connector"] in releases]


def differences(found: Any, expected: Any, place: str = "") -> list[str]:
    """Where two documents differ, and in what."""
    if isinstance(found, dict) and isinstance(expected, dict):
        keys = found.keys() | expected.keys()
        pairs = [(str(key), found.get(key), expected.get(key)) for key in sorted(keys)]
    elif isinstance(found, list | tuple) and isinstance(expected, list | tuple) and len(found) == len(expected):
        pairs = [(str(number), *pair) for number, pair in enumerate(zip(found, expected, strict=True))]
    else:
        return [] if found == expected else [f"{place}: {found!r}, not {expected!r}"]
    return [text for key, one, other in pairs for text in differences(one, other, f"{place}/{key}")]


def backend(stack: EngineStack) -> Path:
    """Where its states and locks are."""
    return Path(stack.env["PULUMI_BACKEND_URL"].removeprefix("file://"))


def _comparable(resource: dict[str, Any]) -> dict[str, Any]:
    """A resource of the state without times, the provider's random id and what encryption makes anew each time."""
    text = json.dumps(_without(resource, ("created", "modified", "ciphertext")))
    plain: dict[str, Any] = json.loads(re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", text))
    return plain


def _without(value: Any, names: tuple[str, ...]) -> Any:
    """The value without these keys, at any depth."""
    if isinstance(value, dict):
        return {key: _without(item, names) for key, item in value.items() if key not in names}
    return [_without(item, names) for item in value] if isinstance(value, list) else value
