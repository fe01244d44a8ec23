"""The work of `make demo`: the sandbox runs, stack `sandbox` is brought to its declaration, what is left is printed.

May be interrupted anywhere and run again: what a killed run left is found and taken away first.
"""

from __future__ import annotations

import os
import sys
import time

import click

from components.errors import ConnectorError
from stacks import stack_file
from stacks.operations import processes, recover, remains, sandbox
from stacks.operations.engine import CHECKOUT, SANDBOX, Engine
from stacks.operations.failures import NoStack
from stacks.operations.renderers import terminal
from stacks.operations.sandbox_files import Addresses, Files, for_demo
from stacks.operations.sinks import stdout
from stacks.operations.status import take
from stacks.operations.summary import verdict
from stacks.operations.summary.look import Look

PATIENCE = 120.0
"""Seconds to wait for another update of the sandbox stack, which takes a few."""
POLL = 0.1
"""Seconds between two looks at that update."""


THEIRS = (
    "PULUMI_BACKEND_URL",
    "PULUMI_CONFIG",
    "PULUMI_CONFIG_PASSPHRASE",
    "PULUMI_CONFIG_PASSPHRASE_FILE",
    "PULUMI_HOME",
    "PULUMI_STACK",
)
"""What a shell may hold for a company's own environments: the demo must not make a stack there."""


def run(port_base: str | None = None) -> int:
    """Everything, in order; `port_base` as the user set it in the environment.

    Raises: ConnectorError, at the first stage that fails.
    """
    addresses = sandbox.start(sandbox.parse_port_base(port_base))
    click.echo(f"Sandbox    Facebook and Cyclr on this machine: {addresses.control}")
    _keep_to_itself()
    engine = Engine(SANDBOX, for_demo(Files(CHECKOUT), addresses))
    home = CHECKOUT / ".pulumi"
    home.mkdir(exist_ok=True)
    with processes.alone(home, lambda: click.echo("Waiting    another make demo runs in this folder")):
        _prepare(engine)
        _up(engine)
        seen = take(SANDBOX, engine.config_file)
    stdout.text(terminal.status(seen))
    click.echo(f"\n{_next(seen, addresses)}")
    return 1 if verdict.exit_code(seen) == verdict.NOT_OBSERVED else 0


def _keep_to_itself() -> None:
    """The demo's state is in the checkout, whatever the shell has set for other environments."""
    set_aside = sorted(name for name in THEIRS if os.environ.pop(name, None))
    if set_aside:
        click.echo(f"State      in .pulumi/state; not used here: {', '.join(set_aside)} of this shell")


def _prepare(engine: Engine) -> None:
    """The stack is there, and free of what a killed run left."""
    try:
        found = remains.find(engine)
    except NoStack:
        engine.run("stack", "init", engine.stack, "--secrets-provider", "passphrase")
        return
    if any(lock.gone is False for lock in found.locks):
        found = _wait(engine, found)
    if found:
        recover.mend(engine, found, lambda line: click.echo(f"Recover    {line}"), lambda _question: False)


def _wait(engine: Engine, found: remains.Remains) -> remains.Remains:
    """What is left once the update that runs has ended, or when patience has."""
    running = [lock.pid for lock in found.locks if lock.gone is False]
    click.echo(f"Waiting    another update of this stack runs, process {running[0]}")
    until = time.monotonic() + PATIENCE
    while any(map(processes.command, running)) and time.monotonic() < until:
        time.sleep(POLL)
    return remains.find(engine)


def _up(engine: Engine) -> None:
    file = ["--config-file", stack_file.shown(engine.config_file)] if engine.config_file else []
    target = ["--stack", engine.stack, *file]
    click.echo(f"Update     pulumi up {' '.join(target)}\n")
    sys.stdout.flush()
    if code := engine.show("up", *target, "--yes", "--skip-preview", "--suppress-outputs", "--suppress-progress"):
        raise ConnectorError(
            "The update did not succeed",
            where=f"pulumi up {' '.join(target)}",
            why=f"it ended with {code}; the engine says above what failed",
            fix="mend that and run it again: it goes on from here",
        )


def _next(seen: Look, addresses: Addresses) -> str:
    if seen.ready:
        return f"Look around: {addresses.control}. End the sandbox with: make stop"
    return "Next: do the first steps on the pages linked above, then run make demo again."
