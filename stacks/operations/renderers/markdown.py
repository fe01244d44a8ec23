"""Text and values from outside as Markdown that says what they say and does nothing else. Pure.

A service that shows Markdown makes more of a text than Markdown does: mentions, references to issues and commits, bare
links, emoji, formulas. All of that stops at code, so what could become one of them is shown as code.
Never:  HTML, a link, an image, a mention, another cell or the end of a fence out of a value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, urlsplit

NOTHING = "(none)"
LONGEST = 300
"""Characters of one value: about what a cell of a table can show."""
_SHOWN_BEFORE = 40
"""Characters shown before the first difference of two long values."""

_QUOTED = re.compile(r"`([^`]+)`")
_LIVELY = re.compile(r"://|www\.|@|:[\w+-]|#\d|GH-\d|\b[0-9a-f]{7,64}\b", re.IGNORECASE)
"""What a service makes something of: links, mentions, emoji (a colon of ours may end one), issues, commits."""
_AROUND = "\"'()[]{}<>.,;:!?"
_SPECIAL = re.compile(r"[\\`*_\[\]~$]")
_STARTS = re.compile(r"^(?:([-+=#:])|(\d+)([.)]))")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;"}


def clean(text: str) -> str:
    """Without characters that control something: a screen, the direction of a text, its width."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def escape(text: str) -> str:
    """Prose in one line. What it quotes in backticks, and every word that could come alive, is shown as code."""
    parts = _QUOTED.split(clean(text.replace("\n", " ")).strip())
    shown = ""
    for number, part in enumerate(parts):
        piece = code(part) if number % 2 else _prose(part)
        shown += f" {piece}" if shown.endswith("`") and piece.startswith("`") else piece
    return _STARTS.sub(lambda start: f"\\{start[1]}" if start[1] else f"{start[2]}\\{start[3]}", shown)


def _prose(text: str) -> str:
    """Prose without quotes: its lively words as code, the punctuation around them as prose."""
    return "".join(_word(word) if _LIVELY.search(word) else _plain(word) for word in re.split(r"(\s+)", text))


def _word(word: str) -> str:
    core = word.strip(_AROUND)
    before, _, after = word.partition(core)
    return f"{_plain(before)}{code(core)}{_plain(after)}"


def _plain(text: str) -> str:
    text = _SPECIAL.sub(lambda found: f"\\{found[0]}", text)
    return re.sub("[&<>|]", lambda found: _ENTITIES[found[0]], text)


def code(text: str) -> str:
    """A value to the letter, in one line, also within a table: its pipes stand between pieces of code."""
    return "&#124;".join(_span(piece) if piece else "" for piece in clean(text).split("|"))


def _span(text: str) -> str:
    ticks = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    pad = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    if not text.strip(" "):
        pad = ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def value(found: Any) -> str:
    """A setting's value as code, a long one cut, with its length; `(none)` where there is none."""
    text = _text(found)
    return _cut(text, 0) if text else NOTHING


def pair(before: Any, after: Any) -> tuple[str, str]:
    """Two values as code. Of long ones, the places where they differ."""
    one, other = _text(before), _text(after)
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    skipped = max(0, same - _SHOWN_BEFORE) if max(len(one), len(other)) > LONGEST else 0
    return _cut(one, skipped) if one else NOTHING, _cut(other, skipped) if other else NOTHING


def _text(found: Any) -> str:
    if found is None:
        return ""
    if isinstance(found, str):
        return found or '""'
    if isinstance(found, list) and all(isinstance(each, str) for each in found):
        return ", ".join(found)
    return json.dumps(found, ensure_ascii=False)


def _cut(text: str, start: int) -> str:
    """The part of a text from a place on, with what was left out on both sides."""
    if len(text) <= LONGEST:
        return code(text)
    part = text[start : start + LONGEST]
    left, right = ("… " if start else ""), (" …" if start + LONGEST < len(text) else "")
    return f"{left}{code(part)}{right} ({len(text)} characters in all)"


def link(label: str, url: str) -> str:
    """A link, or the address as code where it is none that a person should follow: not http(s), or with a user name."""
    if not is_link(url):
        return f"{escape(label)}: {code(url)}" if url else escape(label)
    address = quote(url, safe="%/:?#=&,;+~@-._", errors="replace").replace("&", "&amp;")
    return f"[{escape(label)}](<{address}>)"


def is_link(url: str) -> bool:
    """Whether a browser may be sent there."""
    try:
        parts = urlsplit(url)  # which reads over spaces before and newlines within
        return (
            url.startswith(("https://", "http://"))
            and bool(parts.hostname)
            and "@" not in parts.netloc
            and parts.port != 0
        )
    except ValueError:
        return False


def fence(text: str, language: str = "text") -> str:
    """Lines as they are, in a fence longer than any in them."""
    lines = "\n".join(clean(line) for line in text.replace("\r\n", "\n").split("\n")).strip("\n")
    ticks = "`" * max(3, 1 + max(map(len, re.findall("`+", lines)), default=0))
    return f"{ticks}{language}\n{lines}\n{ticks}"


def folded(summary: str, content: str) -> str:
    """Content behind a line that opens it; what is in it is Markdown again."""
    return f"<details><summary>{_plain(clean(summary))}</summary>\n\n{content}\n\n</details>"


def row(cells: Iterable[str]) -> str:
    """One row of a table; the cells are Markdown of this module."""
    return f"| {' | '.join(cells)} |"


def head(*titles: str) -> str:
    """The first two rows of a table."""
    return "\n".join((row(titles), row("---" for _ in titles)))


def named(names: Iterable[str], most: int = 3) -> str:
    """Names as code, the first few of many; long ones cut."""
    known = [code(name if len(name) <= _SHOWN_BEFORE else name[: _SHOWN_BEFORE - 1] + "…") for name in names]
    shown = list(_some(known, most))
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else ""


def _some(names: list[str], most: int) -> Iterator[str]:
    yield from names if len(names) <= most + 1 else names[:most]
    if len(names) > most + 1:
        yield f"{len(names) - most} more"
