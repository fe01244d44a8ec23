"""`preview` and `drift` as they are called, with recorded events in the engine's place."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from pulumi.automation.events import EngineEvent

from components.errors import ConnectorError, DeclarationError
from stacks.operations import certificate, main, surveying
from stacks.operations.engine import Sight
from stacks.operations.sinks.github import LOGIN
from stacks.operations.summary.risks import Certificate, Handshake
from tests.unit.operations.recorded import EVENTS, events

FAILURES = {
    "broken": ConnectorError("The engine broke", where="stack broken", why="so", fix="that"),
    "wrong": DeclarationError("The stack file is wrong", where="stack wrong", why="so", fix="that"),
}
"""Stacks that cannot be looked at."""
NOT_ASKED = Certificate(None, "no certificate here", Handshake.NOT_ASKED)


@dataclass
class Recordings:
    """Stands for the engine: a stack shows the situation of its own name, unless another is given."""

    shows: dict[str, str] = field(default_factory=dict)
    """Stack -> recorded situation, or key of FAILURES."""
    more: tuple[EngineEvent, ...] = ()
    """What the engine tells in each look beside the recorded events."""
    diff: str = "the engine's own words"
    before: Callable[[str], object] = str
    """Called with the stack at the beginning of its look."""
    asked: list[tuple[str, Path | None]] = field(default_factory=list)
    """Every look that was taken: the stack, and its file where it is not the usual one."""
    hosts: list[str] = field(default_factory=list)
    """Every host that was asked for its certificate."""

    def __call__(self, stack: str, file: Path | None) -> SimpleNamespace:
        """The engine of a stack."""
        return SimpleNamespace(look=lambda *, intended: self._look(stack, file))

    def _look(self, stack: str, file: Path | None) -> Sight:
        self.asked.append((stack, file))
        self.before(stack)
        name = self.shows.get(stack, stack)
        if name in FAILURES:
            raise FAILURES[name]
        state = json.loads((EVENTS / f"{name}.json").read_text())["state"]
        return Sight((*events(name), *self.more), tuple(state), self.diff)

    def served(self, host: str) -> Certificate:
        """Stands for the handshake with a host."""
        self.hosts.append(host)
        return NOT_ASKED


@dataclass(frozen=True)
class Ran:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def environments(self) -> list[dict]:
        """The environments of the one document on stdout."""
        document = json.loads(self.out)
        assert list(document) == ["environments"]
        return document["environments"]


def installed(monkeypatch: pytest.MonkeyPatch) -> Recordings:
    """Recordings in the engine's place, looks that take no time, a shell without a workflow and without colours."""
    recordings = Recordings()
    monkeypatch.setattr(surveying, "Engine", recordings)
    monkeypatch.setattr(certificate, "served", recordings.served)
    monkeypatch.setattr(surveying, "time", SimpleNamespace(monotonic=lambda: 0.0))
    for name in [each for each in os.environ if each.startswith("GITHUB_")] + [LOGIN, "FORCE_COLOR", "TTY_COMPATIBLE"]:
        monkeypatch.delenv(name, raising=False)
    return recordings


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Ran:
    """Call `cyclr-connectors` and give its exit code and what it printed."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        main.main([str(each) for each in arguments])
    printed = capsys.readouterr()
    return Ran(int(end.value.code or 0), printed.out, printed.err)
