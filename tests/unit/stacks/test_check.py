"""cyclr-connectors check: every problem of a stack file at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from stacks import stack_file
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


def test_named_stack_wins_over_the_name_of_the_file(write):
    """With -s the commands are for that stack and name the file, whatever it is called."""
    file = write(but(("account:", "acount:")))

    ran = check("-s", "production", "--config-file", str(file))

    assert "pulumi config set -s production --config-file Pulumi.staging.yaml --path" in ran.stdout


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


def test_file_of_a_qualified_stack_is_named_by_its_last_part(write):
    """A stack named with organisation and project has the file that the CLI takes for it."""
    write(VALID)

    assert check("-s", "acme/cyclr-connectors/staging").exit_code == 0
