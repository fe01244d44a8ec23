"""One at a time: a lock on a folder that ends with the process holding it, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.steps import say


@contextmanager
def locked(folder: Path, waiting: str) -> Iterator[None]:
    """Holds the folder; while another process does, says so and waits. No lock file: the folder itself is locked."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        # Programs that we start hold it too: one that outlives a killed run still writes what the next run would use.
        os.set_inheritable(handle, True)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(waiting)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
