"""The policy documents of the roles, from templates in JSON and the facts of an environment.

Shape:   in a template, "{name}" alone stands for a fact that may be many values, which are put in its place; inside a
         text it stands for a fact that is one text. A statement with a list that stays empty is left out: there is
         nothing that it could be about.
Source:  IAM and STS quotas, read in November 2026: signs of a document without white space.
Never:   a permission that stands in code and not in a template.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from components.errors import DeclarationError

VERSION = "2012-10-17"
TRUST_LIMIT = 2_048
"""Signs that the trust of a role may have, unless AWS raised it for the account."""
ROLE_LIMIT = 10_240
"""Signs that the inline policies of a role may have in all."""
MANAGED_LIMIT = 6_144
"""Signs of a managed policy."""

PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    "preview": ("looking", "no_values"),
    "deploy": ("looking", "values", "updating"),
    "drift": ("looking", "values", "heartbeat"),
}
"""Role -> the templates that its permissions are made of, in order."""
TRUST = "trust"

Facts = Mapping[str, str | tuple[str, ...]]

_TEMPLATES = Path(__file__).with_name("templates")
_WHOLE = re.compile(r"\{(\w+)\}")


def permissions(role: str, facts: Facts, where: str) -> dict[str, Any]:
    """What a role may do.

    Raises: DeclarationError, when it is longer than AWS takes.
    """
    return _document(PERMISSIONS[role], facts, ROLE_LIMIT, f"The policy of permissions of role {role}", where)


def trust(role: str, facts: Facts, where: str) -> dict[str, Any]:
    """Which runs may take a role.

    Raises: DeclarationError, when it is longer than AWS takes.
    """
    return _document((TRUST,), facts, TRUST_LIMIT, f"The policy of trust of role {role}", where)


def template(name: str) -> list[dict[str, Any]]:
    """The statements of a template, as they stand in its file."""
    content = json.loads((_TEMPLATES / f"{name}.json").read_text(encoding="utf-8"))
    statements: list[dict[str, Any]] = content["Statement"]
    return statements


def size(document: Mapping[str, Any]) -> int:
    """Signs that AWS counts."""
    return len(json.dumps(document, separators=(",", ":"), ensure_ascii=False))


def _document(names: Sequence[str], facts: Facts, limit: int, what: str, where: str) -> dict[str, Any]:
    filled = [_filled(statement, facts) for name in names for statement in template(name)]
    document = {"Version": VERSION, "Statement": [each for each in filled if not _has_nothing(each)]}
    if (found := size(document)) > limit:
        raise DeclarationError(
            f"{what} is longer than AWS takes",
            where=where,
            why=f"{found} signs, and {limit} are the most",
            fix="declare fewer secrets or subjects in one environment, "
            "or use one subject with a wildcard behind repo:OWNER/NAME: for several",
        )
    return document


def _filled(part: Any, facts: Facts) -> Any:
    """The part with its facts in place."""
    if isinstance(part, dict):
        return {_text(key, facts): _filled(value, facts) for key, value in part.items()}
    if isinstance(part, list):
        return [value for each in part for value in _values(each, facts)]
    alone = _WHOLE.fullmatch(part)
    fact = facts[alone[1]] if alone else ""
    return list(fact) if isinstance(fact, tuple) else _text(part, facts)


def _values(part: Any, facts: Facts) -> Iterator[Any]:
    filled = _filled(part, facts)
    yield from filled if isinstance(filled, list) else [filled]


def _text(text: str, facts: Facts) -> str:
    return _WHOLE.sub(lambda found: str(facts[found[1]]), text)


def _has_nothing(part: Any) -> bool:
    if isinstance(part, dict):
        return any(map(_has_nothing, part.values()))
    return isinstance(part, list) and not part
