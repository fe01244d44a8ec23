"""Reads the output of a failed `go` or `pip` and says what it means."""

from __future__ import annotations

import re
import sys

from tools.processes import Ended
from tools.steps import AGAIN, SetupError, disk_full

NO_SPACE = re.compile(r"no space left on device|disk quota exceeded", re.IGNORECASE)

NO_MEMORY = re.compile(r"signal: killed|cannot allocate memory|out of memory", re.IGNORECASE)

NOT_AS_PINNED = re.compile(r"checksum mismatch|SECURITY ERROR|DO NOT MATCH THE HASHES")

NO_NETWORK = re.compile(
    r"dial tcp|no such host|connection refused|connection reset|i/o timeout|timed? ?out|network is unreachable"
    r"|no route to host|temporary failure in name resolution|name or service not known|proxyconnect|x509:"
    r"|certificate verify failed|tls: |unexpected EOF|NewConnectionError|NameResolutionError|ProxyError"
    r"|Retrying \(Retry|GOPROXY=off|\b(?:403 Forbidden|404 Not Found|407 Proxy|429 Too Many|50[0-4] )",
    re.IGNORECASE,
)

NO_PACKAGE = re.compile(r"No matching distribution found|Could not find a version that satisfies")

RETRY = re.compile(r"WARNING: Retrying \(.*?\) after connection broken by '\w+\('(?:<[^>]*>: )?(.*?)'\)': ")
"""What pip writes around the cause of a lost connection."""


def explain(ended: Ended, *, what: str, where: str, source: str, unreachable: str) -> SetupError:
    """The explanation of a failed fetch, build or installation.

    Shape: source str (what the files come from, as in "the Go modules"), unreachable str (how to name another source)
    """
    whole = "\n".join(ended.lines)
    if NO_SPACE.search(whole):
        return disk_full(where, _line(NO_SPACE, ended))
    why, fix = _meaning(ended, whole, source, unreachable)
    return SetupError(what=what, where=where, why=why, fix=fix)


def _meaning(ended: Ended, whole: str, source: str, unreachable: str) -> tuple[str, str]:
    """Why it failed and what helps, by the first cause that the output tells."""
    if NOT_AS_PINNED.search(whole):
        return (
            f"{source} that arrived are not the pinned ones: {_line(NOT_AS_PINNED, ended)}",
            "look at the proxy or mirror between this machine and its source: it serves something else",
        )
    if NO_NETWORK.search(whole):
        return (
            f"{source} could not be fetched: {_line(NO_NETWORK, ended)}",
            f"connect this machine to a network that reaches them, or {unreachable}; then {AGAIN}",
        )
    if NO_PACKAGE.search(whole):
        machine = f"{sys.platform}, Python {sys.version_info.major}.{sys.version_info.minor}"
        return (
            f"{source} are not offered to this machine ({machine}), or not at all: {_line(NO_PACKAGE, ended)}",
            f"use another Python or package index, or {unreachable}; then {AGAIN}",
        )
    if NO_MEMORY.search(whole) or ended.code == -9:
        return (
            f"it was killed, most likely for want of memory: {ended.tail(1)}",
            f"free about 3 GiB of memory; then {AGAIN}",
        )
    return ended.tail(), f"mend what these lines name; then {AGAIN}"


def _line(pattern: re.Pattern[str], ended: Ended) -> str:
    """The last line that tells the cause."""
    return RETRY.sub(r"\1: ", next(line.strip() for line in reversed(ended.lines) if pattern.search(line)))
