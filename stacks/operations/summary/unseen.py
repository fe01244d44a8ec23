"""Why a resource was not looked at, from the engine's error. Pure.

The errors of our own resources are complete. Those of AWS's plugin are not ours: of them a word is taken, never the
text, which names principals and addresses.
Source: Pulumi's package aws 7, which prints `operation error SERVICE: OPERATION, https response error StatusCode: 400,
        RequestID: ..., api error CODE: MESSAGE`; read in November 2026.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from components.errors import AuthError, NoSecret, four_parts
from stacks import stack_file
from stacks.operations.summary import naming

UNREACHABLE = "unreachable"
NOT_AUTHORISED = "not authorised"

CHAINED = (
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)
"""What Python prints between an error and the one that it led to."""

_REFUSALS = {AuthError.__name__, NoSecret.__name__}
_DENIED = re.compile(
    r"\b(AccessDenied\w*|Unauthorized\w*|AuthorizationError\w*|NotAuthorized\w*|Forbidden)\b|not author"
)
_SIGN_IN = re.compile(
    r"\b(Expired\w*|RequestExpired|UnrecognizedClient\w*|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch"
    r"|InvalidSignature\w*|IncompleteSignature|InvalidIdentityToken|AuthFailure)\b"
    r"|(?i:no valid credential|credentials? (?:configured|expired|could not)|refresh (?:cached )?credentials)"
)
_ACCOUNT = re.compile(r"AWS account ID not allowed")
_HOOK = re.compile(r'before hook ".+?" failed: (.+\n  where: .+)', re.DOTALL)
"""A refusal of our own, by a hook that the engine calls before it makes something."""
_NO_PLUGIN = re.compile(r"no resource plugin|could not (?:load|find) plugin", re.IGNORECASE)
_CODE = re.compile(r"api error (\w+)|\b(\w*(?:Throttl\w*|TooManyRequests\w*|InternalFailure|ServiceUnavailable))\b")
_STATUS = re.compile(r"StatusCode: ([1-9]\d\d)")
_ACTION = re.compile(r"not authorized to perform: ([a-z0-9]+:\w+)")
_OPERATION = re.compile(r"operation error ([A-Za-z0-9 ]+): (\w+)")


@dataclass(frozen=True)
class Failure:
    """Why a resource was not looked at."""

    kind: str
    """`unreachable` or `not authorised`."""
    error: str


def failure(urn: str, error: str, config_file: str = "") -> Failure:
    """The engine prints `Preview failed: <module>.<Type>: <text>`, after the errors that led to it, if any.

    `config_file`: another stack file than the stack's own, as a command names it.
    """
    said = error.removeprefix("Preview failed:").strip()
    kind = naming.kind_of(urn)
    if naming.is_aws(kind) or kind == naming.AWS_ACCESS:
        return _at_aws(urn, said, stack_file.target(_stack(urn), config_file))
    for chained in CHAINED:
        said = said.rpartition(chained)[2].strip()
    type_, separator, text = said.partition(": ")
    if not separator or not type_.replace(".", "").replace("_", "").isalnum():
        return Failure(UNREACHABLE, said)
    return Failure(NOT_AUTHORISED if type_.rpartition(".")[2] in _REFUSALS else UNREACHABLE, text.strip())


def _at_aws(urn: str, said: str, target: str) -> Failure:
    where, whole = naming.said(urn), f"pulumi preview {target} --refresh --run-program"
    if refused := _HOOK.search(said):
        return Failure(NOT_AUTHORISED, refused[1].strip())
    if _ACCOUNT.search(said):
        what, why = "The credentials are those of another account of AWS", "the stack file names the one that is meant"
        fix = "take the role of that account, or mend cyclr-connectors:aws account in the stack file"
        return Failure(NOT_AUTHORISED, four_parts(what, where, why, fix))
    if _SIGN_IN.search(said):
        what, fix = "AWS does not take the credentials", "sign in to AWS again, or take the role again, then run again"
        return Failure(NOT_AUTHORISED, four_parts(what, where, _why(said, "none are there that it would take"), fix))
    if _DENIED.search(said):
        action = _action(said)
        fix = f"let the policy of the role that runs this, and the resource's own, allow {action or 'reading it'}"
        what = f"AWS refuses {action or 'reading it'}"
        return Failure(NOT_AUTHORISED, four_parts(what, where, _why(said, "this run may not do that"), fix))
    if _NO_PLUGIN.search(said):
        what, why = "AWS could not be asked", "Pulumi's plugin for AWS is not installed"
        return Failure(UNREACHABLE, four_parts(what, where, why, "run: pulumi install"))
    fix = f"look again later; to see all that is printed: {whole}"
    return Failure(
        UNREACHABLE, four_parts("AWS could not be read", where, _why(said, "no usable answer came from it"), fix)
    )


def _why(said: str, otherwise: str) -> str:
    """AWS's own word for it, and the status, where they are among what was printed."""
    code, status = _CODE.search(said), _STATUS.search(said)
    if code is None and status is None:
        return otherwise
    word = next((each for each in code.groups() if each), "") if code else ""
    return "AWS answers " + ", ".join([*([word] if word else []), *([f"HTTP {status[1]}"] if status else [])])


def _action(said: str) -> str:
    """The permission that was missing: named by AWS, else the operation."""
    if named := _ACTION.search(said):
        return named[1]
    operation = _OPERATION.search(said)
    return f"{operation[1]}: {operation[2]}" if operation else ""


def _stack(urn: str) -> str:
    return urn.partition("::")[0].removeprefix("urn:pulumi:")
