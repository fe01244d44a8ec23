"""What the five resources say of a world when their own methods are called: their verdict, and what it names.

It stands for `status` at provider level: a setting is called `Resource.setting`, an open step `Resource: label`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from components import errors, verdicts
from components.provider import VendorProvider
from components.vendor_access import Access
from tests.declared import PROVIDERS
from tests.told import Reading, survey

READY, NOT_READY, NOT_OBSERVED = "ready", "not ready", "not observed"
AFTER = {"LoginRedirect": "AppSettings", "AppPublication": "AppSettings", "ConnectorSetup": "ConnectorInstallation"}
"""Which resource another one waits for."""
KINDS = {kind.partition(".")[2]: kind for kind in PROVIDERS}
Inputs = Mapping[str, Mapping[str, Any]]
"""Short kind -> inputs."""
Known = dict[str, tuple[str, dict[str, Any]]]
"""Short kind -> id and outputs, as the engine's state holds them."""


@dataclass
class Report:
    """One look at everything."""

    verdicts: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Setting -> verdict and evidence."""
    steps: list[str] = field(default_factory=list)
    unseen: dict[str, str] = field(default_factory=dict)
    """Resource that could not be looked at -> why."""
    gone: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    """Inputs that stand otherwise than declared."""
    drift: str = ""
    """What `drift` would call the environment; empty when it was not looked at in that way."""

    @property
    def verdict(self) -> str:
        """One word: what was not seen is never called anything else."""
        if self.unseen:
            return NOT_OBSERVED
        accepted = all(verdict == "accepted" for verdict, _ in self.verdicts.values())
        return READY if accepted and not (self.steps or self.gone or self.differing) else NOT_READY

    @property
    def named(self) -> set[str]:
        """Everything that the report says is not as it should be."""
        settings = [name for name, (verdict, _) in self.verdicts.items() if verdict != "accepted"]
        return {*settings, *self.steps, *self.unseen, *self.gone, *self.differing}

    @property
    def refused(self) -> set[str]:
        """Everything that the report says is wrong."""
        return {*(name for name, (verdict, _) in self.verdicts.items() if verdict == "refused"), *self.differing}

    @property
    def is_open(self) -> bool:
        """Whether the report leaves something undecided."""
        return any(verdict in ("inconclusive", "unknown") for verdict, _ in self.verdicts.values())


def provider(kind: str, access: Access) -> VendorProvider:
    """A provider as the engine's process has it."""
    made = PROVIDERS[KINDS[kind]]()
    made.access = access
    return made


def create(inputs: Inputs, access: Access, installed: str) -> tuple[Known, Report]:
    """The first `up`: every resource that can be made is; what waits for one that failed is not reached.

    `installed` is the input that the installation's id goes into.
    """
    known: Known = {}
    report = Report()
    for kind, given in inputs.items():
        before = AFTER.get(kind)
        if before in report.unseen:
            report.unseen[kind] = f"not reached because {before} failed"
            continue
        props = dict(given)
        if before == "ConnectorInstallation":
            props[installed] = known[before][0]
        try:
            made = provider(kind, access).create(props)
        except errors.ConnectorError as failed:
            report.unseen[kind] = str(failed)
            continue
        known[kind] = (made.id, made.outs or {})
    return known, report


def read(known: Known, inputs: Inputs, access: Access) -> tuple[Known, Report]:
    """A look at what is known, against what is declared; and what is known then."""
    seen: Known = {}
    report = Report(unseen={kind: "never made" for kind in inputs if kind not in known})
    readings = []
    for kind, (resource_id, outs) in known.items():
        state = KINDS[kind], inputs[kind], outs, _declared(kind, inputs, outs)
        try:
            found = provider(kind, access).read(resource_id, outs)
        except errors.ConnectorError as failed:
            report.unseen[kind] = str(failed)
            readings.append(Reading(*state, failed))
            continue
        if found.id is None:
            report.gone.append(kind)
            readings.append(Reading(*state, None))
            continue
        seen[kind] = (found.id, found.outs or {})
        readings.append(Reading(*state, (found.inputs or {}, found.outs or {})))
        _take(report, kind, found.outs or {})
        stands = found.inputs or {}
        names = {*inputs[kind], *stands} - {"installation"}
        report.differing += [f"{kind}.{name}" for name in names if inputs[kind].get(name) != stands.get(name)]
    if inputs.keys() == known.keys():
        report.drift = str(survey(readings).state)
    return seen, report


def _declared(kind: str, inputs: Inputs, outs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs that the program passes: those of the row, and the installation that the engine knows."""
    return {**inputs[kind], **({"installation": outs["installation"]} if "installation" in outs else {})}


def _take(report: Report, kind: str, outs: Mapping[str, Any]) -> None:
    for entry in outs["settings"]:
        report.verdicts[f"{kind}.{entry['setting']}"] = (entry["verdict"], entry["evidence"])
    report.steps += [f"{kind}: {step['setting']}" for step in outs["open_steps"]]
    alone = verdicts.is_ready(outs["settings"], outs["open_steps"])
    accepted = all(entry["verdict"] == "accepted" for entry in outs["settings"])
    assert alone == (accepted and not outs["open_steps"]), f"{kind}: {outs}"
