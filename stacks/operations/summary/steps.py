"""The open steps of a look, in the order in which they can be done. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from components import verdicts
from stacks.operations.summary.look import Look, Resource


@dataclass(frozen=True)
class Step:
    """One open step with the place it belongs to."""

    connector: str
    resource: str
    setting: str
    value: str
    where: str
    verdict: str
    evidence: str
    cause: str
    proof: str
    after: tuple[str, ...]


def ordered(look: Look) -> list[Step]:
    """All open steps, connector by connector, each after those that its `after` names; otherwise as they come."""
    return [_addressed(look, step) for name, each in look.connectors.items() for step in _in_order(_steps(name, each))]


def _steps(connector: str, resources: Iterable[Resource]) -> list[Step]:
    named = [(each.kind, asdict(step)) for each in resources for step in each.open_steps]
    steps = verdicts.reported(connector, named)
    words = ("verdict", "evidence")
    return [Step(**{**step, **{key: str(step[key]) for key in words}, "after": tuple(step["after"])}) for step in steps]


def addressed(look: Look, text: str) -> str:
    """A text whose commands mean this environment also where its stack file is another than the usual one."""
    return text.replace(f"-s {look.environment}", look.target)


def _addressed(look: Look, step: Step) -> Step:
    return replace(step, value=addressed(look, step.value), proof=addressed(look, step.proof))


def _in_order(steps: Iterable[Step]) -> list[Step]:
    """Stable topological order; steps that wait for one another come last, as they came."""
    waiting, done = list(steps), list[Step]()
    while waiting:
        labels = {step.setting for step in waiting}
        free = next((step for step in waiting if not labels & (set(step.after) - {step.setting})), waiting[0])
        waiting.remove(free)
        done.append(free)
    return done
