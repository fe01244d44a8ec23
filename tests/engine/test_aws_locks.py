"""Two updates at once, and a killed one, where the state lives in S3: nothing is lost, everybody is told who it is."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from tests.engine.aws import STACK, CloudStack, running_cloud_stack, said
from tests.engine.kills import is_held
from tests.engine.session import Run, until
from tests.engine.stack import CONNECTOR_KEY
from tests.worlds import APP_ID

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

UP = ("up", "--yes", "--skip-preview")
WRITE = f"POST /v25.0/{APP_ID}"


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudStack]:
    """One environment for both tests, which an update has made."""
    with running_cloud_stack(tmp_path_factory.mktemp("locks")) as stack:
        stack.deploy()
        yield stack


@pytest.fixture
def stack(deployed: CloudStack, request: pytest.FixtureRequest) -> CloudStack:
    """The same with something to do: another name of the app, which takes one write."""
    name = f"Acme Ads ({request.node.name})"
    deployed.edit(lambda config: config["cyclr-connectors:connectors"][CONNECTOR_KEY].update(appName=name))
    deployed.world.forget_requests()
    return deployed


def started(stack: CloudStack) -> Run:
    """An update under way."""
    return Run(stack, ("--cwd", str(stack.project), *UP))


def holder(lock: dict[str, Any]) -> str:
    """Whose lock it is, in the words of `recover`."""
    since = lock["timestamp"].partition(".")[0]
    return f"{lock['username']}@{lock['hostname']}, process {lock['pid']}, since {since}"


def assert_whole(stack: CloudStack) -> None:
    """The state is free, complete and what the vendors and AWS have."""
    deployment = json.loads(stack.pulumi("stack", "export", "--stack", STACK, config=False).stdout)["deployment"]
    plan = stack.pulumi("preview", "--expect-no-changes", "--stack", STACK, check=False)
    assert stack.locks() == []
    assert not deployment.get("pending_operations")
    assert len({each["urn"] for each in deployment["resources"]}) == len(deployment["resources"]) == 19
    assert plan.returncode == 0, said(plan)


def test_second_up_is_told_who_holds_the_lock(stack):
    """Of two updates at once one runs; the other, and `recover`, name its user, host, process and time, and end."""
    first = started(stack)
    until(lambda: first.ended or stack.locks(), "the first update held the lock")
    (lock,) = stack.locks()
    os.kill(lock["pid"], signal.SIGSTOP)
    try:
        second, recover = stack.up(check=False), stack.command("recover")
    finally:
        os.kill(lock["pid"], signal.SIGCONT)

    assert (second.returncode, recover.returncode) == (1, 1), said(second) + said(recover)
    assert f"{lock['username']}@{lock['hostname']} (pid {lock['pid']}) at {lock['timestamp'][:10]}" in said(second)
    assert holder(lock) in recover.stdout
    assert "that update still runs" in recover.stderr
    until(lambda: first.ended, "the first update has ended")
    assert stack.world.writes() == [WRITE], first.said
    assert_whole(stack)


def test_killed_update_is_recovered(stack):
    """After a kill under the lock `up` is refused; `recover` says who it was and lets go; `up` then ends the work."""
    stack.world.fault(vendor="facebook", method="POST", path=f"/{APP_ID}$", then="stall")
    killed = started(stack)
    try:
        until(lambda: killed.ended or is_held(stack.world), "the update wrote")
        (lock,) = stack.locks()
    finally:
        killed.kill_all()
        stack.world.clear_faults()
    stack.world.forget_requests()

    refused = stack.up(check=False)
    recovered = stack.command("recover")
    stack.up()

    assert (refused.returncode, f"(pid {lock['pid']})" in said(refused)) == (1, True), said(refused)
    assert recovered.returncode == 0, said(recovered)
    assert holder(lock) in recovered.stdout
    assert "The lock is cancelled." in recovered.stdout
    assert "Interrupted while updating: facebook.AppSettings" in recovered.stdout
    assert stack.world.writes() == [WRITE]
    assert_whole(stack)
