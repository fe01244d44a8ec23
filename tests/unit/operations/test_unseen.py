"""The class and the words of what kept a resource from being looked at."""

from __future__ import annotations

import pytest

from components import errors
from components.errors import ConnectorError
from stacks.operations.summary.unseen import NOT_AUTHORISED, UNREACHABLE, failure

OURS = "urn:pulumi:dev::p::cyclr-connectors:index:OAuthConnector$pulumi-python:dynamic/facebook:AppSettings::fb-app"
SECRET = "urn:pulumi:dev::p::cyclr-connectors:aws:SecretContainer$aws:secretsmanager/secret:Secret::acme/facebook"
ACCESS = "urn:pulumi:dev::p::pulumi:providers:aws::aws"
PARTS = {"where": "the secret of app 1", "why": "AWS answers AccessDeniedException, HTTP 400", "fix": "allow it"}
REFUSED = "AWS refuses secretsmanager:GetSecretValue"
TEXT = f"{REFUSED}\n  where: {PARTS['where']}\n  why:   {PARTS['why']}\n  fix:   {PARTS['fix']}"
ANSWER = "reading Secrets Manager Secret (x): operation error Secrets Manager: DescribeSecret, https response error"
AT_AWS = {
    "denied": (f"{ANSWER} StatusCode: 400, RequestID: r, api error AccessDeniedException: User: arn:x is not authorized"
               " to perform: secretsmanager:DescribeSecret on resource: y", NOT_AUTHORISED,
               "AWS refuses secretsmanager:DescribeSecret", "AWS answers AccessDeniedException, HTTP 400"),
    "denied without an action": (f"{ANSWER} StatusCode: 403, RequestID: r, api error UnauthorizedOperation",
                                 NOT_AUTHORISED, "AWS refuses Secrets Manager: DescribeSecret", "Unauthorized"),
    "expired": (f"{ANSWER} StatusCode: 400, RequestID: r, api error ExpiredTokenException: expired", NOT_AUTHORISED,
                "AWS does not take the credentials", "AWS answers ExpiredTokenException, HTTP 400"),
    "unknown key": (f"{ANSWER} StatusCode: 400, RequestID: r, api error UnrecognizedClientException: the token",
                    NOT_AUTHORISED, "AWS does not take the credentials", "UnrecognizedClientException"),
    "none": ("no valid credential sources for Terraform AWS Provider found", NOT_AUTHORISED,
             "AWS does not take the credentials", "none are there that it would take"),
    "role that cannot be renewed": ("failed to refresh cached credentials, no EC2 IMDS role found", NOT_AUTHORISED,
                                    "AWS does not take the credentials", "none are there"),
    "another account": ("AWS account ID not allowed: 210987654321", NOT_AUTHORISED,
                        "The credentials are those of another account of AWS", "the stack file names the one"),
    "throttled": (f"{ANSWER} StatusCode: 400, RequestID: r, api error ThrottlingException: Rate exceeded", UNREACHABLE,
                  "AWS could not be read", "AWS answers ThrottlingException, HTTP 400"),
    "its own failure": (f"{ANSWER} StatusCode: 500, RequestID: r, api error InternalServiceError: x", UNREACHABLE,
                        "AWS could not be read", "AWS answers InternalServiceError, HTTP 500"),
    "no host": (f'{ANSWER} StatusCode: 0, RequestID: , request send failed, Post "https://kms.amazonaws.com/"'
                ": dial tcp: lookup: no such host", UNREACHABLE, "AWS could not be read", "no usable answer"),
    "no plugin": ("no resource plugin 'pulumi-resource-aws' found", UNREACHABLE, "AWS could not be asked",
                  "plugin for AWS is not installed"),
    "anything else": ("unexpected state of a thing", UNREACHABLE, "AWS could not be read", "no usable answer"),
}  # fmt: skip
"""What the plugin prints -> class, first line, words of why."""


def printed(error: ConnectorError) -> str:
    """How the engine prints an error of one of our resources."""
    return f"Preview failed: {type(error).__module__}.{type(error).__name__}: {error}\n"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (errors.AuthError, NOT_AUTHORISED),
        (errors.TransportError, UNREACHABLE),
        (errors.RateLimited, UNREACHABLE),
        (errors.Rejected, UNREACHABLE),
        (errors.DeclarationError, UNREACHABLE),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_error_of_our_own_resource_has_the_class_of_its_type(kind: type[ConnectorError], expected: str):
    """A secret that AWS refuses to show is `not authorised`, an outage of AWS `unreachable`; the text stays whole."""
    found = failure(OURS, printed(kind(REFUSED, **PARTS)))

    assert (found.kind, found.error) == (expected, TEXT)


@pytest.mark.parametrize(("said", "kind", "what", "why"), AT_AWS.values(), ids=AT_AWS)
@pytest.mark.parametrize("prefix", ["", "Preview failed: "], ids=["bare", "prefixed"])
def test_error_of_the_plugin_is_told_in_our_own_words(prefix: str, *, said: str, kind: str, what: str, why: str):
    """A refusal and an outage are told apart by AWS's own words, and its text is not repeated."""
    found = failure(SECRET, prefix + said)
    first, where, reason, fix = found.error.splitlines()

    assert (found.kind, first, where) == (kind, what, "  where: aws.secretsmanager.Secret acme/facebook")
    assert why in reason
    assert fix.startswith("  fix:   ")
    assert not [each for each in ("RequestID", "arn:", "amazonaws", "210987654321", "EC2") if each in found.error]


@pytest.mark.parametrize(
    ("file", "target"), [("", "-s dev"), ("other/x.yaml", "-s dev --config-file other/x.yaml")], ids=["own", "another"]
)
def test_command_that_shows_all_means_the_same_environment(file: str, target: str):
    """Where the settings come from another stack file, the printed command reads that one as well."""
    found = failure(SECRET, "unexpected state of a thing", file)

    assert f"pulumi preview {target} --refresh --run-program" in found.error


def test_refusal_of_our_own_is_told_as_it_is():
    """A name at AWS that is somebody else's is refused before anything is made: that error is ours, and complete."""
    found = failure(SECRET, f'Preview failed: before hook "name acme/facebook is free" failed: {TEXT}\n')

    assert (found.kind, found.error) == (NOT_AUTHORISED, TEXT)


def test_access_that_fails_is_called_so():
    """The provider's own failure names no resource."""
    found = failure(ACCESS, "Preview failed: configure provider: no valid credential sources found")

    assert (found.kind, found.error.splitlines()[1]) == (NOT_AUTHORISED, "  where: access to AWS")
