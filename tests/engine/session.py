"""A run of the engine in a session of its own, so that all its processes can be told: each has a group of its own.

Processes are read from /proc.
Units: seconds.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Collection
from pathlib import Path

from tests.engine.stack import PATIENCE, STACK, EngineStack
from tests.worlds import ROOT

POLL = 0.05


class Run:
    """A command of the CLI under way."""

    def __init__(self, stack: EngineStack, command: tuple[str, ...]) -> None:
        line = ["pulumi", "--non-interactive", *command, "--stack", STACK, "--config-file", str(stack.stack_file)]
        self._said = stack.folder / "said.txt"
        with self._said.open("w") as out:
            self._process = subprocess.Popen(
                line, cwd=ROOT, env=stack.env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )

    @property
    def said(self) -> str:
        """What it has printed."""
        return self._said.read_text()

    @property
    def ended(self) -> bool:
        """Whether the engine has ended."""
        return self._process.poll() is not None

    def interrupt(self) -> int:
        """The exit code after one Ctrl-C, which a terminal sends to the engine's own process group alone."""
        os.killpg(self._process.pid, signal.SIGINT)
        return self._process.wait(PATIENCE)

    def kill_engine(self) -> None:
        """End the engine alone."""
        self._process.kill()
        self._process.wait()

    def kill_all(self) -> None:
        """End the engine and everything that it started; the engine first, or it would end in good order."""
        self._process.kill()
        while pids := self._alive():
            for pid in pids:
                _kill(pid)
        self._process.wait()

    def is_connected(self, ports: Collection[int]) -> bool:
        """Whether one of its processes holds a connection to one of these ports.

        A plugin process that never came to load a provider class is left by the engine for ever; it calls nobody.
        """
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        sockets = {f"socket:[{row[9]}]" for row in rows if int(row[2].rpartition(":")[2], 16) in ports}
        return any(sockets & _files(pid) for pid in self._alive())

    def _alive(self) -> set[int]:
        """What this run started and what still runs."""
        found = set()
        for process in Path("/proc").glob("[0-9]*"):
            try:
                state, _parent, _group, session = (process / "stat").read_text().rpartition(")")[2].split()[:4]
            except OSError:
                continue  # it ended meanwhile
            if int(session) == self._process.pid and state not in "ZX":
                found.add(int(process.name))
        return found


def until(condition: Callable[[], object], what: str) -> None:
    """Return when it holds; fail when it does not for PATIENCE seconds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited in vain until {what}"
        threading.Event().wait(POLL)


def _files(pid: int) -> set[str]:
    """What a process has open."""
    found = set()
    for file in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            found.add(os.readlink(file))
        except OSError:
            continue  # closed meanwhile
    return found


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
