"""What the bench runs the engine on: an empty program, the stack `sandbox` when ready, stacks of many connectors."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.declared import Environment
from tests.engine.environments import Environments
from tests.engine.many import STACK as MANY
from tests.engine.many import Many
from tests.engine.stack import CONNECTOR_KEY, STACK, EngineStack
from tests.worlds import ROOT, World

PROJECT = """name: empty
runtime: {{name: python, options: {{virtualenv: {environment}}}}}
options: {{refresh: always}}
"""
"""As the real project's, without anything to declare."""


@dataclass(frozen=True)
class Program:
    """One project with one stack, and how to run the CLI on it."""

    folder: Path
    stack: str
    env: dict[str, str]
    given: tuple[str, ...] = ()
    """Arguments of every command."""

    def run(self, *arguments: str) -> float:
        """Seconds that a command of the CLI takes."""
        line = ["pulumi", "--non-interactive", *arguments, "--stack", self.stack, *self.given]
        start = time.perf_counter()
        done = subprocess.run(line, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - start
        if done.returncode:
            raise RuntimeError(f"{' '.join(line)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return seconds

    def noop(self) -> float:
        """A preview that asks no vendor."""
        return self.run("preview", "--refresh=false")

    def look(self) -> float:
        """A preview that looks at the vendors first."""
        return self.run("preview", "--refresh")

    def up(self) -> float:
        """An update."""
        return self.run("up", "--yes", "--skip-preview")


@dataclass(frozen=True)
class Surveys:
    """Looks at many environments with our own command."""

    of: Environments

    def all(self, *arguments: str) -> float:
        """Seconds that one `drift` over all of them takes."""
        return self._run(self.of.command("drift", *arguments))

    def one(self, name: str) -> float:
        """Seconds that a `drift` of one takes."""
        return self._run(self.of.command("drift", of=[name]))

    def _run(self, line: list[str]) -> float:
        start = time.perf_counter()
        done = subprocess.run(line, cwd=ROOT, env=self.of.of.env, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - start
        if done.returncode:
            raise RuntimeError(f"{' '.join(line)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return seconds


def empty(folder: Path, env: dict[str, str]) -> Program:
    """A program that declares nothing, deployed: what any run of the engine costs here."""
    project = folder / "empty"
    project.mkdir()
    (project / "Pulumi.yaml").write_text(PROJECT.format(environment=sys.prefix))
    (project / "__main__.py").write_text("")
    made = Program(project, "empty", env)
    subprocess.run(
        ["pulumi", "stack", "init", "empty", "--secrets-provider", "passphrase"],
        cwd=project,
        env=env,
        capture_output=True,
        check=True,
    )
    made.up()
    return made


def sandbox(stack: EngineStack) -> Program:
    """The real project's stack `sandbox`."""
    return Program(ROOT, STACK, stack.env, ("--config-file", str(stack.stack_file)))


def people_make_ready(stack: EngineStack) -> None:
    """What people do after the first `up`, so that a customer can connect; deployed again."""
    environment = Environment(stack.world)
    environment.people_set_everything()
    attested = stack.command("attest", CONNECTOR_KEY, "advanced_access", "--by", "jane@acme.example")
    if attested.returncode:
        raise RuntimeError(attested.stderr)
    environment.authorise()
    stack.up()


def of_many(folder: Path, env: dict[str, str], world: World, numbers: Sequence[int]) -> dict[int, Program]:
    """One ready stack for each number of connectors. They share apps and installations: that is the same to a look."""
    stacks: dict[int, Many] = {}
    for number in sorted(numbers, reverse=True):
        place = folder / str(number)
        place.mkdir()
        backend = place / "backend"
        backend.mkdir()
        stacks[number] = Many.made_in(place, {**env, "PULUMI_BACKEND_URL": f"file://{backend}"}, world, number)
        stacks[number].up()
    stacks[max(numbers)].people_set_everything()
    for many in stacks.values():
        many.up()
        many.must_be_ready()
    return {number: Program(many.folder, MANY, many.env) for number, many in sorted(stacks.items())}
