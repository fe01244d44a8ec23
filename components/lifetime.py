"""Processes that live for one run of the engine, which waits for their end: the program's and the provider's.

Python looks through every object before it ends, to free what refers to itself. After our imports that takes some
40 ms, for memory that goes with the process.
"""

from __future__ import annotations

import gc


def spare_the_last_look() -> None:
    """Nothing that exists now is looked through again."""
    gc.freeze()
