"""`cyclr-connectors steps`: what is open, as a checklist to work through; one look, nothing is written."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from stacks.operations import options, output, render, terminal
from stacks.operations.status import take


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
        output.document(render.steps_document(seen))
    else:
        output.text(terminal.steps(seen))
    sys.exit(render.exit_code(seen))
