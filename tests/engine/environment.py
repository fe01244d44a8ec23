"""The environment of the real engine in a test: its own backend, home and passphrase, and nothing of the user's."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

NO_CLI = """no Pulumi CLI is on PATH or in the virtual environment, so the engine tests cannot say anything.
Get one with: make setup"""


def engine_environment(folder: Path) -> dict[str, str]:
    """An environment for the CLI with its backend and home in a folder."""
    path = os.pathsep.join([str(Path(sys.prefix) / "bin"), os.environ.get("PATH", os.defpath)])
    if shutil.which("pulumi", path=path) is None:
        pytest.fail(NO_CLI, pytrace=False)
    backend = folder / "backend"
    backend.mkdir()
    # Where nothing compiled may be kept, each of a thousand processes would compile the same modules.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {
        **inherited,
        "PATH": path,
        "PULUMI_BACKEND_URL": f"file://{backend}",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_CREDENTIAL_STORE": "plaintext",
        "PULUMI_RUN_PROGRAM": "true",
        "GOGC": "off",  # the CLI lives for a second or two, of which collecting its memory takes a tenth
        "GOMEMLIMIT": "512MiB",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "NO_COLOR": "1",
    }


def end_orphans(folder: Path) -> None:
    """End what a killed engine left: its plugin process lives on, with the test's folder in its environment."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            ours = int(process.name) != os.getpid() and os.fsencode(folder) in (process / "environ").read_bytes()
            if ours:
                os.kill(int(process.name), signal.SIGKILL)
        except (OSError, ValueError):
            continue  # it ended meanwhile, or is somebody else's
