"""`cyclr-connectors touched`: the environments that a change in the repository may change at a vendor.

The sandbox is none: it lives on one machine and belongs to nobody.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

import click

from components.errors import ConnectorError, DeclarationError, four_parts
from stacks import stack_file
from stacks.operations import options
from stacks.operations.engine import SANDBOX

PROJECT = stack_file.FOLDER.parent

EVERY_FILES = ("Pulumi.yaml", "__main__.py", "requirements.txt", "requirements-aws.txt", "pyproject.toml")
"""What every environment is made with, beside its own stack file: the program, its packages, the project."""
EVERY_FOLDERS = ("components", "tools/pulumi")
"""Folders of which the same is true, with all that lies in them."""
_PROGRAM_FOLDER = PurePosixPath("stacks")
"""Modules directly in it are the program's; those in its folders are commands and the sandbox."""

_STACK_FILE = re.compile(r"stacks/Pulumi\.(?P<stack>.+)\.ya?ml")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
"""A stack's name as Pulumi allows it; one that begins with a dash would be read as an option."""

LEFT, NOTHING_LEFT = 7, 0


@click.command("touched")
@click.option("--base", metavar="COMMIT", help="What the change is compared with; without it, every environment.")
@options.as_json
def command(base: str | None, as_json: bool) -> None:
    """Name the environments that a change touches, one a line.

    A stack file touches its own environment; what the program is made of touches all; documents, tests and commands
    touch none. The change is what was committed between the common ancestor with COMMIT and HEAD: what is not
    committed yet does not count. The sandbox is left out.

    Exit code 0, also when there is none; 7: a stack file that the change had is gone, so that nobody will look at its
    environment any more.
    """
    names = environments()
    changed = [] if base is None else changed_files(base)
    found = names if base is None else touched(changed, names)
    lost = gone(changed, stack_file.stacks())
    if as_json:
        # One line, so that a CI job can keep it as an output. Without a commit, nobody knows what is gone.
        click.echo(json.dumps({"stacks": found} | ({} if base is None else {"gone": lost})))
    else:
        for name in found:
            click.echo(name)
    for name in lost:
        click.echo(_nobody_looks(name), err=True)
    sys.exit(LEFT if lost else NOTHING_LEFT)


def touched(changed: Iterable[str], names: Sequence[str]) -> list[str]:
    """Those of the named environments that changed files touch; paths are relative to the project, with slashes."""
    found: set[str] = set()
    for path in changed:
        if _touches_every(PurePosixPath(path)):
            return list(names)
        if match := _STACK_FILE.fullmatch(path):
            found.add(match["stack"])
    return [name for name in names if name in found]


def gone(changed: Iterable[str], there: Iterable[str]) -> list[str]:
    """The environments whose stack file changed by being taken away or renamed; `there` are the stacks with a file."""
    found = {match["stack"] for path in changed if (match := _STACK_FILE.fullmatch(path))}
    lost = sorted(found - {SANDBOX, *there})
    return [name for name in lost if _NAME.fullmatch(name) and not name.startswith(stack_file.EXAMPLE)]


def environments() -> list[str]:
    """Every environment with a stack file.

    Raises: DeclarationError: a file's name is no stack's name
    """
    names = [name for name in stack_file.stacks() if name != SANDBOX]
    for name in names:
        if not _NAME.fullmatch(name):
            raise DeclarationError(
                "a stack file has a name that no stack can have",
                where=stack_file.shown(stack_file.FOLDER),
                why=f"{name!r} is not made of letters, digits, dots, dashes and underscores",
                fix="rename the file",
            )
    return names


def changed_files(base: str) -> list[str]:
    """The files of the project that were committed between the common ancestor with a commit and HEAD.

    Raises: ConnectorError: git is missing, or does not know the commit; DeclarationError: no commit is named
    """
    if not base:  # a variable that is not set would mean HEAD, and so no change
        raise _no_commit("''", "no commit is named")
    if base.startswith("-"):
        raise _no_commit(repr(base), "it begins with a dash, so it is an option and no commit")
    commit = _git(base, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}").strip()
    options = ("--name-only", "-z", "--no-renames", "--relative")
    changed = _git(base, "diff", *options, "--end-of-options", f"{commit}...HEAD")
    return [path for path in changed.split("\0") if path]


def _git(base: str, *arguments: str) -> str:
    """What git prints."""
    line = ["git", *arguments]
    environ = {name: value for name, value in os.environ.items() if name not in ("GIT_DIR", "GIT_WORK_TREE")}
    try:
        done = subprocess.run(  # noqa: S603 a fixed command; whatever base holds, it is no option
            line, cwd=PROJECT, env=environ, capture_output=True, text=True, check=False
        )
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _unknown(base, f"git could not be started: {reason}", "install git and put it on PATH") from None
    if done.returncode:
        said = done.stderr.strip().splitlines()
        fix = "fetch that commit and the history between; actions/checkout does with fetch-depth: 0"
        raise _unknown(base, said[0] if said else "git knows no such commit here", fix)
    return done.stdout


def _touches_every(path: PurePosixPath) -> bool:
    if str(path) in EVERY_FILES or any(path.is_relative_to(folder) for folder in EVERY_FOLDERS):
        return True
    return path.parent == _PROGRAM_FOLDER and path.suffix == ".py"


def _unknown(base: str, why: str, fix: str) -> ConnectorError:
    return ConnectorError(
        f"what changed since {base} is not known", where=f"git diff in {Path(PROJECT).name}", why=why, fix=fix
    )


def _no_commit(base: str, why: str) -> DeclarationError:
    return DeclarationError(
        f"what changed since {base} cannot be asked",
        where="--base",
        why=why,
        fix="name the commit that the change is compared with, e.g. --base origin/main",
    )


def _nobody_looks(stack: str) -> str:
    """What a stack file that is gone means; its environment is not."""
    return four_parts(
        f"{stack} has no stack file any more",
        where=f"stacks/Pulumi.{stack}.yaml",
        why="no preview, no deployment and no look for drift sees this environment again; its state, and what it made"
        " and set at the vendors, stay as they are",
        fix=f"keep the file until the environment is retired: pulumi destroy -s {stack}, then take the file away"
        " (docs/pipelines.md)",
    )
