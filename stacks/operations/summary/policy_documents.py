"""Two policy documents of AWS side by side: only the statements that differ. Pure.

Source: IAM's grammar of policies, where one entry and a list of that one entry mean the same, and order means nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_STATEMENTS = "Statement"


def differing(one: Any, other: Any) -> tuple[Any, Any]:
    """The statements of each that the other lacks; of what is no policy on both sides, or differs elsewhere, the whole.

    Shape:  JSON texts in; lists of statements out, else what was given.
    """
    mine, theirs = _statements(one), _statements(other)
    if mine is None or theirs is None:
        return one, other
    known = {_canonical(each) for each in mine}, {_canonical(each) for each in theirs}
    left = [each for each in mine if _canonical(each) not in known[1]]
    right = [each for each in theirs if _canonical(each) not in known[0]]
    return (left, right) if left or right else (one, other)


def _statements(text: Any) -> list[Any] | None:
    try:
        document = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if not isinstance(document, Mapping) or _STATEMENTS not in document:
        return None
    found = document[_STATEMENTS]
    return found if isinstance(found, list) else [found]


def _canonical(value: Any) -> str:
    return json.dumps(_unordered(value), sort_keys=True)


def _unordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _unordered(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return sorted((_unordered(each) for each in value), key=str) if len(value) != 1 else _unordered(value[0])
    return value
