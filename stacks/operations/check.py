"""`cyclr-connectors check`: every problem of a stack file at once; needs no engine, no network and no passphrase."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from stacks import stack_file
from stacks.mending import Problem
from stacks.operations import options
from stacks.stack_file import StackFile


@click.command("check")
@options.stacks
@options.as_json
@options.config_file
def command(stacks: tuple[str, ...], as_json: bool, config_file: Path | None) -> None:
    """Check stack files: all problems at once, each with what mends it.

    Nothing is sent and nothing decrypted. Exit code 0: no problem; 2: problems.
    """
    if config_file and len(stacks) > 1:
        raise click.UsageError("--config-file is the file of one stack: name one with -s.")
    if config_file and not stacks:
        stacks = (stack_file.stack_of(config_file),)
    if not stacks:
        raise options.no_stack()
    files = [(name, stack_file.read(options.stack_file_path(name, config_file), name)) for name in stacks]
    if as_json:
        click.echo(json.dumps({"stacks": [_document(*each) for each in files]}, indent=2, ensure_ascii=False))
    else:
        for name, file in files:
            _text(name, file)
    sys.exit(2 if any(file.problems for _, file in files) else 0)


def _document(stack: str, file: StackFile) -> dict[str, Any]:
    return {
        "stack": stack,
        "file": stack_file.shown(file.path),
        "problems": [asdict(problem) for problem in file.problems],
        "notes": [asdict(note) for note in file.notes],
    }


def _text(stack: str, file: StackFile) -> None:
    name = stack_file.shown(file.path)
    for problem in file.problems:
        click.echo(lines(name, problem))
    for note in file.notes:
        click.echo(lines(name, note, "note: "))
    if file.problems:
        click.echo(f"{stack}: {counted(file.problems)}.")
    else:
        click.echo(f"{stack}: no problems in {name}.")


def counted(problems: list[Problem]) -> str:
    """How many there are, in words."""
    return "1 problem" if len(problems) == 1 else f"{len(problems)} problems"


def lines(name: str, problem: Problem, kind: str = "") -> str:
    """One problem as people read it: where, what, and what mends it."""
    place = f"{name}:{problem.line}" if problem.line else name
    return f"{place}: {kind}{problem.key} {problem.what}\n  fix: {problem.fix}"
