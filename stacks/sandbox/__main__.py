"""Runs the sandbox: ``python -m stacks.sandbox [--state FILE] [--port-base 8700] [--host 127.0.0.1]``."""

from __future__ import annotations

import dataclasses
import json
import signal
import sys
import threading
from pathlib import Path

import click

from stacks.sandbox.first_day import first_day
from stacks.sandbox.server import BindError, Servers
from stacks.sandbox.world import StateError, World


@click.command()
@click.option(
    "--state", "file", type=click.Path(path_type=Path, dir_okay=False), help="Load this file, save each change."
)
@click.option("--port-base", default=8700, show_default=True, help="First of four ports; 0 takes free ones.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Loopback only.")
def main(file: Path | None, port_base: int, host: str) -> None:
    """Play Facebook and Cyclr on this machine.

    Prints one line of JSON with the four addresses when all answer; ends on SIGTERM or SIGINT.
    """
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    try:
        world = World(_load(file), file)
        servers = Servers(world, host, port_base)
    except (BindError, StateError, OSError) as error:
        raise click.ClickException(str(error)) from error
    servers.start()
    click.echo(json.dumps(dataclasses.asdict(world.addresses)))
    ending.wait()
    servers.stop()
    # A save under way ends before the process does.
    world.lock.acquire()


def _load(file: Path | None) -> dict[str, object]:
    if file is None or not file.exists():
        return first_day()
    try:
        state = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise StateError(f"{file} is not JSON ({error}): mend it, or delete it to start with a fresh world") from error
    if not isinstance(state, dict):
        raise StateError(f"{file} must hold a JSON object: mend it, or delete it to start with a fresh world")
    return state


if __name__ == "__main__":
    sys.exit(main())
