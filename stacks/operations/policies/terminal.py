"""The policies as people read them: whose runs take a role, what it may do, and what it is kept from."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from stacks.operations.policies.meanings import MEANINGS
from stacks.operations.policies.rendering import MANAGED_LIMIT, size
from stacks.operations.renderers.text import WIDTH

_USES = {
    "preview": "a pull request: sees what would change, and no secret",
    "deploy": "a deployment: pulumi up, and recover after a killed run",
    "drift": "a scheduled look: as preview, and with the secrets what only they show",
}


def lines(target: str, documents: Mapping[str, Mapping[str, dict[str, Any]]]) -> Iterator[Text]:
    """Every role, a paragraph each; `target` is what a printed command needs to mean the environment."""
    for role, kinds in documents.items():
        yield from map(Text, _role(role, kinds))
        yield Text()
    yield Text(f"The documents themselves: cyclr-connectors policies {target} --out DIR, or with --json.")


def _role(role: str, kinds: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    yield f"{role}: {_USES[role]}"
    yield "  taken by tokens with"
    yield from dict.fromkeys(_claims(kinds["trust"]))
    permissions = kinds["permissions"]
    for effect, title in (("Allow", "may"), ("Deny", "never")):
        found = [each["Sid"] for each in permissions["Statement"] if each["Effect"] == effect]
        yield from [f"  {title}"] if found else []
        yield from (_line(sid) for sid in found)
    signs = size(permissions)
    kind = "an inline or a managed policy" if signs <= MANAGED_LIMIT else "an inline policy: too long for a managed one"
    yield f"  {signs} signs, for {kind}"


def _claims(trust: Mapping[str, Any]) -> Iterator[str]:
    for statement in trust["Statement"]:
        for operator, test in statement["Condition"].items():
            kind = " (pattern)" if operator == "StringLike" else ""
            for claim, wanted in test.items():
                yield from (f"    {claim} {each}{kind}" for each in ([wanted] if isinstance(wanted, str) else wanted))


def _line(sid: str) -> str:
    return textwrap.fill(MEANINGS[sid], WIDTH, initial_indent=f"    {sid:<19} ", subsequent_indent=" " * 24)
