"""What a caller sent: JSON as Cyclr reads it, and pages of a list as Cyclr answers them.

Source:  an API test suite and partners' clients that ran against the live API: field names in any casing, single-quoted
         JSON accepted, bare arrays, Total-Pages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from flask import Response, jsonify, request

from stacks.sandbox.cyclr.errors import CyclrError
from stacks.sandbox.shape import Json

STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'', re.DOTALL)


class Fields:
    """The fields of a JSON object, found by name in any casing."""

    def __init__(self, given: dict[str, Json]) -> None:
        self._given = {key.lower(): value for key, value in given.items()}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._given

    def get(self, name: str, default: Json = None) -> Json:
        """Return the value, or the default when the field is not there."""
        return self._given.get(name.lower(), default)

    def text(self, name: str) -> str:
        """Return the value as text; "" when there is none."""
        value = self.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """Return the value as a boolean, written as one or as text."""
        return str(self.get(name)).lower() == "true"

    def objects(self, name: str) -> list[Fields]:
        """Return the objects in a list field."""
        value = self.get(name)
        return [Fields(item) for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def sent() -> Fields | None:
    """Return the request's JSON object; None when the body is empty or null.

    Raises:  CyclrError 400 for a body that is no JSON object.
    """
    content = request.get_data(as_text=True).strip()
    if content in {"", "null"}:
        return None
    try:
        value = json.loads(STRINGS.sub(_double_quoted, content))
    except ValueError as error:
        raise CyclrError(400, "The request is invalid.") from error
    if not isinstance(value, dict):
        raise CyclrError(400, "The request is invalid.")
    return Fields(value)


def page_of(items: Sequence[dict[str, Any]], behaviour: dict[str, Any]) -> Response:
    """Answer one page of a list: a bare array with the header Total-Pages; ``per_page`` means nothing."""
    ordered = sorted_as_asked(items)
    size = min(max(_whole("pageSize", int(behaviour["default_page_size"])), 1), int(behaviour["maximum_page_size"]))
    start = (max(_whole("page", 1), 1) - 1) * size
    answer = jsonify(ordered[start : start + size])
    answer.headers["Total-Pages"] = str(max(-(-len(ordered) // size), 1))
    return answer


def sorted_as_asked(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the items in the order of ``orderBy`` and ``sortOrderAsc``; as they are when not asked."""
    fields = {key.lower(): key for item in items for key in item}
    asked = fields.get(request.args.get("orderBy", "").lower())
    ordered = sorted(items, key=lambda item: str(item[asked]).lower()) if asked else list(items)
    if request.args.get("sortOrderAsc", "true").lower() == "false":
        ordered.reverse()
    return ordered


def _whole(name: str, default: int) -> int:
    given = request.args.get(name, "")
    return int(given) if given.isdecimal() else default


def _double_quoted(found: re.Match[str]) -> str:
    text = found[0]
    return text if text.startswith('"') else json.dumps(text[1:-1].replace("\\'", "'"))
