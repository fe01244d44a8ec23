"""Running other programs with their output watched line by line."""

from __future__ import annotations

import os
import selectors
import subprocess
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TICK = 1.0
"""Seconds between two calls of `on_tick` while the program is silent."""

KEPT = 1000
"""Lines of output that are kept for an explanation."""

PIP_INSTALL = ("-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off")
"""What a Python is given to install something, without anything meant for a terminal."""


@dataclass(frozen=True)
class Ended:
    """How a program ended, and the end of what it printed."""

    code: int
    """Exit code; negative: the signal that ended it."""
    lines: list[str]

    def tail(self, count: int = 8) -> str:
        """The last lines that say something."""
        said = [line for line in self.lines if line.strip()]
        return "\n".join(said[-count:]) or f"it printed nothing and ended with {self.code}"


def run(
    command: Sequence[str | Path],
    *,
    environ: Mapping[str, str],
    folder: Path | None = None,
    on_line: Callable[[str], None] = lambda _line: None,
    on_tick: Callable[[], None] = lambda: None,
) -> Ended:
    """Runs a program to its end with both outputs as one stream; an interruption ends it too.

    Raises: FileNotFoundError, PermissionError: it could not be started
    """
    kept: deque[str] = deque(maxlen=KEPT)
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=folder,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        close_fds=False,  # a lock that we hold is held by it as well: see locks.py
    ) as process:
        ended = False
        try:
            for line in _lines(process, on_tick):
                kept.append(line)
                on_line(line)
            ended = True
        finally:
            if not ended:
                process.terminate()
    return Ended(process.returncode, list(kept))


def _lines(process: subprocess.Popen[bytes], on_tick: Callable[[], None]) -> Iterator[str]:
    """The lines of a program's output as they come, with a tick in each silent second."""
    if process.stdout is None:
        return
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if not selector.select(TICK):
                on_tick()
                continue
            chunk = os.read(process.stdout.fileno(), 65536)
            if not chunk:
                break
            *whole, rest = (rest + chunk).split(b"\n")
            yield from (line.decode(errors="replace").rstrip("\r") for line in whole)
    if rest:
        yield rest.decode(errors="replace")
