"""The settings of one environment, read by the program through `pulumi.Config`.

Raises: SettingsError, with all problems in one message; the program then ends without a traceback.
Never:  a value in a message.
"""

from __future__ import annotations

import json
from typing import Any

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env, is_config_secret

from components import secrets
from stacks.mending import Commands, Problem
from stacks.settings_aws import AwsSettings
from stacks.settings_connector import Attestation, ConnectorSettings
from stacks.settings_model import CyclrSettings, EnvironmentSettings, FacebookSettings
from stacks.settings_relations import KEYS, Source
from stacks.settings_rules import judge

__all__ = [
    "Attestation",
    "AwsSettings",
    "ConnectorSettings",
    "CyclrSettings",
    "EnvironmentSettings",
    "FacebookSettings",
    "SettingsError",
    "from_config",
    "secret_keys",
]

_OBJECTS = ("cyclr", "facebook", "connectors", "aws")


class SettingsError(pulumi.RunError):
    """The declaration of an environment has problems, all of which the message names."""

    def __init__(self, environment: str, problems: list[Problem]) -> None:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        texts = "\n".join(problem.text() for problem in problems)
        super().__init__(f"The settings of {environment} have {count}; nothing was changed:\n{texts}")
        self.environment, self.problems = environment, problems


def from_config(config: pulumi.Config, environment: str) -> EnvironmentSettings:
    """The settings of the stack `environment`, wherever the values came from.

    Raises: SettingsError.
    """
    names = _names(config)
    encrypted = frozenset(name for name in names if is_config_secret(config.full_key(name)))
    source = Source(environment, Commands(environment), encrypted, names - encrypted)
    raw = {key: _value(config, key) for key in KEYS if config.get(key) is not None}
    judgement = judge(raw, source)
    if judgement.settings is None:
        raise SettingsError(environment, judgement.problems)
    return judgement.settings


def secret_keys(settings: EnvironmentSettings) -> list[str]:
    """Config keys that hold the secrets which the settings refer to."""
    references = map(secrets.parse_reference, settings.secret_references())
    return sorted({reference.name for reference in references if reference.kind == "config"})


def _names(config: pulumi.Config) -> frozenset[str]:
    """Config keys that are set in the project's namespace; `pulumi.Config` itself cannot list them."""
    prefix = config.full_key("")
    return frozenset(key.removeprefix(prefix) for key in {**get_config_env(), **CONFIG.get()} if key.startswith(prefix))


def _value(config: pulumi.Config, key: str) -> Any:
    text = config.get(key)
    if key not in _OBJECTS or not text:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
