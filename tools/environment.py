"""Makes the virtual environment complete: packages, this project, the Pulumi CLI. `python3 -m tools.environment`.

Each stage leaves a stamp when it is complete, with the key of what it was made from. A stage without its stamp is made
anew from the start, so nothing half-made is ever built upon.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools import processes
from tools.locks import locked
from tools.processes import PIP_INSTALL
from tools.pulumi import link, pins
from tools.pulumi.__main__ import provide
from tools.pulumi.failures import explain
from tools.steps import Progress, SetupError, conclude, say

CHECKOUT = Path(__file__).resolve().parents[1]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = CHECKOUT / "requirements-dev.txt"
PROJECT = CHECKOUT / "pyproject.toml"


@dataclass(frozen=True)
class Stage:
    """One part of the set-up."""

    name: str
    key: Callable[[], str]
    works: Callable[[], bool]
    """A cheap look whether what the stamp says is still so."""
    make: Callable[[], None]

    @property
    def stamp(self) -> Path:
        """The file that says for which key this stage is complete."""
        return VENV / f".complete-{self.name}"

    def current(self) -> bool:
        """Whether there is nothing to do."""
        return self.stamp.is_file() and self.stamp.read_text(encoding="utf-8") == self.key() and self.works()


def main() -> None:
    """Makes what is missing, one run at a time in a checkout."""
    if all(stage.current() for stage in STAGES):
        return
    with locked(CHECKOUT, "Set-up: another run in this checkout is at it; waiting for that one to end"):
        stale = False
        for stage in STAGES:
            stale = stale or not stage.current()
            if stale:
                stage.stamp.unlink(missing_ok=True)
                stage.make()
                stage.stamp.write_text(stage.key(), encoding="utf-8")
    say(f"Set-up: complete. For a shell of your own: source {VENV.relative_to(CHECKOUT)}/bin/activate")


def make_packages() -> None:
    """A new virtual environment with every package of the lock file.

    Raises: SetupError: no virtual environment here, or pip failed
    """
    say(f"Virtual environment: a new one in {VENV}")
    _discard()
    ended = processes.run([_base_python(), "-m", "venv", VENV], environ=os.environ)
    if ended.code:
        raise _no_venv(ended)
    total = LOCK.read_text(encoding="utf-8").count("==")
    progress = Progress("installing packages", total=total)
    _pip(["--require-hashes", "-r", LOCK], progress)


def make_project() -> None:
    """This project in the virtual environment, as a link to its source."""
    _pip(["--no-deps", "--no-build-isolation", "-e", CHECKOUT], Progress("installing this project", total=1))


def _pip(arguments: list[str | Path], progress: Progress) -> None:
    def on_line(line: str) -> None:
        if line.startswith(("Collecting ", "Obtaining ")):
            progress.step()

    # What a killed pip leaves there goes with the next environment; in the system's own folder it would stay.
    with tempfile.TemporaryDirectory(prefix=".pip-", dir=VENV) as work:
        ended = processes.run(
            [PYTHON, *PIP_INSTALL, *arguments],
            environ={**os.environ, "PIP_USER": "0", "TMPDIR": work},
            on_line=on_line,
            on_tick=progress.show,
        )
    progress.done()
    if ended.code:
        raise explain(
            ended,
            what="The Python packages could not be installed",
            where=f"pip install, {VENV}",
            source="the packages",
            unreachable="set PIP_INDEX_URL to a package index that it reaches",
        )


def _discard() -> None:
    """Removes an old environment; a link to a folder elsewhere is only taken away."""
    if VENV.is_symlink():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(VENV)


def _no_venv(ended: processes.Ended) -> SetupError:
    said = "\n".join(ended.lines)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if "ensurepip" in said or "No module named" in said:
        return SetupError(
            what="No virtual environment can be made",
            where=f"{_base_python()} -m venv",
            why="this Python comes without its venv or ensurepip module",
            fix=f"install it, on Debian and Ubuntu: apt-get install python{version}-venv; "
            "or name another Python: make setup PYTHON=/path/to/python3",
        )
    return explain(
        ended,
        what="No virtual environment can be made",
        where=f"{_base_python()} -m venv {VENV}",
        source="files",
        unreachable="name another Python: make setup PYTHON=/path/to/python3",
    )


def _base_python() -> Path:
    """The Python that this one was made from: with the environment active, this one is about to be removed."""
    base = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    return base if sys.prefix != sys.base_prefix and base.exists() else Path(sys.executable)


def _python_works() -> bool:
    return PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0


def _digest(*parts: bytes) -> str:
    # The checkout's path is part of it: programs in a virtual environment name their Python by its full path.
    return hashlib.sha256(b"\0".join([os.fsencode(CHECKOUT), *parts])).hexdigest()


STAGES = (
    Stage("packages", lambda: _digest(LOCK.read_bytes()), _python_works, make_packages),
    Stage("project", lambda: _digest(PROJECT.read_bytes()), lambda: True, make_project),
    Stage("pulumi", pins.key, lambda: link.linked(VENV / "bin") is not None, lambda: provide(os.environ, VENV)),
)


if __name__ == "__main__":
    sys.exit(conclude(main))
