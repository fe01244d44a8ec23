"""The command `cyclr-connectors policies`."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from components.errors import DeclarationError
from tests.unit.operations.policies import declared

FULL = declared.content("staging", declared.full("staging"))


def test_readable_output_explains_what_a_role_may(tmp_path):
    """Without an option it says in words who takes a role, what it may do and what it is kept from."""
    done = declared.run(tmp_path, "staging", FULL, "--role", "preview")

    assert done.exit_code == 0
    assert "repo:acme/connectors:pull_request" in done.stdout
    assert "ReadState           read the state of this environment" in done.stdout
    assert done.stdout.index("  never\n") < done.stdout.index("NeverReadValues")
    assert "drift:" not in done.stdout


def test_subject_that_means_several_runs_is_marked(tmp_path):
    """Whoever reads the policies sees which subject is a pattern."""
    done = declared.run(tmp_path, "staging", FULL, "--role", "drift")

    assert "sub repo:acme/connectors:ref:refs/heads/* (pattern)\n" in done.stdout
    assert "sub repo:acme/connectors:environment:look\n" in done.stdout


def test_json_is_one_document(tmp_path):
    """--json prints every role's trust and permissions and nothing else."""
    found = json.loads(declared.run(tmp_path, "staging", FULL, "--json").stdout)

    assert found["stack"] == "staging"
    assert {role: list(kinds) for role, kinds in found["roles"].items()} == {
        role: ["trust", "permissions"] for role in ("preview", "deploy", "drift")
    }


def test_files_hold_the_documents_and_a_second_run_leaves_them(tmp_path):
    """--out writes a file a document, says which, and touches none that is as it should be."""
    first = declared.run(tmp_path, "staging", FULL, "--out", str(tmp_path / "new" / "out"))
    second = declared.run(tmp_path, "staging", FULL, "--out", str(tmp_path / "new" / "out"))
    files = sorted((tmp_path / "new" / "out").iterdir())

    assert [file.name for file in files] == [
        f"staging-{role}-{kind}.json" for role in ("deploy", "drift", "preview") for kind in ("permissions", "trust")
    ]
    assert (first.stdout.count(": written"), second.stdout.count(": as it was")) == (6, 6)
    assert json.loads(files[0].read_text()) == declared.documents(tmp_path, "staging", FULL)["deploy"]["permissions"]


def test_file_that_was_edited_is_written_again(tmp_path):
    """A document on disk that differs from the declaration is put right."""
    declared.run(tmp_path, "staging", FULL, "--out", str(tmp_path), "--role", "drift")
    edited = tmp_path / "staging-drift-trust.json"
    text = edited.read_text()
    edited.write_text(text.replace("acme/connectors", "acme/*"))
    done = declared.run(tmp_path, "staging", FULL, "--out", str(tmp_path), "--role", "drift")

    assert edited.read_text() == text
    assert (done.stdout.count(": written"), done.stdout.count(": as it was")) == (1, 1)


@pytest.mark.parametrize("aws", [None, {"account": declared.ACCOUNT, "region": declared.REGION}], ids=["none", "some"])
def test_missing_access_names_the_commands_that_set_it(tmp_path, aws):
    """Without `aws.access` nothing is made, and the error has every command that is needed, ready to be pasted."""
    secrets = ("env:APP_SECRET", "env:CYCLR_CLIENT_SECRET")
    error = declared.run(tmp_path, "staging", declared.content("staging", aws, *secrets)).exception

    assert isinstance(error, DeclarationError)
    assert "staging" in error.what
    assert "aws.access" in error.where
    assert error.fix.count("--path aws.access.state") == 2
    assert error.fix.count("'aws.access.subjects.") == 3
    assert ("--type string aws.account" in error.fix) is (aws is None)


def test_file_with_problems_makes_nothing(tmp_path):
    """A stack file with problems is refused as a whole, with the problem and the command that shows all."""
    broken = declared.content("staging", declared.full("staging", region="nowhere"))
    done = declared.run(tmp_path, "staging", broken, "--out", str(tmp_path / "out"))

    assert isinstance(done.exception, DeclarationError)
    assert "aws.region" in done.exception.why
    assert "cyclr-connectors check -s staging" in done.exception.fix
    assert not (tmp_path / "out").exists()


def test_name_with_a_wildcard_is_refused(tmp_path):
    """A stack's name cannot widen a policy to the environments of others."""
    done = declared.run(tmp_path, "*", FULL)

    assert done.exit_code == 2
    assert "letters, digits" in done.output


def test_policy_that_aws_would_not_take_is_refused(tmp_path):
    """A document beyond AWS's limit is an error that says how long it is, not a file that fails later."""
    secrets = {
        f"staging/{'long-' * 12}{n}": {"readers": [f"arn:aws:iam::{declared.ACCOUNT}:role/r"]} for n in range(40)
    }
    error = declared.run(
        tmp_path, "staging", declared.content("staging", declared.full("staging", secrets=secrets))
    ).exception

    assert isinstance(error, DeclarationError)
    assert "10240" in error.why
    assert "fewer secrets" in error.fix


def test_folder_that_cannot_be_made_is_named(tmp_path):
    """A file in the way of the folder is an error with its name, and nothing is printed as written."""
    (tmp_path / "taken").write_text("")
    done = declared.run(tmp_path, "staging", FULL, "--out", str(tmp_path / "taken" / "out"))

    assert "taken" in str(done.exception)
    assert done.stdout == ""


def test_command_needs_no_engine_and_no_library_of_aws(tmp_path):
    """It reads one file: neither the SDK, nor boto3, nor pulumi_aws is imported for it."""
    path = declared.write(tmp_path, "staging", FULL)
    program = (
        "import sys; from click.testing import CliRunner; from stacks.operations.policies.command import command;"
        f"done = CliRunner().invoke(command, ['-s', 'staging', '--config-file', {str(path)!r}]);"
        "print(done.exit_code, sorted({'pulumi', 'boto3', 'botocore', 'pulumi_aws', 'requests'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "0 []"
