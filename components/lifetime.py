"""Processes that live for one run of the engine, which waits for their end: the program's and the provider's.

Python looks through every object before it ends, to free what refers to itself. After our imports that takes some
40 ms, for memory that goes with the process.
"""

from __future__ import annotations

import gc
import signal


def spare_the_last_look() -> None:
    """Nothing that exists now is looked through again."""
    gc.freeze()


def end_without_a_word() -> None:
    """The engine's own way to end a process, SIGINT to its group, ends this one at once.

    Python would print where it was, and an engine that was interrupted would show that to its user.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
