"""Where a command's results and messages go: one document or text to stdout, progress to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console, RenderableType
from rich.text import Text


def document(content: dict[str, Any]) -> None:
    """One JSON document to stdout and nothing else."""
    click.echo(json.dumps(content, indent=2, ensure_ascii=False))


def text(lines: Iterable[RenderableType]) -> None:
    """Text to stdout; lines are not broken, so that values and links can be copied; tables fit the width."""
    console = Console(highlight=False)
    for line in lines:
        console.print(line, soft_wrap=isinstance(line, Text))


@contextmanager
def progress(message: str) -> Iterator[None]:
    """Says on stderr that something is going on: animated on a terminal, silent elsewhere."""
    console = Console(stderr=True, highlight=False)
    if not sys.stderr.isatty():
        yield
        return
    with console.status(message):
        yield
