"""`cyclr-connectors policies`: the policy documents of the roles that run this package at AWS; sends nothing.

Never: an engine, a network, a passphrase; a document is made from the stack file alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from components.errors import ConnectorError, DeclarationError
from stacks import stack_file
from stacks.mending import Commands
from stacks.operations import check, options
from stacks.operations.policies import rendering, terminal
from stacks.operations.policies.facts import facts, subjects
from stacks.operations.sinks import file, stdout
from stacks.settings_aws import ROLES
from stacks.settings_model import EnvironmentSettings

_NAME = re.compile(r"[A-Za-z0-9_.-]+")
Documents = Mapping[str, Mapping[str, dict[str, Any]]]
"""Role -> kind -> document."""


@click.command("policies")
@options.stack
@click.option("--role", "role", type=click.Choice(ROLES), help="One role; without it all three.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write each document into this folder: STACK-ROLE-trust.json and STACK-ROLE-permissions.json.",
)
@options.as_json
@options.config_file
def command(stack: str, role: str | None, out: Path | None, as_json: bool, config_file: Path | None) -> None:
    """Make the policy documents of the roles that run this at AWS, from what the stack file declares.

    For each of preview, deploy and drift: the trust, which says whose runs may take the role, and the permissions.
    Nothing is sent and nothing decrypted. Exit code 0: made; 1: could not be written; 2: wrong usage or settings.
    """
    path = options.stack_file_path(stack, config_file)
    documents = _documents(stack, path, (role,) if role else ROLES)
    if as_json:
        stdout.document({"stack": stack, "roles": documents})
    elif not out:
        stdout.text(terminal.lines(options.target(stack, config_file), documents))
    for name, changed in _write(documents, stack.rpartition("/")[2], out) if out else ():
        click.echo(f"{stack_file.shown(name)}: {'written' if changed else 'as it was'}", err=as_json)


def _documents(stack: str, path: Path, roles: tuple[str, ...]) -> Documents:
    """The documents of these roles.

    Raises: DeclarationError, when the stack file has problems or does not say enough.
    """
    name = stack.rpartition("/")[2]
    if not _NAME.fullmatch(name):  # a * in it would widen every policy
        raise click.UsageError("A stack's name is made of letters, digits, dots, dashes and underscores.")
    settings = _settings(stack, path)
    declared = settings.aws
    access = declared.access if declared else None
    if declared is None or access is None:
        raise _no_access(stack, path, has_aws=declared is not None)
    where = f"{stack_file.shown(path)}, aws"
    known = facts(settings, declared, access)
    return {
        role: {
            "trust": rendering.trust(role, subjects(known, access, role), where),
            "permissions": rendering.permissions(role, known, where),
        }
        for role in roles
    }


def _settings(stack: str, path: Path) -> EnvironmentSettings:
    read = stack_file.read(path, stack)
    if read.settings is not None:
        return read.settings
    shown = stack_file.shown(path)
    problems = "\n         ".join(f"{problem.key} {problem.what}" for problem in read.problems)
    raise DeclarationError(
        f"The stack file has {check.counted(read.problems)}" if problems else "The stack file does not say enough",
        where=shown,
        why=problems or "values are to come from an environment of Pulumi's, which is not asked here",
        fix=f"run: cyclr-connectors check {_target(stack, path)}" if problems else f"set them in {shown} itself",
    )


def _no_access(stack: str, path: Path, *, has_aws: bool) -> DeclarationError:
    shown = stack_file.shown(path)
    commands = Commands(stack, None if path.resolve() == stack_file.usual(stack).resolve() else shown)
    wanted: dict[tuple[str, ...], str] = {
        **({} if has_aws else {("account",): "123456789012", ("region",): "REGION"}),
        ("access", "stateBucket"): "BUCKET",
        ("access", "stateKey"): "ARN",
        **{("access", "subjects", role, "0"): "SUBJECT" for role in ROLES},
    }
    return DeclarationError(
        f"Stack {stack} does not say who runs it at AWS",
        where=f"{shown}, aws.access",
        why="the policies are made from the bucket and the key of its state, and the subjects of its runs",
        fix="\n         ".join(["run:", *(commands.set(("aws", *loc), value) for loc, value in wanted.items())]),
    )


def _target(stack: str, path: Path) -> str:
    own = path.resolve() == stack_file.usual(stack).resolve()
    return stack_file.target(stack, "" if own else stack_file.shown(path))


def _write(documents: Documents, stack: str, folder: Path) -> list[tuple[Path, bool]]:
    """Each file, and whether it was changed.

    Raises: ConnectorError, when one cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConnectorError(
            "The folder for the policies cannot be made",
            where=str(folder),
            why=error.strerror or type(error).__name__,
            fix="name a folder that you may write in",
        ) from None
    return [
        (path, _written(path, json.dumps(document, indent=2, ensure_ascii=False) + "\n"))
        for role, kinds in documents.items()
        for kind, document in kinds.items()
        for path in [folder / f"{stack}-{role}-{kind}.json"]
    ]


def _written(path: Path, text: str) -> bool:
    if path.is_file() and path.read_bytes() == text.encode():
        return False
    file.write(str(path), text)
    return True
