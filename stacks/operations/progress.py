"""What a person at a terminal sees while something lasts; elsewhere nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


@contextmanager
def progress(message: str) -> Iterator[None]:
    """Says on stderr that something is going on: animated on a terminal, silent elsewhere."""
    console = Console(stderr=True, highlight=False)
    if not sys.stderr.isatty():
        yield
        return
    with console.status(message):
        yield
