"""Reports of several environments for a person at a terminal. Pure: words say everything that colour says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.text import Text

from components.errors import without_place
from stacks.operations.renderers import change_rows, words
from stacks.operations.renderers.text import inline, line, value, wrapped
from stacks.operations.summary import naming
from stacks.operations.summary.changes import ACCESS, Change
from stacks.operations.summary.consequences import Consequence, Level
from stacks.operations.summary.findings import STATES, Finding, State
from stacks.operations.summary.risks import Risk
from stacks.operations.summary.survey import Survey, sentence
from stacks.operations.summary.verdict import counted

STYLES = {
    State.NOT_OBSERVED: "bold red",
    State.DRIFTED: "bold red",
    State.NOT_APPLIED: "bold yellow",
    State.OPEN_STEPS: "bold yellow",
    State.IN_SYNC: "bold green",
}


def drift(surveys: Sequence[Survey]) -> Iterator[RenderableType]:
    """Each environment: the verdict, what differs and how to mend it, what ends soon."""
    for survey in surveys:
        yield from _head(survey, sentence(survey))
        yield from _findings(survey.findings)
        for risk in survey.risks:
            yield from _risk(risk)


def preview(surveys: Sequence[Survey]) -> Iterator[RenderableType]:
    """Each environment: the verdict, dangers, what changes, what a person has to do, what was not looked at."""
    if not surveys:
        yield line("No environment was looked at: the change touches none.")
    for survey in surveys:
        yield from _head(survey, _plan(survey))
        for consequence in survey.consequences:
            yield from _consequence(consequence)
        for change in survey.changes:
            yield _change(change)
        if survey.unchanged:
            yield line(f"  {survey.unchanged} unchanged", "dim")
        if survey.look and not survey.look.plan_complete:
            yield line("  The plan is incomplete: what else would be made, changed or removed is not known.", "bold")
        for number, step in enumerate(survey.steps, 1):
            yield line(f"  step {number}: {inline(step.setting)}: {inline(step.value)}")
            yield line(f"    {inline(step.where)}", "cyan")
        yield from _findings([each for each in survey.findings if STATES[each.kind] is State.NOT_OBSERVED])


def _plan(survey: Survey) -> str:
    """What a preview of one environment comes to, in one sentence."""
    if survey.look is None or survey.state in (State.NOT_OBSERVED, State.IN_SYNC):
        return sentence(survey)
    dangers = sum(each.level is Level.DANGER for each in survey.consequences)
    resources = sum(change_rows.resources(survey.changes).values())
    parts = [
        f"{counted(resources, 'resource')} would change" if resources else "nothing would change",
        counted(dangers, "danger") if dangers else "",
        counted(len(survey.steps), "open step") if survey.steps else "",
    ]
    return f"{', '.join(filter(None, parts))}; {survey.look.attested} attested"


def _head(survey: Survey, said: str) -> Iterator[RenderableType]:
    name, word = f"{inline(survey.environment)}: ", survey.state.upper()
    yield Text.assemble((name, "bold"), (word, STYLES[survey.state]), f": {inline(said)}")
    if survey.error:
        yield line("  " + survey.error.replace("\n", "\n  "))


def _findings(findings: Sequence[Finding]) -> Iterator[RenderableType]:
    """Each finding; what one error keeps from being looked at is listed before it, and the error told once."""
    for _, group in groupby(findings, _reason):
        alike = list(group)
        yield from map(_title, alike)
        yield from _details(alike[0])


def _reason(finding: Finding) -> object:
    """What findings that are told together have in common; every other one stands for itself."""
    if STATES[finding.kind] is State.NOT_OBSERVED:
        return finding.kind, finding.connector, without_place(finding.cause)
    return finding


def _title(finding: Finding) -> RenderableType:
    resource = naming.whole(finding.resource, finding.urn)
    subject = inline(finding.setting or resource)
    place = f"   {finding.connector}, {resource}" if finding.setting else f"   {finding.connector}"
    return Text.assemble((f"  {finding.kind.upper()}  ", "bold"), subject, (inline(place), "dim"))


def _details(finding: Finding) -> Iterator[RenderableType]:
    if finding.expected is not None:
        found = "" if finding.found is None else f", found: {value(finding.found)}"
        yield line(f"    expected: {value(finding.expected)}{found} ({finding.evidence})")
    for label, text in (("why", finding.cause), ("customer", finding.customer), ("repair", finding.repair)):
        if text:
            # A command is copied, and an error has lines of its own.
            whole = label == "repair" or "\n" in text
            yield line(f"    {label + ':':<10}{text.replace(chr(10), chr(10) + ' ' * 14) if whole else _prose(text)}")
    if finding.where:
        yield line(f"              {inline(finding.where)}", "cyan")


def _risk(risk: Risk) -> Iterator[RenderableType]:
    left = "days left: not known" if risk.days_left is None else f"{risk.days_left} days left"
    if risk.days_left is not None and risk.days_left < 0:
        left = f"{-risk.days_left} days ago"
    until = f", until {risk.until}" if risk.until else ""
    text = f"{'ACT NOW' if risk.near else 'time'}  {risk.what} {risk.subject}: {left}{until}. {risk.note}"
    yield line(wrapped(f"  {text}", "    "), "yellow" if risk.near else "dim")


def _consequence(consequence: Consequence) -> Iterator[RenderableType]:
    danger = consequence.level is Level.DANGER
    text = f"{'DANGER' if danger else 'note'}: {consequence.connector}: {consequence.what} {consequence.advice}".strip()
    yield line(wrapped(f"  {text}", "    "), "bold red" if danger else "yellow")


def _change(change: Change) -> Text:
    kind = naming.whole(change.resource, change.urn)
    of = words.resource(ACCESS) if change.resource == ACCESS else f"{inline(kind)} of {inline(change.connector)}"
    why = f" (gone at {change.holder})" if change.missing else ""
    why = f" (changed at {change.holder} since the last update)" if change.drifted else why
    if not change.setting:
        return line(f"  {change.operation} {of}{why}")
    before = change.unseen or value(change.before)
    after = "no longer declared" if change.undeclared else value(change.after)
    return line(f"  {change.operation} {of}: {change.setting} {before} => {after}{why}")


def _prose(text: str) -> str:
    return wrapped(" " * 14 + text, " " * 14).lstrip()
