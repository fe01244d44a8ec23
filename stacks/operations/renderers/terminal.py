"""A look as text for a person at a terminal. Pure: makes what rich prints; words say everything that colour says.

Never: markup or control characters out of a value, which may come from a vendor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from components.verdicts import Evidence, Setting, Verdict
from stacks.operations.renderers.text import clean, inline, line, value, wrapped
from stacks.operations.summary import naming
from stacks.operations.summary import verdict as judged
from stacks.operations.summary.look import Look, Resource
from stacks.operations.summary.observed import Difference
from stacks.operations.summary.steps import Step, ordered

STYLES = {"READY": "bold green", "NOT READY": "bold yellow", "NOT DEPLOYED": "bold yellow", "NOT OBSERVED": "bold red"}


def status(look: Look) -> Iterator[RenderableType]:
    """The verdict, each connector's settings, what is open, what was not applied, what was not seen."""
    yield headline(look)
    for name, resources in look.connectors.items():
        if any(each.settings for each in resources):
            yield Text()
            yield line(name, "bold")
            yield from _tables(resources)
            yield from _notes(resources)
    yield from open_steps(look)
    yield from _changes(look)
    yield from not_observed(look)


def steps(look: Look) -> Iterator[RenderableType]:
    """What is open, as a checklist to work through."""
    yield headline(look)
    found = ordered(look)
    numbers = {(step.connector, step.setting): number for number, step in enumerate(found, 1)}
    for number, step in enumerate(found, 1):
        yield Text()
        yield _step(number, step, numbers)
    if found:
        yield Text()
        yield line(f"Then look again: cyclr-connectors status {look.target}")
    yield from _changes(look)
    yield from not_observed(look)


def headline(look: Look) -> Text:
    """One sentence."""
    word, sentence = judged.verdict(look)
    return Text.assemble((f"{look.environment}: ", "bold"), (word, STYLES[word]), f": {clean(sentence)}")


def open_steps(look: Look) -> Iterator[RenderableType]:
    """The open steps in short: label, exact value, link, what will prove it."""
    found = ordered(look)
    if not found:
        return
    yield Text()
    yield Text.assemble(
        (f"Open steps ({len(found)})", "bold"), f", in order; in full: cyclr-connectors steps {look.target}"
    )
    for number, step in enumerate(found, 1):
        yield line(f"{number:>3}. {inline(step.setting)}: {inline(step.value)}")
        yield line(f"     {inline(step.where)}", "cyan")
        yield line(f"     proof: {inline(step.proof)}", "dim")


def not_observed(look: Look) -> Iterator[RenderableType]:
    """Resources that could not be looked at, each with its error."""
    for each in look.not_observed:
        if each.failure:
            yield Text()
            title = f"{each.connector}, {naming.whole(each.kind, each.urn)}: {each.failure.kind.upper()}"
            yield line(title, "bold red")
            yield line("  " + each.failure.error.replace("\n", "\n  "))


def _tables(resources: Iterable[Resource]) -> Iterator[RenderableType]:
    """The settings, resource by resource; the columns of all stand below one another."""
    shown = [each for each in resources if each.settings]
    labels = max((len(each.setting) for resource in shown for each in resource.settings), default=0)
    verdicts = max((len(_verdict(each)) for resource in shown for each in resource.settings), default=0)
    for resource in shown:
        table = Table.grid(padding=(0, 2, 0, 0), expand=True, pad_edge=False)
        table.add_column(width=labels + 2, overflow="fold")
        table.add_column(ratio=1, overflow="fold")
        table.add_column(width=verdicts)
        for setting in resource.settings:
            table.add_row(Text(f"  {clean(setting.setting)}"), _values(setting), _verdict(setting))
        yield line(resource.kind)
        yield table


def _values(setting: Setting) -> Text:
    """What is declared, and what was found where that is something else."""
    text = Text(value(setting.declared))
    if setting.found is None or setting.found == setting.declared:
        return text
    return text.append(f"\nfound: {value(setting.found)}", "dim")


def _verdict(setting: Setting) -> Text:
    evidence = "" if setting.evidence is Evidence.NONE else f" ({setting.evidence})"
    if setting.verdict is Verdict.ACCEPTED:
        style = "yellow" if setting.evidence is Evidence.ATTESTED else "green"
        return Text(f"accepted{evidence}", style)
    return Text(f"{setting.verdict.upper()}{evidence}", "red" if setting.verdict is Verdict.REFUSED else "yellow")


def _notes(resources: Iterable[Resource]) -> Iterator[RenderableType]:
    """What the evidence rests on and where it ends, each note once."""
    notes: dict[str, list[str]] = {}
    for each in resources:
        for setting in each.settings:
            if setting.note:
                notes.setdefault(setting.note, []).append(setting.setting)
    if notes:
        yield Text()
    for note, settings in notes.items():
        yield line(wrapped(f"  {', '.join(dict.fromkeys(settings))}: {note}", "    "), "dim")


def _changes(look: Look) -> Iterator[RenderableType]:
    """What the next update would do, in short: the tables show the values of what was looked at."""
    changed = [each for each in look.resources if each.planned not in ("", "same")]
    if not changed:
        return
    yield Text()
    yield Text.assemble(("Not as declared", "bold"), f"; to apply: pulumi up {look.target} --run-program")
    for each in changed:
        shown = each.observed and not each.is_aws  # in a table
        names = [one.setting if shown else _change(one) for one in each.not_applied]
        of = "" if each.kind == each.connector or not each.is_ours else f" of {each.connector}"
        of = naming.own(each.kind, each.urn) + of
        told = f"  {each.planned} {each.kind}{of}{': ' if names else ''}{', '.join(names)}"
        told += f"; it is gone at {naming.holder(each.kind)}" if each.missing else ""
        yield line(told + ("; its open step comes first" if each.open_steps else ""))


def _change(one: Difference) -> str:
    return f"{one.setting} {value(one.found)} => {value(one.expected)}"


def _step(number: int, step: Step, numbers: dict[tuple[str, str], int]) -> Text:
    first = [f"step {numbers[step.connector, label]} ({label})" for label in step.after]
    parts = {
        "value": step.value,
        "link": step.where,
        "why": f"{step.verdict}{f': {step.cause}' if step.cause else ''}",
        "proof": step.proof,
        "after": ", ".join(first) or "nothing: it can be done now",
    }
    text = (
        Text(f"{number:>3}. [ ] ", "bold")
        .append(clean(step.setting))
        .append(f"   {step.connector}, {step.resource}", "dim not bold")
    )
    for label, content in parts.items():
        prose = wrapped(" " * 17 + content, " " * 17).lstrip()
        indented = clean(prose if label == "why" else content.replace("\n", "\n" + " " * 17))
        text.append(f"\n         {label:<6}  ", "dim not bold").append(indented, "not bold")
    return text
