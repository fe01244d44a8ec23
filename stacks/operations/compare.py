"""`cyclr-connectors compare`: environments side by side, from their stack files alone.

Never: a network, an engine, a passphrase; a secret is not read, so it is not compared.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from stacks import stack_file
from stacks.operations import check, options
from stacks.operations.comparison.compared import compare
from stacks.operations.comparison.declared import declared
from stacks.operations.renderers import comparison as rendered
from stacks.operations.sinks import file, stdout
from stacks.stack_file import StackFile

WRONG = 2


@click.command("compare")
@click.argument("stacks", nargs=-1, metavar="STACK STACK ...")
@options.as_json
@click.option("--markdown", "markdown_path", metavar="FILE", help="Write the comparison as Markdown; - for stdout.")
@options.config_dir
def command(stacks: tuple[str, ...], as_json: bool, markdown_path: str | None, config_dir: Path | None) -> None:
    """Lay environments side by side: what differs by design, what differs unexplained, what is equal and should not be.

    Only stack files are read, and nothing is decrypted: two secrets are known to be the same only where one file has
    the encrypted text of the other. Where each was encrypted by itself, or one is kept outside the file, as env: does,
    that is not known, and they are listed as not compared.

    Exit code 0: nothing unexplained, nothing equal that should not be; 7: something is; 2:
    wrong usage or settings.
    """
    on_stdout = markdown_path == file.STDOUT
    if as_json and on_stdout:
        raise click.UsageError("Only one of --json and --markdown - can go to stdout.")
    files = _files(stacks, config_dir)
    if any(each.problems for each in files.values()):
        _report(files)
        sys.exit(WRONG)
    found = compare([declared(name, each) for name, each in files.items()])
    if as_json:
        stdout.document(rendered.document(found))
    elif not on_stdout:
        stdout.text(rendered.terminal(found))
    if markdown_path:
        file.write(markdown_path, rendered.page(found))
    sys.exit(found.exit_code)


def _files(stacks: Sequence[str], folder: Path | None) -> dict[str, StackFile]:
    """The file of each stack.

    Raises: click.UsageError, when fewer than two are named, one twice, or one that the named folder does not have.
    """
    paths = {name: stack_file.usual(name, folder) for name in stacks}
    if len(set(paths.values())) < len(stacks):
        raise click.UsageError("A stack is named twice: an environment equals itself.")
    if len(stacks) < 2:
        raise click.UsageError(f"Name two stacks at least. {_there(folder)}")
    if folder and (missing := [path for path in paths.values() if not path.exists()]):
        names = ", ".join(stack_file.shown(path) for path in missing)
        raise click.UsageError(f"{names}: there is no such file. {_there(folder)}")
    return {name: stack_file.read(path, name) for name, path in paths.items()}


def _there(folder: Path | None) -> str:
    """The stacks that can be named."""
    place = f"{stack_file.shown(folder)}/" if folder else "stacks/"
    return f"Stacks with a file in {place}: {', '.join(stack_file.stacks(folder)) or 'none'}."


def _report(files: dict[str, StackFile]) -> None:
    """Every problem of every file, in the form of `check`; stdout is for a comparison."""
    for name, each in files.items():
        for problem in each.problems:
            click.echo(check.lines(stack_file.shown(each.path), problem), err=True)
        if each.problems:
            click.echo(f"{name}: {check.counted(each.problems)}; nothing was compared.", err=True)
