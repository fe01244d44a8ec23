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
        (["requirements-aws.txt"], NAMES),
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
    """What the command prints where no environment is lost."""
    done = CliRunner().invoke(touched.command, list(arguments), catch_exceptions=False)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def test_command_names_what_the_change_touches(repository):
    """Only what this branch committed counts, not what the other one did since, nor what is not committed yet."""
    git(repository, "checkout", "--quiet", "-b", "change")
    (repository / "stacks/Pulumi.test.yaml").write_text("config: {}\n")
    commit(repository)
    git(repository, "checkout", "--quiet", "main")
    (repository / "stacks/Pulumi.production.yaml").write_text("config: {a:b: c}\n")
    base = commit(repository)
    git(repository, "checkout", "--quiet", "change")
    (repository / "stacks/Pulumi.dev.yaml").write_text("config: {a:b: c}\n")

    assert said("--base", base) == "test\n"


@pytest.mark.parametrize("how", ["deleted", "renamed"])
def test_environment_whose_stack_file_is_gone_is_named(repository, how):
    """A stack file that a change takes away or renames is exit code 7, told with what it means and how to mend it."""
    base = git(repository, "rev-parse", "HEAD")
    if how == "deleted":
        git(repository, "rm", "--quiet", "stacks/Pulumi.production.yaml")
    else:
        git(repository, "mv", "stacks/Pulumi.production.yaml", "stacks/Pulumi.live.yaml")
    commit(repository)
    text, document = (CliRunner().invoke(touched.command, ["--base", base, *more]) for more in ([], ["--json"]))

    stacks = [] if how == "deleted" else ["live"]
    assert (text.exit_code, document.exit_code) == (7, 7)
    assert text.stdout.split() == stacks
    assert json.loads(document.stdout) == {"stacks": stacks, "gone": ["production"]}
    for each in (text, document):
        assert each.stderr.startswith("production has no stack file any more\n  where: stacks/Pulumi.production.yaml\n")
        assert "pulumi destroy -s production" in each.stderr


def test_environment_is_gone_also_where_the_program_changed(repository):
    """A change of the program touches every environment that is there, and hides none that is not."""
    base = git(repository, "rev-parse", "HEAD")
    git(repository, "rm", "--quiet", "stacks/Pulumi.dev.yaml")
    (repository / "__main__.py").write_text("")
    commit(repository)
    done = CliRunner().invoke(touched.command, ["--base", base, "--json"])

    assert json.loads(done.stdout) == {"stacks": ["production"], "gone": ["dev"]}


@pytest.mark.parametrize(
    ("changed", "there", "expected"),
    [
        (["stacks/Pulumi.dev.yaml"], ["dev"], []),
        (["stacks/Pulumi.dev.yaml", "stacks/Pulumi.dev.yml"], ["dev"], []),
        (["stacks/Pulumi.dev.yml", "stacks/Pulumi.a.yaml"], [], ["a", "dev"]),
        (["stacks/Pulumi.sandbox.yaml", "stacks/Pulumi.example-production.yaml"], [], []),
        (["stacks/Pulumi.-x --issue.yaml", "stacks/Pulumi.dev.yaml.bak", "docs/Pulumi.dev.yaml"], [], []),
    ],
    ids=["changed", "another ending", "deleted", "no environments", "no stack files"],
)
def test_only_an_environment_can_be_gone(changed, there, expected):
    """An environment without any stack file is gone; sandbox, examples and what never was a stack are not missed."""
    assert touched.gone(changed, there) == expected


def test_help_says_what_counts():
    """The help says that only what was committed is a change, and what exit code 7 means."""
    said_so = " ".join(CliRunner().invoke(touched.command, ["--help"]).output.split())

    assert "what is not committed yet does not count" in said_so
    assert "7: a stack file that the change had is gone" in said_so


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

    assert json.loads(said("--base", base, "--json")) == {"stacks": [], "gone": []}


def test_without_base_every_environment_is_named_but_the_sandbox(repository):
    """Without a commit to compare with, all environments are named, none is said to be gone; the sandbox is none."""
    assert said("--json") == '{"stacks": ["dev", "production"]}\n'


@pytest.mark.parametrize(
    ("base", "fix"),
    [
        ("0123456789012345678901234567890123456789", "fetch-depth: 0"),
        ("main..main", "fetch-depth: 0"),
        ("HEAD:stacks", "fetch-depth: 0"),
        ("a word", "fetch-depth: 0"),
        ("--output=stolen", "--base origin/main"),
        ("--help", "--base origin/main"),
        ("-x", "--base origin/main"),
        ("", "--base origin/main"),
    ],
    ids=lambda value: value or "empty",
)
def test_unknown_base_is_a_failure_that_says_so(repository, base, fix):
    """What is no commit here ends with four parts in our words, not with those of git, and writes no file."""
    with pytest.raises(ConnectorError) as raised:
        touched.changed_files(base)

    assert fix in raised.value.fix
    assert "".join(raised.value.args).isprintable()
    assert [word for word in ("usage", "fatal", "ambiguous", "revision") if word in str(raised.value)] == []
    assert list(repository.glob("stolen*")) == []


def test_base_that_is_an_option_is_wrong_usage(repository):
    """An option taken for the commit is wrong usage: nothing is printed that a script could take for an answer."""
    done = CliRunner().invoke(touched.command, ["--base", "--help"])

    assert isinstance(done.exception, DeclarationError)
    assert done.stdout == ""


def test_folder_without_a_repository_is_said_in_the_words_of_git(tmp_path, monkeypatch):
    """Why git cannot tell anything at all stays in the message."""
    monkeypatch.setattr(touched, "PROJECT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    with pytest.raises(ConnectorError, match="not a git repository"):
        touched.changed_files("HEAD")


def test_name_that_would_be_an_option_is_refused(repository):
    """A stack file whose name a shell or a command could take for something else is refused."""
    (repository / "stacks/Pulumi.-x --issue.yaml").write_text("config: {}\n")

    with pytest.raises(DeclarationError, match="rename the file"):
        touched.environments()


def test_this_checkout_has_no_environment_of_its_own():
    """The committed stack files are the sandbox and an example, so no pipeline of the project needs a credential."""
    assert (ROOT / "stacks/Pulumi.sandbox.yaml").is_file()
    assert "sandbox" not in touched.environments()
