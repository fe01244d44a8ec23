"""The engine's events, taken apart: what its refresh saw, what its plan would do, which reads failed. Pure.

Source: CLI 3.274 and pulumi.automation 3.272, observed (November 2026): per resource come `resource_pre_event` and
`res_outputs_event`, with REFRESH (old: the state, new: the vendor, None when it is gone) and then the planned operation
(old: the vendor, new: the declaration); a failed read is a diagnostic with the resource's URN and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi.automation.events import EngineEvent, OpType, StepEventMetadata

from components.errors import NoSecret
from components.verdicts import Evidence, OpenStep, Setting, Verdict
from stacks.operations import failures as run_failures
from stacks.operations.summary import policy_documents

DYNAMIC = "pulumi-python:dynamic/"
"""How the types of our resources start."""
AWS = "aws:"
"""How the types of resources at AWS start."""
NO_SECRET = f"{NoSecret.__name__}: "
"""In the engine's text of an error: a secret could not be had, so no vendor was asked."""
BLINDED = "[secret]"
UNKNOWN = "[known after the update]"
_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The engine's key of a value that is not plain: a secret or an output."""
_UNKNOWN_MARK = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
AWS_PROVIDER = "pulumi:providers:aws"
_PLUGIN = ("version", "pluginDownloadURL", "pluginChecksums")
"""Inputs of the access to AWS that tell which plugin runs, and nothing of AWS: they change with the requirements."""
_INTERNAL = ("__provider", "settings", "open_steps")
"""Properties that are the provider's code and its verdicts, no inputs of a user."""


@dataclass(frozen=True)
class Difference:
    """One input that is not as expected."""

    setting: str
    expected: Any
    found: Any
    """None: not there."""


def refreshed(events: Iterable[EngineEvent]) -> dict[str, StepEventMetadata]:
    """URN -> what the refresh saw."""
    return {step.urn: step for step in _steps(events) if step.op is OpType.REFRESH}


def planned(events: Iterable[EngineEvent]) -> dict[str, StepEventMetadata]:
    """URN -> what the next update would do. A replacement tells of three steps: the one with both sides is kept."""
    found: dict[str, StepEventMetadata] = {}
    for step in _steps(events):
        kept = found.get(step.urn)
        complete = step.old is not None and step.new is not None
        adopted = kept is not None and kept.op is OpType.IMPORT  # and then brought to what is declared
        if step.op is not OpType.REFRESH and not adopted and (kept is None or kept.op is OpType.SAME or complete):
            found[step.urn] = step
    return found


def failures(events: Iterable[EngineEvent]) -> dict[str, str]:
    """URN -> text of the error that kept a resource from being read."""
    found: dict[str, str] = {}
    for urn, text in run_failures.errors(events):
        if urn:
            found.setdefault(urn, text)
    return found


def unreached(events: Iterable[EngineEvent], state: Iterable[Mapping[str, Any]]) -> list[str]:
    """URNs of vendor resources in the state that were neither read nor depend on one whose read failed.

    What depends on one without a secret is worth a look of its own, which costs no waiting: it has none either, or was
    not hidden from us.
    """
    events = list(events)
    read, failed = refreshed(events), failures(events)
    hiding = {urn for urn, text in failed.items() if NO_SECRET not in text}
    return [
        str(entry["urn"])
        for entry in state
        if entry["type"].startswith((DYNAMIC, AWS))
        and entry["urn"] not in read
        and entry["urn"] not in failed
        and not set(entry.get("dependencies") or ()) & hiding
    ]


def reads(events: Iterable[EngineEvent]) -> list[EngineEvent]:
    """The reads of a plain refresh, told as those of a preview with refresh: there each ends as `refresh`."""
    found = [event for event in events if event.res_outputs_event or event.diagnostic_event]
    for event in found:
        if event.res_outputs_event:
            event.res_outputs_event.metadata.op = OpType.REFRESH
    return found


def parents(events: Iterable[EngineEvent], state: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """URN -> URN of the parent."""
    found = {str(entry["urn"]): str(entry.get("parent", "")) for entry in state}
    for step in _steps(events, before=True):
        side = step.new or step.old
        if side and side.parent:
            found[step.urn] = side.parent
    return found


def config(events: Iterable[EngineEvent], key: str) -> str:
    """A plain value of the stack's config, whatever the project's name; "" when it is not set."""
    for event in events:
        if event.prelude_event:
            values = event.prelude_event.config
            return next((value for name, value in values.items() if name.endswith(f":{key}")), "")
    return ""


def settings(outputs: Mapping[str, Any]) -> tuple[Setting, ...]:
    """The settings in a resource's outputs. The engine drops None, so `found` may be absent."""
    return tuple(
        Setting(
            setting=str(entry.get("setting", "")),
            declared=plain(entry.get("declared")),
            found=plain(entry.get("found")),
            verdict=_verdict(entry.get("verdict")),
            evidence=_evidence(entry.get("evidence")),
            note=str(entry.get("note") or ""),
        )
        for entry in plain(outputs.get("settings")) or ()
    )


def open_steps(outputs: Mapping[str, Any]) -> tuple[OpenStep, ...]:
    """The open steps in a resource's outputs."""
    return tuple(
        OpenStep(
            setting=str(entry.get("setting", "")),
            value=str(entry.get("value", "")),
            where=str(entry.get("where", "")),
            verdict=_verdict(entry.get("verdict")),
            evidence=_evidence(entry.get("evidence")),
            cause=str(entry.get("cause") or ""),
            proof=str(entry.get("proof") or ""),
            after=tuple(map(str, entry.get("after") or ())),
        )
        for entry in plain(outputs.get("open_steps")) or ()
    )


def drift(step: StepEventMetadata) -> tuple[Difference, ...]:
    """The vendor's inputs (found) where they differ from the state's (expected).

    After a write that the vendor did not take, the state's inputs are what was declared and its outputs what stood: a
    value that the outputs know already has not changed since.
    """
    outputs = (step.old.outputs if step.old else None) or {}
    known = {setting.setting: setting.found for setting in settings(outputs)}
    compared = _compare(step, (_name(path) for path in step.detailed_diff or {}))
    return tuple(each for each in compared if each.setting not in known or not _same(each.found, known[each.setting]))


def differences(step: StepEventMetadata | None) -> tuple[Difference, ...]:
    """The inputs that an update or replacement would change; the declaration is what is expected."""
    if step is None or step.old is None or step.new is None or step.op is OpType.SAME:
        return ()
    changed = [_name(path) for path in step.detailed_diff or {}]
    if not changed:  # a provider resource comes without a diff
        old, new = step.old.inputs or {}, step.new.inputs or {}
        changed = [key for key in sorted({*old, *new}) if old.get(key) != new.get(key)]
    found = _compare(step, changed)
    return tuple(Difference(each.setting, each.found, each.expected) for each in found)


def retained(step: StepEventMetadata | None) -> bool:
    """Whether a planned deletion leaves alone what the resource stands for."""
    return bool(step and step.op is OpType.DELETE and step.old and step.old.retain_on_delete)


def turned(step: StepEventMetadata) -> frozenset[str]:
    """Settings that the state knows as accepted and that the vendor refuses now, while the declared value is one."""
    before = {each.setting: each for each in settings((step.old.outputs if step.old else None) or {})}
    now = settings((step.new.outputs if step.new else None) or {})
    return frozenset(
        each.setting
        for each in now
        if each.verdict is Verdict.REFUSED
        and each.setting in before
        and before[each.setting].verdict is Verdict.ACCEPTED
        and _same(before[each.setting].declared, each.declared)
        and not _same(each.found, each.declared)  # refused for the sake of another one
    )


def found(refreshed: StepEventMetadata | None, planned: StepEventMetadata | None) -> dict[str, Any]:
    """A resource's inputs as they stand: at the vendor where it was read, else in the state."""
    sides = (refreshed.new, refreshed.old) if refreshed else (planned.old if planned else None,)
    return next((_inputs(side.inputs) for side in sides if side), {})


def declared(planned: StepEventMetadata | None) -> dict[str, Any]:
    """A resource's inputs as the program declares them."""
    return _inputs(planned.new.inputs if planned and planned.new else None)


def kept(urn: str, state: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A resource's inputs as the exported state has them."""
    return next((_inputs(entry.get("inputs")) for entry in state if entry["urn"] == urn), {})


def _inputs(values: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        key: plain(value) for key, value in (values or {}).items() if key not in _INTERNAL and not key.startswith("__")
    }


def plain(value: Any) -> Any:
    """A value of the event stream as a person reads it: a secret as `[secret]`, whole numbers as such."""
    if isinstance(value, Mapping):
        if _SIGNATURE in value:
            return BLINDED
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return UNKNOWN if value == _UNKNOWN_MARK else value


def type_of(urn: str) -> str:
    """The resource's own type, without those of its parents."""
    return urn.split("::")[2].rpartition("$")[2]


def name(urn: str) -> str:
    """The logical name."""
    return urn.split("::", 3)[3]


def _steps(events: Iterable[EngineEvent], before: bool = False) -> Iterator[StepEventMetadata]:
    for event in events:
        if event.res_outputs_event:
            yield event.res_outputs_event.metadata
        elif before and event.resource_pre_event:
            yield event.resource_pre_event.metadata


def _compare(step: StepEventMetadata, keys: Iterable[str]) -> tuple[Difference, ...]:
    """The inputs of these names on both sides of a step, old as expected and new as found."""
    old = (step.old.inputs if step.old else None) or {}
    new = (step.new.inputs if step.new else None) or {}
    untold = (*_INTERNAL, *(_PLUGIN if step.type == AWS_PROVIDER else ()))
    names = [key for key in dict.fromkeys(keys) if key not in untold and not key.startswith("__")]
    found = [Difference(key.rpartition(":")[2], plain(old.get(key)), plain(new.get(key))) for key in names]
    return tuple(_at_aws(step, each) for each in found) if step.type.startswith(AWS) else tuple(found)


def _at_aws(step: StepEventMetadata, difference: Difference) -> Difference:
    """As AWS has it: its plugin may leave an input as the state has it, and tell what it read by the outputs alone."""
    expected, found = difference.expected, difference.found
    if expected == found and step.old:
        expected = plain((step.old.outputs or {}).get(difference.setting))
    if expected == found and step.new and step.op is OpType.REFRESH:
        found = plain((step.new.outputs or {}).get(difference.setting))
    return Difference(difference.setting, *policy_documents.differing(expected, found))


def _same(one: Any, other: Any) -> bool:
    """Whether two values are equal; the engine drops None, so that nothing may come as no value."""
    return one == other or (not one and not other)


def _name(path: str) -> str:
    """The input's name from the engine's path of a diff: `app_domains[0]`, `attestation.date`."""
    return path.partition(".")[0].partition("[")[0]


def _verdict(value: object) -> Verdict:
    return next((known for known in Verdict if known == value), Verdict.UNKNOWN)


def _evidence(value: object) -> Evidence:
    return next((known for known in Evidence if known == value), Evidence.NONE)
