"""Takes what was sent in secret out of what a vendor answered, however an error repeats it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from urllib.parse import quote, quote_plus

SHORTEST_HIDDEN = 6
"""A sent value of fewer characters is no secret, and hiding it would garble the vendor's sentence."""
HIDDEN = "[secret]"


def redact(text: str, secrets: Collection[str]) -> str:
    """The text without the secrets, on one line."""
    return " ".join(hide(text, secrets).split())


def hide(text: str, secrets: Collection[str]) -> str:
    """The text without the secrets: as they are, as a query or a form repeats them, as JSON does."""
    hidden = {spelled for secret in secrets if len(secret) >= SHORTEST_HIDDEN for spelled in _spellings(secret)}
    longest_first = "|".join(re.escape(spelled) for spelled in sorted(hidden, key=len, reverse=True))
    return re.sub(longest_first, HIDDEN, text) if hidden else text


def _spellings(secret: str) -> set[str]:
    """JSON twice: a message in JSON may itself quote a JSON body."""
    forms = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}
    forms |= {json.dumps(form)[1:-1] for form in forms}
    return forms | {json.dumps(form)[1:-1] for form in forms}
