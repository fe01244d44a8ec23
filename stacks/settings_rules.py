"""The one rule set for the settings of an environment: plain values in, typed settings or every problem at once out.

Two readers use it: `stacks.settings` for the program and `stacks.stack_file` for commands that need no engine. The
model holds what can be said of one value or one group; `stacks.settings_relations` what concerns several.
Never: a value in a problem.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from stacks import settings_aws_relations, settings_relations, settings_words
from stacks.mending import Loc, Problem, path
from stacks.settings_model import EnvironmentSettings
from stacks.settings_relations import KEYS, Finding, Source
from stacks.settings_words import Kind

PROJECT = "cyclr-connectors"
"""The namespace of our config keys, which is the name in Pulumi.yaml."""


class Encrypted:
    """Stands for a `{secure: ...}` value, which nobody here decrypts."""


class BareDate:
    """Stands for a date that was not quoted."""


@dataclass(frozen=True)
class Judgement:
    """What the rules say."""

    settings: EnvironmentSettings | None
    """None where there are problems, or where values are still to come from an imported environment."""
    problems: list[Problem]
    notes: list[Problem]
    """What cannot be judged here, or is merely odd."""


def judge(raw: Mapping[str, Any], source: Source) -> Judgement:
    """All problems of the settings in `raw` (config key -> value), whatever their kind."""
    values: dict[str, Any] = {"cyclr": {}, "connectors": {}}
    # An empty text is the project's default for a setting that the stack does not declare.
    values |= {key: value for key, value in raw.items() if key in KEYS and value != ""}
    settings, findings = _typed(values, source)
    rules = (*settings_relations.RULES, *settings_aws_relations.RULES)
    findings += [finding for rule in rules for finding in rule(values, source)]
    problems: list[Problem] = []
    notes: list[Problem] = []
    for finding in dict.fromkeys(findings):
        hidden = finding.absent and source.imports
        what = f"{finding.what}, unless the imported environment supplies it" if hidden else finding.what
        entry = Problem(path(finding.loc), source.line(finding.loc), what, finding.fix)
        (notes if hidden or finding.note else problems).append(entry)
    for entries in (problems, notes):
        entries.sort(key=lambda entry: (entry.line or 0, entry.key, entry.what))
    return Judgement(None if problems else settings, problems, notes)


def _typed(values: Mapping[str, Any], source: Source) -> tuple[EnvironmentSettings | None, list[Finding]]:
    findings = list(_markers(values, (), source))
    # A value that is absent, encrypted or a bare date has been named already; the model would only name it again.
    named = {finding.loc for finding in findings}
    try:
        return EnvironmentSettings.model_validate({**values, "environment": source.environment}), findings
    except ValidationError as errors:
        for error in errors.errors(include_url=False):
            words = settings_words.of(error)
            if words.loc not in named:
                fix = settings_words.mend(words.loc, source.commands, words.kind, words.form)
                findings.append(Finding(words.loc, words.what, fix, absent=words.kind is Kind.ABSENT))
    return None, findings


def _markers(value: Any, loc: Loc, source: Source) -> Iterator[Finding]:
    """Values that are none, at any depth."""
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _markers(entry, (*loc, key), source)
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _markers(entry, (*loc, str(index)), source)
    elif value is None:
        yield Finding(loc, "has no value", f"give it one, or take it out: {source.commands.remove(loc)}")
    elif isinstance(value, Encrypted):
        what = "is an encrypted value where a plain one belongs; secrets stand under keys of their own"
        yield Finding(loc, what, settings_words.mend(loc, source.commands))
    elif isinstance(value, BareDate):
        fix = f"put it into quotes, or run: {source.commands.set(loc, '2026-11-02')}"
        yield Finding(loc, "is a bare date, which does not stay a text", fix)
