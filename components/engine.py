"""Whether the engine that asked for a write still runs, and the end of a provider process whose engine does not.

A killed engine leaves the provider process behind, which would finish its work, and repeat what failed, even after
a repairing run has ended; nobody else would ever end it. The plugin's last argument is the engine's address; outside a
plugin process there is no engine to ask.
Units: seconds.
"""

from __future__ import annotations

import functools
import os
import socket
import sys
import threading
import time

from components.errors import EngineGone

PLUGIN = "pulumi.dynamic.__main__"
TIMEOUT = 2.0
"""The engine is on this machine."""
CERTAIN = 2
"""Refusals in a row that leave no doubt."""
PAUSE = 0.5
"""Between two looks at the engine; a repair takes longer."""


def address() -> str | None:
    """The engine's `host:port`, or None outside the provider process."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return sys.argv[-1] if spec is not None and spec.name == PLUGIN and len(sys.argv) > 1 else None


@functools.cache  # one watch for all provider classes of the process
def end_with(engine: str | None) -> None:
    """From now on, end this process soon after the engine has ended: at once, as a kill of both would have done."""
    if engine is not None:
        threading.Thread(target=_watch, args=(engine,), name="engine-watch", daemon=True).start()


def is_gone(engine: str) -> bool:
    """Whether nobody listens at the address any more. An engine that is too busy to answer is not gone.

    The engine closes its address last of all, after it has ended its plugins.
    """
    try:
        _connect(engine)
    except ConnectionRefusedError:
        return True
    except (OSError, ValueError):
        return False
    return False


def require(engine: str | None, write: str) -> None:
    """Pass while the engine answers at its address (or there is none, as in a test); `write` names what would be sent.

    Raises: EngineGone.
    """
    if engine is None:
        return
    try:
        _connect(engine)
    except (OSError, ValueError):
        raise EngineGone(
            f"{write} was not sent",
            where=f"the engine at {engine}",
            why="the engine that asked for it no longer runs",
            fix="run: cyclr-connectors recover -s STACK, then pulumi up",
        ) from None


def _connect(engine: str) -> None:
    host, _, port = engine.rpartition(":")
    socket.create_connection((host, int(port)), timeout=TIMEOUT).close()


def _watch(engine: str) -> None:
    refused = 0
    while refused < CERTAIN:
        time.sleep(PAUSE)
        refused = refused + 1 if is_gone(engine) else 0
    os._exit(1)  # an orderly end would wait for the calls that are under way
