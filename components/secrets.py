"""Secret references (where a secret lives), fingerprints (which secret it is) and the values, in memory only.

Reference:   `config:KEY` (a key of the encrypted stack config) or `env:NAME` (an environment variable).
Fingerprint: first 12 hex digits of HMAC-SHA256 over the secret, keyed by the id it belongs to, so the same secret shows
             the same fingerprint on both sides and tells nothing about a secret of another app.
Never:       a value in a message; text that is no reference is a secret typed in the wrong place, so it is not quoted.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from components.errors import AuthError

FINGERPRINT_DIGITS = 12

_PATTERNS = {"config": re.compile(r"[A-Za-z][A-Za-z0-9_.-]*"), "env": re.compile(r"[A-Za-z_][A-Za-z0-9_]*")}
_LIKE_A_SECRET = re.compile(r"(?=(?:[A-Za-z]*\d){4})(?=[A-Za-z]*\d+[A-Za-z])[A-Za-z0-9]{20,}")
"""Letters and several digits, mixed and in one go: what vendors make, and no name of a variable."""
_LATER = ("aws-sm", "aws-ssm")
FORMS = "config:KEY or env:NAME"


@dataclass(frozen=True)
class Reference:
    """A parsed secret reference."""

    kind: str
    """`config` or `env`."""
    name: str
    """The config key without its project, or the variable's name."""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


def parse_reference(text: object) -> Reference:
    """The reference that `text` spells.

    Raises: ValueError, whose message never quotes the text.
    """
    kind, colon, name = text.partition(":") if isinstance(text, str) else ("", "", "")
    if colon and kind in _LATER:
        raise ValueError(f"{kind}: references are not available in this version; use {FORMS}")
    if not colon or kind not in _PATTERNS:
        raise ValueError(f"it is not a secret reference; a reference is {FORMS}, and a secret itself never stands here")
    if not _PATTERNS[kind].fullmatch(name):
        raise ValueError(f"the part after {kind}: is not a valid name; a reference is {FORMS}")
    if kind == "env" and _LIKE_A_SECRET.fullmatch(name):
        raise ValueError("the part after env: looks like a secret; what stands there is the name of a variable")
    return Reference(kind, name)


def fingerprint(secret: str, belongs_to: str) -> str:
    """Which secret it is, without the secret; `belongs_to` is the app id (client id)."""
    return hmac.new(belongs_to.encode(), secret.encode(), hashlib.sha256).hexdigest()[:FINGERPRINT_DIGITS]


def resolve(text: str, config: Mapping[str, str], where: str) -> str:
    """The value behind a reference, from the provider's own config or this process's environment.

    Raises: AuthError, when there is no value; its text names the reference.
    """
    reference = parse_reference(text)
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
    raise AuthError(
        f"there is no value behind {reference}", where=where, why=f"{reference} is empty or not set", fix=fix
    )
