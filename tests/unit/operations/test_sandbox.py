"""The files of the sandbox, and the ports it is asked for."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from components.errors import ConnectorError
from stacks.operations import sandbox
from stacks.operations.engine import CHECKOUT
from stacks.operations.sandbox_files import Addresses, Files, for_demo, readdressed, write_stack_file

OTHER = Addresses.of(9100)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """The folder of a checkout that holds the committed stack file and nothing else."""
    made = Files(tmp_path)
    made.folder.mkdir()
    made.committed.parent.mkdir()
    shutil.copy(Files(CHECKOUT).committed, made.committed)
    return made


def test_committed_stack_file_is_for_the_default_ports():
    """With the default addresses the committed file comes out byte for byte, comments and quotes included."""
    committed = Files(CHECKOUT).committed

    assert readdressed(committed, Addresses.of(8700)) == committed.read_text()


def test_stack_file_changes_only_addresses(files: Files):
    """Every line that names no address is the committed one."""
    changed = readdressed(files.committed, OTHER).splitlines()
    pairs = [
        (old, new) for old, new in zip(files.committed.read_text().splitlines(), changed, strict=True) if old != new
    ]

    assert [new.strip() for _, new in pairs] == [
        "cyclr-connectors:serviceDomain: localhost:9103",
        "api: http://127.0.0.1:9102",
        "consoleUrl: http://localhost:9103",
        "graphUrl: http://127.0.0.1:9101",
        "wwwUrl: http://127.0.0.1:9101",
        "dashboardUrl: http://127.0.0.1:9101",
    ]


def test_stack_file_keeps_what_the_user_added(files: Files):
    """An edited copy is given the new addresses and loses nothing, however often the ports change."""
    write_stack_file(files, OTHER)
    files.stack_file.write_text(files.stack_file.read_text() + "  cyclr-connectors:mine: 1 # kept\n")
    write_stack_file(files, Addresses.of(9200))
    write_stack_file(files, Addresses.of(9300))
    text = files.stack_file.read_text()

    assert "cyclr-connectors:mine: 1 # kept" in text
    assert "localhost:9303" in text


def test_stack_file_that_nobody_edited_follows_the_committed_one(files: Files):
    """A change of the repository reaches a copy that was not edited."""
    write_stack_file(files, OTHER)
    files.committed.write_text(files.committed.read_text() + "  cyclr-connectors:newer: 1\n")
    write_stack_file(files, OTHER)

    assert "cyclr-connectors:newer: 1" in files.stack_file.read_text()


@pytest.mark.parametrize("text", ["", "config: 1\n", "config:\n  a: 1\n", "a: [\n"])
def test_broken_stack_file_is_explained(files: Files, text: str):
    """A file that is no stack file is named with the way back; it is no traceback."""
    files.committed.write_text(text)
    with pytest.raises(ConnectorError, match="git checkout stacks/Pulumi"):
        write_stack_file(files, OTHER)


@pytest.mark.parametrize(("addresses", "committed"), [(Addresses.of(8700), True), (OTHER, False)])
def test_demo_uses_the_committed_file_on_the_default_ports_only(files: Files, addresses: Addresses, committed: bool):
    """With other ports it is the copy, named by --config-file."""
    assert for_demo(files, addresses) == (None if committed else files.stack_file)


@pytest.mark.parametrize(("text", "port"), [(None, 8700), ("", 8700), ("0", 0), ("9100", 9100), ("65532", 65532)])
def test_port_base_is_read_from_what_the_user_set(text: str | None, port: int):
    """Nothing means the default, 0 free ports."""
    assert sandbox.parse_port_base(text) == port


@pytest.mark.parametrize("text", ["80", "65533", "x", "-1", "8700 "])
def test_impossible_port_base_is_refused(text: str):
    """Four ports that a user may open are needed."""
    with pytest.raises(ConnectorError, match="There is no port base"):
        sandbox.parse_port_base(text)


@pytest.mark.parametrize(
    "pid", ["", "x", str(2**22 + 1), str(os.getpid()), "1"], ids=["empty", "no-number", "nobody", "this-test", "init"]
)
def test_stop_signals_no_process_that_is_not_the_sandbox(files: Files, monkeypatch: pytest.MonkeyPatch, pid: str):
    """A stale, reused or broken process number is forgotten, and nothing is signalled."""
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("a process was signalled"))
    files.pid.write_text(pid)

    assert not sandbox.stop(files.checkout)
    assert not files.pid.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"control": "x"}', json.dumps({"other": 1})])
def test_broken_addresses_are_no_addresses(files: Files, text: str):
    """Half a file, or another one, says nothing about where the sandbox answers."""
    files.addresses.write_text(text)

    assert files.read_addresses() is None
