"""Looks through the real engine."""

from __future__ import annotations

import hashlib
import signal
import subprocess
from pathlib import Path

import pytest

from components.errors import ConnectorError, DeclarationError
from stacks.operations import recover, remains
from stacks.operations.engine import Engine
from stacks.operations.failures import NoStack
from stacks.operations.summary.look import Look, from_events
from tests.engine.shape import CANARY, SITUATIONS, STACK, Shape
from tests.unit.operations.recorded import look

pytestmark = pytest.mark.engine


def looked(shape: Shape) -> Look:
    sight = shape.engine.look()
    assert CANARY not in repr([vars(event) for event in sight.events])
    return from_events(STACK, sight.events, sight.state)


def digests(folder: Path) -> dict[str, str]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.mark.parametrize("name", SITUATIONS)
def test_look_is_the_recorded_one(name: str, shape: Shape):
    """The engine still tells each situation as it was recorded."""
    SITUATIONS[name](shape)

    assert looked(shape) == look(name)


def test_look_writes_nothing(shape: Shape, tmp_path: Path):
    """Backend, vendor and stack file are byte-identical after a look at drift, and the user's stack stays selected."""
    SITUATIONS["drifted"](shape)
    shape.pulumi("stack", "init", "other")
    before = {name: digests(tmp_path / name) for name in ("backend", "vendor", "program/stacks")}
    looked(shape)

    assert {name: digests(tmp_path / name) for name in before} == before
    assert "other*" in shape.pulumi("stack", "ls")


def test_look_sees_drift_after_ready(shape: Shape):
    """What breaks after ready is seen by the next look, without an update in between."""
    SITUATIONS["ready"](shape)
    assert looked(shape).ready
    shape.refused("redirect")

    assert not looked(shape).ready


@pytest.mark.parametrize(
    ("changes", "kind", "said"),
    [
        pytest.param(
            {"PULUMI_CONFIG_PASSPHRASE": "wrong"}, ConnectorError, "passphrase does not open", id="passphrase"
        ),
        pytest.param({"PULUMI_CONFIG_PASSPHRASE": None}, ConnectorError, "need a passphrase", id="no-passphrase"),
        pytest.param(
            {"PULUMI_BACKEND_URL": "file:///nowhere/at/all"}, ConnectorError, "cannot be reached", id="backend"
        ),
        pytest.param({"PULUMI_BACKEND_URL": None}, ConnectorError, "Nobody is logged in", id="not-logged-in"),
    ],
)
def test_look_explains_what_keeps_the_engine_from_running(shape: Shape, changes, kind, said):
    """Wrong passphrase, backend and login each end in four parts that name the remedy."""
    env = {key: value for key, value in {**shape.env, **changes}.items() if value is not None}
    with pytest.raises(kind, match=said) as caught:
        Engine(STACK, folder=shape.folder, user=env).look()

    assert "fix:" in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_look_at_no_stack_says_how_to_make_one(shape: Shape):
    """A stack that does not exist is named with the command that creates it."""
    with pytest.raises(NoStack, match="pulumi stack init nowhere"):
        Engine("nowhere", folder=shape.folder, user=shape.env).look()


@pytest.mark.parametrize(
    ("path", "value", "kind", "said"),
    [
        pytest.param("broken", "true", DeclarationError, "broken is set: take it out", id="program-refuses"),
        pytest.param("crash", "true", ConnectorError, "KeyError: 'crash'", id="program-crashes"),
        pytest.param(
            "domains[0]", "bad.example", DeclarationError, "bad.example is bad: take it out", id="check-refuses"
        ),
    ],
)
def test_look_passes_on_what_the_program_says(shape: Shape, path, value, kind, said):
    """A refusal of the settings and a crash are told apart, and neither is shown as a traceback."""
    shape.set(path, value)
    with pytest.raises(ConnectorError, match=said) as caught:
        shape.engine.look()

    assert isinstance(caught.value, DeclarationError) is (kind is DeclarationError)
    assert "Traceback" not in str(caught.value)


def test_recover_mends_what_a_killed_engine_left(shape: Shape):
    """After SIGKILL in a create the lock and the pending creates are named and gone, and the next update is whole."""
    kill_in_create(shape)
    said: list[str] = []
    recover.mend(shape.engine, remains.find(shape.engine), said.append, lambda _question: False)

    assert "no longer runs" in " ".join(said)
    assert "creating: facebook.AppSettings (facebook-marketing-app)" in " ".join(said)
    assert not remains.find(shape.engine)
    shape.up()
    assert looked(shape).ready


def test_recover_leaves_a_running_update_alone(shape: Shape):
    """A lock whose process runs is never cancelled, whatever is answered."""
    with creating(shape) as engine:
        found = remains.find(shape.engine)
        with pytest.raises(ConnectorError, match="still runs"):
            recover.mend(shape.engine, found, lambda _line: None, lambda _question: True)
        engine.kill()


def kill_in_create(shape: Shape) -> None:
    with creating(shape) as engine:
        engine.send_signal(signal.SIGKILL)


def creating(shape: Shape) -> subprocess.Popen[bytes]:
    """An update that is under way: its creates, which take seconds, stand in the state as pending."""
    engine = subprocess.Popen(
        ["pulumi", "--non-interactive", "up", "--yes", "--skip-preview"],
        cwd=shape.folder,
        env={**shape.env, "SLOW": "4"},
        stdout=subprocess.DEVNULL,
    )
    state = Path(shape.env["PULUMI_BACKEND_URL"].removeprefix("file://")) / ".pulumi/stacks/cyclr-connectors/dev.json"
    while b"facebook-marketing-app" not in (state.read_bytes() if state.exists() else b""):
        assert engine.poll() is None
    return engine
