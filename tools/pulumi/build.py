"""Builds the pinned Pulumi CLI from its Go modules into the user's cache, once per machine."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from tools import processes
from tools.locks import locked
from tools.pulumi import cache, golang, pins
from tools.pulumi.failures import explain
from tools.pulumi.golang import Go
from tools.steps import Progress, SetupError, duration, say

SPACE = {"GOMODCACHE": 1.7, "GOCACHE": 1.9, "": 0.6}
"""GiB that a first build takes in Go's two caches and in ours, Go itself included."""


def ensure(environ: Mapping[str, str], python: Path) -> Path:
    """The folder of the pinned CLI, built when it is not there yet.

    Raises: SetupError: it could not be built; whatever was made is complete or gone
    """
    final = cache.build_folder(environ)
    if cache.complete(final):
        say(f"Pulumi CLI {pins.CLI.version}: built already, {final}")
        return final
    root = cache.root(environ)
    with locked(root, "Pulumi CLI: another run on this machine is building it; waiting for that one to end"):
        if not cache.complete(final):
            _build(environ, python, root, final)
    return final


def _build(environ: Mapping[str, str], python: Path, root: Path, final: Path) -> None:
    started = time.monotonic()
    say(f"Pulumi CLI {pins.CLI.version}: building it from its Go modules, about five minutes, once per machine")
    cache.sweep(root)
    cache.require_space([(root, SPACE[""])])
    go = golang.obtain(environ, root, python)
    with cache.unfinished(root) as work:
        (work / "tmp").mkdir()
        go.environ["GOTMPDIR"] = str(work / "tmp")
        cache.require_space(_needs(go, root))
        for program in pins.PROGRAMS:
            _compile(go, program, work / "bin")
        _copy_scripts(go, work / "bin")
        _try(work / "bin" / pins.CLI.name, environ)
        cache.publish(work / "bin", final, work)
    golang.forget(root)
    say(f"  done in {duration(time.monotonic() - started)}: {final}")


def _compile(go: Go, program: pins.Program, folder: Path) -> None:
    """Fetches and compiles one program; the two are apart so that a person sees which of them takes the time."""
    fetching = Progress(f"fetching the modules of {program.title}")
    packages = _go(go, program, ["list", "-deps", program.package], fetching, counted="go: downloading")
    compiling = Progress(f"compiling {program.title}, packages", total=packages)
    _go(go, program, [*program.build, "-o", folder / program.name, program.package], compiling, counted="")


def _go(go: Go, program: pins.Program, arguments: list[str | Path], progress: Progress, counted: str) -> int:
    """Runs Go with its lines counted: those that begin with `counted`. Returns how many others there were.

    Raises: SetupError: Go failed
    """
    others = 0

    def on_line(line: str) -> None:
        nonlocal others
        if line.startswith(counted):
            progress.step()
        else:
            others += 1

    ended = processes.run(
        [go.path, *arguments],
        environ=go.environ,
        folder=program.folder,
        on_line=on_line,
        on_tick=progress.show,
    )
    progress.done()
    if ended.code:
        raise explain(
            ended,
            what=f"The Pulumi CLI could not be built: go {arguments[0]} failed",
            where=f"{program.folder / 'go.mod'}, {program.package} {program.version}",
            source="the Go modules",
            unreachable="set GOPROXY to a module proxy that it reaches, or install the Pulumi CLI and put it on PATH",
        )
    return others


def _copy_scripts(go: Go, folder: Path) -> None:
    """Puts the scripts that the host starts beside it; they are part of a module that was fetched and verified."""
    progress = Progress("scripts of the language host")
    ended = processes.run(
        [go.path, "list", "-m", "-f", "{{.Dir}}", pins.SDK], environ=go.environ, folder=pins.CLI.folder
    )
    for script in pins.SCRIPTS:
        source = Path(ended.tail(1)) / script
        target = folder / source.name
        shutil.copyfile(source, target)
        target.chmod(0o755)
        progress.count += 1
    progress.done()


def _needs(go: Go, root: Path) -> list[tuple[Path, float]]:
    names = [name for name in SPACE if name]
    ended = processes.run([go.path, "env", *names], environ=go.environ, folder=pins.CLI.folder)
    places = zip(names, ended.lines, strict=False)
    return [(root, SPACE[""]), *((Path(folder), SPACE[name]) for name, folder in places if os.path.isabs(folder))]


def _try(program: Path, environ: Mapping[str, str]) -> None:
    """Starts the new CLI once.

    Raises: SetupError: it does not run on this machine
    """
    ended = processes.run([program, "version"], environ={**environ, "PULUMI_SKIP_UPDATE_CHECK": "true"})
    if ended.code or pins.CLI.version not in ended.lines:
        raise SetupError(
            what="The Pulumi CLI that was built does not run",
            where=f"{program.name} version",
            why=ended.tail(),
            fix="install the Pulumi CLI yourself and put it on PATH",
        )
