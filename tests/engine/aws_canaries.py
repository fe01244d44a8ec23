"""One environment on AWS whose every secret is a canary, and a run of everything that is done with it there."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.aws.cloud.account import ROOT as ACCOUNT_ITSELF
from tests.declared import Environment
from tests.engine.aws import BUCKET, LOCKS, SECRET, STACK, CloudStack
from tests.engine.aws_journey import AWS_SM, CONFIG
from tests.engine.aws_told import told
from tests.engine.canaries import API_SECRET, APP_SECRET, ROTATED_SECRET, leaks
from tests.engine.canary_stack import ERRORS, VERBOSE
from tests.engine.left import encrypted_logs
from tests.engine.stack import COMMAND, CONNECTOR_KEY
from tests.engine.witness import Witness
from tests.people import consent
from tests.unit.operations.policies import declared
from tests.worlds import APP_ID

FIRST = {"app_secret": APP_SECRET, "cyclr": API_SECRET}
SECOND = {"app_secret": ROTATED_SECRET, "cyclr": API_SECRET}
NO_OBJECT = f"{ROTATED_SECRET} {API_SECRET}"
"""A value that is not the JSON that the references ask for."""
CANARIES = {
    "app secret": APP_SECRET,
    "rotated app secret": ROTATED_SECRET,
    "API secret": API_SECRET,
    "access key of AWS": ACCOUNT_ITSELF.secret_key,
}
UP = ("up", "--yes", "--skip-preview", "--stack", STACK)
PREVIEW = ("preview", "--diff", "--stack", STACK)
METRIC = "CyclrConnectors/Looked"


@dataclass
class Run:
    """Everything that was done, and what it printed."""

    stack: CloudStack
    witness: Witness
    said: dict[str, subprocess.CompletedProcess[str]] = field(default_factory=dict)
    at_aws: list[Path] = field(default_factory=list)
    """The engine's encrypted logs of what was done while every secret was at AWS."""
    objects: dict[str, str] = field(default_factory=dict)
    """Key and version -> text, of every object that ever was in the bucket."""
    marks: dict[str, str] = field(default_factory=dict)
    """Key and version -> key, metadata and tags."""
    told: dict[str, str] = field(default_factory=dict)
    """What AWS was told beside that, before `destroy` and after it."""
    kept: dict[str, str] = field(default_factory=dict)
    """The files that were left on the machine."""

    def __post_init__(self) -> None:
        self.stack.env["TMPDIR"] = str(self.stack.folder / "tmp")
        (self.stack.folder / "tmp").mkdir()

    def found_in(self, texts: Mapping[str, str]) -> dict[str, list[str]]:
        """Place -> the secrets that stand there, those among them that the vendors issued."""
        issued = {name: value for name, value in self.witness.canaries().items() if value not in CANARIES.values()}
        known = {**CANARIES, **issued}
        return {place: found for place, text in texts.items() if (found := leaks(text, known))}

    def pulumi(self, name: str, *line: str, succeeds: bool = True) -> None:
        """A command of the CLI that shows all it can."""
        done = self.said[name] = self.stack.pulumi(*line, *VERBOSE, check=False)
        assert (done.returncode == 0) is succeeds, f"{name}: {done.returncode}\n{done.stdout[-3000:]}"

    def ours(self, name: str, code: int, *line: str) -> subprocess.CompletedProcess[str]:
        """One of our commands, with the exit code that it must have."""
        return self._kept(name, code, self.stack.command(*line))

    def of_all(self, name: str, code: int, *line: str) -> None:
        """One of our commands that is not about one stack."""
        self._kept(name, code, self.stack._run([COMMAND, *line], check=False))

    def _kept(self, name: str, code: int, done: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
        self.said[name] = done
        assert done.returncode == code, f"{name}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr}"
        return done


def run_everything(run: Run) -> None:
    """From empty containers to destroy."""
    _deployed(run)
    _rotated(run)
    _by_people(run)
    _failed(run)
    run.at_aws = encrypted_logs(run.stack.folder / "home")
    _moved(run)
    _by_files(run)
    run.told = told(run.stack.cloud)
    run.pulumi("destroy", "destroy", "--yes", "--skip-preview", "--stack", STACK)


def _deployed(run: Run) -> None:
    stack, world = run.stack, run.stack.world
    (client,) = world.state()["cyclr"]["api_clients"]
    world.patch({"cyclr": {"api_clients": [{**client, "client_secret": API_SECRET}]}})
    world.app(secret=APP_SECRET)
    run.pulumi("up, containers", *UP, succeeds=False)
    stack.put(FIRST)
    world.dashboard(api_access_to_settings=True)
    world.library(client_id=APP_ID, client_secret=APP_SECRET)
    run.pulumi("up, first", *UP)


def _rotated(run: Run) -> None:
    """A new version of the value, looked at in every form before it is deployed."""
    stack, folder = run.stack, run.stack.folder
    stack.world.app(secret=ROTATED_SECRET)
    stack.put(SECOND)
    run.pulumi("preview, version", *PREVIEW)
    run.ours("report, version", 7, "preview", "--json", *files(folder, "plan"))
    run.pulumi("up, version", *UP)
    run.ours("drift", 7, "drift", "--json", "--heartbeat", f"cloudwatch:{METRIC}", *files(folder, "drift"))
    run.ours("status", 7, "status")


def files(folder: Path, name: str) -> tuple[str, ...]:
    """The options for a report as HTML and as Markdown."""
    return ("--html", str(folder / f"{name}.html"), "--markdown", str(folder / f"{name}.md"))


def _by_people(run: Run) -> None:
    """What people do at the vendors and tell, up to a consent; and a lock that a killed run on another machine left."""
    stack = run.stack
    Environment(stack.world).people_set_everything()
    stack.world.library(client_id=APP_ID, client_secret=ROTATED_SECRET)
    for key in ("live", "advanced_access"):
        run.ours(f"attest, {key}", 0, "attest", CONNECTOR_KEY, key, "--by", "jane@acme.example")
    run.ours("steps", 7, "steps")
    consent(run.ours("authorize", 0, "authorize").stdout.strip())
    lock = {"pid": 1, "username": "runner", "hostname": "elsewhere", "timestamp": "2026-11-25T14:00:00Z"}
    stack.cloud.client("s3").put_object(Bucket=BUCKET, Key=f"{LOCKS}left.json", Body=json.dumps(lock))
    run.ours("recover", 0, "recover", "--yes")


def _failed(run: Run) -> None:
    """A vendor that repeats all it was sent, an AWS that refuses, and a value that is not what was asked for."""
    stack = run.stack
    stack.edit(lambda config: config["cyclr-connectors:connectors"][CONNECTOR_KEY].update(appName="Acme"))
    run.witness.echoes = list(ERRORS["AuthError"])
    run.pulumi("up, echo", *UP, succeeds=False)
    run.witness.echoes = []
    stack.cloud.fault("secretsmanager", "GetSecretValue", "denied")
    run.pulumi("up, denied", *UP, succeeds=False)
    stack.cloud.mend()
    stack.cloud.client("secretsmanager").put_secret_value(SecretId=SECRET, SecretString=NO_OBJECT)
    run.pulumi("up, no JSON", *UP, succeeds=False)
    stack.put(SECOND)


def _moved(run: Run) -> None:
    """The same values go into the encrypted config, and from there back to AWS."""
    stack = run.stack
    for key, value in (("facebookAppSecret", ROTATED_SECRET), ("cyclrClientSecret", API_SECRET)):
        stack.type_secret(key, value)
    stack.refer(*CONFIG)
    run.pulumi("up, to config", *UP)
    stack.refer(*AWS_SM)
    run.pulumi("up, to AWS", *UP)


def _by_files(run: Run) -> None:
    """What reads stack files alone: a check, the policies of the roles, and a comparison with a copy."""
    stack, folder = run.stack, run.stack.folder
    key = stack.provider.removeprefix("awskms:///").partition("?")[0]
    access: dict[str, Any] = declared.access(STACK, stateBucket=BUCKET, stateKey=key)
    stack.edit(lambda config: config["cyclr-connectors:aws"].update(access=access))
    run.ours("check", 0, "check")
    run.ours("policies", 0, "policies", "--json", "--out", str(folder / "policies"))
    shutil.copy(stack.stack_file, stack.stack_file.with_name("Pulumi.other.yaml"))
    page = ("--config-dir", str(stack.stack_file.parent), "--markdown", str(folder / "compare.md"))
    run.of_all("compare", 7, "compare", STACK, "other", *page)
