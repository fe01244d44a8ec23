"""One look at an environment, from the engine's events: the vendors against the state and the declaration.

Pure. Reports are built from resources, never from stack outputs, which are stale or absent when a child failed.
Never: call a value good that was not seen in this look; hold a secret (the engine blinds them in its events).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from pulumi.automation.events import EngineEvent, OpType, StepEventMetadata

from components import verdicts
from components.verdicts import Evidence, OpenStep, Setting, Verdict
from stacks import stack_file
from stacks.operations import failures as run_failures
from stacks.operations.summary import naming, observed
from stacks.operations.summary.naming import connector_of, kind_of
from stacks.operations.summary.observed import Difference
from stacks.operations.summary.unseen import UNREACHABLE, Failure, failure

ADOPT, FORGET = "adopt", "forget"
"""What the engine calls an import, and the deletion of a resource that outlives its declaration."""
ORDER = (
    "facebook.AppSettings",
    "facebook.LoginRedirect",
    "facebook.AppPublication",
    "cyclr.ConnectorInstallation",
    "cyclr.ConnectorSetup",
    "cyclr.AccountCredentials",
)
"""Reports list resources in the order in which a person sets them up; the engine's order changes from run to run."""


@dataclass(frozen=True)
class Resource:
    """What one look showed of one resource."""

    urn: str
    kind: str
    """`facebook.AppSettings`; for the provider and the component their type's last part."""
    connector: str
    planned: str
    """What the next update would do: the engine's operation, `adopt` or `forget`; `same` for nothing, "" when it did
    not get that far. Of what was not looked at, the operation that the state alone asks for."""
    observed: bool = False
    """The vendor was read in this look and has it."""
    missing: bool = False
    """The vendor was read in this look and no longer has it."""
    settings: tuple[Setting, ...] = ()
    open_steps: tuple[OpenStep, ...] = ()
    consent_by: str = ""
    """Of a ConnectorSetup: who gave the consent that stands, where the vendors show it."""
    drift: tuple[Difference, ...] = ()
    """The vendor (found) against the state (expected)."""
    not_applied: tuple[Difference, ...] = ()
    """The vendor (found) against the declaration (expected)."""
    turned: frozenset[str] = frozenset()
    """Settings that the vendor accepted at the last update and refuses now, of the same declared value."""
    found: Mapping[str, Any] = field(default_factory=dict)
    """Its inputs as the vendor has them, else as the state remembers them; empty before it is created."""
    declared: Mapping[str, Any] = field(default_factory=dict)
    """Its inputs as declared; empty once it is declared no more, or when the engine did not get that far."""
    failure: Failure | None = None

    @property
    def is_ours(self) -> bool:
        """Whether it stands for something at a vendor; the provider and the component do not."""
        return "." in self.kind

    @property
    def is_aws(self) -> bool:
        """Whether it stands for something at AWS: such a resource has no verdicts of its own."""
        return naming.is_aws(self.kind)

    @property
    def ready(self) -> bool:
        """Whether it was looked at and nothing is left to do for it."""
        if self.failure or self.missing or self.planned != OpType.SAME:
            return False
        if not self.is_ours or self.is_aws:
            return self.observed or not self.is_ours
        stands = bool(self.settings) and all(map(verdicts.stands, self.settings))
        return self.observed and stands and not self.open_steps


@dataclass(frozen=True)
class Look:
    """What one look showed of an environment."""

    environment: str
    service_domain: str
    resources: tuple[Resource, ...]
    complete: bool = True
    """The engine got through its whole plan."""
    foreseen: bool = False
    """Of a look that did not get through: what the declaration changes in the state is told of every resource."""
    config_file: str = ""
    """Another stack file than the stack's own, as a command names it."""

    @property
    def target(self) -> str:
        """What a command needs to mean this environment."""
        return stack_file.target(self.environment, self.config_file)

    @property
    def plan_complete(self) -> bool:
        """Whether nothing else would be made, changed or removed than what is told."""
        return self.complete or self.foreseen

    @property
    def deployed(self) -> bool:
        """Whether anything of the environment is in the state."""
        return any(each.planned not in (OpType.CREATE, ADOPT) or each.missing for each in self.resources)

    @property
    def ready(self) -> bool:
        """Whether a customer can connect, as far as anyone can see."""
        some = any(each.is_ours and not each.is_aws for each in self.resources)
        return self.complete and some and all(each.ready for each in self.resources)

    @property
    def attested(self) -> int:
        """How many settings rest on a person's word alone."""
        return sum(setting.evidence is Evidence.ATTESTED for each in self.resources for setting in each.settings)

    @property
    def not_observed(self) -> tuple[Resource, ...]:
        """Resources that could not be looked at."""
        return tuple(each for each in self.resources if each.failure)

    @property
    def connectors(self) -> dict[str, tuple[Resource, ...]]:
        """The resources of each connector."""
        ours = [each for each in self.resources if each.is_ours and not each.is_aws]
        return {name: tuple(group) for name, group in groupby(ours, lambda each: each.connector)}


def from_events(
    environment: str,
    events: Iterable[EngineEvent],
    state: Sequence[Mapping[str, Any]] = (),
    config_file: str = "",
    intended: Iterable[EngineEvent] = (),
) -> Look:
    """The look that the events of one preview with refresh and program tell; the rest only when something failed.

    `state`: the state's resources; `intended`: the events of a preview without refresh.
    """
    events, intended = list(events), list(intended)
    unasked = observed.planned(intended)
    refreshed, planned, failed = observed.refreshed(events), observed.planned(events), observed.failures(events)
    parents = observed.parents([*events, *intended], state)
    told = dict.fromkeys([*refreshed, *planned, *failed, *(str(entry["urn"]) for entry in state)])
    new = [urn for urn in unasked if urn not in told]
    unreached = "not reached because " + " and ".join(map(naming.said, failed)) + " failed"
    resources = []
    for urn in (urn for urn in (*told, *new) if not naming.only_groups(urn)):
        base = Resource(
            urn,
            kind_of(urn),
            connector_of(urn, parents),
            _operation(planned.get(urn)),
            found=observed.found(refreshed.get(urn), planned.get(urn)) or observed.kept(urn, state),
            declared=observed.declared(planned.get(urn)),
        )
        lost = failure(urn, failed[urn], config_file) if urn in failed else None
        if failed and not lost and base.is_ours and urn not in (*refreshed, *new) and not base.planned:
            lost = Failure(UNREACHABLE, unreached)
        resource = _seen(replace(base, failure=lost), refreshed.get(urn), planned.get(urn))
        resources.append(_intended(resource, unasked.get(urn)) if failed and not base.planned else resource)
    resources = [each for each in _corroborated(resources) if not _is_silent(each)]
    resources.sort(key=_rank)
    domain = observed.config(events, "serviceDomain")
    foreseen = bool(failed and unasked) and not run_failures.errors(intended)
    return Look(environment, domain, tuple(resources), not failed, foreseen, config_file)


def _is_silent(resource: Resource) -> bool:
    """The access to AWS, while nothing about it changes: what it leads to says whether it works."""
    return resource.kind == naming.AWS_ACCESS and not resource.failure and not resource.not_applied


def _intended(unplanned: Resource, step: StepEventMetadata | None) -> Resource:
    """A resource that the plan of a failed look did not reach, with what its declaration would change in the state.

    Not of one that was seen to be gone or another: an update would do more.
    """
    if step is None or unplanned.missing or unplanned.drift:
        return unplanned
    return replace(
        unplanned,
        planned=_operation(step),
        found=observed.found(None, step) or unplanned.found,
        declared=observed.declared(step),
        not_applied=observed.differences(step),
    )


def _seen(base: Resource, refreshed: StepEventMetadata | None, planned: StepEventMetadata | None) -> Resource:
    """The resource with what the refresh and the plan say of it."""
    if base.failure or refreshed is None or not base.is_ours:
        return replace(base, not_applied=observed.differences(planned))
    if refreshed.new is None:
        return replace(base, missing=True, not_applied=observed.differences(planned))
    drift, not_applied = observed.drift(refreshed), observed.differences(planned)
    outputs = refreshed.new.outputs or {}
    return replace(
        base,
        observed=True,
        settings=_settings(outputs, drift, not_applied),
        open_steps=observed.open_steps(outputs),
        consent_by=str(outputs.get("consent_by") or ""),
        turned=observed.turned(refreshed),
        drift=drift,
        not_applied=not_applied,
    )


def _corroborated(resources: Sequence[Resource]) -> list[Resource]:
    """The resources, with what one of a connector shows of a setting of another."""
    consent_by = {each.connector: each.consent_by for each in resources if each.consent_by}
    return [
        replace(
            each,
            settings=tuple(verdicts.corroborated(entry, consent_by.get(each.connector, "")) for entry in each.settings),
        )
        for each in resources
    ]


def _settings(
    outputs: Mapping[str, Any], drift: Sequence[Difference], not_applied: Sequence[Difference]
) -> tuple[Setting, ...]:
    """The verdicts of the look, judged against the declaration of today.

    The provider judges against the last one that was applied: what the plan would change is refused whatever it said.
    """
    settings = {setting.setting: setting for setting in observed.settings(outputs)}
    drifted = {difference.setting: difference.expected for difference in drift}
    for each in not_applied:
        known = settings.get(each.setting)
        if known and known.verdict is not Verdict.ACCEPTED and known.declared == each.expected and known.note:
            continue
        changed = each.setting in drifted and drifted[each.setting] == each.expected
        note = "changed at the vendor since the last update" if changed else "declared but not applied"
        settings[each.setting] = Setting(
            each.setting, each.expected, each.found, Verdict.REFUSED, Evidence.OBSERVED, note
        )
    return tuple(settings.values())


def _operation(planned: StepEventMetadata | None) -> str:
    if planned is None:
        return ""
    if observed.retained(planned):
        return FORGET
    named = {OpType.IMPORT: ADOPT}
    return "replace" if "replace" in planned.op.value else named.get(planned.op, planned.op.value)


def _rank(resource: Resource) -> tuple[str, int, str]:
    order = ORDER.index(resource.kind) if resource.kind in ORDER else len(ORDER)
    return resource.connector, order, resource.urn
