"""Which environments a change touches."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from components.errors import ConnectorError, DeclarationError
from stacks import stack_file
from stacks.operations import touched
from tests.repository.sources import ROOT, imports, reached

NAMES = ["dev", "eu.staging", "production"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ([], []),
        (["stacks/Pulumi.dev.yaml"], ["dev"]),
        (["stacks/Pulumi.dev.yml"], ["dev"]),
        (["stacks/Pulumi.eu.staging.yaml", "README.md"], ["eu.staging"]),
        (["stacks/Pulumi.production.yaml", "stacks/Pulumi.dev.yaml"], ["dev", "production"]),
        (["stacks/Pulumi.gone.yaml"], []),
        (["stacks/Pulumi.sandbox.yaml", "stacks/Pulumi.example-production.yaml"], []),
        (["docs/pipelines.md", "README.md", "tests/worlds.py", ".github/workflows/drift.yml"], []),
        (["stacks/operations/drift.py", "stacks/sandbox/world.py", "requirements-dev.txt", "Makefile"], []),
        (["old/stacks/Pulumi.dev.yaml", "stacks/Pulumi.dev.yaml.bak"], []),
        (["components/derive.py"], NAMES),
        (["components/cyclr/api.py"], NAMES),
        (["stacks/settings.py"], NAMES),
        (["__main__.py"], NAMES),
        (["Pulumi.yaml"], NAMES),
        (["requirements.txt"], NAMES),
        (["pyproject.toml"], NAMES),
        (["tools/pulumi/cli/go.mod"], NAMES),
        (["stacks/Pulumi.dev.yaml", "components/errors.py"], NAMES),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_change_touches_what_it_can_change(changed, expected):
    """A stack file touches its environment, what the program is made of touches all, and the rest touches none."""
    assert touched.touched(changed, NAMES) == expected


def test_every_file_of_the_program_touches_every_environment():
    """Whatever file of ours the program imports, a change to it is looked at in every environment."""
    program = Path("__main__.py")
    modules = {name for first in imports(program) for path in _files(first) for name in reached(path)}
    files = {program, *(path for name in modules for path in _files(name))}

    assert len(files) > 30
    assert [path for path in sorted(files) if touched.touched([path.as_posix()], NAMES) != NAMES] == []


def _files(module):
    """The project's file of a module; none for one that is not ours."""
    path = Path(*module.split("."))
    ours = module.partition(".")[0] in ("components", "stacks")
    return [each for each in (path.with_suffix(".py"), path / "__init__.py") if ours and (ROOT / each).is_file()]


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository of git with a project in a folder of it: two environments, one commit."""
    project = tmp_path / "infrastructure"
    (project / "stacks").mkdir(parents=True)
    monkeypatch.setattr(touched, "PROJECT", project)
    monkeypatch.setattr(stack_file, "FOLDER", project / "stacks")
    for name in ("dev", "production", "sandbox", "example-production"):
        (project / f"stacks/Pulumi.{name}.yaml").write_text("config: {}\n")
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path)
    return project


def git(folder, *arguments):
    """One command of git, as somebody with no settings of their own."""
    who = {f"GIT_{role}_{part}": "jane@acme.example" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    environ = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *arguments], cwd=folder, env=environ, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder):
    """Everything as it stands, as a commit."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "a change")
    return git(folder, "rev-parse", "HEAD")


def said(*arguments):
    """What the command prints."""
    done = CliRunner().invoke(touched.command, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_command_names_what_the_change_touches(repository):
    """Only what this branch changed counts, not what the other one did since; a stack file that is gone names none."""
    git(repository, "checkout", "--quiet", "-b", "change")
    git(repository, "mv", "stacks/Pulumi.dev.yaml", "stacks/Pulumi.test.yaml")
    commit(repository)
    git(repository, "checkout", "--quiet", "main")
    (repository / "stacks/Pulumi.production.yaml").write_text("config: {a:b: c}\n")
    base = commit(repository)
    git(repository, "checkout", "--quiet", "change")

    assert said("--base", base) == "test\n"


def test_file_that_left_the_program_touches_every_environment(repository):
    """A file that was moved out of the program is a change of the program, wherever it is now."""
    (repository / "components").mkdir()
    (repository / "docs").mkdir()
    (repository / "components/derive.py").write_text("one = 1\ntwo = 2\n")
    base = commit(repository)
    git(repository, "mv", "components/derive.py", "docs/derive.py")
    commit(repository)

    assert said("--base", base) == "dev\nproduction\n"


def test_files_outside_the_project_touch_nothing(repository):
    """A project in a folder of its repository is asked about its own files only."""
    base = git(repository, "rev-parse", "HEAD")
    (repository.parent / "components").mkdir()
    (repository.parent / "components/other.py").write_text("")
    commit(repository.parent)

    assert json.loads(said("--base", base, "--json")) == {"stacks": []}


def test_without_base_every_environment_is_named_but_the_sandbox(repository):
    """Without a commit to compare with, all environments are named; sandbox and examples are none."""
    assert said("--json") == '{"stacks": ["dev", "production"]}\n'


@pytest.mark.parametrize(
    ("base", "fix"),
    [
        ("0123456789012345678901234567890123456789", "fetch-depth: 0"),
        ("--output=stolen", "fetch-depth: 0"),
        ("", "name the commit"),
    ],
    ids=["not there", "an option", "empty"],
)
def test_unknown_base_is_a_failure_that_says_so(repository, base, fix):
    """A commit that is not there, an option that looks like one, and none at all end with words and write no file."""
    with pytest.raises(ConnectorError, match=fix):
        touched.changed_files(base)

    assert list(repository.glob("stolen*")) == []


def test_name_that_would_be_an_option_is_refused(repository):
    """A stack file whose name a shell or a command could take for something else is refused."""
    (repository / "stacks/Pulumi.-x --issue.yaml").write_text("config: {}\n")

    with pytest.raises(DeclarationError, match="rename the file"):
        touched.environments()


def test_this_checkout_has_no_environment_of_its_own():
    """The committed stack files are the sandbox and an example, so no pipeline of the project needs a credential."""
    assert (ROOT / "stacks/Pulumi.sandbox.yaml").is_file()
    assert "sandbox" not in touched.environments()
