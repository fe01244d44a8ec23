"""The command cyclr-connectors itself: its list of commands, its exit codes, and how failures are told."""

from __future__ import annotations

import importlib
import signal
import subprocess
import sys

import click
import pulumi
import pytest

from components.errors import AuthError, DeclarationError
from stacks.operations import main

SECRET = "5a5ad0b0c0de5a5ad0b0c0de5a5ad0b0"


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

    assert run(monkeypatch, RuntimeError(SECRET)) == 1

    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert "RuntimeError" in printed
    assert f"{main.DEBUG}=1" in printed
    assert SECRET not in printed


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


@pytest.mark.parametrize("printing", ["text(Text(str(n)) for n in range(99999))", "document({'n': 'x' * 999999})"])
def test_reader_that_has_seen_enough_changes_no_exit_code(printing):
    """`| head` ends the printing alone: what the command does after it is done, and its exit code is its own."""
    code = (
        "import sys; from rich.text import Text; from stacks.operations.sinks.stdout import document, text\n"
        f"{printing}; print('done', file=sys.stderr); sys.exit(7)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()

    assert (process.returncode, said) == (7, b"done\n")


def test_a_command_in_the_background_has_its_runs_end_at_once(monkeypatch):
    """A shell has a background command ignore SIGINT; runs of the engine must not inherit that."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        run(monkeypatch, None)

        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
