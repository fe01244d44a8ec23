"""Pieces of text for a person at a terminal. Pure.

Never: markup or control characters out of a value, which may come from a vendor.
"""

from __future__ import annotations

import json
import textwrap
from typing import Any

from rich.text import Text

WIDTH = 79
"""Columns for prose; values and links are never broken, so that they can be copied."""


def value(found: Any) -> str:
    """A value as a person reads it."""
    if found is None:
        return "-"
    if isinstance(found, str):
        return clean(found) or '""'
    if isinstance(found, list) and all(isinstance(each, str) for each in found):
        return clean(", ".join(found)) or "(none)"
    return clean(json.dumps(found, ensure_ascii=False))


def clean(text: str) -> str:
    """The text without characters that a terminal would obey."""
    return "".join(each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}" for each in text)


def wrapped(text: str, indent: str) -> str:
    """Prose in lines of WIDTH columns; its own line breaks and blank lines go."""
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def line(text: str, style: str = "") -> Text:
    """A line of printable characters."""
    return Text(clean(text), style)
