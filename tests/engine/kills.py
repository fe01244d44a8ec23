"""Kills of a run of the engine: when, of what, and what must be as if nobody had been killed.

A kill happens while one vendor call is under way: before the vendor has acted, and for a call that writes also after it
has acted and before its answer. The other calls go on as their threads happen to.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stacks.operations import remains
from tests.engine.endings import (
    AFTER,
    INSTALL,
    REMOVE,
    Repaired,
    backend,
    calls,
    deployment,
    differences,
    ending,
    installations,
)
from tests.engine.session import Run, until
from tests.engine.stack import STACK, EngineStack
from tests.worlds import READS, World

BEFORE = "stall"
"""The fault that holds a call before the vendor acts."""
UP = ("up", "--yes", "--skip-preview")
DESTROY = ("destroy", "--yes", "--skip-preview")


@dataclass(frozen=True)
class Moment:
    """One call of a run, and how far it has come."""

    vendor: str
    method: str
    path: str
    nth: int
    """Which of the calls that look the same, from 0."""
    then: str

    def __str__(self) -> str:
        acted = "the vendor acted, no answer" if self.then == AFTER else "the vendor did not act"
        return f"{self.method} {self.path} #{self.nth + 1} ({acted})"

    @property
    def writes(self) -> bool:
        """Whether the call changes something at the vendor."""
        return not READS.match(f"{self.method} {self.path}")

    def fault(self) -> dict[str, Any]:
        """What holds that call."""
        path = f"^{re.escape(self.path)}($|\\?)"
        return {"vendor": self.vendor, "method": self.method, "path": path, "skip": self.nth, "then": self.then}


def moments(log: Iterable[Mapping[str, Any]]) -> list[Moment]:
    """Every moment of a run that was not killed."""
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for entry in log:
        call = (entry["vendor"], entry["method"], entry["path"].partition("?")[0])
        before = Moment(*call, seen[call], BEFORE)
        found += [before, Moment(*call, seen[call], AFTER)] if before.writes else [before]
        seen[call] += 1
    return found


@dataclass(frozen=True)
class Snapshot:
    """One situation: both vendors, the state and the stack file."""

    vendors: dict[str, Any]
    backend: Path
    stack_file: str

    @classmethod
    def of(cls, stack: EngineStack) -> Snapshot:
        """As it is now."""
        copy = stack.folder / "snapshot"
        shutil.copytree(backend(stack), copy)
        return cls(stack.world.state(), copy, stack.stack_file.read_text())

    def restore(self, stack: EngineStack) -> None:
        """Back to it, without log and faults."""
        stack.world.first_day()
        stack.world.put(self.vendors)
        shutil.rmtree(backend(stack))
        shutil.copytree(self.backend, backend(stack))
        stack.stack_file.write_text(self.stack_file)


KILLS: Mapping[str, Callable[[Run], None]] = {"everything": Run.kill_all, "engine": Run.kill_engine}


def prove(
    stack: EngineStack,
    snapshot: Snapshot,
    command: tuple[str, ...],
    kill: Callable[[Run], None],
    subtests: pytest.Subtests,
) -> list[Moment]:
    """Kill the command at each of its moments, repair, compare; the moments."""
    snapshot.restore(stack)
    stack.pulumi(*command, "--stack", STACK)
    met = moments(stack.world.requests())
    whole = Repaired.by_up(stack)
    snapshot.restore(stack)
    untouched = Repaired.by_up(stack)
    for moment in met:
        with subtests.test(str(moment)):
            snapshot.restore(stack)
            run = killed_at(stack, moment, command, kill)
            removed = len(calls(stack.world.requests(), REMOVE)) > 0
            repair(stack)
            settle(stack, run)
            expected = untouched if command is DESTROY and not removed else whole
            compare(stack, snapshot, expected, looked=moment.then == AFTER)
    return met


def killed_at(stack: EngineStack, moment: Moment, command: tuple[str, ...], kill: Callable[[Run], None]) -> Run:
    """A run that was killed at that moment."""
    stack.world.fault(**moment.fault())
    run = Run(stack, command)
    try:
        until(lambda: run.ended or is_held(stack.world), f"the run calls {moment}")
        assert not run.ended, f"the run ended without {moment}: {run.said}"
    finally:
        kill(run)
        stack.world.clear_faults()
    return run


def is_held(world: World) -> bool:
    """Whether a fault holds a call."""
    return any(entry.get("fault") for entry in world.requests())


def repair(stack: EngineStack) -> None:
    """All that a user has to do: `recover`, which says what it found, and `up`."""
    unfinished = remains.read_pending(deployment(stack))
    recovered = stack.command("recover", "--json")
    assert recovered.returncode == 0, recovered.stdout + recovered.stderr
    said = " ".join(json.loads(recovered.stdout)["said"])
    found = [f"Interrupted while {each.doing}: {each.kind} ({each.name})." for each in unfinished]
    unsaid = [text for text in ("is locked", "That process no longer runs.", *found) if text not in said]
    assert unsaid == [], said
    assert not remains.read_pending(deployment(stack)), "recover left unfinished operations in the state"
    done = stack.up(check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def settle(stack: EngineStack, killed: Run) -> None:
    """Wait until nothing of the killed run is left that talks to a vendor; since the `up` it has written nothing."""
    written = stack.world.writes()
    world = stack.world
    ports = [int(url.rpartition(":")[2]) for url in (world.facebook, world.cyclr_api, world.service_domain)]
    until(lambda: not killed.is_connected(ports), "the process that the killed engine left has ended")
    assert stack.world.writes() == written, "written after the repair"


def compare(stack: EngineStack, snapshot: Snapshot, expected: Repaired, *, looked: bool) -> None:
    """One installation, by the vendor and by the request log, and the end of a run that nobody killed."""
    log, there = stack.world.requests(), len(installations(stack.world.state()))
    assert there == 1, f"{there} installations"
    made = len(calls(log, INSTALL)) - len(calls(log, REMOVE))
    assert made == 1 - len(installations(snapshot.vendors)), f"{made} installations made, by the request log"
    wrong = differences(ending(stack), expected.ending)
    wrong += differences(stack.status(), expected.status) if looked else []
    assert wrong == [], "\n".join(wrong)
