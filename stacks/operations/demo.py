"""`make demo` after set-up: `python -m stacks.operations.demo`. Does the work and turns its end into an exit code.

May be interrupted anywhere and run again: what a killed run left is found and taken away first.
"""

from __future__ import annotations

import importlib
import os
import sys

import click

from components.errors import ConnectorError

WORK = "stacks.operations.demonstration"
PORT_BASE = "SANDBOX_PORT_BASE"


def main() -> int:
    """The exit code: 0 also while steps are open, 1 when the environment could not be brought there or looked at."""
    try:
        # Imported in here: an interruption while the engine's SDK loads is one like any other.
        code: int = importlib.import_module(WORK).run(os.environ.get(PORT_BASE))
    except ConnectorError as error:
        click.echo(f"\n{error}", err=True)
        return 1
    except KeyboardInterrupt:
        click.echo("\nInterrupted. Run it again: it goes on from here.", err=True)
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main())
