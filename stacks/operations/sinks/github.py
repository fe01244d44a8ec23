"""Which repository and which pull request a run is about, as GitHub's runners say it in the environment. Pure.

Source: GitHub's pages on default environment variables and on events that trigger workflows (REST API 2022-11-28).
Never:  the token in a text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from components.errors import DeclarationError
from stacks.operations.sinks.addresses import trusted

API = "https://api.github.com"
LOGIN = "CYCLR_CONNECTORS_GITHUB_LOGIN"
_NAME = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_MERGE = re.compile(r"refs/pull/([1-9]\d*)/(?:merge|head)", re.ASCII)
_FIXES = {
    "GITHUB_TOKEN": "give the step its token: env: GITHUB_TOKEN: ${{ github.token }}",
    "GITHUB_REPOSITORY": "a workflow has it; elsewhere: export GITHUB_REPOSITORY=OWNER/NAME",
    "GITHUB_API_URL": f"leave it unset for {API}, or give the https address of your own server's API",
}


@dataclass(frozen=True)
class Repository:
    """A repository, and the right to write there."""

    api: str
    name: str
    """owner/name"""
    token: str = field(repr=False)
    login: str = ""
    """Whom the token writes as, where it may not ask: that of an app of one's own."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Repository:
        """The repository that the environment names.

        Raises: DeclarationError, which names the variable that is missing or unusable.
        """
        token = _wanted(environment, "GITHUB_TOKEN")
        if not token.isascii() or any(sign.isspace() or not sign.isprintable() for sign in token):
            raise _unusable("GITHUB_TOKEN", "it holds characters that no token has")
        name = _wanted(environment, "GITHUB_REPOSITORY")
        if not _NAME.fullmatch(name):
            raise _unusable("GITHUB_REPOSITORY", "it is not of the form OWNER/NAME")
        api = environment.get("GITHUB_API_URL", "").rstrip("/") or API
        parts = trusted(api)
        if parts is None or parts.query or parts.fragment:
            raise _unusable("GITHUB_API_URL", "it is no https address, or holds more than host and path")
        return cls(api, name, token, environment.get(LOGIN, ""))


def pull_request_number(environment: Mapping[str, str]) -> int:
    """The number of the pull request that the run is for, from the ref, else from the event.

    Raises: DeclarationError, when neither names one.
    """
    if found := _MERGE.fullmatch(environment.get("GITHUB_REF", "")):
        return int(found[1])
    file = environment.get("GITHUB_EVENT_PATH", "")
    number = _number(_event(file)) if file else None
    if number is None:
        raise DeclarationError(
            "There is no pull request to comment on",
            where="GITHUB_REF and GITHUB_EVENT_PATH",
            why="neither names a pull request; a workflow has one when it runs on: pull_request",
            fix="name it: --pull-request N",
        )
    return number


def _event(file: str) -> object:
    try:
        return json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DeclarationError(
            "The event of this run cannot be read",
            where=f"GITHUB_EVENT_PATH, {file}",
            why=f"{type(error).__name__}: it must be a file of JSON",
            fix="name the pull request: --pull-request N",
        ) from None


def _number(event: object) -> int | None:
    pull_request = event.get("pull_request") if isinstance(event, dict) else None
    number = pull_request.get("number") if isinstance(pull_request, dict) else None
    return number if type(number) is int and number > 0 else None


def _wanted(environment: Mapping[str, str], variable: str) -> str:
    text = environment.get(variable, "").strip()
    if not text:
        raise DeclarationError(
            f"{variable} is not set", where="the environment", why="posting needs it", fix=_FIXES[variable]
        )
    return text


def _unusable(variable: str, why: str) -> DeclarationError:
    return DeclarationError(f"{variable} cannot be used", where="the environment", why=why, fix=_FIXES[variable])
