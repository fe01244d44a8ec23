"""The files of the states: one for each version and situation, readable, with placeholders for addresses."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from tests.declared import Environment
from tests.engine.stack import CONNECTOR_KEY, STACK, EngineStack
from tests.engine.states.situations import ATTESTED, SITUATIONS, Situation, attestations, stand
from tests.worlds import ROOT, World

FOLDER = Path(__file__).parent
WHEN = ("created", "modified", "time")
"""What of an exported deployment differs from run to run and means nothing."""


def version() -> str:
    """The version of this checkout."""
    found: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return found


def is_released(of: str) -> bool:
    """Whether states of that version are out there."""
    return f"## {of}, unreleased" not in (ROOT / "CHANGELOG.md").read_text()


def states() -> dict[str, Path]:
    """Every kept state, `version/situation` -> its file."""
    return {f"{file.parent.name}/{file.stem}": file for file in sorted(FOLDER.glob("*/*.json"))}


def declare(stack: EngineStack, situation: Situation) -> None:
    """Write the situation's declaration into the stack file."""
    connector = dict(situation.connector)
    if connector.get("attestations") == ATTESTED:
        connector["attestations"] = attestations(stack.world.service_domain)
    prefix = "cyclr-connectors:"
    settings = {f"{prefix}{key}": value for key, value in situation.settings.items()}
    stack.edit(lambda config: config[f"{prefix}connectors"][CONNECTOR_KEY].update(connector))
    stack.edit(lambda config: config.update(settings))


def begin(situation: Situation, world: World) -> Environment:
    """A world on its first day, brought into the situation."""
    world.first_day()
    Environment.forget_tokens()
    environment = Environment(world)
    stand(situation, environment)
    return environment


def leave(name: str, stack: EngineStack) -> str:
    """Deploy an environment into the situation and return its state as a file's text."""
    situation = SITUATIONS[name]
    declare(stack, situation)
    situation.before(begin(situation, stack.world).world)
    stack.up()
    if not situation.passing:
        begin(situation, stack.world)
        stack.up()
    exported = json.loads(stack.pulumi("stack", "export", "--stack", STACK, config=False).stdout)
    text = json.dumps(_timeless(exported), indent=1, ensure_ascii=False)
    for placeholder, address in _addresses(stack.world).items():
        text = text.replace(address, placeholder)
    return text + "\n"


def restored(file: Path, world: World) -> str:
    """A kept state with the addresses of a world, for `pulumi stack import`."""
    text = file.read_text()
    for placeholder, address in _addresses(world).items():
        text = text.replace(placeholder, address)
    return text


def _addresses(world: World) -> dict[str, str]:
    return {
        "FACEBOOK-ADDRESS": world.facebook.removeprefix("http://"),
        "CYCLR-API-ADDRESS": world.cyclr_api.removeprefix("http://"),
        "SERVICE-DOMAIN": world.service_domain,
    }


def _timeless(value: Any) -> Any:
    if isinstance(value, list):
        return [_timeless(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _timeless(entry) for key, entry in value.items() if key not in WHEN}
    return value
