"""What a consent's access token shows, when the app's own provider is asked about it.

A resource of Cyclr holds the token, and only the provider that issued it can say what it is worth. The vendors' parts
know nothing of each other: they meet here, by the host of the login dialog, at run time.
Never:  sends a token to another provider than the one whose login dialog led to it; keeps it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from components.vendor_access import Access


@dataclass(frozen=True)
class TokenFacts:
    """What the provider says of a token."""

    is_ours: bool
    """Whether it belongs to the app that asks."""
    lives: bool = False
    cause: str = ""
    """Why it no longer lives, in the provider's words."""
    scopes: tuple[str, ...] = ()
    """Granted, sorted."""
    has_role: bool | None = None
    """Whether the person who consented has a role on the app, and so sees what customers do not; None: not told."""


Inspect = Callable[["Access", str, str, str], TokenFacts]
"""Access, app id, reference of the app's secret, token. Raises: ApiError, when the provider does not tell."""


def find(access: Access, dialog_url: str) -> Inspect | None:
    """Who can tell about tokens of the app whose login dialog this is; None for a provider that nobody here knows."""
    hosts = {urlsplit(access.www_url).netloc: "components.facebook.consent_token"}
    module = hosts.get(urlsplit(dialog_url).netloc)
    if module is None:
        return None
    inspect: Inspect = importlib.import_module(module).inspect
    return inspect
