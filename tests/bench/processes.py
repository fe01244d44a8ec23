"""The memory of processes that the engine starts and ends: read from /proc while they live. Linux only.

Units: bytes.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

INTERVAL = 0.01
"""Seconds between two looks. The peak that the kernel keeps only grows, so the last look misses little."""
PROVIDER = b"pulumi.dynamic"


class Peak:
    """The largest memory that a provider process of one folder's runs has had."""

    def __init__(self, folder: Path) -> None:
        self._mark = os.fsencode(folder)
        self.bytes = 0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch while something runs."""
        over = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(over,))
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(INTERVAL):
            for process in Path("/proc").glob("[0-9]*"):
                self.bytes = max(self.bytes, self._peak(process))

    def _peak(self, process: Path) -> int:
        try:
            if PROVIDER not in (process / "cmdline").read_bytes():
                return 0
            if self._mark not in (process / "environ").read_bytes():
                return 0
            return peak_of((process / "status").read_text())
        except OSError:
            return 0  # it ended meanwhile, or is somebody else's


def peak_of(status: str) -> int:
    """Bytes of `VmHWM` in /proc/PID/status; 0 where it is absent, as in a process that is ending."""
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0
