"""Starts and ends the sandbox in the background: `python -m stacks.operations.sandbox start|stop [--port-base N]`.

Never: signal a process that is not the one started for this checkout; start a second one.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import click

from components.errors import ConnectorError, DeclarationError
from stacks.operations import processes
from stacks.operations.engine import CHECKOUT
from stacks.operations.sandbox_files import DEFAULT_PORT_BASE, Addresses, Files, write, write_stack_file

MODULE = "stacks.sandbox"
FIRST_PORT, LAST_PORT = 1024, 65535
START_PATIENCE = 30.0
"""Seconds in which all four servers answer, on a machine that is busy."""
STOP_PATIENCE = 5.0
"""Seconds that the process has to end by itself."""
ANSWER_PATIENCE = 2.0
"""Seconds for one answer on this machine."""


def start(port_base: int = DEFAULT_PORT_BASE, checkout: Path = CHECKOUT) -> Addresses:
    """The sandbox's addresses; it is started unless it answers already.

    Raises: ConnectorError, when it does not start.
    """
    files = Files(checkout)
    files.folder.mkdir(exist_ok=True)
    with processes.alone(files.folder):
        addresses = _running(files, port_base)
        if addresses is None:
            _end(files)
            addresses = _started(files, port_base)
        files.write_addresses(addresses)
        write_stack_file(files, addresses)
    return addresses


def stop(checkout: Path = CHECKOUT) -> bool:
    """Ends the process that was started for this checkout; False when there was none."""
    files = Files(checkout)
    if not files.folder.exists():
        return False
    with processes.alone(files.folder):
        return _end(files)


def parse_port_base(text: str | None) -> int:
    """The first of four ports; nothing means the default, 0 means free ones.

    Raises: DeclarationError, when there are no such ports.
    """
    if not text:
        return DEFAULT_PORT_BASE
    if text.isdecimal() and (int(text) == 0 or FIRST_PORT <= int(text) <= LAST_PORT - 3):
        return int(text)
    raise DeclarationError(
        f"There is no port base {text}",
        where="SANDBOX_PORT_BASE, --port-base",
        why=f"the sandbox needs four ports from it on, between {FIRST_PORT} and {LAST_PORT}",
        fix=f"leave it out ({DEFAULT_PORT_BASE}), or give another number, or 0 for free ports",
    )


def answers(addresses: Addresses) -> bool:
    """Whether a sandbox answers there."""
    try:
        # No proxy stands between two programs on this machine, whatever the environment says.
        with closing(HTTPConnection(urlsplit(addresses.control).netloc, timeout=ANSWER_PATIENCE)) as connection:
            connection.request("GET", "/state")
            found = json.load(connection.getresponse())
    except (OSError, ValueError, HTTPException):
        return False
    return isinstance(found, dict) and {"facebook", "cyclr"} <= set(found)


def _running(files: Files, port_base: int) -> Addresses | None:
    """Where a sandbox with these ports answers already."""
    wanted = Addresses.of(port_base) if port_base else None
    ours = files.read_addresses()
    if ours and answers(ours) and (_ours(files) or ours == wanted):
        if wanted and ours != wanted:
            base = int(ours.control.rpartition(":")[2])
            keep = base if ours == Addresses.of(base) else 0
            raise ConnectorError(
                "The sandbox runs with other ports",
                where=ours.control,
                why=f"it was started with them, and now port base {port_base} is asked for",
                fix=f"end it with: make stop; or keep it: SANDBOX_PORT_BASE={keep} make demo",
            )
        return ours
    return wanted if wanted and answers(wanted) else None


def _started(files: Files, port_base: int) -> Addresses:
    command = [sys.executable, "-m", MODULE, "--state", str(files.state), "--port-base", str(port_base)]
    with files.log.open("ab") as log:
        log.truncate(0)
        process = subprocess.Popen(  # noqa: S603 our own arguments, no shell
            command,
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # Ctrl-C in this terminal does not end it
        )
    ready = False
    try:
        write(files.pid, f"{process.pid}\n")
        addresses = _first_line(process, files)
        ready = True
    finally:
        if process.stdout:
            process.stdout.close()
        if not ready:
            process.terminate()
            process.wait(STOP_PATIENCE)
            files.pid.unlink(missing_ok=True)
    process.returncode = 0  # it is meant to outlive us: no warning that it still runs
    return addresses


def _first_line(process: subprocess.Popen[bytes], files: Files) -> Addresses:
    """The line of JSON that the sandbox prints when all four servers answer."""
    assert process.stdout is not None
    until, line = time.monotonic() + START_PATIENCE, b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while not line.endswith(b"\n"):
            if not selector.select(max(0.0, until - time.monotonic())):
                raise _no_start(files, f"it did not answer within {START_PATIENCE:.0f} seconds")
            chunk = os.read(process.stdout.fileno(), 65536)
            if not chunk:
                said = files.log.read_text(encoding="utf-8", errors="replace").strip()
                raise _no_start(files, said.removeprefix("Error: ") or "it ended without a word")
            line += chunk
    return Addresses(**json.loads(line))


def _no_start(files: Files, why: str) -> ConnectorError:
    taken = "is in use" in why
    last = why.splitlines()[-1]
    return ConnectorError(
        "The sandbox did not start",
        where=str(files.log),
        why=last.partition(": ")[0] if taken else last,
        fix="end what uses it, or take other ports: SANDBOX_PORT_BASE=8800 make demo"
        if taken
        else "if the state is the cause, start with a fresh world: rm .sandbox/state.json; then run it again",
    )


def _ours(files: Files) -> int | None:
    """The process that was started for this checkout, if it still runs."""
    pid = files.read_pid()
    line = processes.command(pid) if pid else ""
    return pid if MODULE in line and str(files.state) in line else None


def _end(files: Files) -> bool:
    pid = _ours(files)
    if pid:
        processes.end(pid, STOP_PATIENCE)
    files.pid.unlink(missing_ok=True)
    files.addresses.unlink(missing_ok=True)
    return pid is not None


@click.command()
@click.argument("action", type=click.Choice(["start", "stop"]))
@click.option(
    "--port-base", envvar="SANDBOX_PORT_BASE", metavar="N", help=f"First of four ports.  [default: {DEFAULT_PORT_BASE}]"
)
def main(action: str, port_base: str | None) -> None:
    """Facebook and Cyclr on this machine, in the background."""
    try:
        if action == "stop":
            click.echo("The sandbox is ended." if stop() else "No sandbox runs that was started from here.")
            return
        addresses = start(parse_port_base(port_base))
    except ConnectorError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"The sandbox answers; everything in it is linked from {addresses.control}")


if __name__ == "__main__":
    main()
