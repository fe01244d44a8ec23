"""What `preview` and `drift` share: which environments, the looks at them, and where their report goes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from components.errors import ConnectorError
from stacks import stack_file
from stacks.operations import options, surveying
from stacks.operations.engine import SANDBOX
from stacks.operations.progress import Looks
from stacks.operations.sinks import file, step_summary
from stacks.operations.summary.survey import Survey
from stacks.operations.surveying import Environment, More

BYTES = 3
"""The longest unit that the renderers count, in UTF-8."""


Act = Callable[[], object]
"""Brings a report somewhere."""


@dataclass(frozen=True)
class Destinations:
    """Where a report goes beside the terminal.

    Raises: click.UsageError, when two things are to go to stdout.
    """

    as_json: bool
    markdown_path: str | None
    html_path: str | None

    def __post_init__(self) -> None:
        if [self.as_json, self.markdown_path == file.STDOUT, self.html_path == file.STDOUT].count(True) > 1:
            raise click.UsageError("Only one of --json, --markdown - and --html - can go to stdout.")
        if self.markdown_path and self.markdown_path == self.html_path:
            raise click.UsageError("--markdown and --html name the same file.")

    @property
    def stdout_taken(self) -> bool:
        """Whether a report other than the terminal's goes to stdout."""
        return file.STDOUT in (self.markdown_path, self.html_path)

    def deliveries(self, markdown: Callable[[], str], html: Callable[[], str]) -> list[Act]:
        """Each report to where it was asked for; each raises ConnectorError, when a file cannot be written."""
        reports = ((self.markdown_path, markdown), (self.html_path, html))
        return [partial(_write, path, render) for path, render in reports if path]


def deliver(acts: Iterable[Act]) -> None:
    """Do all of them: one place that takes no report keeps none from the others.

    Raises: ConnectorError, the last that was met; those before it are said on stderr.
    """
    failed = []
    for act in acts:
        try:
            act()
        except ConnectorError as error:
            failed.append(error)
    for other in failed[:-1]:
        click.echo(str(other), err=True)
    if failed:
        raise failed[-1]


def _write(path: str, render: Callable[[], str]) -> None:
    file.write(path, render())


def environments(
    stacks: Sequence[str], config_file: Path | None, config_dir: Path | None, every: bool = False
) -> list[Environment]:
    """The environments that the options mean, each once, in the order in which they were named.

    Raises: click.UsageError, when none is meant or the options contradict each other.
    """
    if every and stacks:
        raise click.UsageError("--all means every environment: leave out -s, or --all.")
    if config_file and (config_dir or every or len(stacks) != 1):
        raise click.UsageError("--config-file is the file of one stack: name one with -s; of several, --config-dir.")
    # The sandbox is on the machine of whoever plays with it: a scheduled run would only find it missing.
    names = [name for name in stack_file.stacks(config_dir) if name != SANDBOX] if every else list(stacks)
    if every and not names:
        raise click.UsageError(f"There is no stack file in {config_dir or 'stacks/'}.")
    if not names:
        raise options.no_stack(config_dir)
    files = {name: config_file or (config_dir and stack_file.usual(name, config_dir)) for name in names}
    return [Environment(name, path) for name, path in files.items()]


def look(meant: Sequence[Environment], more: More, jobs: int) -> list[Survey]:
    """A survey of each environment, with something to see on a terminal while it lasts."""
    with Looks([each.stack for each in meant]) as looks:
        return surveying.take_all(meant, more, looks.told, jobs)


def summarise(render: Callable[[int | None], str]) -> str:
    """The whole report in the step summary, where a service's runner has one.

    Returns a sentence that says where it is, for a comment that is too short for all; empty without one.
    Raises: ConnectorError, when it cannot be written.
    """
    if not os.environ.get(step_summary.VARIABLE):
        return ""
    step_summary.append(os.environ, lambda limit: _within(limit, render))
    return step_summary.pointer(os.environ)


def _within(limit: int, render: Callable[[int | None], str]) -> str:
    """The text within a number of bytes; the renderers count characters, of at most BYTES each."""
    whole = render(None)
    return whole if len(whole.encode("utf-8", "replace")) <= limit else render(limit // BYTES)


markdown_path = click.option(
    "--markdown", "markdown_path", metavar="FILE", help="Write the report as Markdown; - for stdout."
)
html_path = click.option("--html", "html_path", metavar="FILE", help="Write the report as one HTML file; - for stdout.")
jobs = click.option(
    "-j", "--jobs", type=click.IntRange(1, 64), default=surveying.JOBS, show_default=True, metavar="N",
    help="Environments looked at at a time.",
)  # fmt: skip
