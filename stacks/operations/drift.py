"""`cyclr-connectors drift`: does the world still match the declaration; for a scheduled run and whoever is on call."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from stacks import stack_file
from stacks.operations import options, reports
from stacks.operations.renderers import drift_markdown, html, report_documents, terminal_reports
from stacks.operations.sinks import github, heartbeat, stdout
from stacks.operations.sinks.cloudwatch import Alarm, Metric
from stacks.operations.summary.survey import Survey, exit_code
from stacks.operations.surveying import Environment
from stacks.operations.tickets import keep_issues
from stacks.operations.time_risks import with_risks


@click.command("drift")
@options.stacks
@click.option("--all", "every", is_flag=True, help="Every environment with a stack file, but the sandbox.")
@options.as_json
@reports.markdown_path
@reports.html_path
@click.option("--issue", "ticketed", is_flag=True, help="Keep one issue for each environment that is not in sync.")
@click.option(
    "--heartbeat",
    "heartbeat_place",
    metavar="URL",
    help="Told when every environment was looked at: https://..., whatever was found; cloudwatch:NAMESPACE/METRIC, of "
    "each that could be observed in full.",
)
@reports.jobs
@options.config_file
@options.config_dir
def command(
    *,
    stacks: tuple[str, ...],
    every: bool,
    as_json: bool,
    markdown_path: str | None,
    html_path: str | None,
    ticketed: bool,
    heartbeat_place: str | None,
    jobs: int,
    config_file: Path | None,
    config_dir: Path | None,
) -> None:
    """Look at environments and say what differs from the declaration, how sure that is, and what mends it.

    Nothing is written at a vendor or in a state. Exit code 0: in sync; 7: differences or open steps; 1: could not be
    observed, or not be posted; 2: wrong usage or settings.
    """
    destinations = reports.Destinations(as_json, markdown_path, html_path)
    meant = reports.environments(stacks, config_file, config_dir, every)
    repository = github.Repository.from_environment(os.environ) if ticketed else None
    beat = heartbeat.prepared(heartbeat_place, _alarms(meant)) if heartbeat_place else None
    surveys = reports.look(meant, with_risks, jobs)
    if as_json:
        stdout.document(report_documents.drift(surveys))
    elif not destinations.stdout_taken:
        stdout.text(terminal_reports.drift(surveys))
    acts: list[reports.Act] = [lambda: reports.summarise(partial(drift_markdown.render, surveys))]
    if repository:
        acts.append(lambda: keep_issues(repository, surveys))
    files = destinations.deliveries(partial(drift_markdown.render, surveys), partial(html.render, surveys, "Drift"))
    reports.deliver([*files, *acts])
    if beat and _complete(surveys):
        beat(surveys)
    sys.exit(exit_code(surveys))


def _alarms(meant: Sequence[Environment]) -> dict[str, Alarm]:
    """What the declared alarms listen to; a stack file that cannot be read is the look's to tell."""
    read = {each.stack: stack_file.read(options.stack_file_path(each.stack, each.file), each.stack) for each in meant}
    declared = {stack: found.settings.aws for stack, found in read.items() if found.settings and found.settings.aws}
    return {
        stack: Alarm(aws.region, Metric(aws.drift_alarm.namespace, aws.drift_alarm.metric))
        for stack, aws in declared.items()
        if aws.drift_alarm
    }


def _complete(surveys: Sequence[Survey]) -> bool:
    """Whether the run did its work: a vendor that does not answer is something it found, a broken engine is not."""
    return all(each.look is not None and (each.look.complete or each.look.not_observed) for each in surveys)
