"""What is found after a killed engine, and what may be taken away."""

from __future__ import annotations

import io
import json
import os
import socket
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from components.errors import ConnectorError
from stacks.operations import main, processes, recover, remains
from stacks.operations.remains import Lock, Pending, Remains

URN = "urn:pulumi:dev::p::cyclr-connectors:index:OAuthConnector$pulumi-python:dynamic/facebook:AppSettings::fb-app"
HERE = socket.gethostname()
NOBODY = 2**22 + 1
"""A process number that no system gives."""


@dataclass
class FakeEngine:
    """Takes the commands; the state is in memory."""

    stack: str = "dev"
    document: dict = field(default_factory=lambda: {"deployment": {"resources": [], "pending_operations": [1]}})
    ran: list[tuple[str, ...]] = field(default_factory=list)

    def run(self, *args: str, given: str | None = None) -> str:
        self.ran.append(args)
        if given:
            self.document = json.loads(given)
        return ""

    def export(self) -> dict:
        return json.loads(json.dumps(self.document))


def lock(host: str = HERE, pid: int = NOBODY) -> Lock:
    return Lock("jane", host, pid, "2026-11-24T16:40:09")


def mended(found: Remains, agrees: bool = False) -> tuple[FakeEngine, str]:
    engine, said = FakeEngine(), list[str]()
    recover.mend(engine, found, said.append, lambda _question: agrees)
    return engine, "\n".join(said)


def test_nothing_found_is_nothing_done():
    """A clean stack is left as it is."""
    engine, said = mended(Remains("file:///x", (), (), hidden=False))

    assert said == "Stack dev: nothing to recover."
    assert not engine.ran


def test_lock_of_a_dead_process_is_cancelled():
    """A lock whose process on this host is gone is named with its holder and taken away without asking."""
    engine, said = mended(Remains("file:///x", (lock(),), (), hidden=False))

    assert f"jane@{HERE}, process {NOBODY}, since 2026-11-24T16:40:09" in said
    assert engine.ran == [("cancel", "--yes", "--stack", "dev")]


@pytest.mark.parametrize("agrees", [False, True])
def test_lock_of_another_host_is_cancelled_only_when_somebody_agrees(agrees: bool):
    """Nobody here can see whether a process of another host runs."""
    found = Remains("file:///x", (lock("elsewhere"),), (), hidden=False)
    if agrees:
        assert mended(found, agrees=True)[0].ran == [("cancel", "--yes", "--stack", "dev")]
    else:
        with pytest.raises(ConnectorError, match="recover -s dev --yes"):
            mended(found)


def test_lock_of_a_running_engine_is_never_cancelled(monkeypatch: pytest.MonkeyPatch):
    """Not even when somebody agrees."""
    monkeypatch.setattr(processes, "command", lambda _pid: "/usr/bin/pulumi up")
    with pytest.raises(ConnectorError, match="still runs"):
        mended(Remains("file:///x", (lock(),), (), hidden=False), agrees=True)


@pytest.mark.parametrize(
    ("held", "gone"),
    [
        pytest.param(lock(), True, id="no-such-process"),
        pytest.param(lock(pid=os.getpid()), True, id="number-given-to-another-program"),
        pytest.param(lock("elsewhere"), None, id="another-host"),
    ],
)
def test_lock_says_whether_its_process_is_gone(held: Lock, gone: bool | None):
    """Gone, running and unknown are told apart; a reused number counts as gone."""
    assert held.gone is gone


def test_pending_operations_are_taken_out_of_the_state():
    """Only the pending operations leave the state; what the next update adopts is named."""
    engine, said = mended(Remains("file:///x", (), (Pending(URN, "creating"),), hidden=False))

    assert engine.document == {"deployment": {"resources": []}}
    assert "Interrupted while creating: facebook.AppSettings (fb-app)." in said
    assert "it finds and adopts: facebook.AppSettings (fb-app)" in said


@pytest.mark.parametrize("why", ["", "AWS refuses s3:ListBucket"])
def test_hidden_locks_are_cancelled_when_somebody_agrees(why: str):
    """A backend that does not show its locks is asked about."""
    engine, said = mended(Remains("s3://state", (), (), hidden=True, why_hidden=why), agrees=True)

    assert engine.ran == [("cancel", "--yes", "--stack", "dev")]
    assert "Any lock is cancelled.\nThe next `pulumi up -s dev`" in said


@pytest.mark.parametrize("why", ["", "AWS refuses s3:ListBucket"])
def test_hidden_locks_that_nobody_agreed_to_cancel_are_no_success(why: str):
    """What else there is to mend is mended; the end says that the stack may be locked, and nothing of the next run."""
    engine, said = FakeEngine(), list[str]()
    found = Remains("s3://state", (), (Pending(URN, "creating"),), hidden=True, why_hidden=why)

    with pytest.raises(ConnectorError, match="Stack dev may still be locked") as caught:
        recover.mend(engine, found, said.append, lambda _question: False)

    assert engine.document == {"deployment": {"resources": []}}
    assert why in "\n".join(said)
    assert "The next `pulumi up" not in "\n".join(said)
    assert "cyclr-connectors recover -s dev --yes" in caught.value.fix


def test_command_that_could_not_see_the_lock_ends_in_1_and_says_in_json_what_it_did(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Nobody at a terminal agrees to anything; the document is there, and the error beside it."""
    monkeypatch.setattr(recover, "Engine", lambda *_: FakeEngine())
    monkeypatch.setattr(recover, "find", lambda _: Remains("s3://state", (), (), hidden=True, why_hidden="refused"))
    monkeypatch.setattr("sys.stdin", io.StringIO())

    with pytest.raises(SystemExit) as ended:
        main.main(["recover", "-s", "dev", "--json"])
    said = capsys.readouterr()

    assert ended.value.code == 1
    assert json.loads(said.out) == {"environment": "dev", "found": True, "said": ["refused"]}
    assert "Stack dev may still be locked" in said.err


def test_locks_are_read_from_a_file_backend(tmp_path: Path):
    """Each lock file of the stack is read, also one that was cut off while it was written, and no other stack's."""
    held = tmp_path / ".pulumi" / "locks" / "organization" / "cyclr-connectors"
    for stack, name, text in (
        ("dev", "a", '{"pid":7,"username":"jane","hostname":"h","timestamp":"2026-11-24T16:40:09.3714Z"}'),
        ("dev", "b", '{"pid":'),
        ("prod", "c", "{}"),
    ):
        (held / stack).mkdir(parents=True, exist_ok=True)
        (held / stack / f"{name}.json").write_text(text)
    found = remains.read_locks(tmp_path, "cyclr-connectors", "organization/cyclr-connectors/dev")

    assert [(each.user, each.pid) for each in found] == [("jane", 7), ("somebody", 0)]
    assert found[0].since == "2026-11-24T16:40:09"


def sidecars(folder: Path) -> dict[str, Path]:
    """The `.attrs` files of two stacks, whole and cut off."""
    state, held = folder / ".pulumi" / "stacks" / "p", folder / ".pulumi" / "locks" / "organization" / "p" / "dev"
    state.mkdir(parents=True)
    held.mkdir(parents=True)
    texts = {
        state / "dev.json.attrs": "",
        state / "dev.json.bak.attrs": '{"user.content_type": "application/json"}',
        state / "dev.json": "",
        state / "dev2.json.attrs": "",
        held / "a.json.attrs": '{"user.con',
    }
    for file, text in texts.items():
        file.write_text(text)
    return {file.name: file for file in texts}


def test_files_that_were_cut_off_are_found(tmp_path: Path):
    """Half a file beside the state or a lock is found; whole ones, the state itself and other stacks' are not."""
    there = sidecars(tmp_path)

    torn = remains.read_torn(tmp_path, "p", "organization/p/dev")

    assert set(torn) == {there["dev.json.attrs"], there["a.json.attrs"]}


def test_files_that_were_cut_off_are_taken_away_before_the_state_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Half a file is named and taken away; what it hid is then found, and mended as ever."""
    there = sidecars(tmp_path)["dev.json.attrs"]
    left = Remains("file:///x", (lock(),), (Pending(URN, "creating"),), hidden=False)
    monkeypatch.setattr(recover, "find", lambda _engine: pytest.fail("too early") if there.exists() else left)

    engine, said = mended(Remains("file:///x", (lock(),), (), hidden=False, torn=(there,)))

    assert "Cut off while it was written: dev.json.attrs" in said
    assert "Interrupted while creating: facebook.AppSettings (fb-app)." in said
    assert engine.document == {"deployment": {"resources": []}}
    assert ("cancel", "--yes", "--stack", "dev") in engine.ran


def test_files_that_were_cut_off_stay_while_a_lock_may_be_alive(tmp_path: Path):
    """Nothing is taken from an engine that may be writing."""
    there = sidecars(tmp_path)["dev.json.attrs"]

    with pytest.raises(ConnectorError, match="recover -s dev --yes"):
        mended(Remains("file:///x", (lock("elsewhere"),), (), hidden=False, torn=(there,)))
    assert there.exists()


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("file:///var/state", Path("/var/state")),
        ("file:///var/a%20b", Path("/var/a b")),
        ("file://~", Path.home()),
        ("s3://bucket?region=us-east-1", None),
        ("https://api.pulumi.com", None),
    ],
)
def test_file_backend_is_told_from_others(url: str, folder: Path | None):
    """Only a file backend has a folder."""
    assert remains.file_backend(url) == folder


def test_pending_operations_are_read_from_the_deployment():
    """Each unfinished operation is named by what was being done to which resource."""
    (found,) = remains.read_pending({"pending_operations": [{"resource": {"urn": URN}, "type": "creating"}]})

    assert (found.doing, found.kind, found.name) == ("creating", "facebook.AppSettings", "fb-app")
