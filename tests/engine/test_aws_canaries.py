"""No secret leaves AWS: not into any version of any object of the state, nor into anything that is printed."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.aws.cloud.account import ROOT as ACCOUNT_ITSELF
from tests.aws.cloud.client import Cloud, running_apart
from tests.engine.aws import BUCKET, SECRET, STACK, CloudStack
from tests.engine.aws_journey import AWS_SM, CONFIG
from tests.engine.canaries import API_SECRET, APP_SECRET, ROTATED_SECRET, leaks, spellings
from tests.engine.canary_stack import ERRORS, VERBOSE
from tests.engine.environment import end_orphans, engine_environment
from tests.engine.witness import Witness, watched_sandbox
from tests.worlds import APP_ID

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]  # the first test waits for the whole run

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


@dataclass
class Run:
    """Everything that was done, what it printed and what it left in the bucket."""

    stack: CloudStack
    witness: Witness
    said: dict[str, subprocess.CompletedProcess[str]] = field(default_factory=dict)
    objects: dict[str, str] = field(default_factory=dict)
    """Key and version -> text, of every object that ever was in the bucket."""

    def found_in(self, texts: Mapping[str, str]) -> dict[str, list[str]]:
        """Place -> the secrets that stand there, those among them that the vendors issued."""
        known = {**CANARIES, **self.witness.canaries()}
        return {place: found for place, text in texts.items() if (found := leaks(text, known))}

    def pulumi(self, name: str, *line: str, succeeds: bool = True) -> None:
        """A command of the CLI that shows all it can."""
        done = self.said[name] = self.stack.pulumi(*line, *VERBOSE, check=False)
        assert (done.returncode == 0) is succeeds, f"{name}: {done.returncode}\n{done.stdout[-3000:]}"

    def ours(self, name: str, code: int, *line: str) -> None:
        """One of our commands, with the exit code that it must have."""
        done = self.said[name] = self.stack.command(*line)
        assert done.returncode == code, f"{name}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr}"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """One environment from empty containers to destroy, every secret in it a canary."""
    folder = tmp_path_factory.mktemp("canaries")
    with watched_sandbox() as (world, witness), running_apart() as cloud:
        try:
            run = Run(CloudStack(world, engine_environment(folder), folder, cloud), witness)
            _deployed(run)
            _rotated(run)
            _failed(run)
            _moved(run)
            run.pulumi("destroy", "destroy", "--yes", "--skip-preview", "--stack", STACK)
            run.objects = objects(cloud)
            yield run
        finally:
            end_orphans(folder)


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
    run.ours("drift", 7, "drift", "--json", *files(folder, "drift"))
    run.ours("status", 7, "status")


def files(folder: Path, name: str) -> tuple[str, ...]:
    """The options for a report as HTML and as Markdown."""
    return ("--html", str(folder / f"{name}.html"), "--markdown", str(folder / f"{name}.md"))


def _failed(run: Run) -> None:
    """A vendor that repeats all it was sent, an AWS that refuses, and a value that is not what was asked for."""
    stack = run.stack
    stack.edit(lambda config: config["cyclr-connectors:connectors"]["facebook-marketing"].update(appName="Acme"))
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


def objects(cloud: Cloud, prefix: str = "") -> dict[str, str]:
    """Every version of every object of the bucket as a text; those that were deleted since have theirs still."""
    s3, found = cloud.client("s3"), {}
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=BUCKET, Prefix=prefix):
        for each in page.get("Versions", ()):
            key, version = each["Key"], each["VersionId"]
            body = s3.get_object(Bucket=BUCKET, Key=key, VersionId=version)["Body"].read()
            plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
            found[f"{key} {version}"] = plain.decode(errors="replace")
    return found


def test_run_moved_every_secret(done):
    """Both versions and the API secret went to the vendors, so that what follows is not said of a run without them."""
    moved = set(done.witness.secrets)

    assert {APP_SECRET, ROTATED_SECRET, API_SECRET} <= moved


def test_no_version_of_any_object_holds_a_secret(done):
    """State, backups, history and locks, deleted ones and those of failed updates among them, hold no secret."""
    places = {part for key in done.objects for part in ("stacks", "backups", "history", "locks", ".bak") if part in key}

    assert places == {"stacks", "backups", "history", "locks", ".bak"}, sorted(done.objects)
    assert done.found_in(done.objects) == {}


def test_search_reads_what_the_bucket_holds(done):
    """In the same texts stand the name of the container, the app and ciphertext of the key, so that they were read."""
    states = [text for key, text in done.objects.items() if f"stacks/cyclr-connectors/{STACK}.json " in key]

    assert any(SECRET in text and APP_ID in text for text in states)
    assert any('"ciphertext"' in text for text in states)
    assert any("awskms://" in text for text in states)


@pytest.mark.parametrize("how", ["plain", "URL", "base64 from 0"])
def test_search_finds_a_planted_secret(done, how):
    """A secret in a packed object that was overwritten and deleted is found however it is spelled."""
    value = {**spellings(API_SECRET), "base64 from 0": base64.b64encode(API_SECRET.encode()).decode()}[how]
    s3, key = done.stack.cloud.client("s3"), f"planted/{how}.gz"
    for text in (value, ""):
        s3.put_object(Bucket=BUCKET, Key=key, Body=gzip.compress(text.encode()))
    s3.delete_object(Bucket=BUCKET, Key=key)

    (found,) = done.found_in(objects(done.stack.cloud, key)).values()

    assert "API secret" in {name.partition(" (")[0] for name in found}


def test_nothing_printed_holds_a_secret(done):
    """The CLI at its most talkative, and every report of ours in every form, print no secret."""
    texts = {f"{name}, {way}": getattr(run, way) for name, run in done.said.items() for way in ("stdout", "stderr")}
    texts |= {path.name: path.read_text() for kind in ("html", "md") for path in done.stack.folder.glob(f"*.{kind}")}

    assert {"plan.html", "plan.md", "drift.html", "drift.md"} <= set(texts)
    assert all(len(run.stderr) > 10_000 for name, run in done.said.items() if name.startswith("up, "))
    assert done.found_in(texts) == {}


def test_failures_reached_the_user(done):
    """Each failed update says what failed, so that the search above read the errors too."""
    said = {name: " ".join((run.stdout + run.stderr).split()) for name, run in done.said.items()}

    assert "holds no value yet" in said["up, containers"]
    assert "[secret]" in said["up, echo"]
    assert "secretsmanager:GetSecretValue" in said["up, denied"]
    assert "has no entry app_secret" in said["up, no JSON"]


def test_stack_file_holds_references_and_ciphertext(done):
    """The stack file, and the history's copies of it, name secrets and hold ciphertext."""
    text = done.stack.stack_file.read_text()
    histories = [each for key, each in done.objects.items() if ".history.json " in key]

    assert AWS_SM[0] in text
    assert any("secure" in json.dumps(json.loads(each).get("config", {})) for each in histories)
    assert done.found_in({"stack file": text}) == {}
