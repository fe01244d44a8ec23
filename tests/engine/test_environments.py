"""Twenty environments in one look: a failing one disturbs nobody, and nothing is written anywhere."""

from __future__ import annotations

import json
import subprocess

import pytest
from ruamel.yaml import YAML

from tests.engine.environments import Environments, copied
from tests.worlds import ROOT

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

NUMBER = 20
LOST, WRONG, RENAMED = "env-03", "env-07", "env-11"
NOWHERE = "http://127.0.0.1:9"
"""The discard port: nobody listens there."""


@pytest.fixture
def environments(ready_stack) -> Environments:
    """Twenty that are ready, but for one whose Cyclr is not there, one with wrong settings, one declared anew."""
    made = copied(ready_stack, NUMBER)
    change(made, LOST, lambda config: config["cyclr-connectors:cyclr"].update(api=NOWHERE))
    change(made, WRONG, lambda config: config["cyclr-connectors:cyclr"].pop("account"))
    change(made, RENAMED, lambda config: connector(config).update(appName="Acme Ads (new)"))
    return made


def change(made: Environments, name: str, edit) -> None:
    """Edit the config of one stack file as a person does."""
    yaml = YAML()
    document = yaml.load(made.file(name).read_text())
    edit(document["config"])
    with made.file(name).open("w") as file:
        yaml.dump(document, file)


def connector(config):
    """What one declares of its connector."""
    return config["cyclr-connectors:connectors"]["facebook-marketing"]


def test_failing_environment_does_not_disturb_the_others(environments):
    """Of all of a folder each has its own verdict, in order, the exit code is the worst, and nothing is written."""
    stack, before = environments.of, environments.states()
    stack.world.forget_requests()

    done = subprocess.run(
        environments.command("drift", "--all", "--json", of=[]),
        cwd=ROOT,
        env=stack.env,
        capture_output=True,
        text=True,
        check=False,
    )

    found = {each["environment"]: each for each in json.loads(done.stdout)["environments"]}
    others = {name: "in sync" for name in environments.names if name not in (LOST, WRONG, RENAMED)}
    expected = {**others, LOST: "not observed", WRONG: "not observed", RENAMED: "not applied"}
    assert {name: each["verdict"] for name, each in found.items()} == expected, done.stderr
    assert tuple(found) == environments.names
    assert done.returncode == 1
    assert "account" in found[WRONG]["error"]
    assert "error" not in found[LOST]
    assert stack.world.writes() == []
    assert environments.states() == before


def test_preview_of_several_says_what_changes_and_what_was_not_seen(environments):
    """`preview` of a ready one, one declared anew and one whose vendor is gone has a line for each, exit code 1."""
    some = environments.command("preview", of=[LOST, RENAMED, "env-01"])
    plan = subprocess.run(some, cwd=ROOT, env=environments.of.env, capture_output=True, text=True, check=False)

    assert plan.returncode == 1
    assert f"{RENAMED}: NOT APPLIED: 1 resource would change" in plan.stdout
    assert f"{LOST}: NOT OBSERVED" in plan.stdout
    assert "env-01: IN SYNC: a customer can connect" in plan.stdout
