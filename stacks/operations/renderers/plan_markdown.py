"""What the next update would do, as Markdown for a reviewer who does not know Cyclr. Pure.

Shape:  a verdict; then environment by environment: dangers, what changes, notices, open steps, the engine's own diff.
Never:  `no changes` of an environment that was not looked at; a value from outside that is not escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from components.errors import without_place
from stacks.operations.renderers import change_rows, markdown, words
from stacks.operations.renderers.markdown import code, escape, named
from stacks.operations.renderers.shortening import Block, Rank, shorten
from stacks.operations.summary.consequences import Consequence, Level
from stacks.operations.summary.look import Look, Resource
from stacks.operations.summary.steps import Step
from stacks.operations.summary.survey import Survey
from stacks.operations.summary.verdict import counted

DANGER = "⚠️ **DANGER**"
NONE = "## No environment is touched; nothing was looked at"
SENTENCE = 120
"""Characters of a danger where there is hardly any room."""
TITLES = markdown.head("Where", "Setting", "From", "To")


def render(surveys: Sequence[Survey], limit: int | None = None, full_text: str = "") -> str:
    """The report, within `limit` characters; a shortened one says so, and `full_text` where all of it is."""
    ordered = in_order(surveys)
    blocks = [_verdict(ordered), *(block for each in ordered for block in _environment(each))]
    return shorten(blocks, limit, full_text)


def in_order(surveys: Sequence[Survey]) -> list[Survey]:
    """Dangers first, then what was not seen, then what changes, then the rest; each as they were asked for."""
    return sorted(surveys, key=lambda each: (not dangers(each), seen_whole(each), not each.changes, not each.steps))


def dangers(survey: Survey) -> list[Consequence]:
    """What a reviewer must have read."""
    return [each for each in survey.consequences if each.level is Level.DANGER]


def seen_whole(survey: Survey) -> bool:
    """Whether everything of it was looked at: only then it can be called unchanged."""
    return survey.look is not None and survey.look.complete and not survey.look.not_observed


def attested(survey: Survey) -> str:
    """How much of what stands rests on a person's word, to be said beside the state."""
    number = survey.look.attested if survey.look else 0
    return f"; {counted(number, 'setting')} {'rests' if number == 1 else 'rest'} on a person's word" if number else ""


def _verdict(surveys: Sequence[Survey]) -> Block:
    """One sentence: how many dangers, what changes, what was not seen."""
    if not surveys:
        return Block(Rank.VERDICT, NONE, short=NONE)
    changing = [each.environment for each in surveys if each.changes]
    unseen = [each.environment for each in surveys if not seen_whole(each)]
    count = sum(len(dangers(each)) for each in surveys)
    alarm = f"⚠️ {counted(count, 'danger')}: " if count else ""
    if not changing and not unseen:
        open_steps = sum(len(each.steps) for each in surveys)
        left = f"; {counted(open_steps, 'open step')}" if open_steps else ""
        return Block(Rank.VERDICT, f"## No changes{left}", short=f"## No changes{left}")
    said, brief = [], []
    if changing:
        said.append(f"{named(changing)} would change")
        brief.append(f"{counted(len(changing), 'environment')} would change")
    if unseen:
        said.append(f"{named(unseen)} could not be looked at" + _in_part(surveys))
        brief.append(f"{len(unseen)} could not be looked at")
    same = len([each for each in surveys if seen_whole(each) and not each.changes])
    if same:
        rest = f"{counted(same, 'environment')} would stay as {'it is' if same == 1 else 'they are'}"
        said.append(rest)
        brief.append(rest)
    return Block(Rank.VERDICT, f"## {alarm}{'; '.join(said)}", short=f"## {alarm}{'; '.join(brief)}")


def _in_part(surveys: Sequence[Survey]) -> str:
    unseen = [each for each in surveys if not seen_whole(each)]
    return " in full" if all(each.look and any(one.observed for one in each.look.resources) for each in unseen) else ""


def _environment(survey: Survey) -> Iterator[Block]:
    found = dangers(survey)
    place = Rank.DANGERS if found else Rank.PLACE
    items = tuple(f"- {DANGER} ({code(survey.environment)}, {_said(each)}" for each in found)
    title = f"### {code(survey.environment)} ({survey.state}{attested(survey)}): {_summary(survey)}" + (
        "\n" if found else ""
    )
    yield Block(place, title, items, "dangers", short=_short(survey.environment, found))
    yield from _unseen(survey)
    rows = tuple(change_rows.rows(survey.changes))
    if rows:
        yield Block(Rank.ROWS, TITLES, rows, "changes", row=markdown.row(("{}", "", "", "")))
    notices = [each for each in survey.consequences if each.level is Level.NOTICE]
    if notices:
        items = tuple(f"- Notice ({_said(each)}" for each in notices)
        yield Block(Rank.NOTICES, "**Worth knowing**\n", items, "notices")
    yield from steps(survey)
    if survey.diff.strip():
        folded = markdown.folded("What the engine says", markdown.fence(survey.diff, "diff"))
        yield Block(Rank.DIFF, folded)


def _short(environment: str, found: Sequence[Consequence]) -> str:
    """The dangers of an environment in one line, for want of room."""
    if not found:
        return ""
    first = found[0].what.partition(". ")[0].rstrip(".")
    first = first if len(first) <= SENTENCE else first[: SENTENCE - 1] + "…"
    more = f" … and {len(found) - 1} more" if len(found) > 1 else ""
    return f"- {DANGER} ({named([environment])}): {escape(first)}.{more}"


def _summary(survey: Survey) -> str:
    """What is done to how many resources."""
    if survey.look is None:
        return "its settings are wrong" if survey.wrong else "nothing was looked at"
    told = [f"{number} {what}" for what, number in change_rows.resources(survey.changes).items()]
    stays = f"{survey.unchanged} stay{'s' if survey.unchanged == 1 else ''}"
    if told and survey.unchanged:
        told.append(stays)
    if not seen_whole(survey):
        hidden = len(survey.look.not_observed)
        unseen = f"{counted(hidden, 'resource')} not looked at" if hidden else "not looked at in full"
        return "; ".join([*([", ".join(told)] if told else []), unseen, *_not_planned(survey.look)])
    return ", ".join(told) or f"no changes, {stays} as {'it is' if survey.unchanged == 1 else 'they are'}"


def _not_planned(look: Look) -> Iterator[str]:
    """The engine stops at a failed look: what it did not come to is then told by the state alone, or not known."""
    if look.complete:
        return
    if look.foreseen:
        yield "what would change there is told by the state alone"
        return
    others = any(each.is_ours and not each.failure and not each.planned for each in look.resources)
    yield f"the plan is incomplete: what would change in {'the others' if others else 'them'} is not known"


def _said(each: Consequence) -> str:
    """Whose it is, what it is, and what to do."""
    advice = f"\n  - What to do: {escape(each.advice)}" if each.advice else ""
    return f"{code(each.connector)}): {escape(each.what)}{advice}"


def _unseen(survey: Survey) -> Iterator[Block]:
    if survey.look is None:
        yield Block(
            Rank.ERRORS, f"Not known: what would change. Nothing was looked at.\n\n{markdown.fence(survey.error)}"
        )
        return
    yield from failures(survey.look)


def failures(look: Look) -> Iterator[Block]:
    """What could not be looked at, with its error; resources of a connector that share one are told together."""
    alike: dict[tuple[str, str, str], list[tuple[Resource, str]]] = {}
    for each in look.not_observed:
        if each.failure:
            error = each.failure.error.strip()
            alike.setdefault((each.connector, each.failure.kind, without_place(error)), []).append((each, error))
    for (connector, kind, _), found in alike.items():
        what = ", ".join(escape(words.resource(each.kind, each.urn)) for each, _ in found)
        title, error = f"Not looked at: {code(connector)}, {what} (**{escape(kind)}**)", found[0][1]
        yield Block(
            Rank.ERRORS, f"{title}\n\n{markdown.fence(error)}" if "\n" in error else f"{title}: {escape(error)}"
        )
    if not look.complete and not look.not_observed:
        yield Block(Rank.ERRORS, "Not looked at in full: the engine stopped before its end.")


def steps(survey: Survey) -> Iterator[Block]:
    """The open steps as a task list; an update that changes something may open others."""
    found = survey.steps
    if found:
        now = " before this change; it may open others" if survey.changes else ""
        title = f"**{counted(len(found), 'open step')}**{now}\n"
        yield Block(Rank.STEPS, title, tuple(_step(each) for each in found), "open steps")


def _step(each: Step) -> str:
    """Label, exact value, link, and what will prove it."""
    where = f" ({markdown.link('open', each.where)})" if each.where else ""
    after = f"; after {', '.join(map(escape, each.after))}" if each.after else ""
    proof = f"; proof: {escape(each.proof)}" if each.proof else ""
    return f"- [ ] {escape(each.setting)}: {markdown.value(each.value)}{where}{proof}{after}"
