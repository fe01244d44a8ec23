"""`cyclr-connectors recover`: what a killed engine left in the state's place is found, said and taken away.

A killed engine leaves its lock, the creates that were under way, and now and then half a file. Pending operations are
taken out of the state by export and import: this needs no vendor, and every `up` reads the vendors first and adopts
what is there.
Never: a lock taken from a process that runs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from components.errors import ConnectorError
from stacks.operations import options
from stacks.operations.engine import Engine
from stacks.operations.remains import Lock, Pending, Remains, find, forget
from stacks.operations.sinks import stdout


@click.command("recover")
@options.stack
@options.as_json
@options.config_file
@click.option("--yes", is_flag=True, help="Cancel a lock whose process cannot be seen from here without asking.")
def command(*, stack: str, as_json: bool, config_file: Path | None, yes: bool) -> None:
    """Say what a killed update left behind, and take it away.

    Exit code 0: nothing to do, or done; 1: the stack is still locked, or nobody could see whether it is.
    """
    engine = Engine(stack, config_file)
    remains = find(engine)
    said: list[str] = []
    try:
        mend(engine, remains, said.append if as_json else click.echo, lambda question: yes or _asked(question))
    finally:
        if as_json:
            stdout.document({"environment": stack, "found": bool(remains), "said": said})


def mend(engine: Engine, remains: Remains, say: Callable[[str], object], agrees: Callable[[str], bool]) -> None:
    """Takes away what was found; `agrees` decides on locks whose process cannot be seen from here.

    Raises: ConnectorError, when the stack stays locked, or may; whatever else can be mended then is.
    """
    if not remains:
        say(f"Stack {engine.stack}: nothing to recover.")
        return
    for lock in remains.locks:
        _cancellable(engine.stack, lock, say, agrees)
    if remains.why_hidden:
        say(remains.why_hidden)
    pending = _readable(engine, remains, say)
    question = f"Locks of {remains.backend} cannot be seen from here. Cancel one, if there is one?"
    freed = bool(remains.locks) or (remains.hidden and agrees(question))
    if freed:
        engine.run("cancel", "--yes", "--stack", engine.stack)
        say("The lock is cancelled." if remains.locks else "Any lock is cancelled.")
    for each in pending:
        say(f"Interrupted while {each.doing}: {each.kind} ({each.name}).")
    if pending:
        forget(engine)
        say("The interrupted operations are taken out of the state.")
    if remains.hidden and not freed:
        raise _perhaps_locked(engine.stack, remains)
    adopted = [f"{each.kind} ({each.name})" for each in pending if each.doing == "creating"]
    say(f"The next `pulumi up -s {engine.stack}` reads both vendors first, then finishes what was under way.")
    if adopted:
        say(f"What the interrupted run may have made, it finds and adopts: {', '.join(adopted)}.")


def _perhaps_locked(stack: str, remains: Remains) -> ConnectorError:
    again = f"cyclr-connectors recover -s {stack}"
    mended = f"mend that, then run: {again}; or, " if remains.why_hidden else ""
    return ConnectorError(
        f"Stack {stack} may still be locked",
        where=remains.backend,
        why="its locks could not be read, see above" if remains.why_hidden else "who holds it cannot be seen from here",
        fix=f"{mended}when no update of it runs anywhere: {again} --yes",
    )


def _readable(engine: Engine, remains: Remains, say: Callable[[str], object]) -> tuple[Pending, ...]:
    """The unfinished operations, once the state can be read."""
    if not remains.torn:
        return remains.pending
    for file in remains.torn:
        say(f"Cut off while it was written: {file.name}, beside the state. It holds no state and is taken away.")
        file.unlink(missing_ok=True)
    return find(engine).pending


def _cancellable(stack: str, lock: Lock, say: Callable[[str], object], agrees: Callable[[str], bool]) -> None:
    """Passes when the lock may be cancelled.

    Raises: ConnectorError, when it may not.
    """
    say(f"Stack {stack} is locked: {lock.user}@{lock.host}, process {lock.pid}, since {lock.since}.")
    if lock.gone:
        say("That process no longer runs.")
        return
    if lock.gone is None and agrees(f"Whether it still runs on {lock.host} cannot be seen from here. Cancel its lock?"):
        return
    running = lock.gone is False
    raise ConnectorError(
        f"Stack {stack} stays locked",
        where=f"{lock.user}@{lock.host}, process {lock.pid}",
        why="that update still runs" if running else f"only {lock.host} can tell whether that update still runs",
        fix=f"wait for it, or end it with: kill {lock.pid}"
        if running
        else f"look there; when it has ended: cyclr-connectors recover -s {stack} --yes",
    )


def _asked(question: str) -> bool:
    return sys.stdin.isatty() and click.confirm(question)
