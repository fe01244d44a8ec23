"""This checkout against an earlier commit of it: what a change costs the same stack, in turns on one machine."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.bench import programs
from tests.bench.figures import Figure, Measured
from tests.bench.statistics import ratio
from tests.engine.stack import EngineStack
from tests.worlds import ROOT, running_sandbox

FIGURES = (
    Figure("noop", "no-op `preview --refresh=false` of stack sandbox, against the earlier commit", "times", None),
    Figure("look", "look (`preview`) at stack sandbox, against the earlier commit", "times", None),
)


def run(folder: Path, env: dict[str, str], pairs: int, say: Callable[[str], None], commit: str) -> dict[str, Measured]:
    """Both figures. The stack uses nothing but what both commits know: the committed stack file of the sandbox."""
    with running_sandbox() as world, _checked_out(folder / "earlier", commit) as earlier:
        say("deploying stack sandbox")
        world.first_day()
        now = programs.sandbox(EngineStack(world, env, folder))
        now.up()
        before = replace(now, folder=earlier)
        say(f"{pairs} pairs of each, this checkout and {commit} in turns")
        return {
            "noop": _pairs(pairs, now.noop, before.noop),
            "look": _pairs(pairs, now.look, before.look),
        }


def _pairs(number: int, now: Callable[[], float], before: Callable[[], float]) -> Measured:
    """Who is first changes from pair to pair, so that neither always finds the other's files in memory."""
    new, old = [], []
    for turn in range(number):
        for run, seconds in ((now, new), (before, old))[:: 1 if turn % 2 else -1]:
            seconds.append(run())
    return ratio(new, old)


@contextmanager
def _checked_out(folder: Path, commit: str) -> Iterator[Path]:
    """A commit in a folder of its own, with this checkout's virtual environment."""
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--detach", "--quiet", str(folder), commit], check=True)
    try:
        (folder / ".venv").symlink_to(ROOT / ".venv")
        yield folder
    finally:
        subprocess.run([*git, "remove", "--force", str(folder)], check=True)
