"""What runs of the CLI leave on a machine, as texts: files, and the logs that the CLI keeps of itself.

Source: CLI 3.274: of each command on a stack it keeps a log in its home, encrypted by what encrypts the secrets of the
        state, and of the others one that is packed. `pulumi logs decrypt` shows both.
"""

from __future__ import annotations

import gzip
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PACKED, ENCRYPTED = b"\x1f\x8b", b"PLOG"
AT_ONCE = 2
"""Readers of logs beside each other."""


def unpacked(content: bytes) -> str:
    """The text of a file, also of a packed one."""
    plain = gzip.decompress(content) if content.startswith(PACKED) else content
    return plain.decode(errors="replace")


def files(folder: Path, *below: str) -> dict[str, str]:
    """Every file below these folders of a folder, by its name; and all names as one text more."""
    paths = [path for each in below for path in sorted((folder / each).rglob("*")) if path.is_file()]
    found = {str(path.relative_to(folder)): unpacked(path.read_bytes()) for path in paths}
    return {**found, f"names of files below {', '.join(below)}": "\n".join(found)}


def encrypted_logs(home: Path) -> list[Path]:
    """The logs of commands on a stack, the oldest first; no other one of them is readable as it is."""
    return sorted(path for path in (home / "logs").iterdir() if path.read_bytes().startswith(ENCRYPTED))


def opened(logs: list[Path], pulumi: Callable[..., subprocess.CompletedProcess[str]]) -> dict[str, str]:
    """Name of a log -> what the CLI itself reads in it, with the key of the stack's secrets."""

    def read(log: Path) -> str:
        return pulumi("logs", "decrypt", str(log), config=False).stdout

    with ThreadPoolExecutor(AT_ONCE) as readers:
        return dict(zip((log.name for log in logs), readers.map(read, logs), strict=True))
