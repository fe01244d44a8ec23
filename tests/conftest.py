"""What holds for every test: only loopback, no settings of the shell, no token of another test, no waiting."""

from __future__ import annotations

import os
import signal

import hypothesis
import pytest
import stamina
from pytest_socket import socket_allow_hosts

from components import vendor_access
from components.cyclr import api
from components.facebook import graph

LOOPBACK = ["127.0.0.1", "::1", "localhost"]
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
LONG = ("engine", "proof", "browser")
"""Markers of what takes long, the longest first."""
MORE_ATTEMPTS_THAN_ANY = 1000

hypothesis.settings.register_profile("here", deadline=None)  # a loaded machine is slow, not wrong
hypothesis.settings.load_profile("here")

_resolved: dict[str, set[str]] = {}


def pytest_configure() -> None:
    """Before anything is imported or started: the shell's proxies, Pulumi, AWS and signals are not the tests'."""
    for name in list(os.environ):
        if name.startswith(("PULUMI_", "AWS_")) or name.lower() in PROXIES:
            del os.environ[name]
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"  # without credentials AWS's library would ask another machine
    # Started in the background, a shell has us and all that we start ignore an interruption.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, or one worker would be left alone with it at the end."""
    items.sort(key=_length, reverse=True)


def _length(item: pytest.Item) -> tuple[float, ...]:
    allowed = item.get_closest_marker("timeout")
    return (allowed.args[0] if allowed else 0, *(item.get_closest_marker(name) is not None for name in LONG))


@pytest.fixture(autouse=True)
def loopback_only():
    """No test reaches another machine."""
    socket_allow_hosts(LOOPBACK, allow_unix_socket=True, resolution_cache=_resolved)


@pytest.fixture(autouse=True)
def no_known_tokens():
    """Tokens live as long as a process; a test must not find those of another."""
    graph._tokens.clear()
    api._tokens.clear()
    vendor_access._looked_up.clear()


@pytest.fixture(autouse=True)
def no_waiting():
    """Retries happen as often as the code says, but at once."""
    with stamina.set_testing(True, attempts=MORE_ATTEMPTS_THAN_ANY, cap=True):
        yield
