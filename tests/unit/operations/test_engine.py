"""The environment of a run, and what a failed one means."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from pulumi.automation.events import EngineEvent

from components.errors import AuthError, ConnectorError, DeclarationError
from stacks import cloud
from stacks.cloud import AT_AWS
from stacks.operations import failures
from stacks.operations.engine import Engine, environment
from tests.unit.operations.policies import declared as at_aws

HOME = "PULUMI_HOME"
BACKEND = "PULUMI_BACKEND_URL"
PHRASE = "PULUMI_CONFIG_PASSPHRASE"


def test_environment_gives_the_sandbox_everything_it_needs(tmp_path: Path):
    """Backend, home and passphrase of stack sandbox are in the checkout's ignored folder, and the backend is there."""
    env = environment("sandbox", {"PATH": "/usr/bin"}, tmp_path)

    assert env[BACKEND] == f"file://{tmp_path}/.pulumi/state"
    assert env[HOME] == f"{tmp_path}/.pulumi/home"
    assert env[PHRASE] == "sandbox"
    assert (tmp_path / ".pulumi" / "state").is_dir()


def test_environment_gives_other_stacks_no_backend(tmp_path: Path):
    """A real environment is never looked for in a folder here, nor opened with a public passphrase."""
    env = environment("production", {"PATH": "/usr/bin"}, tmp_path)

    assert not {BACKEND, HOME, PHRASE} & set(env)
    assert env["PULUMI_RUN_PROGRAM"] == "true"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "value"), [(BACKEND, "s3://mine"), (HOME, "/mine"), (PHRASE, "mine"), ("PULUMI_RUN_PROGRAM", "false")]
)
def test_environment_keeps_what_the_user_set(tmp_path: Path, name: str, value: str):
    """A default never replaces a setting of the user."""
    assert environment("sandbox", {"PATH": "/usr/bin", name: value}, tmp_path)[name] == value


def test_environment_leaves_a_passphrase_file_alone(tmp_path: Path):
    """With a passphrase file no passphrase is set, which would win over it."""
    assert PHRASE not in environment("sandbox", {"PATH": "", "PULUMI_CONFIG_PASSPHRASE_FILE": "/p"}, tmp_path)


@pytest.mark.parametrize("path", ["/usr/bin:/bin", "", ":/usr/bin:"])
def test_environment_puts_our_python_first(tmp_path: Path, path: str):
    """The first python3 on PATH is the one with our packages, and no empty part lets the working folder in."""
    parts = environment("x", {"PATH": path}, tmp_path)["PATH"].split(os.pathsep)

    assert parts[0] == str(Path(sys.prefix) / "bin")
    assert "" not in parts


def test_engine_without_cli_says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A missing CLI ends in the command that provides one."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    with pytest.raises(ConnectorError, match="make setup"):
        Engine("x", folder=tmp_path, user={"PATH": str(tmp_path)}).run("version")


@pytest.mark.parametrize(
    ("version", "good"), [("v3.215.9", False), ("v3.216.0", True), ("3.274.1-dev.0", True), ("?", False)]
)
def test_engine_refuses_an_old_cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, good: bool):
    """A CLI older than the first with everything that is needed is named with its version."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    cli = tmp_path / "pulumi"
    cli.write_text(f"#!/bin/sh\necho '{version}'\n")
    cli.chmod(cli.stat().st_mode | stat.S_IXUSR)
    engine = Engine("x", folder=tmp_path, user={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    if good:
        assert engine.version.major == 3
    else:
        with pytest.raises(ConnectorError, match="too old"):
            _ = engine.version


@pytest.mark.parametrize(
    ("stderr", "what", "kind"),
    [
        ("error: no stack named 'dev' found", "There is no stack dev", failures.NoStack),
        ("error: get stack secrets manager: incorrect passphrase", "does not open", ConnectorError),
        ("error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE", "need a passphrase", ConnectorError),
        ("error: the stack is currently locked by 1 lock(s). Either wait", "Another update", ConnectorError),
        ("error: [409] Conflict: Another update is currently in progress.", "Another update", ConnectorError),
        ("error: PULUMI_ACCESS_TOKEN must be set for login", "Nobody is logged in", ConnectorError),
        ("error: unable to open state directory \"file:///x\"", "cannot be reached", ConnectorError),
        ("error: invalid YAML config file: yaml: line 6", "cannot read the settings", DeclarationError),
        ("Traceback (most recent call last):\n  File \"x\"\nKeyError: 'x'", "engine failed", ConnectorError),
        ("", "engine failed", ConnectorError),
    ],
)  # fmt: skip
def test_failure_of_a_command_is_explained(stderr: str, what: str, kind: type[ConnectorError]):
    """What the CLI prints becomes four parts: what it means, where, the CLI's own words, what to do."""
    error = failures.of_command("dev", None, stderr)

    assert type(error) is kind
    assert what in error.what
    assert error.fix
    assert error.why
    assert "Traceback" not in str(error)


def test_settings_problem_names_the_file_that_was_used():
    """With another stack file the error names that one."""
    error = failures.of_command("dev", Path("/x/y.yaml"), "error: invalid YAML config file")

    assert error.where == "/x/y.yaml"


@pytest.mark.parametrize(("access", "ending"), [(True, '&context_stack=dev"'), (False, "stack init acme/dev")])
def test_missing_stack_is_made_with_its_declared_key(tmp_path: Path, access: bool, ending: str):
    """Without its key the CLI would take a passphrase, and the policies would be of no use for the stack."""
    aws = at_aws.bare("dev") if access else None
    file = at_aws.write(tmp_path, "dev", at_aws.content("dev", aws, "env:APP", "env:CYCLR"))
    fix = failures.of_command("acme/dev", file, "error: no stack named 'acme/dev' found").fix

    assert fix.endswith(ending)
    assert (f'--secrets-provider "awskms:///{at_aws.STATE_KEY}?region=eu-west-1&' in fix) is access


@pytest.mark.parametrize(
    ("stderr", "what"),
    [
        ("error: read \".pulumi/meta.yaml\": ... api error ExpiredToken: The token has expired.", "credentials"),
        ("error: ... failed to refresh cached credentials, no EC2 IMDS role found", "credentials"),
        ("error: could not list bucket: ... api error AccessDenied: Access Denied", "refuses this run the state"),
        ("error: secrets (code=Unknown): ... AccessDeniedException: ... kms:Decrypt", "or the key of its secrets"),
        ("error: secrets (code=FailedPrecondition): ... DisabledException: arn is disabled.", "cannot be used"),
        ("error: ... KMSInvalidStateException: key is pending deletion", "cannot be used"),
        ("error: ... operation error KMS: Decrypt, exceeded maximum number of attempts, 3", "cannot be reached"),
        ("error: ... operation error S3: GetObject, StatusCode: 0, request send failed, Get", "cannot be reached"),
        ("error: corrupt store: unmarshal \".pulumi/meta.yaml\": yaml: unmarshal errors:", "no usable answer"),
    ],
)  # fmt: skip
def test_failure_of_the_state_at_aws_is_explained(stderr: str, what: str):
    """Where AWS keeps state and key, its refusals are told as what they are, with what to do."""
    error = failures.of_command("dev", None, stderr)

    assert type(error) is ConnectorError
    assert what in error.what
    assert error.fix


def diagnostic(text: str, urn: str = "") -> EngineEvent:
    """An error that the engine tells."""
    event = {"message": text, "severity": "error", "color": "never", **({"urn": urn} if urn else {})}
    return EngineEvent.from_json({"sequence": 1, "timestamp": 1, "diagnosticEvent": event})


def test_program_that_aws_stopped_is_no_wrong_declaration():
    """A secret that cannot be asked for is a look that was not taken, not a stack file to mend."""
    told = AuthError("AWS refuses it", where="cyclr.clientSecret", why="it may not", fix="allow it")
    error = failures.of_look("dev", None, [diagnostic(f"{AT_AWS}{told}")], "")

    assert type(error) is ConnectorError
    assert str(error) == str(told)


def test_program_that_lacks_the_packages_for_aws_says_so_first():
    """No stack file mends a package that is missing: the error is the program's own, whatever else it printed."""
    ended = cloud._no_packages(SimpleNamespace(environment="dev"))
    error = failures.of_look("dev", None, [diagnostic("something else"), diagnostic(str(ended))], "")

    assert type(error) is ConnectorError
    assert error.what == "The packages for AWS are not installed"
    assert error.fix.startswith("run: make setup AWS=yes")


def test_program_that_ends_with_a_declaration_error_tells_it_whole():
    """A wrong declaration that only the program can see has its own four parts, and they are the ones told."""
    told = DeclarationError("The name is taken", where="aws.secrets", why="it carries no mark", fix="use another one")
    error = failures.of_look("dev", None, [diagnostic(str(told))], "")

    assert type(error) is DeclarationError
    assert str(error) == str(told)


def test_program_that_refuses_its_settings_is_a_wrong_declaration():
    """Everything else that the program ends with is for the stack file."""
    error = failures.of_look("dev", None, [diagnostic("The settings of dev have 1 problem")], "")

    assert type(error) is DeclarationError


def test_credentials_that_aws_does_not_take_are_no_wrong_declaration():
    """The plugin reports them as a problem of its settings, which the stack file cannot mend."""
    urn = "urn:pulumi:dev::cyclr-connectors::pulumi:providers:aws::aws"
    said = diagnostic("pulumi:providers:aws resource 'aws' has a problem: No valid credential sources found", urn)

    assert failures.of_look("dev", None, [said], "") is None
