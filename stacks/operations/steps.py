"""`cyclr-connectors steps`: what is open, as a checklist to work through; one look, nothing is written."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from stacks.operations import options
from stacks.operations.renderers import documents, terminal
from stacks.operations.sinks import stdout
from stacks.operations.status import take
from stacks.operations.summary.verdict import exit_code


@click.command("steps")
@options.stack
@options.as_json
@options.config_file
def command(stack: str, as_json: bool, config_file: Path | None) -> None:
    """List only what a person still has to set, in the order in which it can be done.

    Exit codes as for status.
    """
    seen = take(stack, config_file)
    if as_json:
        stdout.document(documents.steps_document(seen))
    else:
        stdout.text(terminal.steps(seen))
    sys.exit(exit_code(seen))
