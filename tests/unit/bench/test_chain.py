"""Whether a request log shows the chain of dependent calls."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.bench.chain import CHAIN, broken_at

START = datetime(2026, 11, 2, tzinfo=UTC)
PATHS = (
    ("POST", "/oauth/token"),
    ("GET", "/v1.0/account/connectors/1874"),
    ("GET", "/v1.0/connectors/Facebook Marketing API"),
    ("GET", "/v1.0/account/connectors/1874"),
    ("POST", "/v1.0/accounts/acme/signintoken"),
    ("GET", "/connectorauth/updateaccountconnectoroauth?id=1874"),
    ("GET", "/v1.0/account/connectors/1874"),
    ("GET", "/v25.0/debug_token?input_token=[masked]"),
    ("GET", "/v25.0/1234567890123456/roles?access_token=[masked]"),
)
BESIDE = (0.0, "POST", "/v25.0/oauth/access_token")


def log(calls):
    """The entries of a request log: seconds, method, path."""
    entries = [
        {"time": (START + timedelta(seconds=at)).isoformat(timespec="milliseconds"), "method": method, "path": path}
        for at, method, path in calls
    ]
    return sorted(entries, key=lambda entry: entry["time"])


def one_after_another(latency=0.1):
    """The whole chain, with a call beside it."""
    return [BESIDE, *((number * latency, *call) for number, call in enumerate(PATHS))]


def test_a_look_shows_the_chain():
    """Each call of the chain starts after the one before was answered."""
    assert len(PATHS) == len(CHAIN)
    assert broken_at(log(one_after_another()), 0.1) is None


@pytest.mark.parametrize("missing", range(1, len(PATHS) + 1))
def test_a_call_that_is_no_longer_made_is_named(missing):
    """A look without one of the calls breaks the chain, so that its length cannot be told wrong."""
    calls = one_after_another()
    del calls[missing]

    assert broken_at(log(calls), 0.1) is not None


@pytest.mark.parametrize("early", range(2, len(PATHS) + 1))
def test_a_call_that_no_longer_waits_is_named(early):
    """A call that starts before the one above it is answered does not depend on it."""
    calls = one_after_another()
    at, *call = calls[early]
    calls[early] = (at - 0.06, *call)

    assert broken_at(log(calls), 0.1) is not None
