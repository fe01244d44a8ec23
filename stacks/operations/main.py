"""The command `cyclr-connectors`: finds a command, and turns every failure into words and an exit code.

Exit codes of every command: 0 as declared and ready; 7 differences or open steps; 1 could not be observed; 2 wrong
usage or settings; 130 interrupted.
Never: import a command to list it; `check` must not pay for the engine.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import traceback
from typing import NamedTuple

import click

from components.errors import ConnectorError, DeclarationError
from stacks.mending import nearest

DEBUG = "CYCLR_CONNECTORS_DEBUG"
"""Set to anything, it makes an unexpected failure print its traceback."""

UNOBSERVED, WRONG, INTERRUPTED = 1, 2, 130


class Entry(NamedTuple):
    """One command: where it is, and what the list says of it."""

    target: str
    """module:attribute"""
    help: str


COMMANDS = {
    "check": Entry("stacks.operations.check:command", "Every problem of a stack file at once; no network."),
    "status": Entry("stacks.operations.status:command", "One look: what is set, what is not, what is left to do."),
    "steps": Entry("stacks.operations.steps:command", "Only what a person still has to set, in order."),
    "preview": Entry("stacks.operations.preview:command", "What the next update would change, for a review."),
    "drift": Entry("stacks.operations.drift:command", "What differs from the declaration, for a scheduled run."),
    "compare": Entry("stacks.operations.compare:command", "Environments side by side, from their stack files."),
    "authorize": Entry(
        "stacks.operations.authorize:command", "The one-time link for the consent that proves the secret."
    ),
    "attest": Entry("stacks.operations.attest:command", "Write down what a person has seen at a vendor, for review."),
    "recover": Entry("stacks.operations.recover:command", "Take away what a killed update left behind."),
    "policies": Entry(
        "stacks.operations.policies.command:command", "Policy documents for the roles that run this at AWS."
    ),
    "touched": Entry("stacks.operations.touched:command", "The environments that a change in the repository touches."),
    "scan": Entry("stacks.operations.scan:command", "Secrets that stand in a stack file for everybody to read."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, without an import."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry.target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first argument names, or the one that it probably meant."""
        if args and args[0] not in COMMANDS and (near := nearest(args[0], COMMANDS)):
            ctx.fail(f"No such command {args[0]!r}; the nearest one is {near}.")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list, from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def group() -> None:
    """What people and CI run around `pulumi`: check, look, consent, attest, recover.

    Exit codes: 0 as declared and ready; 7 differences or open steps; 1 could not be observed; 2 wrong usage or
    settings.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run one command and end the process with its exit code; no failure reaches the user as a traceback."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # So a shell starts a command in the background. The engine ends its plugins by SIGINT, and would wait five
        # seconds for those that have learnt from it to ignore it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        code = group.main(arguments, prog_name="cyclr-connectors", standalone_mode=False)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show()
        return WRONG
    except click.Abort as abort:
        return _aborted(abort)
    except KeyboardInterrupt:
        return INTERRUPTED
    except ConnectorError as error:
        click.echo(str(error), err=True)
        return WRONG if isinstance(error, DeclarationError) else UNOBSERVED
    except Exception as error:  # noqa: BLE001 - the top: whatever it is, a user gets words and an exit code
        return _unexpected(error)
    return code if isinstance(code, int) else 0


def _aborted(abort: click.Abort) -> int:
    if isinstance(abort.__cause__ or abort.__context__, KeyboardInterrupt):
        return INTERRUPTED
    click.echo("Not confirmed: nothing was done.", err=True)
    return UNOBSERVED


def _unexpected(error: Exception) -> int:
    # pulumi.RunError is how settings are refused; whoever raised it has imported pulumi.
    pulumi = sys.modules.get("pulumi")
    if pulumi is not None and isinstance(error, pulumi.RunError):
        click.echo(str(error), err=True)
        return WRONG
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    else:
        kind = type(error).__name__
        click.echo(
            f"Unexpected {kind}: a fault of this program. For the details run it again with {DEBUG}=1.", err=True
        )
    return UNOBSERVED
