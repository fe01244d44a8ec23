"""A look as documents for programs and as text for people. Pure: the same facts in both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from components import verdicts
from stacks.operations.look import Look, Resource

READY, LEFT, NOT_OBSERVED = 0, 7, 1
"""Exit codes: as declared and ready; differences or open steps; could not be observed, which wins."""


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


def exit_code(look: Look) -> int:
    """The exit code of a command that looked: what was not seen is never called clean or different."""
    if look.not_observed or not look.complete:
        return NOT_OBSERVED
    return READY if look.ready else LEFT


def status_document(look: Look) -> dict[str, Any]:
    """`status --json`."""
    document: dict[str, Any] = {
        "environment": look.environment,
        "service_domain": look.service_domain,
        "ready": look.ready,
        "attested": look.attested,
        "connectors": [_connector(look, name, resources) for name, resources in look.connectors.items()],
    }
    failed = [
        _place(each) | {"class": each.failure.kind, "error": each.failure.error}
        for each in look.resources
        if each.failure
    ]
    changes = [_change(each) for each in look.resources if each.planned not in ("", "same")]
    return document | ({"not_observed": failed} if failed else {}) | ({"not_applied": changes} if changes else {})


def steps_document(look: Look) -> dict[str, Any]:
    """`steps --json`."""
    document: dict[str, Any] = {"environment": look.environment, "open_steps": [asdict(step) for step in ordered(look)]}
    failed = status_document(look).get("not_observed")
    return document | ({"not_observed": failed} if failed else {})


def ordered(look: Look) -> list[Step]:
    """All open steps, connector by connector, each after those that its `after` names; otherwise as they come."""
    return [_addressed(look, step) for name, each in look.connectors.items() for step in _in_order(_steps(name, each))]


def verdict(look: Look) -> tuple[str, str]:
    """The word and the sentence that sum up a look."""
    if exit_code(look) == NOT_OBSERVED:
        return "NOT OBSERVED", _not_observed(look)
    if not look.resources or not look.deployed:
        return "NOT DEPLOYED", f"nothing was looked at; run: pulumi up {look.target}"
    if look.ready:
        return "READY", f"a customer can connect through {look.service_domain}; {_attested(look)}"
    steps, changes = len(ordered(look)), sum(each.planned not in ("", "same") for each in look.resources)
    refused = sum(s.verdict != "accepted" for each in look.resources for s in each.settings)
    parts = [_count(steps, "open step")] if steps else []
    parts += [_count(changes, "difference") + " to the declaration"] if changes else []
    parts = parts or [_count(refused, "setting") + " not as declared" if refused else "a resource without any verdict"]
    return "NOT READY", f"{', '.join(parts)}; {_attested(look)}"


def _not_observed(look: Look) -> str:
    names = [f"{each.kind} ({each.failure.kind})" for each in look.not_observed if each.failure]
    return f"could not look at {', '.join(names) or 'everything'}"


def _attested(look: Look) -> str:
    total = sum(len(each.settings) for each in look.resources)
    return f"{look.attested} of {_count(total, 'setting')} attested, not observed" if look.attested else "0 attested"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _connector(look: Look, name: str, resources: tuple[Resource, ...]) -> dict[str, Any]:
    return {
        "name": name,
        "ready": look.complete and all(each.ready for each in resources),
        "open_steps": [asdict(step) for step in ordered(look) if step.connector == name],
        "settings": [{"resource": each.kind} | _plain(asdict(s)) for each in resources for s in each.settings],
    }


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: str(value) if key in ("verdict", "evidence") else value for key, value in entry.items()}


def _place(resource: Resource) -> dict[str, Any]:
    return {"resource": resource.kind, "connector": resource.connector, "urn": resource.urn}


def _change(resource: Resource) -> dict[str, Any]:
    differences = [
        {"setting": each.setting, "declared": each.expected, "found": each.found} for each in resource.not_applied
    ]
    cause = {"missing": True} if resource.missing else {}
    return _place(resource) | {"operation": resource.planned, "differences": differences} | cause


def _steps(connector: str, resources: Iterable[Resource]) -> list[Step]:
    named = [(each.kind, asdict(step)) for each in resources for step in each.open_steps]
    steps = [_plain(step) for step in verdicts.reported(connector, named)]
    return [Step(**{**step, "after": tuple(step["after"])}) for step in steps]


def _addressed(look: Look, step: Step) -> Step:
    """The step, with commands that mean this environment also where its stack file is another than the usual one."""
    usual = f"-s {look.environment}"
    return replace(step, value=step.value.replace(usual, look.target), proof=step.proof.replace(usual, look.target))


def _in_order(steps: Iterable[Step]) -> list[Step]:
    """Stable topological order; steps that wait for one another come last, as they came."""
    waiting, done = list(steps), list[Step]()
    while waiting:
        labels = {step.setting for step in waiting}
        free = next((step for step in waiting if not labels & (set(step.after) - {step.setting})), waiting[0])
        waiting.remove(free)
        done.append(free)
    return done
