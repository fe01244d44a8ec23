"""What differs between a state and what is declared, as the real provider sees it: by meaning.

Source: JSON policies as the library awspolicyequivalence compares them, from knowledge.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from tests.aws.plugin.values import Props

Same = Callable[[Any, Any], bool]
_ACCOUNT = re.compile(r"\d{12}")


def changed(
    state: Props, inputs: Props, names: Collection[str], computed: Collection[str], same: Mapping[str, Same]
) -> frozenset[str]:
    """The names of the inputs that would have to change: what is not declared is to be as if it never was.

    Source: a plan of Terraform, where an argument without a value is equal to the zero of its type.
    """
    return frozenset(
        name
        for name in names
        if not (name in computed and name not in inputs)
        and not _alike(state.get(name), inputs.get(name), same.get(name, _equal))
    )


def paths(name: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    """The places of a difference: of a map each key that differs, else the whole."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            if old.get(key) != new.get(key):
                place = f"{name}.{key}" if re.fullmatch(r"\w+", key) else f'{name}["{key}"]'
                yield place, old.get(key), new.get(key)
    else:
        yield name, old, new


def same_policy(old: Any, new: Any) -> bool:
    """Whether two policies say the same: neither order nor a list of one matters, nor how an account is written."""
    return same_document(old, new, _policy)


def same_document(old: Any, new: Any, form: Callable[[Any], Any] = lambda parsed: parsed) -> bool:
    """Whether two JSON texts hold the same."""
    try:
        return bool(form(json.loads(old or "{}")) == form(json.loads(new or "{}")))
    except ValueError:
        return bool(old == new)


def same_set(old: Any, new: Any) -> bool:
    """Whether two lists hold the same in any order."""
    if isinstance(old, list) and isinstance(new, list):
        return sorted(old) == sorted(new)
    return bool(old == new)


def same_key(old: Any, new: Any) -> bool:
    """Whether two names of one KMS key, its id and its ARN, are meant for each other."""
    return str(old).rpartition("/")[2] == str(new).rpartition("/")[2]


def same_domain(old: Any, new: Any) -> bool:
    """Whether two domain names are one: neither case nor the dot at the end matters."""
    return str(old).lower().rstrip(".") == str(new).lower().rstrip(".")


def _equal(old: Any, new: Any) -> bool:
    return bool(old == new)


def _alike(old: Any, new: Any, same: Same) -> bool:
    if not old and not new:
        return True
    return bool(old and new and same(old, new))


def _policy(part: Any, within: str = "") -> Any:
    if isinstance(part, Mapping):
        return {key: _policy(value, key) for key, value in part.items()}
    if isinstance(part, list):
        items = [_policy(item, within) for item in part]
        return items[0] if len(items) == 1 else sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
    if within == "AWS" and isinstance(part, str) and _ACCOUNT.fullmatch(part):
        return f"arn:aws:iam::{part}:root"
    return str(part).lower() if isinstance(part, bool) else part
