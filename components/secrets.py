"""Secret references (where a secret lives), fingerprints (which secret it is) and the values, in memory only.

Reference:   `config:KEY` (a key of the encrypted stack config), `env:NAME` (an environment variable),
             `aws-sm:NAME_OR_ARN[#json_key]` (Secrets Manager), `aws-ssm:/path` (Parameter Store).
Fingerprint: first 12 hex digits of HMAC-SHA256 over the secret, keyed by the id it belongs to, so the same secret shows
             the same fingerprint on both sides and tells nothing about a secret of another app.
Never:       a value in a message; text that is no reference is a secret typed in the wrong place, so it is not quoted.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from components.errors import AuthError, NoSecret

FINGERPRINT_DIGITS = 12

SECRETS_MANAGER, PARAMETER_STORE = "aws-sm", "aws-ssm"
AWS = (SECRETS_MANAGER, PARAMETER_STORE)

_NAME_AT_AWS = r"[A-Za-z0-9/_+=.@-]{1,512}"
_PATTERNS = {
    "config": re.compile(r"[A-Za-z][A-Za-z0-9_.-]*"),
    "env": re.compile(r"[A-Za-z_][A-Za-z0-9_]*"),
    SECRETS_MANAGER: re.compile(rf"(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{{12}}:secret:)?{_NAME_AT_AWS}"),
    PARAMETER_STORE: re.compile(r"(/[A-Za-z0-9_.-]+)+"),
}
_JSON_KEY = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_LIKE_A_SECRET = re.compile(r"(?=(?:[A-Za-z]*\d){4})(?=[A-Za-z]*\d+[A-Za-z])[A-Za-z0-9]{20,}")
"""Letters and several digits, mixed and in one go: what vendors make, and no name of a variable."""
_NAMED = {"env": "a variable", SECRETS_MANAGER: "a secret", PARAMETER_STORE: "a parameter"}
FORMS = "config:KEY, env:NAME, aws-sm:NAME_OR_ARN[#json_key] or aws-ssm:/path"


@dataclass(frozen=True)
class Reference:
    """A parsed secret reference."""

    kind: str
    """`config`, `env`, `aws-sm` or `aws-ssm`."""
    name: str
    """The config key without its project, the variable's name, the secret's name or ARN, the parameter's path."""
    key: str = ""
    """The entry of a secret that is a JSON object; "": the whole secret."""

    @property
    def in_aws(self) -> bool:
        """Whether AWS holds it."""
        return self.kind in AWS

    @property
    def whole(self) -> Reference:
        """The secret without its entry: what is read at AWS."""
        return Reference(self.kind, self.name)

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" + (f"#{self.key}" if self.key else "")


def parse_reference(text: object) -> Reference:
    """The reference that `text` spells.

    Raises: ValueError, whose message never quotes the text.
    """
    kind, colon, name = text.partition(":") if isinstance(text, str) else ("", "", "")
    if not colon or kind not in _PATTERNS:
        raise ValueError(f"it is not a secret reference; a reference is {FORMS}, and a secret itself never stands here")
    name, hash_, key = name.partition("#") if kind == SECRETS_MANAGER else (name, "", "")
    if not _PATTERNS[kind].fullmatch(name) or (hash_ and not _JSON_KEY.fullmatch(key)):
        raise ValueError(f"the part after {kind}: is not a valid name; a reference is {FORMS}")
    if kind != "config" and any(map(_LIKE_A_SECRET.fullmatch, (name, key))):
        raise ValueError(f"the part after {kind}: looks like a secret; what stands there is the name of {_NAMED[kind]}")
    return Reference(kind, name, key)


def fingerprint(secret: str, belongs_to: str) -> str:
    """Which secret it is, without the secret; `belongs_to` is the app id (client id)."""
    return hmac.new(belongs_to.encode(), secret.encode(), hashlib.sha256).hexdigest()[:FINGERPRINT_DIGITS]


def resolve(text: str, config: Mapping[str, str], where: str, at_aws: Callable[[Reference], str]) -> str:
    """The value behind a reference: from the provider's own config, this process's environment, or AWS.

    `at_aws` reads a whole secret there; the entry that the reference names is taken out of it here.
    Raises: NoSecret, when there is no value for us; its text names the reference. For AWS also RateLimited,
        TransportError, DeclarationError.
    """
    reference = parse_reference(text)
    if reference.in_aws:
        from components.aws import secret_store  # noqa: PLC0415 - who does not use AWS does not pay for it

        with without_secret():
            return secret_store.entry(at_aws(reference.whole), reference, where)
    value = config.get(reference.name) if reference.kind == "config" else os.environ.get(reference.name)
    if value:
        return value
    fix = (
        f"run: pulumi config set --secret {reference.name}"
        if reference.kind == "config"
        else f"export {reference.name} in the shell or CI job that runs pulumi"
    )
    if reference.kind == "config":
        fix += "; after adding or renaming a reference, run pulumi with --run-program"
    raise NoSecret(
        f"there is no value behind {reference}", where=where, why=f"{reference} is empty or not set", fix=fix
    )


@contextmanager
def without_secret() -> Iterator[None]:
    """A refusal on the way to a secret is one for whatever needs that secret."""
    try:
        yield
    except AuthError as refused:
        raise NoSecret(refused.what, where=refused.where, why=refused.why, fix=refused.fix) from None
