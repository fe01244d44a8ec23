"""Faults in the wire form of each service."""

from __future__ import annotations

import threading

import pytest
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from tests.aws.cloud.asked import error_of
from tests.aws.cloud.client import ONCE

OPERATIONS = {
    "secretsmanager": "list_secrets",
    "kms": "list_keys",
    "ssm": "describe_parameters",
    "cloudwatch": "list_metrics",
    "sns": "list_topics",
    "route53": "list_hosted_zones",
    "sts": "get_caller_identity",
    "s3": "list_buckets",
}
JSON = {
    "throttling": "ThrottlingException",
    "expired": "ExpiredTokenException",
    "denied": "AccessDeniedException",
    "server-error": "InternalServiceError",
    "unavailable": "ServiceUnavailableException",
}
XML = {
    "throttling": "Throttling",
    "expired": "ExpiredToken",
    "denied": "AccessDenied",
    "server-error": "InternalFailure",
    "unavailable": "ServiceUnavailable",
}
CODES = {
    **dict.fromkeys(("secretsmanager", "kms", "ssm", "cloudwatch"), JSON),
    **dict.fromkeys(("route53", "sts"), XML),
    "sns": {**XML, "denied": "AuthorizationError"},
    "s3": {**XML, "throttling": "SlowDown", "server-error": "InternalError"},
}


@pytest.mark.parametrize("service", OPERATIONS)
def test_fault_has_the_code_of_its_service(cloud, service):
    """A service refuses in its own words, once, and then works again."""
    call = getattr(cloud.client(service), OPERATIONS[service])
    found = {}
    for kind in XML:
        cloud.fault(service, "*", kind, times=1)
        found[kind] = error_of(call)

    assert found == CODES[service]
    assert error_of(call) == ""


@pytest.mark.parametrize(
    ("service", "kind", "raised"),
    [
        ("kms", "down", ConnectionClosedError),
        ("sns", "down", ConnectionClosedError),
        ("s3", "down", ConnectionClosedError),
        ("sns", "garbage", ResponseParserError),
    ],
)
def test_fault_of_the_network_is_no_answer_of_the_service(cloud, service, kind, raised):
    """A dropped connection and a page of somebody else are what the SDK says they are."""
    cloud.fault(service, "*", kind)

    with pytest.raises(raised):
        getattr(cloud.client(service), OPERATIONS[service])()

    cloud.mend()
    assert error_of(getattr(cloud.client(service), OPERATIONS[service])) == ""


def test_garbage_from_a_json_service_is_an_answer_without_content(cloud):
    """The SDK takes a page of somebody else for an empty answer where it expected JSON."""
    cloud.fault("kms", "*", "garbage")

    assert "Keys" not in cloud.client("kms").list_keys()


def test_stalled_call_ends_with_the_fault(cloud):
    """A call that stalls is not answered, and lets go as soon as the fault ends."""
    cloud.fault("kms", "ListKeys", "stall")
    impatient = cloud.client("kms", config=ONCE.merge(type(ONCE)(read_timeout=0.2)))
    with pytest.raises(ReadTimeoutError):
        impatient.list_keys()
    ended = []
    thread = threading.Thread(target=lambda: ended.append(_raised(cloud.client("kms").list_keys)))
    thread.start()
    while [call.error for call in cloud.calls("kms", "ListKeys")] != ["stall", "stall"]:
        assert thread.is_alive()
    cloud.mend()
    thread.join(10)

    assert ended == [ConnectionClosedError]


def _raised(call):
    with pytest.raises(ConnectionClosedError) as raised:
        call()
    return raised.type


def test_fault_meets_only_what_it_names(cloud):
    """A fault of one operation leaves the others of the service alone."""
    cloud.fault("secretsmanager", "GetSecretValue", "denied")
    client = cloud.client("secretsmanager")
    client.create_secret(Name="a", SecretString="b")

    assert error_of(client.describe_secret, SecretId="a") == ""
    assert error_of(client.get_secret_value, SecretId="a") == "AccessDeniedException"
    assert [call.error for call in cloud.calls("secretsmanager", "GetSecretValue")] == ["denied"]


@pytest.mark.parametrize(
    ("service", "code"),
    [("kms", "DisabledException"), ("secretsmanager", "DecryptionFailure"), ("ssm", "InvalidKeyId")],
)
def test_fault_of_a_disabled_key_has_the_code_of_its_service(cloud, service, code):
    """Each service says in its own words that a key is disabled."""
    cloud.fault(service, "*", "disabled-key")

    assert error_of(getattr(cloud.client(service), OPERATIONS[service])) == code
