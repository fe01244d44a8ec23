"""What the next update would do, setting by setting. Pure: what every rule and every renderer reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from stacks.operations.summary.look import Look, Resource

CREATE, UPDATE, REPLACE, DELETE = "create", "update", "replace", "delete"
"""What the engine would do with a resource."""


@dataclass(frozen=True)
class Change:
    """One input of one resource that the next update would make another."""

    connector: str
    resource: str
    """`facebook.AppSettings`; `pulumi-python` for the access to the vendors, `OAuthConnector` for a whole connector."""
    urn: str
    operation: str
    setting: str
    """The input's name; empty for a resource that comes or goes without an input of its own."""
    before: Any
    """As it stands at the vendor, else in the state; None: not there. `[secret]` stands for a secret."""
    after: Any
    """As declared; None: declared no more."""
    drifted: bool = False
    """The declaration did not change: the vendor left it since the last update."""
    missing: bool = False
    """The resource is gone at the vendor, and would be made again."""
    exclusive: bool = False
    """The resource's declaration removes what is not declared."""


def changes(look: Look) -> tuple[Change, ...]:
    """Every change that the next update would make, resource by resource in the order of reports."""
    return tuple(change for each in look.resources for change in _of(each))


def unchanged(look: Look) -> int:
    """How many resources at vendors the next update would leave as they are."""
    return sum(each.is_ours and each.planned == "same" for each in look.resources)


def _of(resource: Resource) -> Iterator[Change]:
    if resource.planned in ("", "same"):
        return
    drifted = {each.setting: each.expected for each in resource.drift}
    for setting, before, after in _values(resource):
        yield Change(
            resource.connector,
            resource.kind,
            resource.urn,
            resource.planned,
            setting,
            before,
            after,
            drifted=setting in drifted and drifted[setting] == after,
            missing=resource.missing,
            exclusive=bool(resource.declared.get("exclusive_app_domains")),
        )


def _values(resource: Resource) -> Iterable[tuple[str, Any, Any]]:
    """Setting, before, after. What comes or goes as a whole names each of its inputs, or itself where it has none."""
    if resource.planned in (CREATE, DELETE):
        side = resource.declared if resource.planned == CREATE else resource.found
        rows = [(key, *_sides(resource.planned, value)) for key, value in sorted(side.items())]
    else:
        rows = [(each.setting, each.found, each.expected) for each in resource.not_applied]
    return rows or [("", None, None)]


def _sides(operation: str, value: Any) -> tuple[Any, Any]:
    return (None, value) if operation == CREATE else (value, None)
