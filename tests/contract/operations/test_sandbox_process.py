"""Starting and ending the sandbox, with its real process."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.errors import ConnectorError
from stacks.operations import processes, sandbox
from stacks.operations.engine import CHECKOUT
from stacks.operations.sandbox_files import Files

pytestmark = pytest.mark.proof

FREE = 0


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Files]:
    """A checkout without a sandbox; one that a test started is ended."""
    made = Files(tmp_path)
    made.committed.parent.mkdir()
    shutil.copy(Files(CHECKOUT).committed, made.committed)
    yield made
    sandbox.stop(made.checkout)


def test_start_answers_and_leaves_its_files(files: Files):
    """All that others read is there once it answers: addresses, process, state, stack file."""
    addresses = sandbox.start(FREE, files.checkout)

    assert sandbox.answers(addresses)
    assert files.read_addresses() == addresses
    assert str(files.state) in processes.command(files.read_pid() or 0)
    assert addresses.service_domain in files.stack_file.read_text()


def test_start_again_starts_nothing(files: Files):
    """A sandbox that answers is used as it is."""
    first = sandbox.start(FREE, files.checkout)
    pid = files.read_pid()

    assert sandbox.start(FREE, files.checkout) == first
    assert files.read_pid() == pid


def test_start_by_several_at_once_starts_one(files: Files):
    """Two terminals do not end up with two worlds."""
    found = []
    threads = [threading.Thread(target=lambda: found.append(sandbox.start(FREE, files.checkout))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(found)) == 1


def test_stop_ends_the_process_and_keeps_the_world(files: Files):
    """The process is gone, its state is not; a second stop finds nothing."""
    addresses = sandbox.start(FREE, files.checkout)
    pid = files.read_pid()
    assert sandbox.stop(files.checkout)

    assert not processes.command(pid or 0)
    assert not sandbox.answers(addresses)
    assert files.state.exists()
    assert not sandbox.stop(files.checkout)


def test_start_after_a_kill_starts_anew(files: Files):
    """Files of a process that was killed do not pass for a sandbox."""
    sandbox.start(FREE, files.checkout)
    pid = files.read_pid()
    os.kill(pid or 0, 9)
    os.waitpid(pid or 0, 0)

    assert sandbox.answers(sandbox.start(FREE, files.checkout))
    assert files.read_pid() != pid


def test_start_with_other_ports_says_what_runs(files: Files):
    """A sandbox on other ports is named, with both ways on."""
    addresses = sandbox.start(FREE, files.checkout)
    with pytest.raises(ConnectorError, match="make stop") as caught:
        sandbox.start(9100, files.checkout)

    assert addresses.control in str(caught.value)


def test_start_on_a_taken_port_names_it(files: Files):
    """A port that something else uses is named, with the way to take others; nothing is left running."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConnectorError, match=f"port {port} .*in use") as caught:
            sandbox.start(port, files.checkout)

    assert "SANDBOX_PORT_BASE=" in str(caught.value)
    assert not files.pid.exists()


@pytest.mark.parametrize("text", ["{", '{"unknown": 1}'])
def test_start_with_a_broken_world_says_so(files: Files, text: str):
    """A state file that cannot be used is named, with the way to a fresh world."""
    files.folder.mkdir()
    files.state.write_text(text)
    with pytest.raises(ConnectorError, match=r"rm \.sandbox/state\.json"):
        sandbox.start(FREE, files.checkout)


@pytest.mark.parametrize(
    ("arguments", "port", "said"),
    [(["start"], "80", "There is no port base 80"), (["begin"], "0", "'begin' is not one of 'start', 'stop'")],
)
def test_command_explains_wrong_usage(arguments: list[str], port: str, said: str):
    """What make passes on ends in words, never in a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "stacks.operations.sandbox", *arguments],
        cwd=CHECKOUT,
        env={**os.environ, "SANDBOX_PORT_BASE": port},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode
    assert said in done.stderr
    assert "Traceback" not in done.stderr
