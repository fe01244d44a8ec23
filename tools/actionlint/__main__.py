"""Runs the pinned actionlint, built from its Go modules on first use: `python3 -m tools.actionlint [ARGUMENTS]`.

It is built with what builds the Pulumi CLI, into the same cache of the user, in seconds.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from tools import processes
from tools.locks import locked
from tools.pulumi import cache, golang
from tools.pulumi.failures import explain
from tools.steps import conclude, say

HERE = Path(__file__).parent
MODULE = "github.com/rhysd/actionlint"
PACKAGE = f"{MODULE}/cmd/actionlint"
NAME = "actionlint"


def ensure(environ: Mapping[str, str]) -> Path:
    """The program of the pinned version, built when it is not there yet.

    Raises: SetupError: it could not be built; nothing half-made is left
    """
    root = cache.root(environ).parent / NAME
    root.mkdir(parents=True, exist_ok=True)
    final = root / f"{version()}-{_key()}"
    if not os.access(final / NAME, os.X_OK):
        with locked(root, "actionlint: another run on this machine is building it; waiting for that one to end"):
            if not os.access(final / NAME, os.X_OK):
                _build(environ, root, final)
    return final / NAME


def version() -> str:
    """The pinned version, as in 1.7.12."""
    found = re.search(rf"{re.escape(MODULE)} v(\S+)", (HERE / "go.mod").read_text(encoding="utf-8"))
    assert found, "go.mod names no version"
    return found[1]


def main() -> None:
    """Becomes actionlint, with the arguments of this program."""
    program = ensure(os.environ)
    sys.stdout.flush()
    os.execv(program, [NAME, *sys.argv[1:]])  # noqa: S606 a path of ours, without a shell


def _build(environ: Mapping[str, str], root: Path, final: Path) -> None:
    say(f"actionlint {version()}: building it from its Go modules, once per machine")
    cache.sweep(root)
    go = golang.obtain(environ, root, Path(sys.executable))
    with cache.unfinished(root) as work:
        (work / "tmp").mkdir()
        ended = processes.run(
            [go.path, "build", "-trimpath", "-ldflags", "-s -w", "-o", work / "bin" / NAME, PACKAGE],
            environ={**go.environ, "GOTMPDIR": str(work / "tmp")},
            folder=HERE,
        )
        if ended.code:
            raise explain(
                ended,
                what="actionlint could not be built: go build failed",
                where=f"{HERE / 'go.mod'}, {PACKAGE}",
                source="the Go modules",
                unreachable="set GOPROXY to a module proxy that it reaches",
            )
        cache.publish(work / "bin", final, work)
    golang.forget(root)


def _key() -> str:
    digest = hashlib.sha256(f"{sys.platform} {platform.machine()}".encode())
    for file in ("go.mod", "go.sum"):
        digest.update((HERE / file).read_bytes())
    return digest.hexdigest()[:12]


if __name__ == "__main__":
    sys.exit(conclude(main))
