"""What differs from the declaration, how sure that is, what a customer notices and what mends it. Pure.

A finding is the same object in every report. What was not seen is a finding of its own class, never a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from components.cyclr.connector_setup import CONSENT, DOMAIN, LIBRARY, SCOPES
from components.cyclr.installation_rules import OFFER, UPGRADE
from components.facebook.app_publication import LABELS
from components.facebook.app_rules import FIELDS, GATE
from components.facebook.login_redirect import LABEL
from components.verdicts import Evidence, Setting, Verdict
from stacks.operations.summary import naming, notices
from stacks.operations.summary.changes import APP
from stacks.operations.summary.look import ADOPT, FORGET, Look, Resource
from stacks.operations.summary.steps import Step, addressed, ordered
from stacks.operations.summary.unseen import NOT_AUTHORISED


class Class(StrEnum):
    """Why something is not as declared, or not known to be."""

    UNREACHABLE = "unreachable"
    NOT_AUTHORISED = "not authorised"
    MISSING = "missing"
    DRIFTED = "drifted"
    """The vendor differs from what stood there after the last update."""
    NOT_APPLIED = "not applied"
    """The declaration differs from what was last applied."""
    OPEN_STEP = "open step"
    INCONCLUSIVE = "inconclusive"


class State(StrEnum):
    """What an environment comes to, worst first."""

    NOT_OBSERVED = "not observed"
    DRIFTED = "drifted"
    NOT_APPLIED = "not applied"
    OPEN_STEPS = "open steps"
    IN_SYNC = "in sync"


STATES = {
    Class.UNREACHABLE: State.NOT_OBSERVED,
    Class.NOT_AUTHORISED: State.NOT_OBSERVED,
    Class.MISSING: State.DRIFTED,
    Class.DRIFTED: State.DRIFTED,
    Class.NOT_APPLIED: State.NOT_APPLIED,
    Class.OPEN_STEP: State.OPEN_STEPS,
    Class.INCONCLUSIVE: State.OPEN_STEPS,
}
"""What one finding of a class makes of its environment."""

STEPS = {
    "live": LABELS["live"],
    "advanced_access": LABELS["advanced_access"],
    "client_id": LIBRARY,
    "client_secret": CONSENT,
    "connector": OFFER,
    "scopes": SCOPES,
    "version": UPGRADE,
    **{entry.name: entry.label for entry in FIELDS},
}
"""Setting -> label of the step that sets it, where a resource has more than one."""


ADMINISTRATORS = {("aws.kms.Key", "policy"): "kms:PutKeyPolicy"}
"""Resource and setting -> the right that it takes to mend it, which the role of deployments does not have."""
ALONE = (("aws.kms.Key", "isEnabled"),)
"""Resource and setting that an update has to be aimed at: the rest cannot be looked at while it is not mended."""
COMMAND = "cyclr-connectors "
"""How a command begins that a step names."""


@dataclass(frozen=True)
class Finding:
    """One line of a report."""

    connector: str
    resource: str
    urn: str
    setting: str
    """The input's name, the label of a step without one, or empty: the resource as a whole."""
    kind: Class
    evidence: str
    expected: Any
    found: Any
    """None: not there, or not shown."""
    customer: str
    """What a customer notices."""
    repair: str
    """A command to run, or the value to set at `where`."""
    where: str
    """A link; empty where a command repairs it."""
    cause: str
    """Why, as far as it was seen; of what was not looked at, the error."""


def state(findings: Sequence[Finding]) -> State:
    """The worst of the findings."""
    order = list(State)
    return min((STATES[each.kind] for each in findings), key=order.index, default=State.IN_SYNC)


def findings(look: Look) -> tuple[Finding, ...]:
    """Everything that is not as declared or not known to be, in the order of reports."""
    steps = ordered(look)
    return tuple(found for each in look.resources for found in _Of(look, each, steps).findings())


class _Of:
    """The findings of one resource."""

    def __init__(self, look: Look, resource: Resource, steps: Sequence[Step]) -> None:
        self._look, self._resource = look, resource
        place = (resource.connector, resource.kind)
        # During a move two redirects of one connector have a step of the same label: their values tell them apart.
        own = {(*place, each.setting, addressed(look, each.value)) for each in resource.open_steps}
        self._changed = {each.setting for each in resource.not_applied}
        self._steps = [each for each in steps if (each.connector, each.resource, each.setting, each.value) in own]

    def findings(self) -> Iterator[Finding]:
        """What was not looked at, what is gone, each setting that does not stand, each step that no setting names."""
        resource = self._resource
        if resource.failure:
            kind = Class.NOT_AUTHORISED if resource.failure.kind == NOT_AUTHORISED else Class.UNREACHABLE
            yield self._whole(kind, resource.failure.error)
            return
        if resource.missing:
            yield self._whole(Class.MISSING, f"it is gone at {naming.holder(resource.kind)}")
            return
        if resource.is_ours and not resource.observed and resource.planned in ("", "same"):
            yield self._whole(Class.UNREACHABLE, "the engine did not look at it")
            return
        yield from self._seen()

    def _seen(self) -> Iterator[Finding]:
        resource, told = self._resource, set[str]()
        some = False
        for setting in resource.settings:
            if setting.verdict is not Verdict.ACCEPTED:
                some, step = True, self._step(setting)
                told |= {step.setting} if step else set()
                yield self._setting(setting, None if self._ahead(setting) else step)
        for step in self._steps:
            if step.setting not in told:
                some = True
                yield self._open(step)
        if resource.planned not in ("", "same") and not some:
            yield self._whole(Class.NOT_APPLIED, f"the next update would {_done(resource)}")

    def _setting(self, setting: Setting, step: Step | None) -> Finding:
        resource, kind = self._resource, self._class(setting)
        return self._finding(
            kind,
            setting=setting.setting,
            evidence=str(setting.evidence),
            expected=setting.declared,
            found=setting.found,
            customer=notices.of_setting(resource.kind, setting.setting, seen=setting.verdict is Verdict.REFUSED),
            repair=_told(step) if step else self._update(setting.setting),
            where=step.where if step else "",
            cause=setting.note or (step.cause if step else ""),
        )

    def _class(self, setting: Setting) -> Class:
        """Drift before the declaration, a refusal before what proves nothing."""
        drifted = self._changed & {each.setting for each in self._resource.drift}
        if setting.setting in drifted | (self._resource.turned - self._changed):
            return Class.DRIFTED
        if setting.setting in self._changed:
            return Class.NOT_APPLIED
        return Class.INCONCLUSIVE if setting.verdict is Verdict.INCONCLUSIVE else Class.OPEN_STEP

    def _ahead(self, setting: Setting) -> bool:
        """Whether the declaration has moved on: steps still name the value that was last applied."""
        return self._resource.kind != APP and setting.setting in self._changed

    def _step(self, setting: Setting) -> Step | None:
        """The step that sets it: the one of its label, the gate that all others wait for, else the only one."""
        label = LABEL if self._resource.kind == "facebook.LoginRedirect" else STEPS.get(setting.setting)
        if setting.setting == "redirect_uri" and self._resource.kind == "cyclr.ConnectorSetup":
            label = DOMAIN
        named = {each.setting: each for each in self._steps}
        found = named.get(label or "") or named.get(GATE)
        if found or self._resource.kind == APP:
            return found
        return self._steps[0] if self._steps else None

    def _open(self, step: Step) -> Finding:
        kind = Class.INCONCLUSIVE if step.verdict == Verdict.INCONCLUSIVE else Class.OPEN_STEP
        return self._finding(
            kind,
            setting=step.setting,
            evidence=step.evidence,
            expected=step.value,
            customer=notices.of_step(self._resource.kind),
            repair=_told(step),
            where=step.where,
            cause=step.cause,
        )

    def _whole(self, kind: Class, cause: str) -> Finding:
        seen = self._resource.observed or self._resource.missing
        look = f"cyclr-connectors drift {self._look.target}"
        again = {
            Class.UNREACHABLE: f"look again when it can be reached: {look}",
            Class.NOT_AUTHORISED: f"mend what the error names, then look again: {look}",
        }
        return self._finding(
            kind,
            evidence=str(Evidence.OBSERVED if seen else Evidence.NONE),
            expected=self._resource.declared.get("connector") if STATES[kind] is not State.NOT_OBSERVED else None,
            customer=self._noticed(kind),
            repair=again.get(kind) or self._update(),
            cause=cause,
        )

    def _noticed(self, kind: Class) -> str:
        """What a customer notices of a resource as a whole; what was never made was never looked at."""
        resource = self._resource
        if STATES[kind] is State.NOT_OBSERVED or (resource.planned in ("create", ADOPT) and not resource.missing):
            return notices.NOT_SEEN
        if resource.planned == FORGET or (resource.planned == "delete" and not resource.is_aws):
            return notices.NOT_WATCHED
        return notices.of_resource(resource.kind)

    def _finding(self, kind: Class, **facts: Any) -> Finding:
        resource = self._resource
        empty = {"setting": "", "expected": None, "found": None, "where": "", "cause": ""}
        return Finding(resource.connector, resource.kind, resource.urn, kind=kind, **(empty | facts))

    def _update(self, setting: str = "") -> str:
        command = f"pulumi up {self._look.target} --run-program"
        if (self._resource.kind, setting) in ALONE:
            command += f" --target '**{self._resource.urn.rpartition('::')[2]}'"
        right = ADMINISTRATORS.get((self._resource.kind, setting))
        return f"as an administrator, whose role has {right}: {command}" if right else command


def _done(resource: Resource) -> str:
    """What an update does with a resource as a whole."""
    return "forget it, and leave it as it is" if resource.planned == FORGET else f"{resource.planned} it"


def _told(step: Step) -> str:
    """The step as one line: a command alone, a value with the label of its page and the command that vouches for it."""
    if step.value.startswith(COMMAND):
        return step.value
    word = step.proof.partition(COMMAND)
    return f"{step.setting}: {step.value}" + (f"; then {word[1]}{word[2]}" if word[1] else "")
