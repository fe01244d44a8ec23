"""A write goes out only while the engine that asked for it lives."""

from __future__ import annotations

import socket
import sys
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
