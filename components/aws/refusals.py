"""Calls to AWS, and what went wrong there as one of our errors with its four parts.

Never: the text of the library's exception or of AWS's message, which name principals, keys and addresses; a page of
       somebody between, which the library takes for an empty success.
Source: common errors of AWS's APIs, exceptions of botocore 1.44, both read in November 2026.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore import exceptions as library
from botocore.parsers import ResponseParserError

from components import errors
from components.errors import ApiError, AuthError, NotFound, RateLimited, Rejected, TransportError

_DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "Forbidden", "403")
_EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired")
_UNKNOWN = (
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidAccessKeyId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "IncompleteSignature",
    "InvalidToken",
    "InvalidIdentityToken",
    "AuthFailure",
    "NotAuthorized",
)
_SLOWER = (
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "SlowDown",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "PriorRequestNotComplete",
)
_GONE = (
    "ResourceNotFoundException",
    "ParameterNotFound",
    "NotFoundException",
    "NoSuchKey",
    "NoSuchBucket",
    "NoSuchHostedZone",
    "404",
)
_NO_ROLE = (*_DENIED, "InvalidIdentityToken", "IDPRejectedClaim")
"""What AWS says when it does not let somebody take a role."""
_KEY = (
    "DecryptionFailure",
    "EncryptionFailure",
    "DisabledException",
    "KMSInvalidStateException",
    "KMS.DisabledException",
    "KMSDisabledException",
    "InvalidKeyId",
    "KeyUnavailableException",
)
_NO_CREDENTIALS = (
    library.NoCredentialsError,
    library.PartialCredentialsError,
    library.CredentialRetrievalError,
    library.TokenRetrievalError,
    library.SSOError,
    library.LoginError,
)
_OURS = (library.ParamValidationError, library.NoRegionError, library.ProfileNotFound, library.InvalidRegionError)
_VALUES = ("secretsmanager:GetSecretValue", "ssm:GetParameter", "kms:Decrypt")
_MEANT = "a role for previews may not, and need not: a run of the role for drift or deployments sees the rest"
_NEW = (
    "after a change of the stack file: as `cyclr-connectors policies` makes it; see also that the resource exists, for "
    "AWS may say the same of what does not"
)
_WORD = re.compile(r"[A-Za-z0-9._]{1,60}")
_SIGN_IN = "sign in to AWS again (aws sso login, or the step of the job that takes the role), then run again"
_LATER = "run again when AWS answers; nothing was concluded from this"


def asked(call: Callable[[], Mapping[str, Any]], key: str, *, where: str, action: str, resource: str) -> dict[str, Any]:
    """The answer to one call, which has `key`.

    `action` is the permission that the call needs, e.g. `secretsmanager:GetSecretValue`; `resource` what it is on;
    `key` what every answer to it has.
    Raises: AuthError, NotFound, RateLimited, Rejected, TransportError, DeclarationError.
    """
    return pages(lambda: [call()], key, where=where, action=action, resource=resource)[0]


def pages(
    call: Callable[[], Iterable[Mapping[str, Any]]], key: str, *, where: str, action: str, resource: str
) -> list[dict[str, Any]]:
    """The answers to a call that AWS answers in parts, as `asked` gives one."""
    with _translated(where, action, resource):
        answers = [dict(each) for each in call()]
    if all(key in each for each in answers):
        return answers
    raise TransportError(
        f"AWS gave no usable answer for {resource}",
        where=where,
        why=f"something else than AWS answered: the answer has no {key}",
        fix=f"check the network, its proxy and AWS_ENDPOINT_URL; {_LATER}",
    )


def code(error: library.ClientError) -> str:
    """AWS's word for an error; a number where the answer had none."""
    said = str(error.response.get("Error", {}).get("Code", ""))
    return said if _WORD.fullmatch(said) else "no code"


@contextmanager
def _translated(where: str, action: str, resource: str) -> Iterator[None]:
    """Every failure of AWS's library inside leaves as one of our errors."""
    try:
        yield
    except library.ClientError as error:
        raise _answered(error, where, action, resource) from None
    except _NO_CREDENTIALS:
        why, fix = "no credentials are there that AWS would take, or they cannot be renewed", _SIGN_IN
        raise AuthError(f"AWS was not asked for {resource}", where=where, why=why, fix=fix) from None
    except _OURS as error:
        raise errors.DeclarationError(
            f"AWS cannot be asked for {resource}",
            where=where,
            why=f"the request for {action} is not one that AWS takes ({type(error).__name__})",
            fix="check the name in the stack file, AWS_REGION and AWS_PROFILE",
        ) from None
    except (library.BotoCoreError, ResponseParserError, KeyError) as error:
        # A KeyError is how the library (1.44) takes a page of XHTML in place of an answer of STS.
        raise TransportError(
            f"AWS could not be reached for {resource}",
            where=where,
            why=_lost(error),
            fix=f"check the network and AWS_REGION; {_LATER}",
        ) from None


def _answered(error: library.ClientError, where: str, action: str, resource: str) -> ApiError:
    said, status = code(error), error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    why = f"AWS answers {said}" + (f", HTTP {status}" if status else "")
    facts: dict[str, Any] = {"where": where, "status": status}
    if error.operation_name.startswith("AssumeRole") and said in _NO_ROLE:
        return AuthError(
            "AWS does not give this run its role",
            why=f"{why}: there is no such role, or its trust does not let this run take it",
            fix="compare the `sub` and `aud` of the run's token with the role's trust as `cyclr-connectors policies -s "
            "STACK` prints it, and check that the account has the identity provider",
            **facts,
        )
    if said in _DENIED:
        needed = _needed(error, action)
        fix = (
            f"let the policy of the role that runs this, and the resource's own, allow {needed} on {resource} "
            f"({_MEANT if needed in _VALUES else _NEW})"
        )
        return AuthError(
            f"AWS refuses {needed}", why=f"{why}: this run may not do that on {resource}", fix=fix, **facts
        )
    if said in _EXPIRED:
        return AuthError("The credentials for AWS have expired", why=why, fix=_SIGN_IN, **facts)
    if said in _UNKNOWN:
        return AuthError("AWS does not take the credentials", why=why, fix=_SIGN_IN, **facts)
    if said in _KEY:
        fix = f"see in KMS that the key of {resource} is enabled and not about to be deleted, then run again"
        return AuthError(f"The key of {resource} cannot be used", why=why, fix=fix, **facts)
    if said in _SLOWER:
        fix = "wait and run again; nothing was concluded from this"
        said_of = f"{why} to {action} on {resource}"
        return RateLimited("AWS asks us to wait for longer than a run may last", why=said_of, fix=fix, **facts)
    if said in _GONE:
        fix = "check the name and AWS_REGION, and that the account is the right one"
        return NotFound(f"AWS has no {resource}", why=why, fix=fix, **facts)
    if status is None or status >= 500 or said == "no code":
        return TransportError(f"AWS gave no usable answer for {resource}", why=why, fix=_LATER, **facts)
    fix = f"look {said} up under {action} in AWS's reference, and mend what it names"
    return Rejected(f"AWS refuses the request for {resource}", why=why, fix=fix, **facts)


def _needed(error: library.ClientError, action: str) -> str:
    """The permission that is missing: a service that asks KMS on the caller's behalf says so in its message alone."""
    said = str(error.response.get("Error", {}).get("Message", ""))
    named = re.search(r"\bkms:(Decrypt|GenerateDataKey|Encrypt|DescribeKey)\b", said)
    if named and not action.startswith("kms:"):
        return named.group()
    return "kms:Decrypt" if "KMS" in said and not action.startswith("kms:") else action


def _lost(error: Exception) -> str:
    if isinstance(error, library.ConnectTimeoutError | library.ReadTimeoutError):
        return "no answer within the time allowed"
    if isinstance(error, library.SSLError):
        return "the TLS connection was refused or its certificate is not valid"
    if isinstance(error, library.HTTPClientError | library.ConnectionError):
        return "the connection was not made, or was dropped"
    return f"the answer could not be read ({type(error).__name__})"
