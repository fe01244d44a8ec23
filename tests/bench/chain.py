"""The longest chain of dependent calls of a look, and whether a request log shows it: pure.

Each call needs the answer of the one before: a token to ask with, an installation to look through, the engine's order
of a resource and those that depend on it. What is not in the chain runs beside it, on other threads of the provider.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

RESOLUTION = 0.001
"""Seconds to which the log tells the time."""
INSTALLATION = r"GET /v1\.0/account/connectors/\d+"


class Link(NamedTuple):
    """One call of the chain."""

    call: str
    """Regex of method and path."""
    why: str
    """Why it cannot go out before the one above it is answered."""


CHAIN = (
    Link(r"POST /oauth/token", "the first call to Cyclr"),
    Link(INSTALLATION, "cyclr.ConnectorInstallation asks with the token"),
    Link(r"GET /v1\.0/connectors/", "it looks for a newer release than the installed one"),
    Link(INSTALLATION, "cyclr.ConnectorSetup depends on the installation, and looks whether it is authenticated"),
    Link(r"POST /v1\.0/accounts/[^/]+/signintoken", "a sign-in token only once that is known"),
    Link(r"GET /connectorauth/updateaccountconnectoroauth", "the authorise link holds the sign-in token"),
    Link(INSTALLATION, "whether opening the link has ended the consent"),
    Link(r"GET /v[\d.]+/debug_token", "Facebook is asked about the token that this answer holds"),
    Link(r"GET /v[\d.]+/\d+/roles", "whether the user of that token has a role"),
)


def broken_at(log: Sequence[dict[str, Any]], latency: float) -> Link | None:
    """The first link of the chain that a look's log does not show after the one before; None when it shows all.

    `latency` is what each call took at least, in seconds: what starts earlier after another was not waiting for it.
    """
    answered = float("-inf")
    for link in CHAIN:
        starts = [start for entry in log if re.match(link.call, _call(entry)) and (start := _start(entry)) >= answered]
        if not starts:
            return link
        answered = min(starts) + latency - RESOLUTION
    return None


def _call(entry: dict[str, Any]) -> str:
    return f"{entry['method']} {entry['path']}"


def _start(entry: dict[str, Any]) -> float:
    return datetime.fromisoformat(entry["time"]).timestamp()
