"""Waiting with an end."""

import threading

import pytest

from components.deadline import within


def test_result_in_time_is_returned():
    """What ends in time is as if it had been called."""
    assert within(30, lambda: "done") == "done"


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(2)], ids=["exception", "exit"])
def test_error_in_time_is_raised(error):
    """What is raised in time is raised here, of whatever kind."""

    def act():
        raise error

    with pytest.raises(type(error)) as caught:
        within(30, act)
    assert caught.value is error


def test_what_never_ends_is_left():
    """What has not ended in time is left, in a thread that does not keep the process alive."""
    release, left = threading.Event(), []

    def act():
        left.append(threading.current_thread())
        release.wait()

    with pytest.raises(TimeoutError):
        within(0.05, act)
    assert left[0].daemon
    release.set()
    left[0].join()
