"""What we write into the Description of an installation: that we made it, and what the next consent will prove. Pure.

The marks live at the vendor, not in our state, so a lost create is found again and a restored state proves nothing new.
Two marks, since an installation that we adopted may carry a consent and must still never be removed by us.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CREATED = re.compile(r"\[cyclr-connectors: made by stack ([^\]\s]+)\]")
_CONSENT = re.compile(
    r"\[cyclr-connectors: consent under fingerprint ([0-9a-f]{12}), scopes ([^\]\s]*), date (\d{4}-\d\d-\d\d)\]"
)


@dataclass(frozen=True)
class Consent:
    """What a completed consent proves, noted before it was asked for."""

    fingerprint: str
    """Of the secret that was declared then."""
    scopes: tuple[str, ...]
    """Sorted; those that the dialog asked for."""
    date: str
    """YYYY-MM-DD."""


def created_by(stack: str) -> str:
    """The Description of an installation that we make."""
    return f"[cyclr-connectors: made by stack {stack}]"


def is_made_by(stack: str, description: str | None) -> bool:
    """Whether this stack made the installation, and may therefore remove it."""
    found = _CREATED.search(description or "")
    return found is not None and found.group(1) == stack


def read_consent(description: str | None) -> Consent | None:
    """The consent mark; None when there is none, or it was edited."""
    found = _CONSENT.findall(description or "")
    if len(found) != 1:
        return None
    fingerprint, scopes, date = found[0]
    return Consent(fingerprint, tuple(scope for scope in scopes.split(",") if scope), date)


def with_consent(description: str | None, consent: Consent) -> str:
    """The Description with this consent mark in place of an earlier one; all other text stays."""
    mark = (
        f"[cyclr-connectors: consent under fingerprint {consent.fingerprint}, "
        f"scopes {','.join(consent.scopes)}, date {consent.date}]"
    )
    return " ".join(part for part in (_CONSENT.sub("", description or "").strip(), mark) if part)
