"""The commands that `check` prints, run as they are printed."""

from __future__ import annotations

import os
import subprocess

import pytest

from stacks import stack_file
from tests.engine.environment import engine_environment
from tests.unit.stacks.broken_aws import ACCOUNT, DEPLOY, access, container
from tests.unit.stacks.texts import but

ROLE = f"arn:aws:iam::{ACCOUNT}:role/reader"
FAULTY = """\
    secrets:
      acme/staging/vendors: {}
      acme/staging/token: {readers: role}
      acme/staging/password: role
    driftAlarm: {email: ops@acme.example, hours: 25}
    serviceDomainRecord: {zoneId: Z0123456789ABCDEFGHIJ, target: connect.acme.example, ttl: "300"}
    access:
      stateBucket: acme
      stateKey: key
      subjects: {preview: ["repo:*"], deploy: x}
"""
FAULTS = but(
    ("  cyclr-connectors:cyclrClientSecret:", f"""\
  cyclr-connectors:aws:
    account: "123456789012"
    region: eu-west-1
{FAULTY}  cyclr-connectors:cyclrClientSecret:"""),
    (": app-h.cyclr.com", ": connect.acme.example"),
    ("config:facebookAppSecret", "aws-ssm:facebook"),
    ("graphVersion: v25.0", "graphVersion: v2"),
    ('"1234567890123456"', "123"),
)  # fmt: skip


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one stack, made by the CLI; where its stack file lies."""
    (tmp_path / "Pulumi.yaml").write_text("name: cyclr-connectors\nruntime: python\nstackConfigDir: stacks\n")
    folder = tmp_path / "stacks"
    folder.mkdir()
    monkeypatch.setattr(stack_file, "FOLDER", folder)
    monkeypatch.chdir(tmp_path)
    for name, value in engine_environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    run("pulumi stack init staging")
    return folder / "Pulumi.staging.yaml"


def run(command: str) -> None:
    """A command as a person pastes it."""
    done = subprocess.run(["sh", "-ec", command], check=False, capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == 0, (command, done.stderr)


@pytest.mark.engine
def test_printed_commands_mend_what_they_are_printed_for(project):
    """Pasted one after the other, the fixes leave a file without a problem: the CLI refuses none of them."""
    project.write_text(FAULTS)
    found = stack_file.problems(project)
    for problem in found:
        run(problem.fix.partition("run: ")[2])

    assert len(found) == 13, [each.key for each in found]
    assert stack_file.problems(project) == []
    assert "aws-ssm:/PATH" in project.read_text()


def test_list_that_is_not_there_is_not_taken_out(tmp_path):
    """A wrong value is taken out before a part is set; where nothing stands there is nothing to take out."""
    absent, wrong = (container(content) for content in ({}, {"readers": ROLE}))
    file = tmp_path / "Pulumi.staging.yaml"
    fixes = []
    for text in (absent, wrong, access({"deploy": []})):
        file.write_text(text)
        fixes += [problem.fix for problem in stack_file.problems(file)]

    assert [fix.count("config rm") for fix in fixes] == [0, 1, 1]
    assert f"'{DEPLOY}[0]'" in fixes[2]
