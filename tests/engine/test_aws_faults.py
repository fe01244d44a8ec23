"""AWS fails in each of its places while the engine runs: it is told in four parts, and nothing is half done."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.aws.cloud.account import ROOT as ACCOUNT_ITSELF
from tests.engine.aws import SECRET, STACK, VALUES, CloudStack, running_cloud_stack, said
from tests.engine.canaries import leaks
from tests.engine.stack import CONNECTOR_KEY
from tests.worlds import APP_ID

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

PARTS = re.compile(r"^(?P<what>\S.*)\n  where: (?P<where>\S.*)\n  why:   (?P<why>\S.*)\n  fix:   (?P<fix>\S.*)\n$")
CANARIES = {**VALUES, "access key of AWS": ACCOUNT_ITSELF.secret_key}
WRITE = f"POST /v25.0/{APP_ID}"
NOWHERE = "http://127.0.0.1:9"
"""Nothing listens there."""
AT_AWS = {"aws.secretsmanager.Secret", "aws.secretsmanager.SecretPolicy"}
STATE_FAULTS = {
    "state denied": ("s3", "*", "denied", "refuses this run the state of stack sandbox"),
    "state, expired token": ("s3", "*", "expired", "does not take the credentials"),
    "state, page of a hotel": ("s3", "*", "garbage", "no usable answer"),
    "key denied": ("kms", "Decrypt", "denied", "or the key of its secrets"),
    "key, expired token": ("kms", "Decrypt", "expired", "does not take the credentials"),
    "key disabled": ("kms", "Decrypt", "disabled-key", "cannot be used"),
}
"""Fault in the place of the state -> service, operation, kind, and words of the first part."""


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudStack]:
    """One environment for all tests, which an update has made."""
    with running_cloud_stack(tmp_path_factory.mktemp("faults")) as stack:
        stack.deploy()
        yield stack


@pytest.fixture
def stack(deployed: CloudStack) -> Iterator[CloudStack]:
    """The same before a fault, which ends with the test."""
    deployed.world.forget_requests()
    yield deployed
    deployed.cloud.mend()


def assert_four_parts(text: str) -> None:
    """One error of ours, which names the environment, has no traceback and no secret in it."""
    match = PARTS.fullmatch(text)
    assert match, text
    assert f"stack {STACK}" in match["where"]
    assert "Traceback" not in text
    assert leaks(text, CANARIES) == []


def findings(document: dict[str, Any]) -> dict[str, set[str]]:
    """Class -> resources, of what `drift` found."""
    found: dict[str, set[str]] = {}
    for each in document["findings"]:
        found.setdefault(each["class"], set()).add(each["resource"])
    return found


@pytest.mark.parametrize("name", STATE_FAULTS)
def test_state_that_aws_does_not_give_is_told_in_four_parts(stack, name):
    """Where the state or its key is refused, `status` ends in 1 with one error of ours and asks no vendor anything."""
    service, action, kind, what = STATE_FAULTS[name]
    stack.cloud.fault(service, action, kind)

    done = stack.command("status")

    assert done.returncode == 1, said(done)
    assert_four_parts(done.stderr)
    assert what in done.stderr.splitlines()[0]
    assert stack.world.requests() == []


def test_endpoint_that_is_down_is_told_in_four_parts(stack, monkeypatch):
    """Where nobody answers for the state, `status` says that its place cannot be reached."""
    monkeypatch.setitem(stack.env, "AWS_ENDPOINT_URL_S3", NOWHERE)

    done = stack.command("status")

    assert done.returncode == 1, said(done)
    assert_four_parts(done.stderr)
    assert "cannot be reached" in done.stderr.splitlines()[0]
    assert stack.world.requests() == []


def test_version_that_cannot_be_asked_is_a_look_not_taken(stack):
    """While AWS throttles the program, `status` ends in 1: no wrong stack file, no drift, no vendor asked anything."""
    stack.cloud.fault("secretsmanager", "DescribeSecret", "throttling")
    before = stack.state()

    done = stack.command("status")

    assert done.returncode == 1, said(done)
    assert_four_parts(done.stderr)
    assert f"aws.secrets.{SECRET} of stack {STACK}" in done.stderr
    assert stack.world.requests() == []
    assert stack.state() == before


def test_value_that_is_denied_stops_the_update_before_the_vendors(stack):
    """Without the right to read the value an update writes to no vendor and says which right; with it, it goes on."""
    stack.edit(lambda config: config["cyclr-connectors:connectors"][CONNECTOR_KEY].update(appName="Acme Ads Ltd"))
    resources = stack.resources()
    stack.cloud.fault("secretsmanager", "GetSecretValue", "denied")
    refused = stack.up(check=False)
    writes = stack.world.writes()
    after = stack.resources()
    stack.cloud.mend()

    stack.up()
    plan = stack.pulumi("preview", "--expect-no-changes", "--stack", STACK, check=False)

    assert refused.returncode != 0
    assert "AWS refuses secretsmanager:GetSecretValue" in said(refused)
    assert f"secret {SECRET}" in said(refused)
    assert "Traceback" not in said(refused)
    assert leaks(said(refused), CANARIES) == []
    assert (writes, after) == ([], resources)
    assert stack.world.writes() == [WRITE]
    assert plan.returncode == 0, said(plan)


@pytest.mark.parametrize(("kind", "expected"), [("denied", "not authorised"), ("throttling", "unreachable")])
def test_container_that_cannot_be_read_has_not_drifted(stack, kind, expected):
    """What the plugin may not or cannot read is told as that by `drift`, which ends in 1 and calls nothing drifted."""
    stack.cloud.fault("secretsmanager", "GetResourcePolicy", kind)
    before = stack.state()

    done = stack.command("drift", "--json")
    found = findings(json.loads(done.stdout)["environments"][0])

    assert done.returncode == 1, said(done)
    assert found.get(expected, set()) & AT_AWS, found
    assert set(found) <= {"not authorised", "unreachable", "open step"}, found
    assert leaks(said(done), CANARIES) == []
    assert stack.world.writes() == []
    assert stack.state() == before
