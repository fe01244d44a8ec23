"""Finds an installed Pulumi CLI that this project can use, or says what is wrong with those that it found."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

OLDEST = (3, 216, 0)
"""The first CLI with everything that this project asks of it."""

HOST_NAME = "pulumi-language-python"

PATIENCE = 60
"""Seconds that an installed CLI may take for an answer."""


@dataclass(frozen=True)
class Candidate:
    """A CLI on PATH."""

    path: Path
    version: str
    """As it says itself; empty when it did not answer."""
    problem: str
    """Why it cannot be used; empty when it can."""


def candidates(environ: Mapping[str, str], own: Path) -> Iterator[Candidate]:
    """Each `pulumi` on PATH, judged, in the order of PATH; `own` is a folder that does not count."""
    folders = [folder for folder in _search(environ) if not _same(folder, own)]
    search = os.pathsep.join(str(folder) for folder in folders)
    seen = set()
    for folder in folders:
        path = folder / "pulumi"
        if path.is_file() and os.access(path, os.X_OK) and path.resolve() not in seen:
            seen.add(path.resolve())
            yield _judged(path, search, environ)


def _judged(path: Path, search: str, environ: Mapping[str, str]) -> Candidate:
    answer = _ask([path, "version"], environ)
    found = re.search(r"^v?(\d+)\.(\d+)\.(\d+)\S*", answer, re.MULTILINE)
    if not found:
        return Candidate(path, "", "it did not say its version")
    version = found[0]
    if tuple(int(part) for part in found.groups()) < OLDEST:
        return Candidate(path, version, f"it is older than {'.'.join(map(str, OLDEST))}")
    if not (_beside(path) or shutil.which(HOST_NAME, path=search)):
        return Candidate(path, version, f"its Python language host {HOST_NAME} is neither beside it nor on PATH")
    if "--run-program" not in _ask([path, "preview", "--help"], environ):
        return Candidate(path, version, "its preview does not know --run-program")
    return Candidate(path, version, "")


def _beside(path: Path) -> bool:
    return any(os.access(folder / HOST_NAME, os.X_OK) for folder in (path.parent, path.resolve().parent))


def _ask(command: list[str | Path], environ: Mapping[str, str]) -> str:
    """What a CLI prints; nothing when it fails or does not end."""
    try:
        answer = subprocess.run(
            [str(part) for part in command],
            env={**environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.decode(errors="replace") if answer.returncode == 0 else ""


def _search(environ: Mapping[str, str]) -> list[Path]:
    return [Path(folder) for folder in environ.get("PATH", os.defpath).split(os.pathsep) if folder]


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
