"""What the next update would do, setting by setting. Pure: what every rule and every renderer reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from components.facebook.app_rules import DOMAINS, FIELDS
from stacks.operations.summary import naming
from stacks.operations.summary.look import ADOPT, FORGET, Look, Resource

CREATE, UPDATE, REPLACE, DELETE = "create", "update", "replace", "delete"
"""What the engine would do with a resource."""
NOT_LOOKED_AT, NOT_DECLARED = "not looked at", "not declared before"
"""Why nothing is known of what stands at the vendor: it is not in the state yet; only declared settings are read."""
APP, ACCESS = "facebook.AppSettings", "pulumi-python"
LABELS = {entry.name: entry.label for entry in FIELDS}
"""Setting of an app that Graph can write -> what Facebook's page calls it."""
_SECRETS = ("app_secret", "app_secret_version", "client_secret", "client_secret_version")
"""What the state alone holds: no vendor is asked for it."""
_OURS = ("accounts", "attestation", "attestations", "create_account", "exclusive_app_domains", "managed_by")
"""Inputs that no vendor knows."""


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
    """As it stands at the vendor, else in the state; None: not there, or `unseen`. `[secret]` stands for a secret."""
    after: Any
    """As declared; None: declared no more, which at a vendor leaves it as it is."""
    drifted: bool = False
    """The declaration did not change: the vendor left it since the last update."""
    missing: bool = False
    """The resource is gone at the vendor, and would be made again."""
    exclusive: bool = False
    """The update removes app domains that are not declared."""
    unseen: str = ""
    """Why `before` says nothing of the vendor: `not looked at`, `not declared before`; empty: it was seen."""
    kept: tuple[str, ...] | None = None
    """App domains seen at Facebook that are not declared, kept unless `exclusive`; None: none were looked at."""
    by_hand: bool = False
    """The update does not write the resource's settings: the dashboard manages them."""

    @property
    def holder(self) -> str:
        """`AWS` or `the vendor`."""
        return naming.holder(self.resource)

    @property
    def undeclared(self) -> bool:
        """Whether the setting is declared no more while its resource stays."""
        return self.operation in (UPDATE, REPLACE) and bool(self.setting) and self.after in (None, "")


def changes(look: Look) -> tuple[Change, ...]:
    """Every change that the next update would make, resource by resource in the order of reports."""
    return tuple(change for each in look.resources for change in _of(each))


def unchanged(look: Look) -> int:
    """How many resources at vendors the next update would leave as they are."""
    return sum(each.is_ours and each.planned == "same" and not each.failure for each in look.resources)


def _of(resource: Resource) -> Iterator[Change]:
    if resource.planned in ("", "same"):
        return
    drifted = {each.setting: each.expected for each in resource.drift}
    by_hand = resource.declared.get("managed_by") == "dashboard"
    exclusive = bool(resource.declared.get("exclusive_app_domains")) and not by_hand
    kept = _kept(resource)
    for setting, before, after in _values(resource):
        unseen = _unseen(resource, setting, before)
        yield Change(
            resource.connector,
            resource.kind,
            resource.urn,
            resource.planned,
            setting,
            None if unseen else before,
            after,
            drifted=setting in drifted and drifted[setting] == after and not unseen,
            missing=resource.missing,
            exclusive=exclusive,
            unseen=unseen,
            kept=kept,
            by_hand=by_hand,
        )


def _unseen(resource: Resource, setting: str, before: Any) -> str:
    """A vendor is asked only for what the state has as declared; of another app the state has nothing."""
    if resource.kind == ACCESS or resource.missing or resource.planned in (DELETE, FORGET):
        return ""
    if resource.failure and resource.planned != CREATE:
        return "" if setting in (*_OURS, *_SECRETS) else NOT_LOOKED_AT
    if resource.planned in (CREATE, ADOPT) or (setting in LABELS and _is_another_app(resource)):
        return NOT_DECLARED if setting in _OURS else NOT_LOOKED_AT
    return NOT_DECLARED if before is None and setting and not _was_asked(resource, setting) else ""


def _is_another_app(resource: Resource) -> bool:
    """Whether these are the settings of an app that takes the place of another."""
    names = [each.setting for each in resource.not_applied]
    return resource.kind == APP and resource.planned == REPLACE and "app_id" in names


def _was_asked(resource: Resource, setting: str) -> bool:
    """Whether the vendor was asked for it and has none: then it drifted, or an open step names it."""
    label = LABELS.get(setting)
    steps = resource.open_steps if label else ()
    named = any(step.setting == label or f"{label}: " in step.cause for step in steps)
    return named or setting in {each.setting for each in resource.drift}


def _kept(resource: Resource) -> tuple[str, ...] | None:
    """The app domains that were seen and are not declared."""
    if resource.kind != APP or resource.planned == DELETE or _is_another_app(resource):
        return None
    found = next((each.found for each in resource.settings if each.setting == DOMAINS.name), None)
    declared = resource.declared.get(DOMAINS.name) or ()
    return tuple(str(each) for each in found if each not in declared) if isinstance(found, list) else None


def _values(resource: Resource) -> Iterable[tuple[str, Any, Any]]:
    """Setting, before, after. What comes or goes as a whole names each of its inputs, or itself where it has none.

    What comes or goes at AWS names itself alone: its inputs are made of the stack file's, some of them long documents.
    """
    if resource.is_aws and resource.planned not in (UPDATE, REPLACE):
        return [("", None, None)]
    if resource.planned in (CREATE, DELETE):
        side = resource.declared if resource.planned == CREATE else resource.found
        rows = [(key, *_sides(resource.planned, value)) for key, value in sorted(side.items())]
    else:
        rows = [(each.setting, each.found, each.expected) for each in resource.not_applied]
    return rows or [("", None, None)]


def _sides(operation: str, value: Any) -> tuple[Any, Any]:
    return (None, value) if operation == CREATE else (value, None)
