"""Writes and removes one attestation in the text of a stack file; every other character stays as it is.

The text is edited at the positions that the YAML parser gives: a dump of the document would move spaces and quotes.
Raises: ValueError, when the place is written in a way that cannot be edited.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from ruamel.yaml import YAML
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node

from stacks.settings_rules import PROJECT

_KEY = "attestations"
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9@_./+-]*(:[A-Za-z0-9@_./+-]+)*")
_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
Entry = tuple[Node, Node]


def attest(text: str, connector: str, key: str, entry: Mapping[str, str]) -> str:
    """The text with the attestation `key` of a connector, which replaces an earlier one."""
    line = f"{key}: {_flow(entry)}"
    declared = _connector(text, connector)
    group = _entry(declared, _KEY)
    if group is None:
        return _add(text, declared, line, _KEY)
    earlier = _entry(group[1], key)
    if earlier:
        return _replace(text, earlier[0].start_mark.index, _end(text, earlier), line)
    if isinstance(group[1], MappingNode) and group[1].value:
        return _add(text, group[1], line)
    return _replace(text, group[0].end_mark.index, _end(text, group), f": {{{line}}}")


def remove(text: str, connector: str, key: str) -> str:
    """The text without the attestation `key` of a connector, and without the group that it leaves empty."""
    declared = _connector(text, connector)
    group = _entry(declared, _KEY)
    entry = _entry(group[1], key) if group and isinstance(group[1], MappingNode) else None
    if group is None or entry is None:
        return text
    holder, leaving = (declared, group) if len(group[1].value) == 1 else (group[1], entry)
    assert isinstance(holder, MappingNode)
    start, end = leaving[0].start_mark.index, _end(text, leaving)
    if not holder.flow_style:
        start = text.rindex("\n", 0, start) + 1
        after = text.find("\n", end)
        return _replace(text, start, len(text) if after < 0 else after + 1, "")
    if comma := re.compile(r"\s*,\s*").match(text, end):
        return _replace(text, start, comma.end(), "")
    before = re.search(r",\s*$", text[:start])
    return _replace(text, before.start() if before else start, end, "")


def _connector(text: str, connector: str) -> MappingNode:
    node: Node | None = YAML(typ="rt").compose(text)
    for key in ("config", f"{PROJECT}:connectors", connector):
        found = _entry(node, key)
        node = found[1] if found else None
    if not isinstance(node, MappingNode) or not node.value:
        raise ValueError(f"{connector} is no mapping")
    return node


def _entry(node: Node | None, key: str) -> Entry | None:
    entries = node.value if isinstance(node, MappingNode) else []
    return next(((name, value) for name, value in entries if name.value == key), None)


def _add(text: str, node: MappingNode, line: str, group: str | None = None) -> str:
    """The text with one more entry at the end of a mapping, in a new group if one is named."""
    if node.flow_style:
        end = _end(text, node.value[-1])
        return _replace(text, end, end, f", {group}: {{{line}}}" if group else f", {line}")
    newline = "\r\n" if "\r\n" in text else "\n"
    margin = " " * node.value[0][0].start_mark.column
    lines = [f"{margin}{group}:", f"{margin}  {line}"] if group else [f"{margin}{line}"]
    end = text.find("\n", _end(text, node.value[-1]))
    if end < 0:
        return text + "".join(newline + line for line in lines)
    return _replace(text, end + 1, end + 1, "".join(line + newline for line in lines))


def _end(text: str, entry: Entry) -> int:
    """Where an entry's own text ends; the parser's mark of a block lies behind blank lines and comments after it."""
    key, value = entry
    if isinstance(value, CollectionNode) and value.value and not value.flow_style:
        last = value.value[-1]
        return _end(text, last if isinstance(last, tuple) else (key, last))
    if not value.value and value.end_mark.index == value.start_mark.index:
        return int(key.end_mark.index) + 1  # no value: the colon
    end = int(value.end_mark.index)
    return len(text[:end].rstrip()) if value.end_mark.line > value.start_mark.line else end


def _replace(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _flow(entry: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {_scalar(key, value)}" for key, value in entry.items()) + "}"


def _scalar(key: str, value: str) -> str:
    plain = key != "date" and _PLAIN.fullmatch(value) and value.lower() not in _WORDS
    if plain:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(letter if letter.isprintable() else f"\\U{ord(letter):08X}" for letter in quoted)
