"""`cyclr-connectors status`: one look at an environment; nothing is written, at no vendor and not in the state."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from stacks import stack_file
from stacks.operations import options
from stacks.operations.engine import Engine
from stacks.operations.progress import progress
from stacks.operations.renderers import documents, terminal
from stacks.operations.sinks import stdout
from stacks.operations.summary import look
from stacks.operations.summary.verdict import exit_code


@click.command("status")
@options.stack
@options.as_json
@options.config_file
def command(stack: str, as_json: bool, config_file: Path | None) -> None:
    """Look once: what is set, what is not, what is left to do.

    Exit code 0: as declared and ready; 7: differences or open steps; 1: could not be observed; 2: wrong settings.
    """
    seen = take(stack, config_file)
    if as_json:
        stdout.document(documents.status_document(seen))
    else:
        stdout.text(terminal.status(seen))
    sys.exit(exit_code(seen))


def take(stack: str, config_file: Path | None) -> look.Look:
    """One look, with something to see on a terminal while it lasts.

    Raises: ConnectorError, when nothing was looked at.
    """
    with progress(f"Looking at {stack} ..."):
        sight = Engine(stack, config_file).look()
    return look.from_events(stack, sight.events, sight.state, stack_file.shown(config_file) if config_file else "")
