"""cyclr-connectors check, and what the command line itself promises."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import click
import pulumi
import pytest
from click.testing import CliRunner

from components.errors import AuthError, DeclarationError
from stacks import stack_file
from stacks.operations import main
from stacks.operations.check import command
from tests.unit.stacks.broken import CATALOGUE, Broken
from tests.unit.stacks.texts import CANARY, VALID, app, but


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder in which stack files are looked for."""
    monkeypatch.setattr(stack_file, "FOLDER", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write(folder):
    def write(text: str, stack: str = "staging") -> Path:
        file = folder / f"Pulumi.{stack}.yaml"
        file.write_text(text)
        return file

    return write


def check(*arguments: str):
    return CliRunner().invoke(command, arguments)


@pytest.mark.parametrize("broken", CATALOGUE.values(), ids=CATALOGUE)
def test_broken_file_exits_2_with_all_problems(write, broken: Broken):
    """A broken file ends with exit code 2, every problem on stdout, no traceback and no secret."""
    write(broken.text)

    ran = check("-s", "staging")

    assert ran.exit_code == 2
    assert isinstance(ran.exception, SystemExit)
    assert ran.stdout.count("\n  fix: ") == len(broken.problems)
    for key, words in broken.problems:
        assert key in ran.stdout
        assert words in ran.stdout
    assert CANARY not in ran.output
    assert "Traceback" not in ran.output


def test_problem_names_line_key_and_command(write):
    """A problem can be jumped to, and its command pasted."""
    write(but(("    account: acme-observation\n", "")))

    assert check("-s", "staging").stdout == (
        "Pulumi.staging.yaml:4: cyclr.account is missing\n"
        "  fix: run: pulumi config set -s staging --path cyclr.account ACCOUNT_ID\n"
        "staging: 1 problem.\n"
    )


def test_valid_file_exits_0_and_says_so(write):
    """A file without a problem gets exit code 0 and one line."""
    write(VALID)

    ran = check("-s", "staging")

    assert (ran.exit_code, ran.stdout) == (0, "staging: no problems in Pulumi.staging.yaml.\n")


def test_note_is_no_problem(write):
    """What cannot be judged is said, and does not fail the check."""
    write(VALID + "environment: [acme/staging]\n  \n" + "")
    write(but(("    account: acme-observation\n", "")) + "environment: [acme/staging]\n")

    ran = check("-s", "staging")

    assert ran.exit_code == 0
    assert "note: cyclr.account is missing, unless the imported environment supplies it" in ran.stdout


def test_several_stacks_are_checked_in_one_run(write):
    """A valid stack does not hide a broken one, whatever the order."""
    write(VALID)
    write(but(("account:", "acount:")), "production")

    assert check("-s", "staging", "-s", "production").exit_code == 2
    assert check("-s", "production", "-s", "staging").exit_code == 2


def test_json_is_one_document(write):
    """With --json stdout is one document with every problem, and the exit code stays."""
    write(app("appName: Acme"))

    ran = check("-s", "staging", "--json")

    assert ran.exit_code == 2
    assert json.loads(ran.stdout) == {
        "stacks": [
            {
                "stack": "staging",
                "file": "Pulumi.staging.yaml",
                "problems": [
                    {
                        "key": "connectors.facebook-marketing.appName",
                        "line": 16,
                        "what": "stands twice, first in line 15",
                        "fix": "take one of the two out",
                    }
                ],
                "notes": [],
            }
        ]
    }


def test_config_file_stands_for_the_stack_in_its_name(write, tmp_path):
    """A file elsewhere is checked as the stack that its name says, and its commands name the file."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    write(but(("account:", "acount:"))).rename(elsewhere / "Pulumi.sandbox.yaml")

    ran = check("--config-file", str(elsewhere / "Pulumi.sandbox.yaml"))

    assert ran.exit_code == 2
    assert "pulumi config set -s sandbox --config-file elsewhere/Pulumi.sandbox.yaml --path cyclr.account" in ran.stdout


def test_missing_stack_lists_those_that_have_a_file(write):
    """Without -s the error names the stacks to choose from, and no example."""
    write(VALID)
    write(VALID, "example-production")

    ran = check()

    assert ran.exit_code == 2
    assert "Stacks with a file in stacks/: staging." in ran.stderr


def test_unknown_stack_is_a_problem_with_the_known_ones(write):
    """A misspelt stack gets exit code 2 and the names there are."""
    write(VALID)

    ran = check("-s", "stagin")

    assert ran.exit_code == 2
    assert "does not exist" in ran.stdout
    assert "stacks with a file: staging" in ran.stdout


def test_one_file_is_not_two_stacks(write):
    """--config-file with two stacks is wrong usage."""
    assert check("-s", "a", "-s", "b", "--config-file", str(write(VALID))).exit_code == 2


def test_check_starts_without_the_engine():
    """`check` imports neither pulumi nor an HTTP library, so that it starts at once."""
    code = (
        "import sys; sys.argv = ['x', 'check', '-s', 'sandbox']\n"
        "from stacks.operations.main import main\n"
        "try: main()\n"
        "except SystemExit as end: print(end.code, [n for n in ('pulumi', 'requests', 'grpc') if n in sys.modules])"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.splitlines()[-1] == "0 []"


def run(monkeypatch, failure: BaseException | None = None, *, code: int | None = None) -> int:
    """Exit code of the entry point, with a command that fails in a given way."""

    @click.command("check")
    def broken() -> None:
        if failure:
            raise failure
        if code is not None:
            sys.exit(code)

    monkeypatch.setattr(main.LazyGroup, "get_command", lambda *_: broken)
    with pytest.raises(SystemExit) as end:
        main.main(["check"])
    return int(end.value.code or 0)


ERRORS = {
    "declaration": (DeclarationError("what", where="here", why="so", fix="that"), 2),
    "vendor": (AuthError("what", where="here", why="so", fix="that"), 1),
    "settings": (pulumi.RunError("what"), 2),
    "usage": (click.UsageError("what"), 2),
    "interrupted": (KeyboardInterrupt(), 130),
    "not confirmed": (click.Abort(), 1),
    "own code": (SystemExit(7), 7),
}


@pytest.mark.parametrize(("failure", "code"), ERRORS.values(), ids=ERRORS)
def test_failure_has_its_exit_code_and_no_traceback(monkeypatch, capsys, failure, code):
    """Every kind of failure has its exit code; nothing goes to stdout and no traceback anywhere."""
    assert run(monkeypatch, failure) == code

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err


def test_error_is_printed_with_its_four_parts(monkeypatch, capsys):
    """An error of ours is printed as it stands."""
    run(monkeypatch, ERRORS["declaration"][0])

    assert capsys.readouterr().err == "what\n  where: here\n  why:   so\n  fix:   that\n"


def test_interrupt_is_quiet(monkeypatch, capsys):
    """Ctrl-C prints nothing of its own."""
    run(monkeypatch, KeyboardInterrupt())

    assert capsys.readouterr().err.strip() == ""


def test_unexpected_failure_is_one_line_without_its_text(monkeypatch, capsys):
    """An unexpected exception is named by its type; its text may hold anything, so it is not printed."""
    monkeypatch.delenv(main.DEBUG, raising=False)

    assert run(monkeypatch, RuntimeError(CANARY)) == 1

    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert "RuntimeError" in printed
    assert f"{main.DEBUG}=1" in printed
    assert CANARY not in printed


def test_unexpected_failure_shows_details_on_demand(monkeypatch, capsys):
    """With the switch set, the traceback is there."""
    monkeypatch.setenv(main.DEBUG, "1")

    assert run(monkeypatch, RuntimeError("details")) == 1

    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_listed_command_is_there(name):
    """The list of commands is data; each entry leads to a command of that name with a help text."""
    module, _, attribute = main.COMMANDS[name].target.partition(":")

    found = getattr(importlib.import_module(module), attribute)

    assert isinstance(found, click.Command)
    assert found.name == name
    assert found.help


def test_help_lists_commands_without_importing_them():
    """The list of commands costs no import of a command."""
    code = (
        "import sys; from click.testing import CliRunner; from stacks.operations.main import group\n"
        "out = CliRunner().invoke(group, ['--help']).output\n"
        "print(*out.split(), [n for n in sys.modules if n in ('stacks.operations.status', 'pulumi', 'rich')])"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert all(name in ran.stdout for name in main.COMMANDS)
    assert ran.stdout.strip().endswith("[]")


def test_misspelt_command_names_the_nearest(capsys):
    """A misspelt command is wrong usage, and the nearest one is named."""
    with pytest.raises(SystemExit) as end:
        main.main(["chekc"])

    assert end.value.code == 2
    assert "the nearest one is check" in capsys.readouterr().err
