"""The guide to AWS: its commands run as written against the doubles, by the roles that they are for."""

from __future__ import annotations

import os
import re
import subprocess

import pytest
from ruamel.yaml import YAML

from tests.aws.cloud.client import running_apart
from tests.engine import aws_guide
from tests.engine.aws import VALUES
from tests.engine.environment import end_orphans
from tests.repository.workflow_tools.files import text
from tests.worlds import running_sandbox
from tools.actionlint.__main__ import ensure

TEXT = aws_guide.PAGE.read_text(encoding="utf-8")
JOBS = {"deploy": "deploy", "drift": "drift", "pull-request": "preview"}
"""Workflow -> its job that looks or updates."""


@pytest.mark.engine
@pytest.mark.timeout(300)
def test_guide_shows_what_its_commands_print(tmp_path, pulumi_env):
    """Each command of the guide, by its role and with IAM switched on, prints what the page shows below it."""
    with running_sandbox() as world, running_apart() as cloud:
        world.dashboard(api_access_to_settings=True)
        cloud.enforce()
        place = aws_guide.Place(tmp_path / "checkout", pulumi_env, cloud, world)
        place.prepare(TEXT)
        try:
            ended = place.ended(TEXT)
        finally:
            end_orphans(tmp_path)
        refused = {each.principal for each in cloud.calls() if "Denied" in each.error}
        heard = [each.status for each in cloud.calls("cloudwatch", "PutMetricData")]
        left = cloud.client("secretsmanager").list_secrets()["SecretList"]

    commands = [each for block in aws_guide.blocks(TEXT) for each in block.commands]
    pairs = list(zip(commands, ended, strict=True))
    wrong = [f"$ {each.command}\n{found.output}" for each, found in pairs if not aws_guide.agree(each.output, found)]
    assert wrong == [], "\n".join(wrong)
    assert [found.code for found in ended if found.code] == [
        1,
        7,
        7,
        1,
    ]  # no value yet; open steps, twice; not authorised
    assert not [value for value in VALUES.values() if any(value in found.output for found in ended)]
    assert {who.split("/")[1] for who in refused} == {"cyclr-connectors-staging-preview"}
    assert heard == [200]
    assert [each["Name"] for each in left if "AWSCURRENT" in str(each)] == ["acme/staging/vendors"]


@pytest.mark.parametrize("name", JOBS)
def test_step_of_the_pages_fits_each_workflow(name, tmp_path):
    """With the permissions, step and role of docs/pipelines.md in it, a workflow still says nothing to actionlint."""
    addition = aws_guide.addition()
    document = YAML(typ="safe").load(text(name))
    job = document["jobs"][JOBS[name]]
    job["permissions"].update(addition["permissions"])
    step = addition["steps"][0]
    account = step["env"]["ROLE"].rpartition("/")[0]
    step["env"]["ROLE"] = f"{account}/{aws_guide.jobs()[name].role}"
    place = next(at for at, each in enumerate(job["steps"]) if "PULUMI_BACKEND_URL" in each.get("env", {}))
    job["steps"].insert(place, step)
    file = tmp_path / f"{name}.yml"
    with file.open("w") as out:
        YAML().dump(document, out)
    line = [str(ensure(os.environ)), "-no-color", "-shellcheck=", "-pyflakes=", str(file)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_cost_of_an_environment_is_the_sum_of_its_parts():
    """The figure for one environment is what its lines come to, and a further one has no key of the state."""
    table = re.findall(r"^\| (.+?) \|.*?\| (.+?) \|$", TEXT[: TEXT.index("## Once")], re.MULTILINE)
    prices = {what: sum(map(float, re.findall(r"\$([\d.]+)", price))) for what, price in table}
    (whole,) = [price for what, price in table if what == "**one environment**"]
    parts = sum(price for what, price in prices.items() if what != "**one environment**")
    state = prices["key of the state, for all environments"]

    assert whole == f"**${parts:.2f}**; each further one ${parts - state:.2f}"


def test_guide_tells_which_lines_are_others_on_aws():
    """What the test of the commands puts in place of a line stands in the page's table of differences."""
    table = TEXT[TEXT.index("## What the test of this page does otherwise") :]

    for said, here in aws_guide.DIFFERS.items():
        assert f"| `{said}` | `{here.removeprefix(said)}` behind it |" in table


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("kms create-key --descripton x", "Unknown options: --descripton"),
        ("secretsmanager delete-secret --secret-id x", "no such command"),
    ],
    ids=["option", "command"],
)
def test_stand_in_for_the_cli_refuses_what_it_does_not_know(words, reason):
    """An option that AWS's description does not have, and a command that the guide has not, fail."""
    env = {**os.environ, "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_DEFAULT_REGION": "eu-west-1"}
    done = subprocess.run([aws_guide.CLI / "aws", *words.split()], env=env, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert reason in done.stderr


def test_stand_in_for_the_cli_speaks_to_loopback_only():
    """Without an address on loopback nothing is sent."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    line = [aws_guide.CLI / "aws", "kms", "create-key"]
    done = subprocess.run(line, env=env, capture_output=True, text=True, check=False)

    assert (done.returncode, "loopback only" in done.stderr) == (1, True)
