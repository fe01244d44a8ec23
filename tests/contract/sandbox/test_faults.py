"""Faults on request: each does what it says, to the calls that match and to no others."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests


def accounts(sandbox):
    """List Cyclr's accounts on a connection of its own."""
    token = sandbox.token
    return requests.get(f"{sandbox.cyclr_api}/v1.0/accounts", headers={"Authorization": f"Bearer {token}"}, timeout=5)


@pytest.fixture
def signed_in(sandbox):
    """The sandbox, with a token asked for before any fault waits."""
    sandbox.api("GET", "/accounts")
    return sandbox


def test_answer_fault_is_sent_as_given(signed_in):
    """Status, headers and body of the fault are the answer."""
    then = {"status": 503, "headers": {"Retry-After": "2"}, "body": {"Message": "later"}}
    signed_in.fault(vendor="cyclr", path="^/v1.0/accounts$", then=then)
    answer = accounts(signed_in)

    assert (answer.status_code, answer.headers["Retry-After"], answer.json()) == (503, "2", {"Message": "later"})


@pytest.mark.parametrize("then", ["drop", "drop_after", "garbage", {"truncate": 5}])
def test_network_fault_gives_the_client_no_answer(signed_in, then):
    """The client meets a broken connection, and the next call is served again."""
    signed_in.fault(vendor="cyclr", path="accounts", then=then)

    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        accounts(signed_in)
    assert accounts(signed_in).status_code == 200


@pytest.mark.parametrize("then", ["stall", "stall_after"])
def test_stall_holds_the_call_until_the_client_gives_up(signed_in, then):
    """A stalled call ends by the client's own timeout."""
    signed_in.fault(vendor="cyclr", path="accounts", then=then)

    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{signed_in.cyclr_api}/v1.0/accounts", timeout=0.1)
    assert accounts(signed_in).status_code == 200


@pytest.mark.parametrize(("then", "made"), [("stall", False), ("stall_after", True)])
def test_stall_says_whether_the_vendor_acted(signed_in, then, made):
    """Once a stalled call has its mark in the request log, the vendor has acted, or never will."""
    signed_in.fault(vendor="cyclr", method="POST", path="accounts", then=then)
    headers = {"Authorization": f"Bearer {signed_in.token}"}
    url, body = f"{signed_in.cyclr_api}/v1.0/accounts", {"Id": "new", "Name": "New"}
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(requests.post, url, json=body, headers=headers, timeout=2)
        while signed_in.requests()[-1].get("fault") != then:
            assert not call.done(), "the call ended before its mark was there"
        there = signed_in.api("GET", "/accounts/new").status_code

    with pytest.raises(requests.ReadTimeout):
        call.result()
    assert there == (200 if made else 404)
    assert (signed_in.api("GET", "/accounts/new").status_code == 200) is made


@pytest.mark.parametrize(("then", "made"), [("drop", False), ("drop_after", True), ({"truncate": 0}, True)])
def test_fault_says_whether_the_vendor_acted(signed_in, then, made):
    """A drop loses the call; drop_after and truncate lose only its answer."""
    signed_in.fault(vendor="cyclr", method="POST", path="accounts", then=then)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        signed_in.api("POST", "/accounts", json={"Id": "new", "Name": "New"})

    assert (signed_in.api("GET", "/accounts/new").status_code == 200) is made


def test_delay_comes_before_the_real_answer(signed_in):
    """A fault with a delay and no answer slows the vendor's own."""
    signed_in.fault(vendor="cyclr", path="accounts", delay=0.1)
    started = time.monotonic()

    assert accounts(signed_in).status_code == 200
    assert time.monotonic() - started >= 0.1


def test_skip_and_times_count_matching_calls(signed_in):
    """The first skip calls pass, the next times calls fail, then all pass."""
    signed_in.fault(vendor="cyclr", path="accounts", skip=1, times=2, then={"status": 500})

    assert [accounts(signed_in).status_code for _ in range(4)] == [200, 500, 500, 200]


@pytest.mark.parametrize(
    "other",
    [{"vendor": "facebook"}, {"method": "PUT"}, {"path": "^/v1.0/accounts/x"}, {"path": "page=2"}],
    ids=["vendor", "method", "path", "query"],
)
def test_fault_leaves_other_calls_alone(signed_in, other):
    """A fault counts only where vendor, method and path match."""
    signed_in.fault(**({"vendor": "cyclr", "method": "GET", "path": "accounts", "then": {"status": 500}} | other))

    assert accounts(signed_in).status_code == 200
    assert len(signed_in.send("GET", f"{signed_in.control}/faults").json()) == 1


def test_fault_path_is_matched_with_its_query(signed_in):
    """The regex sees the query too."""
    signed_in.fault(vendor="cyclr", path=r"accounts\?page=2$", then={"status": 500})

    assert signed_in.api("GET", "/accounts?page=2").status_code == 500


def test_faults_are_removed_on_request(signed_in):
    """DELETE leaves no fault in wait."""
    signed_in.fault(vendor="cyclr", path="accounts", times=None, then={"status": 500})
    before = [accounts(signed_in).status_code for _ in range(3)]
    signed_in.send("DELETE", f"{signed_in.control}/faults")

    assert before == [500, 500, 500]
    assert accounts(signed_in).status_code == 200


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"vendor": "meta"}, "must be one of facebook, cyclr"),
        ({"path": "x"}, "fault.vendor is missing"),
        ({"vendor": "cyclr", "pth": "x"}, "did you mean path?"),
        ({"vendor": "cyclr", "then": "explode"}, "one of drop, drop_after, garbage, stall, stall_after"),
        ({"vendor": "cyclr", "then": {"code": 500}}, "unknown key fault.then.code"),
        ({"vendor": "cyclr", "path": "("}, "no regular expression"),
    ],
)
def test_fault_that_cannot_be_played_is_refused(sandbox, fault, told):
    """A misspelt fault is refused at once, so no test passes for lack of its fault."""
    answer = sandbox.send("POST", f"{sandbox.control}/faults", json=fault)

    assert (answer.status_code, told in answer.json()["error"]) == (400, True), answer.text


def test_request_log_tells_which_call_a_fault_took(signed_in):
    """A call without an answer stands in the log with no status and with its fault."""
    signed_in.fault(vendor="cyclr", path="accounts", then="drop")
    with pytest.raises(requests.ConnectionError):
        accounts(signed_in)
    entry = signed_in.requests()[-1]

    assert (entry["status"], entry["fault"]) == (None, "drop")
