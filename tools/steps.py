"""What the set-up programs say: steps, progress and failures in four parts."""

from __future__ import annotations

import errno
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

REDRAW = 0.2
"""Seconds between two redraws of a progress line on a terminal."""

HEARTBEAT = 20.0
"""Seconds between two progress lines elsewhere."""

AGAIN = "run the same command again: it goes on from what is complete"


class SetupError(Exception):
    """A failure that names what failed, where, why and what to do about it."""

    def __init__(self, *, what: str, where: str, why: str, fix: str) -> None:
        self.parts = {"what": what, "where": where, "why": why, "fix": fix}
        super().__init__("\n".join(_part(name, text) for name, text in self.parts.items()))


class Progress:
    """A counter that shows a person that something still happens, and for how long it has."""

    def __init__(self, text: str, total: int | None = None) -> None:
        self.text = text
        self.total = total
        self.count = 0
        self._started = self._shown = time.monotonic()
        self._terminal = sys.stdout.isatty()

    def step(self) -> None:
        """Counts one more and shows it when the last sight is old enough."""
        self.count += 1
        self.show()

    def show(self) -> None:
        """Shows the count, at most once per interval."""
        now = time.monotonic()
        if now - self._shown >= (REDRAW if self._terminal else HEARTBEAT):
            self._shown = now
            self._write(end="" if self._terminal else "\n")

    def done(self) -> None:
        """Shows the last count for good."""
        self._write(end="\n")

    def _write(self, end: str) -> None:
        of = "" if self.total is None else f" of {max(self.total, self.count)}"
        start, clear = ("\r", "\x1b[K") if self._terminal else ("", "")
        line = f"  {self.text}: {self.count}{of}, {duration(time.monotonic() - self._started)}"
        print(f"{start}{line}{clear}", end=end, flush=True)


def say(text: str) -> None:
    """Prints one step, at once."""
    print(text, flush=True)


def duration(seconds: float) -> str:
    """Seconds as a person says them: 4 s, 1 min 05 s."""
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02} s"


def conclude(main: Callable[[], None]) -> int:
    """Runs a program and returns its exit code: 0, 1 with an explanation, or 130 when interrupted."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        main()
    except KeyboardInterrupt:
        sys.stderr.write(f"\nInterrupted; {AGAIN}.\n")
        return 130
    except SetupError as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"\n{from_os(error)}\n")
        return 1
    finally:
        signal.signal(signal.SIGTERM, before)
    return 0


def from_os(error: OSError) -> SetupError:
    """The explanation of what the operating system refused."""
    where = str(error.filename or "the file system")
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(where, str(error.strerror))
    fixes = {
        errno.EACCES: f"give yourself access to it: ls -ld {where}",
        errno.EPERM: f"give yourself access to it: ls -ld {where}",
        errno.EROFS: "use a checkout and a cache on a file system that can be written; XDG_CACHE_HOME moves the cache",
    }
    return SetupError(
        what="The set-up could not use a file",
        where=where,
        why=str(error.strerror or error),
        fix=fixes.get(error.errno or 0, f"look at the file, then {AGAIN}"),
    )


def disk_full(where: str, why: str) -> SetupError:
    """The explanation of a full disk, whoever met it."""
    return SetupError(
        what="Not enough disk space",
        where=where,
        why=why,
        fix="free some space, or move the caches to another disk with XDG_CACHE_HOME, GOMODCACHE and GOCACHE; "
        f"then {AGAIN}",
    )


def _part(name: str, text: str) -> str:
    return f"{name + ':':<7}" + text.strip().replace("\n", "\n       ")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
