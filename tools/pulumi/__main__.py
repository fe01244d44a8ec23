"""Gives this checkout a Pulumi CLI: `python3 -m tools.pulumi [--venv FOLDER] [--print-path]`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from tools.pulumi import build, find, link
from tools.steps import SetupError, conclude, say

CHECKOUT = Path(__file__).resolve().parents[2]


def provide(environ: Mapping[str, str], venv: Path) -> None:
    """Finds or builds a CLI and links it into the virtual environment.

    Raises: SetupError: there is none and none can be built
    """
    binaries = venv / "bin"
    for candidate in find.candidates(environ, own=binaries):
        if not candidate.problem:
            say(f"Pulumi CLI {candidate.version}: the installed {candidate.path}")
            link.link_installed(candidate.path, binaries)
            return
        say(f"Pulumi CLI {candidate.version or 'of no known version'}: not {candidate.path}, {candidate.problem}")
    python = binaries / "python"
    folder = build.ensure(environ, python if os.access(python, os.X_OK) else Path(sys.executable))
    if binaries.is_dir():
        link.link_built(folder, binaries)


def print_path(venv: Path) -> None:
    """Prints where the CLI of this checkout is, and nothing else.

    Raises: SetupError: it has none yet
    """
    there = link.linked(venv / "bin")
    if there is None:
        raise SetupError(
            what="This checkout has no Pulumi CLI",
            where=str(venv / "bin" / "pulumi"),
            why="the set-up has not run, or the CLI that it linked is gone",
            fix="make setup",
        )
    say(str(there))


def main() -> None:
    """Reads the command line and does what it says."""
    parser = argparse.ArgumentParser(prog="python3 -m tools.pulumi", description=__doc__)
    parser.add_argument("--venv", type=Path, default=CHECKOUT / ".venv", help="the virtual environment to link into")
    parser.add_argument("--print-path", action="store_true", help="print the path of the linked CLI; change nothing")
    arguments = parser.parse_args()
    if arguments.print_path:
        print_path(arguments.venv.absolute())
    else:
        provide(os.environ, arguments.venv.absolute())


if __name__ == "__main__":
    sys.exit(conclude(main))
