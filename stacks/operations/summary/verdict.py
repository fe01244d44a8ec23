"""What a look comes to: a word, a sentence, an exit code. Pure."""

from __future__ import annotations

from stacks.operations.summary.look import Look
from stacks.operations.summary.steps import ordered

READY, LEFT, NOT_OBSERVED = 0, 7, 1
"""Exit codes: as declared and ready; differences or open steps; could not be observed, which wins."""


def exit_code(look: Look) -> int:
    """The exit code of a command that looked: what was not seen is never called clean or different."""
    if look.not_observed or not look.complete:
        return NOT_OBSERVED
    return READY if look.ready else LEFT


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
    parts = [counted(steps, "open step")] if steps else []
    parts += [counted(changes, "difference") + " to the declaration"] if changes else []
    parts = parts or [counted(refused, "setting") + " not as declared" if refused else "a resource without any verdict"]
    return "NOT READY", f"{', '.join(parts)}; {_attested(look)}"


def _not_observed(look: Look) -> str:
    names = [f"{each.kind} ({each.failure.kind})" for each in look.not_observed if each.failure]
    return f"could not look at {', '.join(names) or 'everything'}"


def _attested(look: Look) -> str:
    total = sum(len(each.settings) for each in look.resources)
    return f"{look.attested} of {counted(total, 'setting')} attested, not observed" if look.attested else "0 attested"


def counted(number: int, noun: str, many: str = "") -> str:
    """`1 step`, `2 steps`."""
    return f"{number} {noun if number == 1 else many or noun + 's'}"
