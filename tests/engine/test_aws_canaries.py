"""No secret leaves AWS: not into what is printed, kept on the machine or at AWS beside the values themselves."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator

import pytest

from tests.aws.cloud.client import running_apart
from tests.engine import left
from tests.engine.aws import BUCKET, SECRET, STACK, CloudStack
from tests.engine.aws_canaries import METRIC, Run, run_everything
from tests.engine.aws_journey import AWS_SM
from tests.engine.aws_told import objects, told
from tests.engine.canaries import API_SECRET, APP_SECRET, ROTATED_SECRET, spellings
from tests.engine.environment import end_orphans, engine_environment
from tests.engine.witness import watched_sandbox
from tests.worlds import APP_ID

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]  # the first test waits for the whole run

MACHINE = ("home", "tmp", "project", "policies")
"""Where runs put something on the machine: the CLI's home, the folder for what is temporary, and the project."""
MOVED = {"rotated app secret", "API secret"}
"""What was in the encrypted config for one update."""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """One environment from empty containers to destroy, every secret in it a canary."""
    folder = tmp_path_factory.mktemp("canaries")
    with watched_sandbox() as (world, witness), running_apart() as cloud:
        try:
            run = Run(CloudStack(world, engine_environment(folder), folder, cloud), witness)
            run_everything(run)
            run.objects, run.marks = objects(cloud)
            run.told |= {f"{what}, at the end": text for what, text in told(cloud).items()}
            run.kept = left.files(folder, *MACHINE)
            yield run
        finally:
            end_orphans(folder)


def names(found: dict[str, list[str]]) -> set[str]:
    """Which secrets were found, however they were spelled."""
    return {name.partition(" (")[0] for each in found.values() for name in each}


def test_run_moved_every_secret(done):
    """Both versions and the API secret went to the vendors, so that what follows is not said of a run without them."""
    assert {APP_SECRET, ROTATED_SECRET, API_SECRET} <= set(done.witness.secrets)
    assert done.witness.kinds >= {"sign-in token", "user access token in AuthValue"}


def test_no_version_of_any_object_holds_a_secret(done):
    """State, backups, history and locks, deleted ones and those of failed updates among them, hold no secret."""
    places = {part for key in done.objects for part in ("stacks", "backups", "history", "locks", ".bak") if part in key}

    assert places == {"stacks", "backups", "history", "locks", ".bak"}, sorted(done.objects)
    assert done.found_in(done.objects) == {}
    assert done.found_in(done.marks) == {}


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

    assert names(done.found_in(objects(done.stack.cloud, key)[0])) == {"API secret"}


@pytest.mark.parametrize("where", ["key", "metadata", "tags"])
def test_search_finds_a_secret_beside_an_object(done, where):
    """The name of an object, its metadata and its tags are searched as its content is."""
    key = f"planted/{API_SECRET.encode().hex() if where == 'key' else where}"
    more = {"metadata": {"Metadata": {"x": APP_SECRET}}, "tags": {"Tagging": f"x={APP_SECRET}"}}.get(where, {})
    done.stack.cloud.client("s3").put_object(Bucket=BUCKET, Key=key, **more)

    assert len(names(done.found_in(objects(done.stack.cloud, key)[1]))) == 1


def test_aws_was_told_no_secret_but_as_a_value(done):
    """Names, descriptions, marks and policies of all that stands there, metrics and calls hold none."""
    known = {
        "keys": SECRET,
        "marks of keys": STACK,
        "policies of keys": "UseThroughSecretsManager",
        "aliases": "alias/cyclr-connectors/",
        "secrets": SECRET,
        "policies of secrets": "NobodyElse",
        "topics": f"cyclr-connectors-{STACK}-drift",
        "marks of topics": STACK,
        "subscriptions": "ops@acme.example",
        "alarms": f"cyclr-connectors-{STACK}-findings",
        "marks of alarms": STACK,
        "metrics": METRIC.partition("/")[2],
        "parameters": "[]",
        "calls": "cloudwatch:PutMetricData",
    }

    assert {what: text in done.told[what] for what, text in known.items()} == dict.fromkeys(known, True)
    assert done.told.keys() == known.keys() | {f"{what}, at the end" for what in known}
    assert done.found_in(done.told) == {}


def test_search_finds_a_secret_that_aws_was_told(done):
    """A secret in a mark, a description or a metric is found."""
    cloud = done.stack.cloud
    tag = [{"Key": "x", "Value": APP_SECRET}]
    cloud.client("secretsmanager").create_secret(Name="planted", Tags=tag)
    cloud.client("kms").create_key(Description=APP_SECRET)
    metric = [{"MetricName": "Looked", "Value": 1, "Dimensions": [{"Name": "x", "Value": APP_SECRET}]}]
    cloud.client("cloudwatch").put_metric_data(Namespace="planted", MetricData=metric)
    found = done.found_in(told(cloud)).keys() - {"calls"}  # those name objects that other tests plant

    assert found == {"secrets", "keys", "metrics"}


def test_machine_keeps_no_secret(done):
    """The CLI's home, the folder for what is temporary, the project and the policies hold none that can be read."""
    texts = done.kept

    assert any("home/logs/pulumi-" in name and '"msg":"' in text for name, text in texts.items())
    assert any("/workspaces/" in name and STACK in text for name, text in texts.items())
    assert AWS_SM[0] in texts[f"project/stacks/Pulumi.{STACK}.yaml"]
    assert "Statement" in texts[f"policies/{STACK}-deploy-permissions.json"]
    assert done.found_in(texts) == {}


@pytest.mark.parametrize("place", ["home/cache.txt", "tmp/x.gz", "project/components/x.bin", "home/logs/NAME"])
def test_search_finds_a_secret_on_the_machine(done, place):
    """A secret in a file, a packed one, or the name of one is found in each of these folders."""
    path = done.stack.folder / place.replace("NAME", APP_SECRET)
    path.write_bytes(gzip.compress(API_SECRET.encode()) if place.endswith("gz") else API_SECRET.encode())
    found = names(done.found_in(left.files(done.stack.folder, place.partition("/")[0])))
    path.unlink()

    assert found == {"API secret", *(["app secret"] if "NAME" in place else [])}


def test_encrypted_logs_of_the_engine_hold_none_either(done):
    """What the engine notes of a run, readable by the state's key, holds a secret only once that is in the config."""
    everything = left.encrypted_logs(done.stack.folder / "home")
    at_aws = done.found_in(left.opened(done.at_aws, done.stack.pulumi))
    later = done.found_in(left.opened(everything[len(done.at_aws) :], done.stack.pulumi))

    assert len(done.at_aws) > 8
    assert at_aws == {}
    assert names(later) == MOVED


def test_nothing_printed_holds_a_secret(done):
    """The CLI at its most talkative, and every command and report of ours in every form, print no secret."""
    texts = {f"{name}, {way}": getattr(run, way) for name, run in done.said.items() for way in ("stdout", "stderr")}
    texts |= {path.name: path.read_text() for kind in ("html", "md") for path in done.stack.folder.glob(f"*.{kind}")}
    link = texts.pop("authorize, stdout")

    assert {"plan.html", "plan.md", "drift.html", "drift.md", "compare.md", "policies, stdout"} <= set(texts)
    assert all(len(run.stderr) > 10_000 for name, run in done.said.items() if name.startswith("up, "))
    assert done.found_in(texts) == {}
    assert [name.partition(" token")[0] for name in names(done.found_in({"link": link}))] == ["sign-in"]


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
