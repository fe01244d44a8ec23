"""A comparison of environments as text for a terminal, as a document and as Markdown. Pure: the same rows in each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from stacks.operations.comparison.compared import Comparison
from stacks.operations.comparison.declared import NOT_KNOWN, Row
from stacks.operations.comparison.equalities import OUTSIDE
from stacks.operations.renderers import markdown
from stacks.operations.renderers.text import clean, line, value, wrapped

TITLES = {
    "unexplained": ("Different, and unexplained", "bold red"),
    "equal": ("Equal or local, and should not be", "bold red"),
    "by_design": ("Different by design", "bold"),
    "not_compared": ("Not compared", "bold"),
}
"""List -> its title; the first two are what there is to do."""

SIDE_BY_SIDE = 3
"""Environments that fit beside one another in 80 columns."""

LABELS = 28
"""Columns for the names of settings; a longer one goes on in the next line, after a dot."""
LONGEST_PART = 40
"""Columns that they get where one part of a name is longer; what is longer still is folded."""

_CONNECTORS = "connectors."


def terminal(comparison: Comparison) -> Iterator[RenderableType]:
    """One sentence, then a table of each list that has rows, with why each row is in it."""
    word, style = ("EXPLAINED", "bold green") if comparison.exit_code == 0 else ("TO EXPLAIN", "bold red")
    yield line(wrapped(f"{', '.join(comparison.environments)}:", ""), "bold")
    yield Text.assemble((word, style), f": {todo(comparison)}")
    yield line(beside(comparison), "dim")
    for of, (title, style) in TITLES.items():
        if rows := getattr(comparison, of):
            yield Text()
            yield Text.assemble((title, style), f" ({len(rows)})")
            yield from _rows(comparison.environments, rows)


def todo(comparison: Comparison) -> str:
    """What there is to explain, in numbers."""
    local = sum(row.why == OUTSIDE for row in comparison.equal)
    parts = [
        f"{len(comparison.unexplained)} unexplained",
        f"{len(comparison.equal) - local} equal that should not be",
        f"{local} of this machine outside the sandbox",
    ]
    return ", ".join(part for part in parts if not part.startswith("0 ")) or "nothing unexplained"


def beside(comparison: Comparison) -> str:
    """What there is beside it, in numbers."""
    return f"{len(comparison.by_design)} by design, {len(comparison.not_compared)} not compared"


def document(comparison: Comparison) -> dict[str, Any]:
    """`compare --json`."""
    rows = {of: [asdict(row) for row in getattr(comparison, of)] for of in TITLES}
    return {"environments": list(comparison.environments)} | {
        of: rows[of] for of in ("by_design", "unexplained", "equal", "not_compared")
    }


def page(comparison: Comparison) -> str:
    """Markdown: one sentence, then what there is to explain; what is by design, or not compared, is folded."""
    title = f"**{markdown.named(comparison.environments, most=20)}: {todo(comparison)}; {beside(comparison)}**"
    parts = [title]
    for of, (label, _) in TITLES.items():
        rows: Sequence[Row] = getattr(comparison, of)
        if rows and of in ("unexplained", "equal"):
            parts += [f"### {label}", _table(comparison.environments, rows)]
        elif rows:
            parts.append(markdown.folded(f"{label} ({len(rows)})", _table(comparison.environments, rows)))
    return "\n\n".join(parts) + "\n"


def _table(environments: Sequence[str], rows: Iterable[Row]) -> str:
    head = markdown.head("Setting", *map(markdown.code, environments), "Why")
    lines = [
        markdown.row([markdown.code(row.setting), *_cells(environments, row.values), markdown.escape(row.why)])
        for row in rows
    ]
    return "\n".join([head, *lines])


def _cells(environments: Sequence[str], values: Mapping[str, Any]) -> Iterator[str]:
    for name in environments:
        shown = values.get(name)
        plain = name not in values or shown == NOT_KNOWN
        yield ("" if name not in values else NOT_KNOWN) if plain else markdown.value(shown)


def _rows(environments: Sequence[str], rows: Sequence[Row]) -> Iterator[RenderableType]:
    """Side by side where that fits, else setting by setting; under each connector's name its own settings."""
    show = _side_by_side if len(environments) <= SIDE_BY_SIDE else _one_by_one
    yield from show(environments, rows)
    reasons: dict[str, list[str]] = {}
    for row in rows:
        reasons.setdefault(row.why, []).append(_name(row))
    for why, names in reasons.items():
        yield line(wrapped(f"  {', '.join(dict.fromkeys(names))}: {why}", "    "), "dim")


def _side_by_side(environments: Sequence[str], rows: Sequence[Row]) -> Iterator[RenderableType]:
    table = Table.grid(padding=(0, 2, 0, 0), expand=True, pad_edge=False)
    labels = [_label("  ", _connector(row)) + "\n" + _label("    ", _name(row)) for row in rows]
    longest = max(len(each) for label in labels for each in label.splitlines())
    table.add_column(width=min(longest, LONGEST_PART), overflow="fold")
    for _ in environments:
        table.add_column(ratio=1, overflow="fold")
    table.add_row("", *(Text(clean(name), "bold") for name in environments))
    for connector, group in groupby(sorted(rows, key=_connector), _connector):
        if connector:
            table.add_row(Text(_label("  ", connector)))
        for row in group:
            margin = "    " if connector else "  "
            table.add_row(Text(_label(margin, _name(row))), *(_cell(row, name) for name in environments))
    yield table


def _label(margin: str, name: str) -> str:
    """A name behind its margin; where it is too long, in lines that end after a dot."""
    lines = [margin]
    for part in re.findall(r"[^.]*\.|[^.]+", clean(name)):
        if len(lines[-1]) + len(part) > LABELS and lines[-1].strip():
            lines.append(margin + "  ")
        lines[-1] += part
    return "\n".join(lines)


def _one_by_one(environments: Sequence[str], rows: Sequence[Row]) -> Iterator[RenderableType]:
    for row in rows:
        yield line(f"  {row.setting}")
        shown: dict[str, list[str]] = {}
        for name in environments:
            if name in row.values:
                shown.setdefault(_cell(row, name).plain, []).append(name)
        for text, names in shown.items():
            yield line(wrapped(f"    {', '.join(names)}:", "      "), "dim")
            yield line(f"      {text}")


def _cell(row: Row, environment: str) -> Text:
    """What an environment has; nothing where the row does not concern it."""
    if environment not in row.values:
        return Text()
    shown = row.values[environment]
    if isinstance(shown, bool):
        return Text("true" if shown else "false")
    return Text("(not declared)" if shown is None else value(shown), "dim" if shown in (None, NOT_KNOWN) else "")


def _connector(row: Row) -> str:
    """The connector whose setting it is; empty for one of the environment, or the connector itself."""
    rest = row.setting.removeprefix(_CONNECTORS)
    return rest.partition(".")[0] if rest != row.setting and "." in rest else ""


def _name(row: Row) -> str:
    """The setting's name beneath that of its connector."""
    connector = _connector(row)
    return row.setting.removeprefix(f"{_CONNECTORS}{connector}.") if connector else row.setting
