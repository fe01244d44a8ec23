"""Everything that can go wrong at AWS, for each question that this package asks about a secret there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, get_args

import pytest
from botocore.retries import standard

from components import secrets
from components.aws import clients, secret_store
from components.errors import ApiError, AuthError, RateLimited, TransportError
from tests.aws.cloud.account import Kind
from tests.aws.cloud.client import Cloud, running_apart

pytestmark = pytest.mark.proof

CANARY = "canary-5f0c91d7e2"
SECRET, PARAMETER = "acme/prod/facebook", "/acme/prod/cyclr"
WHERE = "connectors.ads.appSecret of stack prod"
KINDS = get_args(Kind)
PARTS = re.compile(r"\S.*\n  where: \S.*\n  why:   \S.*\n  fix:   \S.*", re.DOTALL)


class Question(NamedTuple):
    """One call of this package."""

    service: str
    action: str
    reference: str
    ask: Callable[[secrets.Reference, str], str]


QUESTIONS = {
    "DescribeSecret": Question("secretsmanager", "DescribeSecret", f"aws-sm:{SECRET}", secret_store.version),
    "GetSecretValue": Question("secretsmanager", "GetSecretValue", f"aws-sm:{SECRET}", secret_store.value),
    "GetParameter, version": Question("ssm", "GetParameter", f"aws-ssm:{PARAMETER}", secret_store.version),
    "GetParameter, value": Question("ssm", "GetParameter", f"aws-ssm:{PARAMETER}", secret_store.value),
}
EXPECTED: dict[str, tuple[type[ApiError], str, int]] = {
    "throttling": (RateLimited, "asks us to wait", clients.ATTEMPTS),
    "expired": (AuthError, "have expired", 1),
    "denied": (AuthError, "AWS refuses {permission}", 1),
    "down": (TransportError, "could not be reached", clients.ATTEMPTS),
    "server-error": (TransportError, "no usable answer", clients.ATTEMPTS),
    "unavailable": (TransportError, "no usable answer", clients.ATTEMPTS),
    "stall": (TransportError, "could not be reached", clients.ATTEMPTS),
    "garbage": (TransportError, "no usable answer", 1),
    "disabled-key": (AuthError, "cannot be used", 1),
}
"""Fault -> class, words of the first part, and how often AWS is asked."""


@pytest.fixture(scope="module")
def running() -> Iterator[Cloud]:
    """One AWS with both secrets for all tests here."""
    with running_apart() as cloud:
        cloud.client("secretsmanager").create_secret(Name=SECRET, SecretString=CANARY)
        cloud.client("ssm").put_parameter(Name=PARAMETER, Value=CANARY, Type="SecureString")
        yield cloud


@pytest.fixture
def cloud(running: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """The same, found by the environment; who retries does so at once, and waits for no answer for long."""
    for name, value in running.env().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(clients, "READ_TIMEOUT", 0.2)
    monkeypatch.setattr(standard.ExponentialBackoff, "delay_amount", lambda *_: 0)
    yield running
    running.mend()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", QUESTIONS)
def test_fault_is_told_as_what_it_is(cloud, name, kind):
    """Each fault is an error of its class, in four parts that name place and secret and never a value."""
    question = QUESTIONS[name]
    expected, what, _ = EXPECTED[kind]
    cloud.fault(question.service, question.action, kind)

    with pytest.raises(expected) as raised:
        question.ask(secrets.parse_reference(question.reference), WHERE)

    error = raised.value
    assert type(error) is expected
    assert what.format(permission=f"{question.service}:{question.action}") in error.what
    assert PARTS.fullmatch(str(error))
    assert WHERE in error.where
    assert CANARY not in str(error)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", QUESTIONS)
def test_fault_is_tried_again_only_where_that_may_help(cloud, name, kind):
    """AWS is asked three times where it may recover and once where it will not, and never more often."""
    question = QUESTIONS[name]
    before = len(cloud.calls(question.service, question.action))
    cloud.fault(question.service, question.action, kind)

    with pytest.raises(ApiError):
        question.ask(secrets.parse_reference(question.reference), WHERE)

    assert len(cloud.calls(question.service, question.action)) - before == EXPECTED[kind][2]


@pytest.mark.parametrize("kind", ["throttling", "down", "server-error", "unavailable", "stall"])
@pytest.mark.parametrize("name", QUESTIONS)
def test_fault_that_passes_is_not_noticed(cloud, name, kind):
    """What goes wrong fewer times than AWS is asked is no error."""
    question = QUESTIONS[name]
    cloud.fault(question.service, question.action, kind, times=clients.ATTEMPTS - 1)

    assert question.ask(secrets.parse_reference(question.reference), WHERE)


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("kind", ["denied", "disabled-key"])
def test_fault_names_the_secret(cloud, name, kind):
    """Who has to mend a right or a key is told on which secret."""
    question = QUESTIONS[name]
    cloud.fault(question.service, question.action, kind)

    with pytest.raises(ApiError) as raised:
        question.ask(secrets.parse_reference(question.reference), WHERE)

    assert question.reference.partition(":")[2] in str(raised.value)
