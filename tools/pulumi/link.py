"""Links the chosen Pulumi CLI into the virtual environment, so that an active one has it on PATH."""

from __future__ import annotations

import os
from pathlib import Path

from tools.pulumi import pins


def link_built(folder: Path, binaries: Path) -> None:
    """Links everything of a build: the CLI looks for its host, and the host for its scripts, on PATH."""
    for name in pins.FILES:
        _link(folder / name, binaries / name)


def link_installed(pulumi: Path, binaries: Path) -> None:
    """Links an installed CLI alone: it finds its own host beside itself, and a host of ours must not precede it."""
    for name in pins.FILES:
        if name != pins.CLI.name and (binaries / name).is_symlink():
            (binaries / name).unlink()
    _link(pulumi.absolute(), binaries / pins.CLI.name)


def linked(binaries: Path) -> Path | None:
    """The CLI that is linked, when it is still there."""
    link = binaries / pins.CLI.name
    return link if os.access(link, os.X_OK) else None


def _link(target: Path, link: Path) -> None:
    """Makes or changes a link in one step."""
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)
