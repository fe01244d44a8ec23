"""YAML text to plain values with the line of each, without constructing anything and without stopping at a fault.

Shape:  `{secure: ...}` becomes Encrypted, an unquoted date BareDate; everything else str, int, float, bool, None, list
        or dict.
Raises: YamlError, when the text is no YAML at all.
Never:  a value in a fault; a library's own message is repeated only with its quotations taken out.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from stacks.mending import Loc
from stacks.settings_rules import BareDate, Encrypted

SECURE = "secure"
_TAG = "tag:yaml.org,2002:"
_QUOTATION = re.compile(r"'(?!<)[^']{2,}'")


class YamlError(Exception):
    """The text is no YAML; `line` counts from 1."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(line, what)
        self.line, self.what = line, what


@dataclass(frozen=True)
class Fault:
    """Something that YAML allows and a stack file does not."""

    loc: Loc
    line: int
    what: str
    fix: str


@dataclass
class Document:
    """What a text holds."""

    value: Any = None
    lines: dict[Loc, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, loc: Loc) -> int | None:
        """Line of the value, or of the nearest thing around it."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines.get(loc)


def read(text: str) -> Document:
    """All values of the text.

    Raises: YamlError.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReusedAnchorWarning)  # its text quotes lines; anchors are refused anyway
            node = YAML(typ="rt").compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(mark.line + 1 if mark else 1, _words(error)) from None
    except YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        raise YamlError(line, "it holds a character that YAML does not allow") from None
    except RecursionError:
        raise YamlError(1, "it is nested too deeply") from None
    document = Document()
    document.lines[()] = 1
    if node is not None:
        document.value = _Reader(document).value(node, ())
    return document


class _Reader:
    """Walks the nodes of one document; an alias is refused, so that no text can refer to itself."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.seen: set[int] = set()

    def value(self, node: Node, loc: Loc) -> Any:
        if id(node) in self.seen or node.anchor:
            self._fault(node, loc, "uses an anchor or an alias", "write the value out where it is used")
        if id(node) in self.seen:
            return None
        self.seen.add(id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, SequenceNode):
            items = enumerate(node.value)
            return [self._at(item, (*loc, str(index))) for index, item in items]
        assert isinstance(node, ScalarNode)
        return self._scalar(node, loc)

    def _at(self, node: Node, loc: Loc) -> Any:
        self.document.lines[loc] = node.start_mark.line + 1
        return self.value(node, loc)

    def _mapping(self, node: MappingNode, loc: Loc) -> Any:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, loc)
            if key is None:
                continue
            here = (*loc, key)
            if key in found:
                first = self.document.lines[here]
                self._fault(key_node, here, f"stands twice, first in line {first}", "take one of the two out")
                continue
            self.document.lines[here] = key_node.start_mark.line + 1
            found[key] = self.value(value_node, here)
        if set(found) == {SECURE}:
            return Encrypted() if isinstance(found[SECURE], str) and found[SECURE].strip() else None
        return found

    def _key(self, node: Node, loc: Loc) -> str | None:
        if isinstance(node, ScalarNode) and node.tag == f"{_TAG}str" and not node.anchor:
            return str(node.value)
        if isinstance(node, ScalarNode) and node.tag == f"{_TAG}merge":
            self._fault(node, loc, "uses the merge key <<", "write the values out where they are used")
        else:
            self._fault(node, loc, "has a key that is no text", "put the key into quotes, or take it out")
        return None

    def _scalar(self, node: ScalarNode, loc: Loc) -> Any:
        tag = str(node.tag)
        if tag == f"{_TAG}timestamp":
            return BareDate()
        convert = _CONVERT.get(tag.removeprefix(_TAG)) if tag.startswith(_TAG) else None
        if convert is None:
            self._fault(node, loc, "has a YAML tag", "take the tag (the word with !) away and quote the value")
            return str(node.value)
        return convert(node.value)

    def _fault(self, node: Node, loc: Loc, what: str, fix: str) -> None:
        self.document.faults.append(Fault(loc, node.start_mark.line + 1, what, fix))


def _integer(text: str) -> int:
    """Some integer; that it is one is all that anybody looks at."""
    return int(text) if text.isdigit() else 0


_CONVERT: dict[str, Callable[[str], Any]] = {
    "str": str,
    "int": _integer,
    "float": lambda _text: 0.0,
    "bool": lambda text: text.lower() in ("true", "yes", "on"),
    "null": lambda _text: None,
}


def _words(error: MarkedYAMLError) -> str:
    parts = [part for part in (error.context, error.problem) if part]
    return _QUOTATION.sub("...", ": ".join(parts)) or "it cannot be read"
