"""The issues of an environment: what differs, what could not be looked at, what is about to end. They never mix."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import click

from stacks.operations import reports
from stacks.operations.renderers import drift_markdown
from stacks.operations.sinks import issue
from stacks.operations.sinks.comment import Deed, Posted, marker
from stacks.operations.sinks.github import Repository
from stacks.operations.summary.findings import State
from stacks.operations.summary.identities import endings, identities
from stacks.operations.summary.survey import Survey

DRIFT, UNOBSERVED, ENDS = "drift", "unobserved", "ends"
"""The markers of the three."""
SUBJECTS = {DRIFT: "what differs", UNOBSERVED: "what could not be looked at", ENDS: "what is about to end"}
IN_SYNC = "In sync with the declaration again."
OBSERVED = "It can be looked at again."
RENEWED = "Nothing of it is about to end any more."


def keep_issues(repository: Repository, surveys: Sequence[Survey]) -> None:
    """Bring the issues of every environment up to date, and say on stderr what was done.

    Raises: ConnectorError, when the service refuses or cannot be reached; those of other environments are kept first.
    """
    reports.deliver([partial(act, repository, each) for each in surveys for act in (_drift, _unobserved, _ends)])


def _drift(repository: Repository, survey: Survey) -> None:
    """An outage says nothing of drift: while an environment is not seen whole, its issue on drift stays as it is."""
    mark = marker(DRIFT, survey.environment)
    if survey.state is State.IN_SYNC:
        _say(survey, DRIFT, issue.close(repository, mark, IN_SYNC))
    elif survey.state is not State.NOT_OBSERVED:
        _say(survey, DRIFT, _open(repository, mark, survey))


def _unobserved(repository: Repository, survey: Survey) -> None:
    mark = marker(UNOBSERVED, survey.environment)
    unseen = survey.state is State.NOT_OBSERVED
    _say(survey, UNOBSERVED, _open(repository, mark, survey) if unseen else issue.close(repository, mark, OBSERVED))


def _ends(repository: Repository, survey: Survey) -> None:
    """What was not seen whole may hide an end: then this issue, too, is only brought up to date, never closed."""
    mark, near = marker(ENDS, survey.environment), endings(survey)
    if near:
        title, body = drift_markdown.endings(survey)
        _say(survey, ENDS, issue.keep(repository, mark, title, lambda _: body, near))
    elif survey.state is not State.NOT_OBSERVED:
        _say(survey, ENDS, issue.close(repository, mark, RENEWED))


def _open(repository: Repository, mark: str, survey: Survey) -> Posted:
    title, body = drift_markdown.issue(survey)
    return issue.keep(repository, mark, title, lambda _: body, identities(survey))


def _say(survey: Survey, kind: str, posted: Posted) -> None:
    if posted.deed is not Deed.NONE:
        click.echo(f"{survey.environment}: issue on {SUBJECTS[kind]} {posted.deed} {posted.url}".rstrip(), err=True)
