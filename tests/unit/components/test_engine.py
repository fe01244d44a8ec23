"""A write goes out only while the engine that asked for it lives."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest

from components import engine
from components.errors import EngineGone


@pytest.fixture
def listening():
    """The address of something that listens, and how to end it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}", server.close


@pytest.fixture
def main_module(monkeypatch):
    """Pretend that the process was started as a module with arguments."""

    def pretend(module, *arguments):
        spec = None if module is None else SimpleNamespace(name=module)
        monkeypatch.setitem(sys.modules, "__main__", SimpleNamespace(__spec__=spec))
        monkeypatch.setattr(sys, "argv", ["plugin", *arguments])

    return pretend


def test_write_passes_while_the_engine_answers(listening):
    """An engine that accepts a connection is alive."""
    address, _ = listening

    assert engine.require(address, "the change of app 1") is None


def test_write_is_refused_once_the_engine_is_gone(listening):
    """A killed engine's write is not sent, and the error names the way out."""
    address, end = listening
    end()

    with pytest.raises(EngineGone, match=r"the change of app 1 was not sent(.|\n)*cyclr-connectors recover"):
        engine.require(address, "the change of app 1")


@pytest.mark.parametrize("address", ["", "nonsense", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:99999"])
def test_write_is_refused_where_the_address_is_none(address):
    """An address that is none is an engine that cannot be asked."""
    with pytest.raises(EngineGone, match="the change of app 1 was not sent"):
        engine.require(address, "the change of app 1")


def test_write_passes_without_an_engine():
    """Outside a provider process there is no engine to ask."""
    assert engine.require(None, "the change of app 1") is None


def test_address_is_the_plugin_process_last_argument(main_module):
    """The engine starts the plugin with its own address at the end."""
    main_module(engine.PLUGIN, "--flag", "127.0.0.1:4000")

    assert engine.address() == "127.0.0.1:4000"


@pytest.mark.parametrize("module", [None, "pytest.__main__"], ids=["script", "other-module"])
def test_address_is_none_elsewhere(main_module, module):
    """Any other process has no engine."""
    main_module(module, "127.0.0.1:4000")

    assert engine.address() is None


def test_address_needs_an_argument(main_module):
    """A plugin process that was started by hand has no engine."""
    main_module(engine.PLUGIN)

    assert engine.address() is None


@pytest.mark.parametrize(
    ("raised", "gone"),
    [(None, False), (ConnectionRefusedError(), True), (TimeoutError(), False), (ConnectionResetError(), False)],
    ids=["answers", "refuses", "too busy", "broke off"],
)
def test_only_an_address_that_refuses_is_an_engine_that_is_gone(monkeypatch, listening, raised, gone):
    """A busy engine is never taken for a dead one."""

    def connect(*_, **__):
        raise raised

    if raised is not None:
        monkeypatch.setattr(socket, "create_connection", connect)

    assert engine.is_gone(listening[0]) is gone


@pytest.mark.parametrize("address", ["", "nonsense", "127.0.0.1:", "127.0.0.1:x"])
def test_address_that_is_none_is_no_engine_that_is_gone(address):
    """Nothing ends a process whose engine's address cannot be read."""
    assert engine.is_gone(address) is False


ENDS_WITH = (
    "import sys, threading; from components import engine; engine.end_with(sys.argv[1]); threading.Event().wait()"
)
LOOKS = 3


def test_process_ends_with_its_engine():
    """A process looks at its engine again and again, lives while that listens, and ends when it does not."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        address = f"127.0.0.1:{server.getsockname()[1]}"
        process = subprocess.Popen([sys.executable, "-c", ENDS_WITH, address])
        for _ in range(LOOKS):
            server.accept()[0].close()
        lives = process.poll() is None
    try:
        code = process.wait(60)
    finally:
        process.kill()

    assert (lives, code) == (True, 1)


def test_process_without_an_engine_is_not_watched():
    """Outside a provider process nothing waits for an engine's end."""
    engine.end_with(None)

    assert "engine-watch" not in [thread.name for thread in threading.enumerate()]
