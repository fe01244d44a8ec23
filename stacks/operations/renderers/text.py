"""Pieces of text for a person at a terminal, or in the log of a job. Pure.

Never: markup, control characters or a command to the runner of a job out of a value, which may come from a vendor.
"""

from __future__ import annotations

import json
import re
import textwrap
from typing import Any

from rich.text import Text

WIDTH = 79
"""Columns for prose; values and links are never broken, so that they can be copied."""
BREAK = "\N{SYMBOL FOR NEWLINE}"
"""Stands for the end of a line within a value: nobody but us begins a line."""

_COMMAND = re.compile(r"^[^\S\n]*:(?=:)|##(?=\[)", re.MULTILINE)
"""What the runner of a job takes for an order to it: a line that begins with two colons, or `##[` anywhere."""


def value(found: Any) -> str:
    """A value as a person reads it, on one line."""
    if found is None:
        return "-"
    if isinstance(found, str):
        return inline(found) or '""'
    if isinstance(found, list) and all(isinstance(each, str) for each in found):
        return inline(", ".join(found)) or "(none)"
    return inline(json.dumps(found, ensure_ascii=False))


def inline(text: str) -> str:
    """A text that stays on its line."""
    return clean(text.replace("\r\n", "\n").replace("\n", BREAK))


def clean(text: str) -> str:
    """The text without characters that a terminal, and without words that the runner of a job would obey."""
    printable = "".join(each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}" for each in text)
    return _COMMAND.sub(lambda found: f"{found[0]} ", printable)


def wrapped(text: str, indent: str) -> str:
    """Prose in lines of WIDTH columns; its own line breaks and blank lines go."""
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def line(text: str, style: str = "") -> Text:
    """A line of printable characters."""
    return Text(clean(text), style)
