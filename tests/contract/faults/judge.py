"""What a faulted run owes: a verdict or an error in four parts, nothing invented, nothing half done unseen."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import dataclass

from components import errors, http
from stacks.operations.summary.findings import Class, State
from tests.contract.faults.normal import Normal, of
from tests.contract.faults.runner import Outcome, Sent, Stage
from tests.contract.faults.scenarios import standing
from tests.contract.faults.table import Fault
from tests.declared import settings
from tests.told import Props, Reading, survey
from tests.worlds import API_SECRET, APP_SECRET

SECRETS = (APP_SECRET, API_SECRET)
SILENT = ("inconclusive", "unknown")
LASTING = None
"""`times` of a fault that never ends."""


@dataclass(frozen=True)
class Case:
    """One fault on one call of a scenario."""

    stage: Stage
    call: Sent
    fault: Fault
    times: int | None

    @property
    def normal(self) -> Normal | None:
        """What makes this answer the vendor's own word and no fault."""
        return of(self.stage.scenario, self.call, self.fault)

    @property
    def must_pass(self) -> bool:
        """Whether another try has to make the method succeed."""
        ends = self.times is not LASTING and self.fault.passes and self.call.may_repeat
        return ends and not (self.normal and self.normal.times <= (self.times or 0))

    def complaints(self) -> list[str]:
        """Everything that is wrong with how the method takes the fault."""
        outcome = self.stage.faulted(self.call, self.fault, self.times)
        found = [*self._of_outcome(outcome), *self._of_calls(outcome)]
        if self.stage.writes:
            found += self._of_the_next_run(outcome)
        return [f"{self.call}, {'always' if self.times is LASTING else self.times}: {text}" for text in found]

    def _of_outcome(self, outcome: Outcome) -> Iterator[str]:
        if self.must_pass:
            if outcome.error is not None or outcome.outs != self.stage.fine.outs:
                yield f"a passing fault is not outlived: {_short(outcome)}"
        elif outcome.error is not None:
            yield from self._of_error(outcome.error)
        elif not (self.normal and self.normal.verdicts):
            yield from self._of_result(outcome)

    def _of_error(self, error: BaseException) -> Iterator[str]:
        if not self.stage.scenario.kind.startswith(self.call.vendor):
            yield f"a fault of {self.call.vendor} hides the resource: {error!r}"
        kinds = self.normal.kinds if self.normal and self.normal.kinds else self.fault.kinds
        if not isinstance(error, kinds):
            yield f"{type(error).__name__}, not {[kind.__name__ for kind in kinds]}: {error}"
        if not isinstance(error, errors.ConnectorError):
            return
        if self.stage.scenario.method == "read":
            yield from self._of_findings(error)
        if not all((error.what, error.where, error.why, error.fix)) or len(str(error).splitlines()) != 4:
            yield f"not four parts: {error}"
        if not error.where.startswith(f"{self.stage.scenario.kind} ") or "environment sandbox" not in error.where:
            yield f"says not which resource: {error.where}"
        told = "".join(traceback.format_exception(error)) + repr(vars(error))
        if any(secret in told for secret in SECRETS):
            yield f"tells a secret: {type(error).__name__}"

    def _of_result(self, outcome: Outcome) -> Iterator[str]:
        if self.stage.scenario.method == "delete":
            if standing(self.stage.world.state()) != self.stage.end:
                yield "forgotten, but still there"
            return
        if self.stage.scenario.method == "read":
            if outcome.id != self.stage.fine.id:
                yield f"gone, and nobody removed it: {outcome.id}"
                return
            if outcome.result.inputs != self.stage.fine.result.inputs:
                yield f"invented drift: {outcome.result.inputs}"
            yield from self._of_findings((outcome.result.inputs, outcome.outs))
        yield from self._of_verdicts(outcome)

    def _of_findings(self, seen: tuple[Props, Props] | errors.ConnectorError) -> Iterator[str]:
        """What `drift` would say of this read, of a resource that stood so before the fault."""
        fine = self.stage.fine
        told = survey([Reading(self.stage.scenario.kind, fine.result.inputs, fine.outs, fine.result.inputs, seen)])
        invented = [str(found.kind) for found in told.findings if found.kind in (Class.DRIFTED, Class.MISSING)]
        if invented:
            yield f"drift says {invented}"
        if isinstance(seen, errors.ConnectorError) and told.state is not State.NOT_OBSERVED:
            yield f"drift says {told.state} of what was not read"

    def _of_verdicts(self, outcome: Outcome) -> Iterator[str]:
        was, now = settings(self.stage.fine.outs), settings(outcome.outs)
        unwritten = self.stage.writes and standing(self.stage.world.state()) == self.stage.start
        if missing := was.keys() - now.keys():
            yield f"says nothing of {sorted(missing)}: {now}"
        for name, (verdict, evidence) in now.items():
            justified = verdict in SILENT or (unwritten and verdict == "refused")
            if (verdict, evidence) != was.get(name) and not justified:
                yield f"{name} is {verdict} ({evidence}), and was {was.get(name)}"
        stood = {step["setting"] for step in self.stage.fine.outs["open_steps"] if step["verdict"] == "refused"}
        for step in outcome.outs["open_steps"]:
            if step["verdict"] == "refused" and step["setting"] not in stood:
                yield f"invents the open step {step['setting']}: {step['cause']}"

    def _of_calls(self, outcome: Outcome) -> Iterator[str]:
        if sum(outcome.waits) >= http.DEADLINE * len(outcome.calls()):
            yield f"waits too long: {outcome.waits}"
        writes = outcome.writes()
        for write in dict.fromkeys(writes):
            allowed = 1 if write[0] == "POST" else http.ATTEMPTS
            if writes.count(write) > allowed:
                yield f"sent {writes.count(write)} times: {write}"
            due = self.normal is not None and write[1] in self.normal.writes
            if write not in self.stage.fine.writes() and not due:
                yield f"undeclared write: {write}"

    def _of_the_next_run(self, outcome: Outcome) -> Iterator[str]:
        again = self.stage.again(outcome)
        state = standing(self.stage.world.state())
        if again.error is not None:
            yield f"the next run fails: {again.error!r}"
        elif state != self.stage.end and not (self.normal and self.normal.verdicts):
            yield f"the next run ends elsewhere: {state[1]} after {_short(outcome)}"


def _short(outcome: Outcome) -> str:
    if outcome.error is not None:
        return repr(outcome.error)
    return f"{outcome.id} {settings(outcome.outs) if outcome.outs else outcome.result}"


def complaints(stage: Stage, vendor: str, fault: Fault) -> list[str]:
    """Everything that is wrong with how the scenario takes the fault, on each call that it sends to the vendor."""
    calls = [call for call in stage.calls if call.vendor == vendor]
    assert calls, f"{stage.scenario.name} asks {vendor} nothing"
    cases = [Case(stage, call, fault, times) for call in calls for times in turns(stage, call, fault)]
    return [text for case in cases for text in case.complaints()]


def turns(stage: Stage, call: Sent, fault: Fault) -> tuple[int | None, ...]:
    """How often it is played in a row, without those that cannot differ.

    Where no such call comes again, neither by another try nor elsewhere, one time is as good as always.
    """
    comes_again = (fault.passes and call.may_repeat) or stage.may_come_again(call)
    if not comes_again or (stage.scenario.is_second_look and not fault.passes):
        return (LASTING,)
    return (1,) if stage.scenario.is_second_look else fault.turns
