"""Looks as one HTML file: no script, no request, light and dark, for a phone as for a screen reader. Pure.

Never: markup, a link or a control character out of a value; a word or a colour of what stands where nothing was seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from components.verdicts import Evidence
from stacks.operations.renderers import picture
from stacks.operations.renderers.picture import Mark
from stacks.operations.renderers.text import clean, value
from stacks.operations.summary import naming
from stacks.operations.summary.look import Resource
from stacks.operations.summary.risks import Risk
from stacks.operations.summary.survey import Survey, exit_code, sentence, worst_first

SURE = {
    Evidence.OBSERVED: "observed: seen in this look",
    Evidence.PROVEN: "proven: a consent was completed under this secret; a later edit is not seen",
    Evidence.INFERRED: "inferred: a side effect implies it",
    Evidence.ATTESTED: "attested: a person says so, nothing was seen",
    Evidence.NONE: "nothing was seen that speaks for or against it",
}
"""How sure a report is, by the evidence."""

LIMITS = (
    "A wrong secret typed into the library after its proof is not seen until the next consent.",
    "A customer's installation with credentials of its own is not seen.",
    "An attestation is as good as the person.",
)
"""What no look can see, whatever it says."""

EXITS = {
    0: "as declared and ready",
    1: "could not be observed",
    2: "wrong usage or settings",
    7: "differences or open steps",
}
"""What each exit code means."""


@dataclass(frozen=True)
class Unseen:
    """One thing that an environment's verdict does not rest on an observation of."""

    resource: str
    setting: str
    mark: Mark
    why: str


def render(surveys: Sequence[Survey], title: str = "Environments") -> str:
    """The whole file, the worst environment first."""
    ranked = worst_first(surveys)
    states = Counter(str(each.state) for each in ranked)
    return (
        _templates()
        .get_template("report.html")
        .render(
            title=title,
            surveys=ranked,
            counted=", ".join(f"{number} {state}" for state, number in states.items())
            or "no environment was asked for",
            exit_code=exit_code(surveys),
        )
    )


def headline(survey: Survey) -> str:
    """The sentence beside an environment's verdict."""
    said = sentence(survey)
    return f"{said[:1].upper()}{said[1:]}."


def unseen(survey: Survey) -> Iterator[Unseen]:
    """Resources that were not looked at, settings of which nothing was seen, and what rests on a person's word."""
    for resource in survey.look.resources if survey.look else ():
        if resource.is_ours and not resource.missing and (resource.failure or not resource.observed):
            yield Unseen(naming.whole(resource.kind, resource.urn), "", Mark.NOT_OBSERVED, _why(resource))
            continue
        for setting in resource.settings:
            found = picture.mark(setting)
            if found in (Mark.UNKNOWN, Mark.INCONCLUSIVE, Mark.ATTESTED):
                yield Unseen(resource.kind, setting.setting, found, setting.note)


def days(risk: Risk) -> str:
    """How long until something ends, in words."""
    if risk.days_left is None:
        return "not known"
    number = abs(risk.days_left)
    counted = f"{number} day{'' if number == 1 else 's'}"
    return f"ended {counted} ago" if risk.days_left < 0 else f"{counted} left"


def address(url: str) -> str:
    """The URL where a browser may be sent there, else nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname and url.isprintable() and " " not in url else ""


def token(word: str, group: str) -> str:
    """The class or id of one of our own words; a word from outside never becomes one."""
    return f"{group}-{word.replace(' ', '-')}"


def sure(evidence: str) -> str:
    """How sure a report is, in words."""
    return next((words for known, words in SURE.items() if known == evidence), SURE[Evidence.NONE])


def _why(resource: Resource) -> str:
    if resource.failure:
        return f"{resource.failure.kind}: the error stands above"
    made = {"create": "not made yet: the next update makes it", "delete": "declared no more: it was not looked at"}
    return made.get(resource.planned, "the engine did not look at it")


def _shown(content: Any) -> Any:
    """Every expression of a template: text without characters that a browser would obey."""
    return content if isinstance(content, Markup) else "" if content is None else clean(str(content))


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("stacks.operations.renderers"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = (address, days, headline, sure, token, unseen, value, naming.whole)
    environment.filters |= {each.__name__: each for each in words}
    environment.filters |= {"mark": picture.mark, "chains": picture.chains}
    environment.globals |= {"LIMITS": LIMITS, "EXITS": EXITS}
    return environment
