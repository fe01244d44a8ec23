"""The declaration of one stack with its secrets, for the commands that call a vendor themselves. In memory only."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import pulumi
from pulumi.runtime import config as runtime_config

from components.catalogue import CATALOGUE
from components.errors import DeclarationError
from components.vendor_access import Access
from stacks.arguments import access
from stacks.operations.engine import PROJECT, Engine
from stacks.settings import EnvironmentSettings, from_config, secret_keys

INSTALLATION = "pulumi-python:dynamic/cyclr:ConnectorInstallation"


@dataclass(frozen=True)
class Declaration:
    """Settings as the program reads them, and the access that its providers get."""

    settings: EnvironmentSettings
    access: Access

    def connector(self, name: str | None) -> str:
        """The connector that is meant: the named one, or the only one.

        Raises: DeclarationError.
        """
        there = sorted(self.settings.connectors)
        if name in there:
            return str(name)
        if name is None and len(there) == 1:
            return there[0]
        raise DeclarationError(
            f"There is no connector {name}" if name else "It does not say which connector is meant",
            where=f"stack {self.settings.environment}",
            why=f"declared there: {', '.join(there)}",
            fix=f"add --connector {there[0]}",
        )


def read(engine: Engine) -> Declaration:
    """The declaration of the engine's stack, secrets decrypted.

    Raises: ConnectorError, when the CLI cannot decrypt it; SettingsError, when it has problems.
    """
    arguments = ["--config-file", str(engine.config_file)] if engine.config_file else []
    listed = json.loads(engine.run("config", "--stack", engine.stack, "--show-secrets", "--json", *arguments))
    values = {key: entry["value"] for key, entry in listed.items() if entry.get("value") is not None}
    runtime_config.set_all_config(values, [key for key, entry in listed.items() if entry.get("secret")])
    config = pulumi.Config(PROJECT)
    settings = from_config(config, engine.stack)
    secrets = {key: values[f"{PROJECT}:{key}"] for key in secret_keys(settings)}
    return Declaration(settings, replace(access(settings), values=secrets))


def observation_installation(engine: Engine, connector: str) -> tuple[str, str]:
    """Account and id of the installation that the stack observes through, from its state.

    Raises: DeclarationError, when the stack has none yet.
    """
    resources: list[dict[str, Any]] = engine.export()["deployment"].get("resources") or []
    for resource in resources:
        if resource["type"] == INSTALLATION and resource["inputs"]["connector"] == CATALOGUE[connector].cyclr_name:
            account, _, installation = str(resource["id"]).rpartition("/")
            return account, installation
    raise DeclarationError(
        f"Stack {engine.stack} has no observation installation of {connector} yet",
        where=f"the state of stack {engine.stack}",
        why="no cyclr.ConnectorInstallation of it is in the state",
        fix=f"run: pulumi up -s {engine.stack}",
    )
