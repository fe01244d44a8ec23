"""A document in blocks, shortened by importance until it fits. Pure.

Blocks are dropped whole, or item by item from their end, so nothing is ever cut within a fence, a tag or a cell.
Units:  characters as a service counts them, in the larger of the two ways: UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum


class Rank(IntEnum):
    """What goes first when there is too much. The last one stays."""

    DIFF = 0
    QUIET = 1
    NOTICES = 2
    STEPS = 3
    ROWS = 4
    ERRORS = 5
    PLACE = 6
    DANGERS = 7
    VERDICT = 8
    NOTE = 9


@dataclass(frozen=True)
class Block:
    """One piece of a document: a head, and items that can be left out from the end."""

    rank: Rank
    head: str
    items: tuple[str, ...] = ()
    """Lines that follow the head."""
    noun: str = ""
    """What the items are, in the plural."""
    short: str = ""
    """Says the same in less; empty: the block can be left out."""
    row: str = ""
    """How a line looks that says how many items were left out, `{}` for the text."""
    left_out: int = 0
    gone: bool = False

    @property
    def text(self) -> str:
        """The block as it stands in the document."""
        if self.gone:
            return self.short
        more = f"… and {self.left_out} more {self.noun}".strip()
        rest = [(self.row or "- {}").format(more)] if self.left_out else []
        return "\n".join((*([self.head] if self.head else []), *self.items, *rest))


def units(text: str) -> int:
    """Characters in UTF-16 units: never fewer than code points."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def document(blocks: Sequence[Block]) -> str:
    """The blocks one after the other, and a line end."""
    return "\n\n".join(each.text for each in blocks if each.text) + "\n"


def shorten(blocks: Sequence[Block], limit: int | None, full_text: str = "") -> str:
    """The document within `limit` characters. A shortened one says so, and where all of it is, behind its first block.

    Blocks of the same rank are shortened from the last one on.
    """
    text = document(blocks)
    if limit is None or units(text) <= limit:
        return text
    note = Block(Rank.NOTE, f"**Shortened** to what matters most. {full_text}".strip(), short="**Shortened.**")
    kept = [*blocks[:1], note, *blocks[1:]]
    size = units(document(kept))
    order = sorted(range(len(kept)), key=lambda at: (kept[at].rank, -at))
    for at in order:
        if size <= limit:
            break
        before = units(kept[at].text)
        kept[at] = _shortened(kept[at], size - limit)
        after = units(kept[at].text)
        size += after - before - (0 if after else 2 if before else 0)
    for at in order:
        if size > limit and kept[at].rank < Rank.VERDICT:
            size -= units(kept[at].text) + 2 if kept[at].text else 0
            kept[at] = replace(kept[at], short="", gone=True)
    shortest = document(kept)
    return shortest if units(shortest) <= limit else ""


def _shortened(block: Block, excess: int) -> Block:
    """The block with as many items as leave room, or none of it."""
    saved, reserve = 0, units((block.row or "- {}").format(f"… and {len(block.items)} more {block.noun}")) + 1
    for kept in range(len(block.items) - 1, 0, -1):
        saved += units(block.items[kept]) + 1
        if saved - reserve >= excess:
            return replace(block, items=block.items[:kept], left_out=block.left_out + len(block.items) - kept)
    return replace(block, gone=True)
