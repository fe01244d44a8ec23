"""A command's results on stdout: one document, or text."""

from __future__ import annotations

import json
from collections.abc import Iterable
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
