"""The sign of life after a look, over HTTP."""

from __future__ import annotations

import threading
import time

import pytest

from components.errors import ConnectorError, DeclarationError
from stacks.operations.sinks import heartbeat
from stacks.operations.sinks.heartbeat import ATTEMPTS, beat, check, prepared

PATH = "/ping/5a5ad0b0-secret"
OK = {"status": 200, "body": "OK"}
SECRET = "secret"


@pytest.fixture
def address(service):
    """Where the service listens."""
    return f"{service.url}{PATH}?key=secret-too"


def test_beat_is_one_get(service, address):
    """One request to the whole address."""
    service.faults.add(OK)
    beat(address)

    assert service.sent("GET") == [f"{PATH}?key=secret-too"]
    assert len(service.requests) == 1


@pytest.mark.parametrize("then", ["drop", {"status": 503}, {"status": 429}])
def test_beat_is_tried_again(service, address, then):
    """A service that is away for a moment hears us in the end."""
    service.faults.add(then, times=ATTEMPTS - 1)
    service.faults.add(OK)
    beat(address)

    assert len(service.requests) == ATTEMPTS


@pytest.mark.parametrize("then", ["drop", {"status": 503}])
def test_beat_that_nobody_hears_is_an_error(service, address, then):
    """After the last try the failure says which host, and nothing more of the address."""
    service.faults.add(then, times=100)
    with pytest.raises(ConnectorError, match=r"host 127\.0\.0\.1") as caught:
        beat(address)

    assert SECRET not in str(caught.value)
    assert len(service.requests) == ATTEMPTS


def test_beat_that_is_refused_is_not_repeated(service, address):
    """An address that the service does not know stays unknown."""
    service.faults.add({"status": 404, "body": "no such check secret"})
    with pytest.raises(ConnectorError, match="HTTP 404") as caught:
        beat(address)

    assert SECRET not in str(caught.value)
    assert len(service.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_beat_follows_a_redirect(service, address, status):
    """A service that has moved hears us."""
    service.faults.add({"status": status, "headers": {"Location": "/moved/secret"}}, "GET", "/ping")
    service.faults.add(OK, "GET", "/moved")
    beat(address)

    assert service.sent("GET")[-1] == "/moved/secret"


@pytest.mark.parametrize("place", ["http://other.example/secret", "ftp://127.0.0.1/secret", "/ping/again-secret"])
def test_beat_leaves_a_redirect_that_leads_nowhere(service, address, place):
    """A redirect to an unprotected place, or in a circle, is a failure that shows neither place."""
    service.faults.add({"status": 302, "headers": {"Location": place}}, times=100)
    with pytest.raises(ConnectorError, match="redirects") as caught:
        beat(address)

    assert SECRET not in str(caught.value)


def test_beat_does_not_wait_for_ever(service, address, monkeypatch):
    """A service that takes the call and says nothing is left in time."""
    monkeypatch.setattr(heartbeat, "TIMEOUT", 0.2)
    released = threading.Event()
    service.faults.add(lambda: released.wait(20), times=100)
    begun = time.monotonic()
    with pytest.raises(ConnectorError, match="time allowed"):
        beat(address)
    released.set()

    assert time.monotonic() - begun < 8
    assert len(service.requests) == ATTEMPTS


@pytest.mark.parametrize(
    "url",
    ["arn:aws:sns:secret", "http://hc.example/secret", "hc.example/secret", "https://", "https://a:secret@b/x", "",
     "https://b:port/secret", "https://b/sec ret"],
)  # fmt: skip
def test_address_that_cannot_be_called_is_refused_before_the_look(url):
    """What is not an https address is a mistake of usage that is found without a call and not repeated."""
    with pytest.raises(DeclarationError, match="--heartbeat https://HOST/PATH") as caught:
        check(url)

    assert SECRET not in str(caught.value)


def test_place_of_another_kind_is_told_what_is_expected():
    """Who names something else reads that it takes an address or a metric."""
    with pytest.raises(DeclarationError, match="a metric of CloudWatch, not arn:"):
        prepared("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:secret")
