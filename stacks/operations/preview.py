"""`cyclr-connectors preview`: what would change, and what a customer would notice, for whoever reviews it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from stacks.operations import options, reports, surveying
from stacks.operations.renderers import html, plan_markdown, report_documents, terminal_reports
from stacks.operations.sinks import comment, github, stdout
from stacks.operations.summary.survey import Survey, exit_code

MARKER = comment.marker("preview")
"""What tells the one comment of a pull request from all others."""


@click.command("preview")
@options.stacks
@options.as_json
@reports.markdown_path
@reports.html_path
@click.option("--comment", "commented", is_flag=True, help="Keep one comment with the report on the pull request.")
@click.option(
    "--none",
    "nothing",
    is_flag=True,
    help="A change that touches no environment: an older comment is brought up to date.",
)
@click.option("--pull-request", type=click.IntRange(1), metavar="N", help="Its number, where the run does not tell it.")
@reports.jobs
@options.config_file
@options.config_dir
def command(
    *,
    stacks: tuple[str, ...],
    as_json: bool,
    markdown_path: str | None,
    html_path: str | None,
    commented: bool,
    nothing: bool,
    pull_request: int | None,
    jobs: int,
    config_file: Path | None,
    config_dir: Path | None,
) -> None:
    """Look at environments and say what the next update would change; nothing is written at a vendor or in a state.

    Exit code 0: nothing would change and all is ready; 7: changes or open steps; 1: could not be observed, or not be
    posted; 2: wrong usage or settings.
    """
    if pull_request and not commented:
        raise click.UsageError("--pull-request is the place of a comment: it needs --comment.")
    destinations = reports.Destinations(as_json, markdown_path, html_path)
    if nothing and (stacks or config_file):
        raise click.UsageError("--none means no environment: leave out -s, or --none.")
    meant = [] if nothing else reports.environments(stacks, config_file, config_dir)
    repository = github.Repository.from_environment(os.environ) if commented else None
    number = pull_request or github.pull_request_number(os.environ) if repository else 0
    surveys = reports.look(meant, surveying.nothing_more, jobs)
    if as_json:
        stdout.document(report_documents.preview(surveys))
    elif not destinations.stdout_taken:
        stdout.text(terminal_reports.preview(surveys))
    summary: list[str] = []
    acts: list[reports.Act] = [lambda: summary.append(reports.summarise(partial(plan_markdown.render, surveys)))]
    if repository:
        acts.append(lambda: _comment(repository, number, surveys, "".join(summary)))
    files = destinations.deliveries(partial(plan_markdown.render, surveys), partial(html.render, surveys, "Preview"))
    reports.deliver([*files, *acts])
    sys.exit(exit_code(surveys))


def _comment(repository: github.Repository, number: int, surveys: Sequence[Survey], summary: str) -> None:
    """Nothing new is posted where nothing changes; an older comment is brought up to date all the same."""
    render = partial(plan_markdown.render, surveys, full_text=summary)
    quiet = all(plan_markdown.seen_whole(each) and not each.changes for each in surveys)
    posted = comment.post(repository, number, MARKER, render, only_if_there=quiet)
    click.echo(f"Comment on pull request {number}: {posted.deed} {posted.url}".rstrip(), err=True)
