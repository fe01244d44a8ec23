"""How long a call to a vendor may take: waits between attempts, and the deadline over all of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import requests
import stamina
from hypothesis import given
from hypothesis import strategies as st

from components import errors, http
from components.calls import Answer, Call, Dialect, Fault
from tests.unit.components.scripted import Clock, drop, reply

IN_TEN_SECONDS = "Mon, 02 Nov 2026 12:00:10 GMT"
IN_A_DAY = "Tue, 03 Nov 2026 12:00:00 GMT"
DIALECT = Dialect("Vendor", lambda answer: Fault("no") if answer.status >= 400 else None, {})
GET = Call("GET", "/x")


class Naps(list[float]):
    """The waits that were asked for, in seconds; each passes on the clock alone."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock

    def sleep(self, seconds: float) -> None:
        self.append(seconds)
        self.clock.now += seconds


@pytest.fixture
def naps(clock, monkeypatch) -> Iterator[Naps]:
    """Waits as they are asked for, without waiting."""
    taken = Naps(clock)
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=taken.sleep))
    with stamina.set_testing(False):
        yield taken


@pytest.fixture
def send(vendor):
    """Send to the scripted vendor."""
    return lambda: http.send(vendor.url, DIALECT, GET)


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """Set when a vendor that drips may stop."""
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize(
    ("after", "wait"), [("7", 7.0), (IN_TEN_SECONDS, 10.0), ("0", 0.0)], ids=["seconds", "date", "zero"]
)
def test_wait_is_as_long_as_the_vendor_asks(vendor, send, naps, after, wait):
    """Retry-After is obeyed to the second, as a number and as a date."""
    vendor.answers(reply(429, {}, Retry_After=after), reply(200, {}))
    send()

    assert naps == [wait]


@pytest.mark.parametrize("step", [reply(500, {}), reply(429, {}), drop], ids=["500", "429", "dropped"])
def test_wait_without_advice_doubles(vendor, send, naps, step):
    """A vendor that says nothing of when to come back is left alone twice as long each time, and a little more."""
    vendor.answers(step)
    with pytest.raises(errors.ApiError):
        send()

    shortest = [http.FIRST_PAUSE * 2**number for number in range(http.ATTEMPTS - 1)]
    assert len(naps) == len(shortest)
    assert all(least <= nap <= least + http.JITTER for least, nap in zip(shortest, naps, strict=True))


@pytest.mark.parametrize("after", [str(int(http.DEADLINE)), "86400", "9" * 400, IN_A_DAY], ids=lambda text: text[:20])
def test_wait_beyond_the_deadline_is_not_waited_for(vendor, send, naps, after):
    """A vendor that asks for more patience than a call may have gets the error at once."""
    vendor.answers(reply(429, {}, Retry_After=after))

    with pytest.raises(errors.RateLimited, match="asks us to wait for longer than a run may last"):
        send()
    assert (naps, len(vendor.requests)) == ([], 1)


def test_back_off_beyond_the_deadline_is_not_waited_for(vendor, send, naps, clock):
    """Where the next wait would end after the deadline, the failure before it is the last."""

    def drop_late(_):
        clock.now += http.DEADLINE - http.FIRST_PAUSE

    vendor.answers(drop_late)

    with pytest.raises(errors.TransportError):
        send()
    assert (naps, len(vendor.requests)) == ([], 1)


ATTEMPT = st.tuples(
    st.floats(0, http.DEADLINE * 2),
    st.sampled_from([None, "0", "1", "7", "29", "31", IN_TEN_SECONDS, IN_A_DAY, "soon"]),
    st.booleans(),
)
"""Seconds that the vendor takes, its Retry-After, and whether it drops the connection instead of an answer."""


@given(st.lists(ATTEMPT, min_size=http.ATTEMPTS, max_size=http.ATTEMPTS))
def test_no_call_outlasts_its_deadline(attempts):
    """Whatever the vendor does, attempts and waits together end within the deadline."""
    clock, script = Clock(), iter(attempts)

    def transfer(_base, _call, end):
        seconds, after, dropped = next(script)
        clock.now += max(0.0, min(seconds, end - clock.now))
        if dropped:
            raise requests.ConnectionError
        return Answer(503, {"Retry-After": after} if after else {}, "", None)

    naps = Naps(clock)
    with pytest.MonkeyPatch.context() as patch, stamina.set_testing(False):
        patch.setattr(http, "time", clock)
        patch.setattr(http, "_transfer", transfer)
        patch.setattr("tenacity.nap.time", SimpleNamespace(sleep=naps.sleep))
        start = clock.now
        with pytest.raises(errors.ApiError):
            http.send("http://vendor", DIALECT, GET)

    assert clock.now <= start + http.DEADLINE


def test_body_that_drips_is_left_at_the_deadline(vendor, send, clock):
    """A vendor that sends a byte now and then is left when the deadline is over."""
    sent = []

    def drip(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 60\r\nConnection: close\r\n\r\n")
        for _ in range(60):
            clock.asked.clear()
            clock.now += http.DEADLINE / 4
            sent.append(connection.send(b" "))
            if not clock.asked.wait(timeout=1):
                return

    vendor.answers(drip)

    with pytest.raises(errors.TransportError, match="no answer within the time allowed"):
        send()
    assert len(sent) < 10


BEGINNINGS = {
    "status-line": b"",
    "headers": b"HTTP/1.1 200 OK\r\nX-Slow: ",
    "chunk-size": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "body": b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
}


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_answer_that_drips_anywhere_is_left(vendor, send, released, monkeypatch, beginning):
    """A vendor whose every byte comes in time is left all the same, whichever part of the answer never ends."""
    monkeypatch.setattr(http, "DEADLINE", 0.3)

    def drip(connection):
        connection.sendall(beginning)
        while not released.wait(0.02):
            connection.sendall(b"0")

    vendor.answers(drip)
    with pytest.raises(errors.TransportError, match="no answer within the time allowed"):
        send()

    monkeypatch.setattr(http, "DEADLINE", 30.0)
    vendor.answers(reply(200, {"fine": True}))
    assert send().body == {"fine": True}
