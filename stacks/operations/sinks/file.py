"""A text in a file, whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

from components.errors import ConnectorError

STDOUT = "-"


def write(target: str, text: str) -> None:
    """Put the text into the file, in one step; `-` is stdout, and what is no file (a pipe, a device) is written to.

    Raises: ConnectorError, when it cannot be written; what was there is left as it was.
    """
    if target == STDOUT:
        click.echo(text, nl=not text.endswith("\n"))
        return
    path = Path(target)
    content = text.encode("utf-8", "replace")
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(content)
        else:
            _replace(Path(os.path.realpath(path)), content)
    except OSError as error:
        raise ConnectorError(
            "The file cannot be written",
            where=target,
            why=error.strerror or type(error).__name__,
            fix="name a file in a folder that exists and that you may write in, or - for stdout",
        ) from None


def _replace(path: Path, content: bytes) -> None:
    """The fresh file has the rights of the one that it replaces."""
    fresh = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}")
    try:
        with fresh.open("xb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        if path.is_file():
            fresh.chmod(path.stat().st_mode & 0o777)
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
