"""The workflow files: what two linters say of them, and what they may do."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from stacks import stack_file
from stacks.operations.main import COMMANDS
from tests.repository.workflow_tools import files
from tests.repository.workflow_tools.files import EXPRESSION, NAMES, ROOT, jobs, one_line, secrets, steps, workflow
from tests.unit.stacks.texts import VALID, but
from tools.actionlint.__main__ import ensure

ACTIONS = {"actions/checkout", "actions/setup-python", "actions/upload-artifact"}
PERMISSIONS = {
    ("pull-request", "check"): {"contents": "read"},
    ("pull-request", "test"): {"contents": "read"},
    ("pull-request", "preview"): {"contents": "read", "pull-requests": "write"},
    ("pull-request", "no-preview"): {},
    ("deploy", "deploy"): {"contents": "read"},
    ("drift", "environments"): {"contents": "read"},
    ("drift", "drift"): {"contents": "read", "issues": "write"},
}
ENVIRONMENTS = {
    ("pull-request", "preview"): "look",
    ("deploy", "deploy"): "${{ inputs.stack }}",
    ("drift", "drift"): "look",
}
"""The jobs that are given secrets, and whose."""
OURS = (
    "github.event.pull_request.head.repo.full_name == github.repository "
    "&& github.event.pull_request.user.login != 'dependabot[bot]'"
)
NOT_OURS = (
    "github.event.pull_request.head.repo.full_name != github.repository "
    "|| github.event.pull_request.user.login == 'dependabot[bot]'"
)
PAGE = ROOT / "docs" / "pipelines.md"

CARELESS = """\
on: pull_request_target
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - run: echo "${{ github.event.pull_request.title }}" "${{ github.nothing.here }}"
"""


@pytest.fixture(scope="module")
def actionlint():
    """The pinned actionlint, built when this machine has none yet; what is on PATH changes nothing of what it says."""
    return [str(ensure(os.environ)), "-no-color", "-shellcheck=", "-pyflakes="]


@pytest.fixture(scope="module")
def zizmor():
    """The pinned zizmor, at its strictest, without network and without settings."""
    program = str(Path(sys.executable).with_name("zizmor"))
    return [program, "--offline", "--no-config", "--persona=auditor", "--strict-collection", "--no-progress"]


def said(command, *arguments):
    """Exit code and output of a linter."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "GH_", "ZIZMOR_"))}
    line = [*command, *map(str, arguments)]
    done = subprocess.run(line, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_actionlint_finds_nothing(actionlint):
    """Actionlint has nothing to say of any workflow file."""
    assert said(actionlint, *files.PATHS) == (0, "")


def test_zizmor_finds_nothing(zizmor):
    """Zizmor has nothing to say of workflows and update settings, and leaves no file out."""
    code, output = said(zizmor, ".github")

    assert code == 0, output
    assert "No findings to report" in output
    assert [path.name for path in files.PATHS if f"completed .github/workflows/{path.name}" not in output] == []
    assert "ignored" not in output


def test_linters_see_a_careless_workflow(actionlint, zizmor, tmp_path):
    """Both linters are at work: a workflow with a few of the usual mistakes passes neither."""
    file = tmp_path / ".github" / "workflows" / "careless.yml"
    file.parent.mkdir(parents=True)
    file.write_text(CARELESS)

    assert said(actionlint, file)[0] == 1
    code, output = said(zizmor, file)
    assert code > 10, output
    assert [name for name in ("dangerous-triggers", "template-injection", "unpinned-uses") if name not in output] == []


def test_no_finding_is_silenced():
    """No file tells a linter to look away."""
    for path in [*files.PATHS, ROOT / ".github" / "dependabot.yml"]:
        assert not re.search(r"zizmor:\s*ignore|actionlint:|shellcheck disable", path.read_text()), path.name
    assert not list((ROOT / ".github").glob("*zizmor*"))
    assert not list((ROOT / ".github").glob("*actionlint*"))


def test_linter_is_built_from_pinned_modules():
    """Every module that actionlint is built from has its checksum in the project."""
    folder = ROOT / "tools" / "actionlint"
    pinned = re.findall(r"^\s+(\S+/\S+) (v\S+)", (folder / "go.mod").read_text(), re.MULTILINE)
    known = (folder / "go.sum").read_text()

    assert pinned
    assert [module for module in pinned if f"{module[0]} {module[1]}/go.mod h1:" not in known] == []


def test_there_are_three_workflows():
    """A pull request, a deployment, a look for drift: what the table of permissions speaks of is all there is."""
    assert NAMES == ["deploy", "drift", "pull-request"]
    assert set(PERMISSIONS) == {(name, job) for name in NAMES for job in jobs(name)}


@pytest.mark.parametrize("name", NAMES)
def test_actions_are_pinned_by_commit(name):
    """Every action is one of three, named by a whole commit with its version beside it."""
    lines = [line for line in files.text(name).splitlines() if re.search(r"^\s*-?\s*uses:", line)]

    assert lines
    for line in lines:
        match = re.fullmatch(r"\s*(?:- )?uses: ([\w/-]+)@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)
        assert match, line
        assert match[1] in ACTIONS


def test_one_action_has_one_commit():
    """An action is pinned to the same commit wherever it is used."""
    pins = {step["uses"] for name in NAMES for _, step in steps(name) if "uses" in step}

    assert {pin.partition("@")[0] for pin in pins} == ACTIONS
    assert len(pins) == len(ACTIONS)


@pytest.mark.parametrize("name", NAMES)
def test_no_script_holds_an_expression(name):
    """What comes from outside reaches a script as a variable, never as a part of the script."""
    scripts = [step["run"] for _, step in steps(name) if "run" in step]

    assert scripts
    assert [script for script in scripts if EXPRESSION.search(script)] == []


@pytest.mark.parametrize("name", NAMES)
def test_checkout_leaves_no_credentials(name):
    """The token of the run is not written into the checkout."""
    used = [step for _, step in steps(name) if step.get("uses", "").startswith("actions/checkout@")]

    assert used
    assert all(step["with"]["persist-credentials"] is False for step in used)


@pytest.mark.parametrize(("name", "job"), PERMISSIONS, ids=lambda value: value)
def test_job_has_the_least_permissions(name, job):
    """A workflow has no permission, and each of its jobs those that it needs."""
    assert workflow(name)["permissions"] == {}
    assert jobs(name)[job]["permissions"] == PERMISSIONS[name, job]


def test_triggers_are_the_harmless_ones():
    """No workflow runs a stranger's change with credentials."""
    triggers = {name: workflow(name)["on"] for name in NAMES}

    assert triggers["pull-request"] == "pull_request"
    assert set(triggers["deploy"]) == {"workflow_dispatch"}
    assert set(triggers["drift"]) == {"schedule", "workflow_dispatch"}


def test_secrets_are_given_by_an_environment():
    """Only the three jobs that run the engine get secrets, each from an environment of the service, in one step."""
    given = {(name, job): body for name in NAMES for job, body in jobs(name).items() if secrets(body)}

    assert {key: body["environment"] for key, body in given.items()} == ENVIRONMENTS
    for body in given.values():
        for step in body["steps"]:
            runs_engine = re.search(r"pulumi up|connectors (preview|drift|status)", step.get("run", ""))
            assert bool(secrets(step)) == bool(runs_engine), step["name"]
        assert not secrets({key: value for key, value in body.items() if key != "steps"})


def test_changes_from_elsewhere_get_no_credentials():
    """A pull request either gets the preview with credentials, or the job that says why it does not; never both."""
    conditions = {job: body.get("if") for job, body in jobs("pull-request").items()}

    assert one_line(conditions["preview"]) == OURS
    assert one_line(conditions["no-preview"]) == NOT_OURS
    assert conditions["check"] is conditions["test"] is None


def test_no_update_is_ever_cancelled():
    """Deployments of an environment follow each other; a run that may be cancelled holds no update."""
    concurrency = {name: workflow(name)["concurrency"] for name in NAMES}
    updating = {name for name in NAMES for _, step in steps(name) if "pulumi up" in step.get("run", "")}

    assert concurrency["deploy"] == {"group": "deploy-${{ inputs.stack }}", "cancel-in-progress": False}
    assert updating == {name for name in NAMES if workflow(name)["on"] == workflow("deploy")["on"]}
    assert all("concurrency" not in body for name in NAMES for body in jobs(name).values())


def test_drift_runs_at_an_odd_minute_for_each_environment_alone():
    """The look for drift avoids the full hour, and one environment that fails leaves the others running."""
    drift = workflow("drift")
    minutes = [int(entry["cron"].split()[0]) for entry in drift["on"]["schedule"]]

    assert minutes
    assert all(minute % 2 == 1 and minute % 15 for minute in minutes)
    assert drift["jobs"]["drift"]["strategy"]["fail-fast"] is False


@pytest.mark.parametrize("name", NAMES)
def test_commands_in_workflows_exist(name):
    """Every command of ours that a step runs is one of the commands, and every target of make is one of its targets."""
    scripts = "\n".join(step["run"] for _, step in steps(name) if "run" in step)
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"cyclr-connectors ([a-z]+)", scripts)) <= set(COMMANDS)
    assert set(re.findall(r"\bmake ([a-z-]+)", scripts)) <= targets


def test_update_is_cut_off_by_what_the_page_says():
    """The limit on the time of an update is the one that docs/pipelines.md names, with the command for afterwards."""
    minutes = jobs("deploy")["deploy"]["timeout-minutes"]
    page = " ".join(PAGE.read_text(encoding="utf-8").split())

    assert f"limit of {minutes} minutes in deploy.yml" in page
    assert "never cut off" not in page + files.text("deploy")
    assert page.index("`cyclr-connectors recover -s STACK`") > page.index("limit of")


@pytest.mark.parametrize("names", [["dev.yaml", "test.yml"], ["dev.yaml"], []], ids=["both", "one", "none"])
def test_change_is_checked_by_the_stack_files_that_the_commands_know(names, tmp_path):
    """The check of a change looks at the stack files that `touched` knows, of both endings, and breaks over none."""
    (script,) = [
        step["run"] for step in jobs("pull-request")["check"]["steps"] if "check --config" in step.get("run", "")
    ]
    (tmp_path / "stacks").mkdir()
    for name in ["dev.yaml.bak", *names]:
        (tmp_path / f"stacks/Pulumi.{name}").write_text("")
    loop = "\n".join(line for line in script.splitlines() if not line.startswith(("source", "cyclr-connectors scan")))
    said_by_it = 'cyclr-connectors() { echo "$3"; }\n' + loop
    line = ["bash", "-eo", "pipefail", "-c", said_by_it]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [f"stacks/Pulumi.{name}" for name in names]
    assert [path.split(".")[1] for path in done.stdout.split()] == stack_file.stacks(tmp_path / "stacks")


def test_page_lists_everything_to_set_up():
    """docs/pipelines.md names every secret, every environment of the service and every permission."""
    page = PAGE.read_text(encoding="utf-8")
    named = {name for workflow_name in NAMES for name in secrets(workflow(workflow_name))}
    named |= {f"{key}: {value}" for given in PERMISSIONS.values() for key, value in given.items()}

    assert [name for name in sorted(named | {"look"}) if f"`{name}`" not in page] == []


HOOKS = {
    hook["id"]: hook
    for hook in YAML(typ="safe").load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
}
OFFERED = {hook["id"]: hook for hook in YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text())}


def run_hook(hook, *paths):
    """Exit code and output of a hook, started as pre-commit starts it."""
    found = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return said(["env", f"PATH={found}", *shlex.split(hook["entry"])], *paths)


@pytest.mark.parametrize("hooks", [HOOKS, OFFERED], ids=["of this project", "offered"])
def test_hooks_see_what_they_are_for(hooks, tmp_path):
    """The hooks on stack files pass good ones, stop at each bad one among several, and print no value."""
    good, wrong, plain = (tmp_path / f"Pulumi.{name}.yaml" for name in ("good", "wrong", "plain"))
    secret = "5a5ad0b0c0de5a5ad0b0c0de5a5ad0b0"
    good.write_text(VALID)
    wrong.write_text(but(("graphVersion: v25.0", "graphVersion: v1.0")))
    plain.write_text(but(("\n    secure: v1:dHdv", f" {secret}")))
    hooks = {name: {**hook, "entry": hook["entry"].replace(".venv/bin/", "")} for name, hook in hooks.items()}

    assert run_hook(hooks["cyclr-connectors-check"], good)[0] == 0
    assert run_hook(hooks["cyclr-connectors-scan"], good, wrong) == (0, "2 files: no secret found.\n")
    code, output = run_hook(hooks["cyclr-connectors-check"], wrong, good)
    assert (code, "graphVersion" in output) == (2, True)
    code, output = run_hook(hooks["cyclr-connectors-scan"], good, plain, wrong)
    assert (code, "Pulumi.plain.yaml:18: facebookAppSecret" in output, secret in output) == (2, True, False)


@pytest.mark.parametrize("hook", [*HOOKS.values(), *OFFERED.values()], ids=lambda hook: hook["id"])
def test_hooks_are_run_for_stack_files(hook):
    """A hook on stack files is run for those of the project, and for nothing else that Pulumi or people write."""
    if hook["id"] == "make-check":
        assert (hook["entry"], hook["pass_filenames"]) == ("make check", False)
        return
    pattern = re.compile(hook["files"])

    assert pattern.search("stacks/Pulumi.production.yaml")
    assert pattern.search("stacks/Pulumi.eu.staging.yml")
    assert not any(pattern.search(path) for path in ("Pulumi.yaml", "docs/pipelines.md", "stacks/Pulumi.dev.yaml.bak"))
