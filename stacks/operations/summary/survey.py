"""What one look at one environment came to, and several of them as one report: what every renderer is given. Pure.

Never: a secret, a time of ours other than how long the look took.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from stacks.operations.summary.changes import Change, changes, unchanged
from stacks.operations.summary.consequences import Consequence, consequences
from stacks.operations.summary.findings import Class, Finding, State, findings, state
from stacks.operations.summary.look import Look
from stacks.operations.summary.risks import Risk
from stacks.operations.summary.steps import Step, ordered
from stacks.operations.summary.verdict import LEFT, NOT_OBSERVED, READY, counted


@dataclass(frozen=True)
class Survey:
    """One environment, looked at once."""

    environment: str
    look: Look | None
    """None: nothing was looked at, and `error` says why."""
    error: str = ""
    """Four parts, as printed; never a secret."""
    wrong: bool = False
    """The error is one of the settings or of the usage: nothing was asked of anybody."""
    seconds: float = 0.0
    risks: tuple[Risk, ...] = ()
    """What will end by itself, the next first."""
    diff: str = ""
    """The engine's own words for what it would do, without colour; values of secrets read `[secret]`."""

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is not as declared, or not known to be."""
        return findings(self.look) if self.look else ()

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Everything that the next update would do."""
        return changes(self.look) if self.look else ()

    @cached_property
    def consequences(self) -> tuple[Consequence, ...]:
        """What the changes mean to customers, dangers first."""
        return consequences(self.changes)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The open steps, in the order in which they can be done."""
        return tuple(ordered(self.look)) if self.look else ()

    @property
    def unchanged(self) -> int:
        """How many resources at vendors stay as they are."""
        return unchanged(self.look) if self.look else 0

    @property
    def state(self) -> State:
        """The environment's verdict: the worst of its findings; what was not looked at is never clean."""
        if self.look is None or (not self.look.complete and not self.look.not_observed):
            return State.NOT_OBSERVED
        found = state(self.findings)
        # Nothing to find is no good sign where there was nothing to look at.
        return found if found is not State.IN_SYNC or self.look.ready else State.NOT_OBSERVED

    @property
    def exit_code(self) -> int:
        """0 as declared and ready; 7 differences or open steps; 1 not observed; 2 wrong settings."""
        if self.wrong:
            return WRONG
        return {State.NOT_OBSERVED: NOT_OBSERVED, State.IN_SYNC: READY}.get(self.state, LEFT)


WRONG = 2
"""Exit code of wrong settings."""
_WORST = (NOT_OBSERVED, WRONG, LEFT, READY)


def exit_code(surveys: Sequence[Survey]) -> int:
    """The worst of several environments: what was not seen comes first."""
    return min((each.exit_code for each in surveys), key=_WORST.index, default=READY)


def worst_first(surveys: Sequence[Survey]) -> list[Survey]:
    """For reports: by verdict, then as they were asked for."""
    order = list(State)
    return sorted(surveys, key=lambda each: order.index(each.state))


def sentence(survey: Survey) -> str:
    """What there is to say in one sentence beside the verdict."""
    if survey.look is None:
        return "nothing was asked of any vendor" if survey.wrong else "nothing was looked at"
    attested = f"{survey.look.attested} attested"
    if survey.state is State.IN_SYNC:
        return f"a customer can connect through {survey.look.service_domain}; {attested}"
    return f"{counts(survey) or 'the engine did not get through'}; {attested}"


def counts(survey: Survey) -> str:
    """How many findings of each class, as they come; empty where there is none."""
    kinds = Counter(each.kind for each in survey.findings)
    return ", ".join(
        counted(number, kind, "" if kind is Class.OPEN_STEP else str(kind)) for kind, number in kinds.items()
    )
