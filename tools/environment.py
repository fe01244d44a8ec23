"""Makes the virtual environment complete: packages, this project, the Pulumi CLI. `python3 -m tools.environment`.

Each stage leaves a stamp when it is complete, with the key of what it was made from. A stage without its stamp is made
anew from the start, so nothing half-made is ever built upon.
"""

from __future__ import annotations

import hashlib
import os
import re
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
AWS_LOCK = CHECKOUT / "requirements-aws.txt"
"""The same and what a stack on AWS needs. Apart, since pulumi-aws makes the CLI fetch its plugin for every stack."""
AWS = "AWS"
"""Set to anything, it asks for that too."""
USES_AWS = re.compile(r"^[^#\n]*(cyclr-connectors:aws:|\baws-(sm|ssm):)", re.MULTILINE)
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
    stages = (*STAGES, *([ON_AWS] if wants_aws() else []))
    if all(stage.current() for stage in stages):
        return
    with locked(CHECKOUT, "Set-up: another run in this checkout is at it; waiting for that one to end"):
        stale = False
        for stage in stages:
            stale = stale or not stage.current()
            if stale:
                stage.stamp.unlink(missing_ok=True)
                stage.make()
                stage.stamp.write_text(stage.key(), encoding="utf-8")
    say(f"Set-up: complete. For a shell of your own: source {VENV.relative_to(CHECKOUT)}/bin/activate")


def wants_aws() -> bool:
    """Whether the packages for AWS are asked for: by name, or by a stack file that uses AWS."""
    files = [*CHECKOUT.glob("stacks/Pulumi.*.yaml"), *CHECKOUT.glob("stacks/Pulumi.*.yml")]
    own = [file for file in files if not file.name.startswith("Pulumi.example-")]
    return bool(os.environ.get(AWS)) or any(
        USES_AWS.search(file.read_text(encoding="utf-8", errors="replace")) for file in own
    )


def make_aws() -> None:
    """The packages for AWS beside the others."""
    _install(AWS_LOCK, "installing the packages for AWS")


def make_packages() -> None:
    """A new virtual environment with every package of the lock file.

    Raises: SetupError: no virtual environment here, or pip failed
    """
    say(f"Virtual environment: a new one in {VENV}")
    _discard()
    ended = processes.run([_base_python(), "-m", "venv", VENV], environ=os.environ)
    if ended.code:
        raise _no_venv(ended)
    _install(LOCK, "installing packages")


def make_project() -> None:
    """This project in the virtual environment, as a link to its source."""
    _pip(["--no-deps", "--no-build-isolation", "-e", CHECKOUT], Progress("installing this project", total=1))


def _install(lock: Path, doing: str) -> None:
    total = lock.read_text(encoding="utf-8").count("==")
    _pip(["--require-hashes", "-r", lock], Progress(doing, total=total))


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
ON_AWS = Stage("aws", lambda: _digest(AWS_LOCK.read_bytes()), lambda: True, make_aws)


if __name__ == "__main__":
    sys.exit(conclude(main))
