"""Writes the states of this version: `python -m tests.engine.states`, with the virtual environment and CLI on PATH.

A new version gets a folder of its own. Files of a version that is released are never written: later code must live
with them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.engine.environment import engine_environment
from tests.engine.stack import EngineStack
from tests.engine.states.files import FOLDER, is_released, leave, version
from tests.engine.states.situations import SITUATIONS
from tests.worlds import running_sandbox


def main() -> None:
    """Deploy an environment into each situation and keep its state."""
    this = version()
    target = FOLDER / this
    if is_released(this):
        sys.exit(f"{this} is released: its states stay as they are. A new version has a new number and a new folder.")
    target.mkdir(exist_ok=True)
    with running_sandbox() as world:
        for name in SITUATIONS:
            with tempfile.TemporaryDirectory() as folder:
                stack = EngineStack(world, engine_environment(Path(folder)), Path(folder))
                world.first_day()
                (target / f"{name}.json").write_text(leave(name, stack))
            sys.stdout.write(f"{this}/{name}\n")


if __name__ == "__main__":
    main()
