"""One token per vendor and process, whoever asks and how many at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from components.errors import AuthError
from components.tokens import Once

THREADS = 16
FAILURE = {"where": "POST /oauth/token", "why": "HTTP 400", "fix": "check it"}


def ask_at_once(cache, make):
    """What 16 threads get that ask at the same moment: tokens or errors."""
    together = threading.Barrier(THREADS)

    def ask():
        together.wait()
        try:
            return cache.get("key", make)
        except AuthError as error:
            return error

    with ThreadPoolExecutor(THREADS) as pool:
        return [asked.result() for asked in [pool.submit(ask) for _ in range(THREADS)]]


def test_token_is_made_once_under_threads():
    """Sixteen threads that ask at once cost the vendor one request."""
    made, again = [], threading.Event()

    def make():
        made.append(1)
        if len(made) > 1:
            again.set()
        again.wait(timeout=0.1)  # long enough for a second maker, who must not come
        return "token"

    got = ask_at_once(Once(), make)

    assert (got, len(made)) == (["token"] * THREADS, 1)


def test_failure_is_shared_under_threads():
    """What failed after all its retries has failed for the run: nobody asks again."""
    made = []

    def fail():
        made.append(1)
        raise AuthError("refused", **FAILURE, status=400)

    got = ask_at_once(Once(), fail)

    assert len(made) == 1
    assert {(type(error), str(error), error.status) for error in got} == {
        (AuthError, str(AuthError("refused", **FAILURE)), 400)
    }


def test_shared_failure_is_located_once_for_each():
    """Each resource puts its own name before the shared failure."""
    cache = Once()

    def fail():
        raise AuthError("refused", **FAILURE)

    places = []
    for resource in ("one", "two", "three"):
        with pytest.raises(AuthError) as caught:
            cache.get("key", fail)
        places.append(caught.value.at(resource).where)

    assert places == ["one, POST /oauth/token", "two, POST /oauth/token", "three, POST /oauth/token"]


def test_tokens_of_other_keys_are_kept_apart():
    """Another app, address or secret has another token."""
    cache = Once()
    cache.get(("app", "1"), lambda: "one")

    assert cache.get(("app", "2"), lambda: "two") == "two"


def test_foreign_error_is_not_kept():
    """Only a vendor's answer is final; a mistake of ours may be gone at the next call."""
    cache = Once()
    with pytest.raises(ZeroDivisionError):
        cache.get("key", lambda: str(1 // 0))

    assert cache.get("key", lambda: "token") == "token"


def test_clear_forgets():
    """After clear the token is made anew."""
    cache = Once()
    cache.get("key", lambda: "old")
    cache.clear()

    assert cache.get("key", lambda: "new") == "new"


def test_answer_that_was_under_way_is_forgotten_too():
    """What was asked before everything was forgotten is not known afterwards."""
    cache = Once()

    def ask():
        cache.clear()
        return "old"

    assert cache.get("key", ask) == "old"
    assert cache.get("key", lambda: "new") == "new"
