"""A program with its stack whose aws plugin is the stand-in."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PLUGIN = Path(__file__).parent
"""The folder that `plugins.providers` names."""
PROVIDERS = {"providers": [{"name": "aws", "path": str(PLUGIN)}]}
"""What goes under `plugins` in a project's Pulumi.yaml."""
PROGRAM = PLUGIN / "programs" / "containers"
STACK = "dev"


@dataclass(frozen=True)
class Project:
    """A copy of the program in a folder."""

    folder: Path
    env: Mapping[str, str]

    @classmethod
    def made_in(cls, folder: Path, env: Mapping[str, str], program: Path = PROGRAM) -> Project:
        """The program with an empty stack."""
        made = cls(folder / "program", {**env, "PYTHONDONTWRITEBYTECODE": "1"})
        shutil.copytree(program, made.folder, ignore=shutil.ignore_patterns("__pycache__"))
        declared = {"name": "containers", "runtime": "python", "plugins": PROVIDERS}
        (made.folder / "Pulumi.yaml").write_text(json.dumps(declared))  # every JSON is YAML
        made.done("stack", "init", STACK)
        return made

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A command of the CLI."""
        line = ["pulumi", "--non-interactive", *command]
        return subprocess.run(line, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False)

    def done(self, *command: str) -> str:
        """What a command prints that has to succeed."""
        run = self.run(*command)
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    def set(self, **config: str) -> None:
        """Plain values of the stack's config."""
        for key, value in config.items():
            self.done("config", "set", key, value)

    def up(self) -> None:
        """One update."""
        self.done("up", "--yes", "--skip-preview")

    def steps(self, *options: str) -> dict[str, str]:
        """What a preview would do, by the name of the resource; nothing where everything is right."""
        told = json.loads(self.done("preview", "--json", *options))
        steps = [(step["urn"].rpartition("::")[2], step["op"]) for step in told["steps"]]
        return {name: step for name, step in steps if step not in ("same", "refresh")}

    def resources(self) -> dict[str, Any]:
        """The resources of the state by their names."""
        state = json.loads(self.done("stack", "export"))["deployment"]
        return {each["urn"].rpartition("::")[2]: each for each in state["resources"]}
