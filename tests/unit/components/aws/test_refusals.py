"""Each way in which AWS can fail, as an error of ours; and clients that cannot be made."""

from __future__ import annotations

import sys

import pytest
from botocore import exceptions as library
from botocore.parsers import ResponseParserError

from components.aws import clients, refusals
from components.errors import AuthError, DeclarationError, NotFound, RateLimited, Rejected, TransportError

CANARY = "canary-1f0a77b3"


def answer(code, status=400, message=CANARY, operation="GetSecretValue"):
    """An error that AWS answered."""
    body = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return library.ClientError(body, operation)


def ask(call):
    """A question about a secret."""
    return refusals.asked(call, "ARN", where="W", action="secretsmanager:GetSecretValue", resource="secret acme/app")


def failing(error):
    """A call that ends with this error."""

    def call():
        raise error

    return call


CASES = {
    "denied": (answer("AccessDeniedException"), AuthError, "secretsmanager:GetSecretValue on secret acme/app"),
    "denied-key": (
        answer("AccessDeniedException", message=f"Access to KMS is not allowed {CANARY}"),
        AuthError,
        "kms:Decrypt on secret acme/app",
    ),
    "denied-key-named": (
        answer("AccessDeniedException", message=f"not authorized to perform: kms:GenerateDataKey on {CANARY}"),
        AuthError,
        "kms:GenerateDataKey on secret acme/app",
    ),
    "no-role": (answer("AccessDenied", 403, operation="AssumeRoleWithWebIdentity"), AuthError, "compare the `sub`"),
    "no-role-chained": (answer("AccessDenied", 403, operation="AssumeRole"), AuthError, "cyclr-connectors policies"),
    "no-provider": (
        answer("InvalidIdentityToken", operation="AssumeRoleWithWebIdentity"),
        AuthError,
        "has the identity provider",
    ),
    "role-throttled": (answer("Throttling", operation="AssumeRoleWithWebIdentity"), RateLimited, "wait"),
    "denied-s3": (answer("403", 403), AuthError, "allow"),
    "expired": (answer("ExpiredTokenException"), AuthError, "sign in"),
    "expired-query": (answer("ExpiredToken", 403), AuthError, "sign in"),
    "unknown-key": (answer("UnrecognizedClientException"), AuthError, "sign in"),
    "signature": (answer("SignatureDoesNotMatch", 403), AuthError, "sign in"),
    "disabled": (answer("KMSInvalidStateException"), AuthError, "KMS"),
    "decryption": (answer("DecryptionFailure"), AuthError, "KMS"),
    "throttled": (answer("ThrottlingException"), RateLimited, "wait"),
    "throttled-sns": (answer("ThrottledException", 429), RateLimited, "wait"),
    "gone": (answer("ResourceNotFoundException"), NotFound, "AWS_REGION"),
    "server": (answer("InternalServiceError", 500), TransportError, "run again"),
    "no-code": (answer(f"<html> {CANARY}", 400), TransportError, "run again"),
    "other": (answer("InvalidParameterException"), Rejected, "InvalidParameterException"),
    "no-credentials": (library.NoCredentialsError(), AuthError, "sign in"),
    "no-renewal": (library.CredentialRetrievalError(provider=CANARY, error_msg=CANARY), AuthError, "sign in"),
    "sso": (library.UnauthorizedSSOTokenError(), AuthError, "sign in"),
    "endpoint": (library.EndpointConnectionError(endpoint_url=CANARY), TransportError, "network"),
    "slow": (library.ReadTimeoutError(endpoint_url=CANARY), TransportError, "network"),
    "dropped": (library.ConnectionClosedError(endpoint_url=CANARY), TransportError, "network"),
    "tls": (library.SSLError(endpoint_url=CANARY, error=CANARY), TransportError, "network"),
    "garbage": (ResponseParserError(CANARY), TransportError, "network"),
    "page-for-sts": (KeyError("GetCallerIdentityResult"), TransportError, "network"),
    "name": (library.ParamValidationError(report=CANARY), DeclarationError, "stack file"),
}


@pytest.mark.parametrize(("raised", "kind", "fix"), CASES.values(), ids=CASES)
def test_failure_becomes_one_error_of_ours(raised, kind, fix):
    """Its class decides what a report says, its fix what a person does; nothing of AWS's own text is repeated."""
    with pytest.raises(kind) as caught:
        ask(failing(raised))

    assert type(caught.value) is kind
    assert caught.value.where == "W"
    assert fix in caught.value.fix
    assert CANARY not in str(caught.value)


def test_other_errors_pass():
    """A fault of ours is not dressed as one of AWS."""
    with pytest.raises(ZeroDivisionError):
        ask(failing(ZeroDivisionError()))


def test_role_that_is_not_given_is_no_missing_permission():
    """Who fails to take a role has no use for a permission on what was asked for then."""
    with pytest.raises(AuthError, match="does not give this run its role") as caught:
        ask(failing(answer("AccessDenied", 403, operation="AssumeRoleWithWebIdentity")))

    assert "GetSecretValue" not in str(caught.value)


def test_empty_success_is_no_answer():
    """The library makes one of the page of a network that asks for a sign-in; no part may be one."""
    with pytest.raises(TransportError, match="something else than AWS answered: the answer has no ARN"):
        ask(lambda: {"ResponseMetadata": {"HTTPStatusCode": 200}})
    with pytest.raises(TransportError, match="no usable answer for secret"):
        refusals.pages(lambda: iter([{"ARN": "a"}, {}]), "ARN", where="W", action="a:B", resource="secret acme/app")

    assert ask(lambda: {"ARN": "a"}) == {"ARN": "a"}


def test_client_without_a_region_says_where_to_name_one(monkeypatch):
    """AWS has no default region."""
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")

    with pytest.raises(DeclarationError, match="AWS_REGION"):
        clients.client("secretsmanager", where="W")


def test_client_of_a_missing_profile_says_so(monkeypatch):
    """A profile that the machine does not have is named by its variable."""
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")

    with pytest.raises(DeclarationError, match="profile"):
        clients.client("secretsmanager", "eu-west-1", "W", profile="nobody")


def test_missing_package_names_the_command(monkeypatch):
    """boto3 is an extra; who needs it without having it hears how to get it."""
    monkeypatch.setitem(sys.modules, "boto3", None)

    with pytest.raises(DeclarationError, match="make setup AWS=yes"):
        clients.client("secretsmanager", "eu-west-1", "W")


def test_client_gives_up_in_time():
    """A run waits for AWS for seconds, not for the library's minutes."""
    config = clients.client("ssm", "eu-west-1").meta.config

    assert (config.connect_timeout, config.read_timeout) == (5, 15)
    assert config.retries["total_max_attempts"] == 3
