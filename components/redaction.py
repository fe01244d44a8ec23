"""Takes what was sent in secret out of what a vendor answered, however an error repeats it. Pure."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Collection
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
    """As a query, a query in a query, HTML and JSON spell it. JSON twice: a message in JSON may itself quote a body."""
    encoded = {quote(secret), quote(secret, safe=""), quote_plus(secret)}
    encoded |= {_PERCENT.sub(lambda found: found[0].lower(), form) for form in encoded}
    forms = {secret, *encoded, *(quote(form, safe="") for form in encoded)}
    forms |= {html.escape(secret), html.escape(secret, quote=False)}
    forms |= {_MARKUP.sub(as_escape, secret) for as_escape in _ESCAPES}
    forms |= {json.dumps(form)[1:-1] for form in forms}
    return forms | {json.dumps(form)[1:-1] for form in forms}


_PERCENT = re.compile(r"%[0-9A-F]{2}")
_MARKUP = re.compile(r"[\"&'+<>`]")
"""What some servers write as \\uXXXX in JSON."""
_ESCAPES: tuple[Callable[[re.Match[str]], str], ...] = (
    lambda found: f"\\u{ord(found[0]):04X}",
    lambda found: f"\\u{ord(found[0]):04x}",
)
