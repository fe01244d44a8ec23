"""Processes that live for one run of the engine."""

from __future__ import annotations

import signal
import subprocess
import sys

PROCESS = "import signal; from components import lifetime; lifetime.end_without_a_word(); signal.raise_signal({})"


def test_an_interrupted_program_ends_at_once_and_says_nothing():
    """An interruption ends the process by the signal itself, without the traceback that Python would print."""
    done = subprocess.run([sys.executable, "-c", PROCESS.format("signal.SIGINT")], capture_output=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, b"", b"")
