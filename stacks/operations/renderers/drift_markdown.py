"""What differs from the declaration, as Markdown: the step summary of a run, and the one issue of an environment. Pure.

Never:  drift of what was not looked at; a value from outside that is not escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from stacks.operations.renderers import markdown, plan_markdown, words
from stacks.operations.renderers.markdown import code, escape, named
from stacks.operations.renderers.plan_markdown import attested
from stacks.operations.renderers.shortening import Block, Rank, shorten
from stacks.operations.summary import notices
from stacks.operations.summary.findings import STATES, Class, Finding, State
from stacks.operations.summary.risks import Risk
from stacks.operations.summary.survey import Survey, counts, worst_first

SIGNS = {
    State.NOT_OBSERVED: "❔",
    State.DRIFTED: "❌",
    State.NOT_APPLIED: "⏳",
    State.OPEN_STEPS: "📝",
    State.IN_SYNC: "✅",
}
"""Beside the word, never instead of it."""
ISSUE_LIMIT = 60_000
"""Characters; the service's limit is 65,536, and the sink adds a line."""
NO_DRIFT = "This says nothing about drift: what was not looked at may stand as declared or not."
CLOSES = "This issue is closed as soon as the environment can be looked at again."
NAME = 100
"""Characters of a stack's name in a title; the service takes 256 in all."""
_AGE = re.compile(r"age: \d+ days?, ")
"""What another day makes another."""
_DIFFERS = (Class.DRIFTED, Class.NOT_APPLIED, Class.MISSING)
"""Classes of what was seen: there, no value found means that there is none; elsewhere, that none is shown."""
_NONE = "## Drift: no environment was looked at"
_TITLES = markdown.head("Where", "Setting", "Declared", "Found", "Class", "Evidence")


def render(surveys: Sequence[Survey], limit: int | None = None, full_text: str = "") -> str:
    """The report on every environment, within `limit` characters; a shortened one says where all of it is."""
    ordered = worst_first(surveys)
    blocks = [_verdict(ordered)]
    if len(ordered) > 1:
        blocks.append(_overview(ordered))
    blocks += [block for each in ordered for block in _environment(each)]
    return shorten(blocks, limit, full_text)


def issue(survey: Survey, full_text: str = "") -> tuple[str, str]:
    """Title and body: of what differs, or, of an environment that could not be looked at, of that alone."""
    name = markdown.clean(survey.environment)[:NAME]
    if survey.state is State.NOT_OBSERVED:
        title = f"{name}: could not be looked at"
        lead = Block(
            Rank.VERDICT, f"{code(survey.environment)} could not be looked at. {NO_DRIFT} {CLOSES}", short=NO_DRIFT
        )
        blocks = [lead, *_unseen(survey)]
    else:
        title = f"{name}: not as declared"
        lead = _sentence(survey)
        blocks = [lead, *_found(survey)]
    return title, shorten(blocks, ISSUE_LIMIT, full_text)


def endings(survey: Survey) -> tuple[str, str]:
    """Title and body: of what is about to end. No number of days: the text stays as it is until the facts change."""
    near = [each for each in survey.risks if each.near]
    rows = tuple(
        markdown.row((escape(each.what), code(each.subject), _end(each), escape(_AGE.sub("", each.note))))
        for each in near
    )
    lead = f"{code(survey.environment)}: customers notice nothing yet. Act before the day named."
    table = Block(Rank.ROWS, markdown.head("Ends by itself", "Which", "Until", "Note"), rows, "risks")
    title = f"{markdown.clean(survey.environment)[:NAME]}: something is about to end"
    return title, shorten([Block(Rank.VERDICT, lead, short=lead), table], ISSUE_LIMIT, "")


def _end(risk: Risk) -> str:
    ended = risk.days_left is not None and risk.days_left < 0
    return (code(risk.until) if risk.until else "not known") + (", **which is over**" if ended else "")


def _verdict(surveys: Sequence[Survey]) -> Block:
    """Each state with its environments, the worst first."""
    if not surveys:
        return Block(Rank.VERDICT, _NONE, short=_NONE)
    long, short = [], []
    for state, group in groupby(surveys, lambda each: each.state):
        names = [each.environment for each in group]
        long.append(f"{named(names)} {state}")
        short.append(f"{len(names)} {state}")
    sign = SIGNS[surveys[0].state]
    return Block(Rank.VERDICT, f"## {sign} Drift: {'; '.join(long)}", short=f"## {sign} Drift: {'; '.join(short)}")


def _overview(surveys: Sequence[Survey]) -> Block:
    rows = tuple(
        markdown.row((code(each.environment), f"{SIGNS[each.state]} {each.state}{attested(each)}", _counts(each)))
        for each in surveys
    )
    titles = markdown.head("Environment", "Verdict", "Findings")
    return Block(Rank.PLACE, titles, rows, "environments", row=markdown.row(("{}", "", "")))


def _counts(survey: Survey) -> str:
    """How many findings of each class, or why there is none."""
    return counts(survey) or ("none" if survey.look else "nothing was looked at")


def _environment(survey: Survey) -> Iterator[Block]:
    yield Block(Rank.PLACE, f"### {SIGNS[survey.state]} {code(survey.environment)}: {survey.state}{attested(survey)}")
    if survey.state is State.NOT_OBSERVED:
        yield Block(Rank.ERRORS, NO_DRIFT)
        yield from _unseen(survey)
    yield from _found(survey)
    yield from _risks(survey)


def _sentence(survey: Survey) -> Block:
    text = f"{SIGNS[survey.state]} {code(survey.environment)}: **{survey.state}** ({_counts(survey)})."
    return Block(Rank.VERDICT, text, short=text)


def _unseen(survey: Survey) -> Iterator[Block]:
    """What was not looked at, with its error."""
    if survey.look is None:
        yield Block(Rank.ERRORS, f"Nothing was looked at.\n\n{markdown.fence(survey.error)}")
        return
    yield from plan_markdown.failures(survey.look)


def _found(survey: Survey) -> Iterator[Block]:
    """What differs, what a customer notices, how to mend it. What was not looked at is no row: it is no difference."""
    found = [each for each in survey.findings if STATES[each.kind] is not State.NOT_OBSERVED]
    if not found:
        return
    yield Block(Rank.ROWS, _TITLES, tuple(map(_row, found)), "findings", row=markdown.row(("{}", "", "", "", "", "")))
    yield Block(Rank.DANGERS, "**A customer notices**\n", tuple(_noticed(found)), "findings")
    yield Block(Rank.STEPS, "**To mend it**\n", tuple(_repairs(found)), "repairs")


def _row(each: Finding) -> str:
    where = f"{code(each.connector)}: {escape(words.resource(each.resource, each.urn))}"
    setting = escape(words.judged(each.setting, each.resource)) if each.setting else "all of it"
    expected, found = markdown.pair(each.expected, each.found)
    if not each.setting:
        expected, found = expected if each.expected else "", escape(each.cause)
    elif each.found is None and each.kind not in _DIFFERS:
        found = "not shown"
    return markdown.row((where, setting, expected, found, f"**{each.kind}**", escape(each.evidence)))


def _noticed(found: Iterable[Finding]) -> Iterator[str]:
    """Each notice once, with the settings that it comes from; what nobody notices is said last."""
    by_text: dict[str, list[str]] = {}
    for each in found:
        whole = words.resource(each.resource, each.urn)
        label = words.judged(each.setting, each.resource) if each.setting else whole
        by_text.setdefault(each.customer, []).append(label)
    for text in sorted(by_text, key=lambda each: each == notices.NOBODY):
        yield f"- {escape(', '.join(dict.fromkeys(by_text[text])))}: {escape(text)}"


def _repairs(found: Iterable[Finding]) -> Iterator[str]:
    """Each repair once, with the reasons for it and the place to do it."""
    causes: dict[tuple[str, str], list[str]] = {}
    for each in found:
        causes.setdefault((each.repair, each.where), []).append(each.cause)
    for (repair, where), told in causes.items():
        place = f" ({markdown.link('open', where)})" if where else ""
        why = "; ".join(dict.fromkeys(escape(each) for each in told if each))
        yield f"- {code(repair)}{place}{f': {why}' if why else ''}"


def _hidden(survey: Survey) -> list[Finding]:
    return [each for each in survey.findings if STATES[each.kind] is State.NOT_OBSERVED]


def _risks(survey: Survey) -> Iterator[Block]:
    if survey.risks:
        titles = markdown.head("Ends by itself", "Which", "Days left", "Until", "Evidence", "Note")
        near = any(each.near for each in survey.risks)
        rows = tuple(map(_risk, survey.risks))
        rank = Rank.ROWS if near else Rank.NOTICES
        yield Block(rank, titles, rows, "risks", row=markdown.row(("{}", "", "", "", "", "")))


def _risk(each: Risk) -> str:
    days = "not known" if each.days_left is None else str(each.days_left)
    soon = f"⚠️ **{days}, act now**" if each.near else days
    until = code(each.until) if each.until else markdown.NOTHING
    return markdown.row((escape(each.what), code(each.subject), soon, until, escape(each.evidence), escape(each.note)))
