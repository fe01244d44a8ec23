"""A vendor whose bytes come one by one, each in time, and never end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from components import errors, http
from tests.unit.components.scripted import Scripted

pytestmark = pytest.mark.proof
DRIPPED = {"facebook": "graph_url", "cyclr": "cyclr_api_url"}


@pytest.fixture
def dripping() -> Iterator[Scripted]:
    """A vendor that begins an answer and goes on for ever."""
    over = threading.Event()

    def drip(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not over.wait(0.02):
            connection.sendall(b"0")

    server = Scripted()
    server.answers(drip)
    yield server
    over.set()
    server.close()


def test_answer_that_never_ends_is_an_error_of_the_resource(environment, dripping, monkeypatch, kind):
    """A look at a vendor that drips ends at the deadline, with an error that names resource and environment."""
    environment.make_ready()
    made = environment.provider(kind).create(environment.inputs(kind))
    environment.forget_tokens()
    monkeypatch.setattr(http, "DEADLINE", 0.3)
    slow = environment.provider(kind, **{DRIPPED[kind.partition(".")[0]]: dripping.url})

    with pytest.raises(errors.TransportError, match="no answer within the time allowed") as caught:
        slow.read(made.id, made.outs)
    assert caught.value.where.startswith(f"{kind} ")
    assert "environment sandbox" in caught.value.where
