"""An update that is held where it is, while other commands run beside it.

Only the engine is stopped, by SIGSTOP; its plugin process, which calls the vendors, goes on.
"""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.engine.session import until
from tests.engine.stack import PATIENCE, STACK, EngineStack
from tests.worlds import ROOT


@dataclass
class Update:
    """An `up` under way."""

    process: subprocess.Popen[str]
    code: int | None = None
    """Its exit code, once it has ended."""
    said: str = ""
    """What it printed, once it has ended."""

    @classmethod
    def started(cls, stack: EngineStack) -> Update:
        """A new one."""
        line = ["pulumi", "--non-interactive", "up", "--yes", "--skip-preview", "--stack", STACK]
        line += ["--config-file", str(stack.stack_file)]
        out = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        return cls(subprocess.Popen(line, cwd=ROOT, env=stack.env, **out))

    @property
    def ended(self) -> bool:
        """Whether the engine has ended."""
        return self.process.poll() is not None

    def end(self) -> None:
        """Wait for its end."""
        self.said, _ = self.process.communicate(timeout=PATIENCE)
        self.code = self.process.returncode


@contextmanager
def held(stack: EngineStack, reached: Callable[[], object], what: str) -> Iterator[Update]:
    """An update that stands still from the moment that `reached` holds until the block ends, and then goes on."""
    update = Update.started(stack)
    try:
        until(lambda: update.ended or reached(), what)
        until(lambda: update.ended or _stops(update, stack), "it stood still between two writes of its state")
        assert not update.ended, f"it ended before {what}: {update.process.communicate()[0]}"
        yield update
    finally:
        update.process.send_signal(signal.SIGCONT)
        update.end()


def locks(stack: EngineStack) -> list[Path]:
    """The locks on any stack of its backend."""
    return list((_backend(stack) / "locks").rglob("*.json"))


def _stops(update: Update, stack: EngineStack) -> bool:
    """Stop the engine, but not in the middle of writing a file: the file backend writes some of them in place."""
    update.process.send_signal(signal.SIGSTOP)
    process = Path(f"/proc/{update.process.pid}/stat")
    until(lambda: process.read_text().rpartition(")")[2].split()[0] in "TZ", "the engine was stopped")
    if all(map(_is_whole, _backend(stack).glob("stacks/*/*"))):
        return True
    update.process.send_signal(signal.SIGCONT)
    return False


def _is_whole(file: Path) -> bool:
    try:
        json.loads(file.read_text())
    except ValueError:
        return False
    return True


def _backend(stack: EngineStack) -> Path:
    return Path(stack.env["PULUMI_BACKEND_URL"].removeprefix("file://")) / ".pulumi"
