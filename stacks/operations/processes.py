"""Which process a number stands for, and that one at a time is at work.

Never: signals or believes dead a process that is not meant.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

POLL = 0.02
"""Seconds between two looks at a process that shall end."""


def command(pid: int) -> str:
    """The command line of a living process; "" when there is none, or only its exit code is left."""
    proc = Path("/proc")
    if (proc / "self" / "cmdline").exists():
        try:
            return (proc / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            return ""
    ps = shutil.which("ps")
    if ps is None:
        return "(unknown)" if _exists(pid) else ""
    shown = subprocess.run(  # noqa: S603 a number is all that is passed on
        [ps, "-p", str(pid), "-o", "args="], capture_output=True, text=True, check=False
    ).stdout.strip()
    return "" if shown.endswith("<defunct>") else shown


def end(pid: int, patience: float) -> None:
    """Asks a process to end, and makes it end after `patience` seconds."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        until = time.monotonic() + patience
        while command(pid) and time.monotonic() < until:
            time.sleep(POLL)
        if not command(pid):
            return


@contextmanager
def alone(folder: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
    """One process at a time in the folder; the lock ends with the process that holds it, however it ends."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
