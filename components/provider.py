"""What all provider classes share: check and diff over the table of inputs, and the access to the vendors.

Each resource's own file says what create, read, update and delete do.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, ClassVar

from pulumi.dynamic import CheckFailure, CheckResult, ConfigureRequest, DiffResult, ReadResult, ResourceProvider
from pulumi.output import Unknown
from pulumi.runtime import rpc

from components import engine, fields, lifetime
from components.vendor_access import Access

NOT_DECLARED = "not looked at: the stack file no longer has this app"


def is_unknown(value: object) -> bool:
    """Whether a value, or a part of it, is not known before the update."""
    if isinstance(value, Mapping):
        return any(map(is_unknown, value.values()))
    if isinstance(value, list):
        return any(map(is_unknown, value))
    return isinstance(value, Unknown) or value == rpc.UNKNOWN


class VendorProvider(ResourceProvider):
    """A provider whose inputs are a table; stored in the state as its dotted class path, which is final."""

    INPUTS: ClassVar[tuple[fields.Input, ...]] = ()
    IDENTITY: ClassVar[tuple[str, ...]] = ()
    """Inputs whose change makes it another resource."""

    serialize_as_secret_always = False
    access: Access

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """All faults at once; adds nothing to the inputs, since an added one would stand in every preview."""
        found = fields.faults(self.INPUTS, news, is_unknown)
        return CheckResult(news, [CheckFailure(fault.property, fault.reason) for fault in found])

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Leave the field diff to the engine: it is readable, and silent while a step is open."""
        changed = [
            name for name in self.IDENTITY if not is_unknown(news.get(name)) and olds.get(name) != news.get(name)
        ]
        return DiffResult(changes=self._redeclared(olds, news), replaces=changed, delete_before_replace=True)

    def declaration(self, _inputs: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """What output `declared` holds for these inputs; None for a kind that keeps none."""
        return None

    def _redeclared(self, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool | None:
        """True where the vendor held the new declaration before the state knew of it, else None.

        No input differs then, but the verdicts are still about the old one. The engine shows no fields for it.
        """
        if is_unknown(news) or any(olds.get(entry.name) != news.get(entry.name) for entry in self.INPUTS):
            return None
        declared = self.declaration(news)
        return True if declared is not None and declared != olds.get("declared") else None

    def unseen(self, resource_id: str, props: dict[str, Any]) -> ReadResult:
        """What the state holds, with no verdict, for a resource of an app that the stack file no longer has.

        Its secret may be gone with it, and this run replaces the resource, or removes it.
        """
        settings = [
            {
                "setting": entry["setting"],
                "declared": entry["declared"],
                "verdict": "unknown",
                "evidence": "none",
                "note": NOT_DECLARED,
            }
            for entry in props.get("settings") or ()
        ]
        outs = {**props, "settings": settings, "open_steps": []}
        if "consent_by" in outs:
            outs["consent_by"] = ""
        return ReadResult(resource_id, outs, only_inputs(self.INPUTS, props))

    def configure(self, req: ConfigureRequest) -> None:
        """Take the access; from here on an error reaches the user as its own text, without a traceback."""
        sys.tracebacklimit = 0
        lifetime.spare_the_last_look()
        engine.end_with(engine.address())
        self.access = Access.from_config(req.config)


def only_inputs(table: tuple[fields.Input, ...], props: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs among the properties of a state."""
    return {entry.name: props[entry.name] for entry in table if props.get(entry.name) is not None}
