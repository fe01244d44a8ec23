"""Two policy documents of AWS side by side: only what each has that the other lacks. Pure.

Source: IAM's grammar of policies, where one entry and a list of that one entry mean the same, and order means nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Set
from typing import Any

_STATEMENTS, _SID = "Statement", "Sid"


def differing(one: Any, other: Any) -> tuple[Any, Any]:
    """The statements of each that the other lacks; of what is no policy on both sides, or differs elsewhere, the whole.

    A statement that both have, under one Sid, is told by that and by what it has more than the other: a list of actions
    or principals by the entries that the other lacks.
    Shape:  JSON texts in; lists of statements out, else what was given.
    """
    mine, theirs = _statements(one), _statements(other)
    if mine is None or theirs is None:
        return one, other
    known = {_canonical(each) for each in mine}, {_canonical(each) for each in theirs}
    left = [each for each in mine if _canonical(each) not in known[1]]
    right = [each for each in theirs if _canonical(each) not in known[0]]
    if not left and not right:
        return one, other
    named = _by_sid(left), _by_sid(right)
    paired = named[0].keys() & named[1].keys()
    return _narrowed(left, named[1], paired), _narrowed(right, named[0], paired)


def _narrowed(statements: list[Any], others: Mapping[str, Any], paired: Set[str]) -> list[Any]:
    found = []
    for each in statements:
        sid = each.get(_SID) if isinstance(each, Mapping) else None
        if isinstance(sid, str) and sid in paired:
            more, _ = _apart(each, others[sid])
            found.append({_SID: sid, **(more or {})})
        else:
            found.append(each)
    return found


def _by_sid(statements: list[Any]) -> dict[str, Any]:
    """The statements whose Sid no other one of them has."""
    named = [(each[_SID], each) for each in statements if isinstance(each, Mapping) and isinstance(each.get(_SID), str)]
    times = Counter(sid for sid, _ in named)
    return {sid: each for sid, each in named if times[sid] == 1}


def _apart(mine: Any, theirs: Any) -> tuple[Any, Any]:
    """What each of two values has more than the other; None for nothing."""
    if _canonical(mine) == _canonical(theirs):
        return None, None
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        parts = {key: _apart(mine.get(key), theirs.get(key)) for key in [*mine, *(theirs.keys() - mine.keys())]}
        sides = ({key: both[side] for key, both in parts.items() if both[side] is not None} for side in (0, 1))
        left, right = (side or None for side in sides)
        return left, right
    left, right = _lacking(mine, theirs), _lacking(theirs, mine)
    return (mine, theirs) if left is None and right is None else (left, right)


def _lacking(mine: Any, theirs: Any) -> Any:
    """The entries of one value that another lacks; None where it lacks none."""
    known = {_canonical(each) for each in _entries(theirs)}
    found = [each for each in _entries(mine) if _canonical(each) not in known]
    if not found:
        return None
    return found if isinstance(mine, list) else found[0]


def _entries(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


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
