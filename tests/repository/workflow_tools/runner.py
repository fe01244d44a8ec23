"""Runs the steps of a job as the service's runner does, on this machine.

Scripts are run to the letter, by the shell that the service starts. An expression is looked up in a table and never
computed: one that a test has not foreseen fails it. Actions are not run; what they leave behind, the test provides.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.repository.workflow_tools.files import EXPRESSION, jobs, one_line, workflow

SHELLS = {"bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"]}
"""How the runner starts a shell that a workflow names."""
NOT_CANCELLED = "${{ !cancelled() }}"
PATIENCE = 280
"""Seconds after which a step has failed."""


@dataclass
class Ran:
    """One step that was run."""

    name: str
    code: int
    said: str


@dataclass
class Job:
    """How a job went."""

    ran: list[Ran] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    artifacts: dict[str, Path] = field(default_factory=dict)

    @property
    def code(self) -> int:
        """0 when the job is green, else the exit code that made it red."""
        return next((step.code for step in self.ran if step.code), 0)

    @property
    def said(self) -> str:
        """The log."""
        return "\n".join(f"== {step.name}: {step.code}\n{step.said}" for step in self.ran)


@dataclass
class Runner:
    """A runner with a checkout."""

    checkout: Path
    temporary: Path
    environ: Mapping[str, str]
    """What the machine and the service set for every step."""
    replaced: Mapping[str, str] = field(default_factory=dict)
    """Scripts that cannot be run in a test, to the letter, and what is run instead."""

    def run(self, name: str, job: str, expressions: Mapping[str, str | bool]) -> Job:
        """Run the steps of a job in their order; one that fails ends it, but for those that run all the same."""
        body = jobs(name)[job]
        given = {**expressions, "runner.temp": str(self.temporary)}
        if "if" in body and not given[one_line(body["if"])]:
            return Job()
        shell = SHELLS[workflow(name)["defaults"]["run"]["shell"]]
        found = Job()
        steps: dict[str, dict[str, str]] = {}
        self.temporary.mkdir(exist_ok=True)
        for step in body["steps"]:
            assert step.get("if") in (None, NOT_CANCELLED), step
            if found.code and "if" not in step:
                continue
            if "uses" in step:
                self._use(step, given, found)
            else:
                steps[step.get("id", step["name"])] = self._script(step, shell, given, found)
        outputs = {f"steps.{key}.outputs.{name}": value for key, set_ in steps.items() for name, value in set_.items()}
        found.outputs = {key: resolve(value, outputs) for key, value in body.get("outputs", {}).items()}
        return found

    def _use(self, step: dict[str, Any], given: Mapping[str, str | bool], found: Job) -> None:
        action = step["uses"].partition("@")[0]
        arguments = {key: resolve(str(value), given) for key, value in step["with"].items()}
        if action == "actions/upload-artifact":
            path = Path(arguments["path"])
            assert path.exists() or arguments["if-no-files-found"] == "ignore", path
            if path.exists():
                found.artifacts[arguments["name"]] = path
        else:
            assert action in ("actions/checkout", "actions/setup-python"), action

    def _script(
        self, step: dict[str, Any], shell: list[str], given: Mapping[str, str | bool], found: Job
    ) -> dict[str, str]:
        """Run one script; returns its outputs."""
        files = {name: self.temporary / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_text("")
        script = self.temporary / "script.sh"
        script.write_text(self.replaced.get(step["run"], step["run"]))
        environ = {**self.environ, **{name: str(file) for name, file in files.items()}}
        environ |= {"RUNNER_TEMP": str(self.temporary), "GITHUB_WORKSPACE": str(self.checkout)}
        environ |= {name: resolve(value, given) for name, value in step.get("env", {}).items()}
        code, said = _run([*shell, str(script)], self.checkout, environ)
        found.ran.append(Ran(step["name"], code, said))
        found.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        pairs = [line.partition("=") for line in files["GITHUB_OUTPUT"].read_text().splitlines()]
        assert all(sign for _, sign, _ in pairs), pairs
        return {name: value for name, _, value in pairs}


def resolve(text: str, given: Mapping[str, str | bool]) -> str:
    """A text with its expressions replaced.

    Raises: KeyError: nobody has given a value for one
    """
    return EXPRESSION.sub(lambda found: str(given[found[1]]), text)


def _run(line: list[str], folder: Path, environ: Mapping[str, str]) -> tuple[int, str]:
    """Exit code and output; a step that does not end is ended with everything that it started."""
    with subprocess.Popen(
        line,
        cwd=folder,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return process.returncode, said
