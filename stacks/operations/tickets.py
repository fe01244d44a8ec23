"""One issue for each environment that is not in sync, and another for one that could not be looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from stacks.operations.renderers import drift_markdown
from stacks.operations.sinks import issue
from stacks.operations.sinks.comment import Deed, Posted, marker
from stacks.operations.sinks.github import Repository
from stacks.operations.summary.findings import State
from stacks.operations.summary.identities import identities
from stacks.operations.summary.survey import Survey

DRIFT, UNOBSERVED = "drift", "unobserved"
"""What an issue is about; the two never mix."""
IN_SYNC = "In sync with the declaration again."
OBSERVED = "It can be looked at again."


def keep_issues(repository: Repository, surveys: Sequence[Survey]) -> None:
    """Bring the issues of every environment up to date, and say on stderr what was done.

    Raises: ConnectorError, when the service refuses or cannot be reached.
    """
    for survey in surveys:
        for kind, posted in _kept(repository, survey):
            if posted.deed is not Deed.NONE:
                click.echo(f"{survey.environment}: issue on {kind} {posted.deed} {posted.url}".rstrip(), err=True)


def _kept(repository: Repository, survey: Survey) -> Iterator[tuple[str, Posted]]:
    """An outage says nothing of drift: while an environment is not seen whole, its issue on drift stays as it is."""
    drift, unobserved = marker(DRIFT, survey.environment), marker(UNOBSERVED, survey.environment)
    if survey.state is State.NOT_OBSERVED:
        yield UNOBSERVED, _open(repository, unobserved, survey)
        return
    yield UNOBSERVED, issue.close(repository, unobserved, OBSERVED)
    if survey.state is State.IN_SYNC:
        yield DRIFT, issue.close(repository, drift, IN_SYNC)
    else:
        yield DRIFT, _open(repository, drift, survey)


def _open(repository: Repository, mark: str, survey: Survey) -> Posted:
    title, body = drift_markdown.issue(survey)
    return issue.keep(repository, mark, title, lambda _: body, identities(survey))
