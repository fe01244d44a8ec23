"""Where the built CLI lives: complete folders that appear in one step, and leftovers that the next build removes."""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tools.pulumi import pins
from tools.steps import SetupError, disk_full

UNFINISHED = ".building-"
"""How the name of a folder begins that nobody may use."""

GIB = 2**30


def root(environ: Mapping[str, str]) -> Path:
    """The folder of all builds, made when missing."""
    folder = _user_cache(environ) / "cyclr-connectors" / "pulumi"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def build_folder(environ: Mapping[str, str]) -> Path:
    """Where the build of the present pins belongs, whether it is there or not."""
    return root(environ) / f"{pins.CLI.version.removeprefix('v')}-{pins.key()}"


def complete(folder: Path) -> bool:
    """Whether everything is there; a file that something else took away makes a build incomplete."""
    return all(os.access(folder / name, os.X_OK) for name in pins.FILES)


def sweep(folder: Path) -> None:
    """Removes what dead builds left. Only under the lock: no living one can own a leftover then."""
    for leftover in folder.glob(f"{UNFINISHED}*"):
        shutil.rmtree(leftover, ignore_errors=True)


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """A folder to work in, on the file system of `folder`, gone afterwards."""
    work = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def publish(built: Path, final: Path, work: Path) -> None:
    """Puts a finished folder in its place in one step; one that is there, incomplete, goes to `work` to be removed."""
    if final.exists():
        final.rename(work / "replaced")
    built.rename(final)


def require_space(needs: list[tuple[Path, float]]) -> None:
    """Refuses to begin what cannot end. Units: GiB.

    Raises: SetupError: the folders of one file system need more than it has free
    """
    disks: dict[int, list[tuple[Path, float]]] = {}
    for folder, need in needs:
        there = next(parent for parent in (folder, *folder.parents) if parent.exists())
        disks.setdefault(there.stat().st_dev, []).append((there, need))
    for wants in disks.values():
        need = sum(each for _folder, each in wants)
        free = shutil.disk_usage(wants[0][0]).free / GIB
        if free < need:
            where = ", ".join(dict.fromkeys(str(folder) for folder, _need in wants))
            raise disk_full(where, f"building the Pulumi CLI takes {need:.1f} GiB here, {free:.1f} GiB are free")


def home(environ: Mapping[str, str]) -> Path:
    """The user's home, also where HOME is unset or empty.

    Raises: SetupError: nothing on this machine says where it is
    """
    if environ.get("HOME"):
        return Path(environ["HOME"])
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:
        raise SetupError(
            what="No folder for the Pulumi CLI",
            where=f"the user {os.getuid()}",
            why="HOME is not set and the system knows no home for this user",
            fix="set XDG_CACHE_HOME, or HOME, to a folder that you may write",
        ) from None


def _user_cache(environ: Mapping[str, str]) -> Path:
    named = environ.get("XDG_CACHE_HOME", "")
    return Path(named) if Path(named).is_absolute() else home(environ) / ".cache"
