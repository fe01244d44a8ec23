"""Whether the engine that asked for a write still runs.

A killed engine leaves the provider process behind, which would finish its work even after a repairing run has ended.
The plugin's last argument is the engine's address; outside a plugin process there is no engine to ask.
"""

from __future__ import annotations

import socket
import sys

from components.errors import EngineGone

PLUGIN = "pulumi.dynamic.__main__"
TIMEOUT = 2.0
"""Seconds. The engine is on this machine."""


def address() -> str | None:
    """The engine's `host:port`, or None outside the provider process."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return sys.argv[-1] if spec is not None and spec.name == PLUGIN and len(sys.argv) > 1 else None


def require(engine: str | None, write: str) -> None:
    """Pass while the engine answers at its address (or there is none, as in a test); `write` names what would be sent.

    Raises: EngineGone.
    """
    if engine is None:
        return
    host, _, port = engine.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=TIMEOUT).close()
    except (OSError, ValueError):
        raise EngineGone(
            f"{write} was not sent",
            where=f"the engine at {engine}",
            why="the engine that asked for it no longer runs",
            fix="run: cyclr-connectors recover -s STACK, then pulumi up",
        ) from None
