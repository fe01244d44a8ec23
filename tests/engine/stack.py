"""Stack `sandbox` on the real engine, in a backend of its own, against a world of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from stacks.operations.sandbox_files import Addresses, readdressed
from tests.people import Browser, consent
from tests.worlds import ROOT, World

COMMAND = str(Path(sys.executable).with_name("cyclr-connectors"))
STACK = "sandbox"
CONNECTOR_KEY = "facebook-marketing"
PATIENCE = 120
"""Seconds after which a run of the engine has failed."""


@dataclass
class EngineStack:
    """One environment as its users have it: a stack file, a state, the CLI and our command."""

    world: World
    env: dict[str, str]
    folder: Path
    stack_file: Path = field(init=False)

    def __post_init__(self) -> None:
        addresses = Addresses(self.world.control, self.world.facebook, self.world.cyclr_api, self.world.service_domain)
        self.stack_file = self.folder / "Pulumi.sandbox.yaml"
        self.stack_file.write_text(readdressed(ROOT / "stacks" / "Pulumi.sandbox.yaml", addresses))
        self.env = {**self.env, "PULUMI_CONFIG_PASSPHRASE": "sandbox"}
        self.pulumi("stack", "init", STACK, "--secrets-provider", "passphrase", config=False)

    def pulumi(self, *arguments: str, config: bool = True, check: bool = True) -> subprocess.CompletedProcess[str]:
        """A command of the CLI, to its end."""
        given = ["--config-file", str(self.stack_file)] if config else []
        return self._run(["pulumi", "--non-interactive", *arguments, *given], check=check)

    def up(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """`pulumi up`, as a person runs it."""
        return self.pulumi("up", "--stack", STACK, "--yes", "--skip-preview", *arguments, check=check)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One of our commands; its exit code is for the test to judge."""
        line = [COMMAND, arguments[0], "-s", STACK, "--config-file", str(self.stack_file), *arguments[1:]]
        return self._run(line, check=False)

    def status(self) -> tuple[int, dict[str, Any]]:
        """Exit code and document of `status --json`."""
        done = self.command("status", "--json")
        assert done.stdout, f"{done.returncode}: {done.stderr}"
        return done.returncode, json.loads(done.stdout)

    def steps(self) -> list[dict[str, Any]]:
        """The open steps that `steps --json` lists, in its order."""
        done = self.command("steps", "--json")
        assert done.stdout, done.stderr
        listed: list[dict[str, Any]] = json.loads(done.stdout)["open_steps"]
        return listed

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs."""
        done = self.pulumi("stack", "output", "--stack", STACK, "--json", config=False)
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def state(self) -> bytes:
        """The state file, to the byte."""
        (file,) = Path(self.env["PULUMI_BACKEND_URL"].removeprefix("file://")).rglob(f"stacks/*/{STACK}.json")
        return file.read_bytes()

    def edit(self, change: Any) -> None:
        """Edit the config of the stack file as a person does."""
        yaml = YAML()
        document = yaml.load(self.stack_file.read_text())
        change(document["config"])
        with self.stack_file.open("w") as file:
            yaml.dump(document, file)

    def _run(self, line: list[str], *, check: bool) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            line, cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert not check or done.returncode == 0, f"{line[:3]}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done


def do(stack: EngineStack, step: dict[str, Any]) -> None:
    """Do one open step as a person does: with the printed link and value, nothing else."""
    browser = Browser()
    match step["setting"]:
        case "Allow API Access to App Settings":
            browser.open(step["where"]).submit(api_access_to_settings="true")
        case "Valid OAuth Redirect URIs":
            browser.open(step["where"]).submit(redirect_uris=step["value"])
        case "App Mode":
            browser.open(step["where"]).submit(mode=step["value"])
        case "Advanced Access":
            browser.open(step["where"]).submit(advanced_access="true")
            attest = ("attest", step["connector"], "advanced_access", "--by", "jane@acme.example")
            assert stack.command(*attest).returncode == 0
            stack.up()
        case "Client ID and Client Secret":
            given = dict(part.split(": ", 1) for part in step["value"].split("; "))
            key = given["Client Secret"].removeprefix("config:")
            secret = stack.pulumi("config", "get", key, "--stack", STACK).stdout.strip()
            browser.open(step["where"]).click("Facebook Marketing API")
            browser.submit(client_id=given["Client ID"], client_secret=secret)
        case "Consent":
            name, *arguments = step["value"].split()[1:]
            assert arguments[:2] == ["-s", STACK]
            done = stack.command(name, *arguments[2:])
            assert done.returncode == 0, done.stderr
            consent(done.stdout.strip())
        case other:
            raise AssertionError(f"nobody knows how to do {other}: {step}")
    assert browser.status in (0, 200), f"{step['setting']}: {browser.status} {browser.url}"
