"""Options that several commands share, so that each is named and explained once."""

from __future__ import annotations

from pathlib import Path

import click

from stacks import stack_file


def stack_file_path(stack: str, config_file: Path | None = None) -> Path:
    """The stack file: the one that was named, or the one that the CLI takes for the stack."""
    return config_file or stack_file.usual(stack)


def target(stack: str, config_file: Path | None) -> str:
    """What a printed command needs to mean the same environment."""
    return stack_file.target(stack, stack_file.shown(config_file) if config_file else "")


def no_stack(folder: Path | None = None) -> click.UsageError:
    """Nobody said which environment is meant."""
    there = ", ".join(stack_file.stacks(folder))
    place = f"{stack_file.shown(folder)}/" if folder else "stacks/"
    hint = f" Stacks with a file in {place}: {there}." if there else f" There is no stack file in {place} yet."
    return click.UsageError(f"Missing option '-s' / '--stack'.{hint}")


def _named(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    if not value:
        raise no_stack()
    return value


stack = click.option(
    "-s", "--stack", metavar="STACK", callback=_named, help="The environment: the name of its stack.  [required]"
)
stacks = click.option("-s", "--stack", "stacks", multiple=True, metavar="STACK", help="An environment; repeatable.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document to stdout and nothing else.")
config_file = click.option(
    "--config-file",
    type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path),
    metavar="FILE",
    help="Another stack file than stacks/Pulumi.STACK.yaml.",
)
config_dir = click.option(
    "--config-dir",
    type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
    metavar="DIR",
    help="Another folder of stack files Pulumi.STACK.yaml than stacks/.",
)
