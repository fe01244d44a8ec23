"""A command's results on stdout: one document, or text."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

import click
from rich.console import Console, RenderableType
from rich.text import Text


def document(content: dict[str, Any]) -> None:
    """One JSON document to stdout and nothing else."""
    try:
        click.echo(json.dumps(content, indent=2, ensure_ascii=False))
    except BrokenPipeError:
        _nobody_reads()


def text(lines: Iterable[RenderableType]) -> None:
    """Text to stdout; lines are not broken, so that values and links can be copied; tables fit the width."""
    console = _Stdout(highlight=False)
    for line in lines:
        console.print(line, soft_wrap=isinstance(line, Text))


class _Stdout(Console):
    """A reader that has seen enough ends neither the command nor its exit code."""

    def on_broken_pipe(self) -> None:
        _nobody_reads()


def _nobody_reads() -> None:
    """What is still printed goes nowhere, and Python, which prints what is left at its end, finds no broken pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
