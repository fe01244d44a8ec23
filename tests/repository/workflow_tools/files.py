"""Workflow files, read: jobs, steps, expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML

from tests.repository.sources import ROOT

FOLDER = ROOT / ".github" / "workflows"
PATHS = sorted([*FOLDER.glob("*.yml"), *FOLDER.glob("*.yaml")])
NAMES = [path.stem for path in PATHS]

EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")


def text(name: str) -> str:
    """The file of a workflow."""
    return (FOLDER / f"{name}.yml").read_text(encoding="utf-8")


def workflow(name: str) -> dict[str, Any]:
    """A workflow, by YAML 1.2, in which `on` is a word."""
    found: dict[str, Any] = YAML(typ="safe").load(text(name))
    return found


def jobs(name: str) -> dict[str, dict[str, Any]]:
    """The jobs of a workflow, by their ids."""
    found: dict[str, dict[str, Any]] = workflow(name)["jobs"]
    return found


def steps(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every step of a workflow, with the id of its job."""
    for job_id, job in jobs(name).items():
        for step in job["steps"]:
            yield job_id, step


def secrets(part: Any) -> set[str]:
    """The names of the secrets that a part of a workflow is given."""
    if isinstance(part, dict):
        return {name for value in part.values() for name in secrets(value)}
    if isinstance(part, list):
        return {name for value in part for name in secrets(value)}
    return set(re.findall(r"\bsecrets\.(\w+)", part)) if isinstance(part, str) else set()


def one_line(condition: str) -> str:
    """A condition with its spaces folded."""
    return " ".join(condition.split())
