"""What a look at the library entry and at the observation installation means for the connector's setup. Pure.

The secret never shows. A consent completed under a mark proves the secret that was declared when the mark was written;
later edits in the console are invisible until the next consent, which every report says beside the verdict.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components import derive
from components.cyclr import marks
from components.inspectors import TokenFacts
from components.secrets import fingerprint
from components.verdicts import CUSTOMER, ROLE, Evidence, Setting, Verdict

OWN_CREDENTIALS = ("ClientId", "ClientSecret")
LIMIT = "a secret typed into the library later is not seen until the next consent"
PAGE = "the authorise link leads to a page instead of the login dialog: the library entry is not filled in"
OTHER_PAGE = "the authorise link leads to a page that says nothing of the library entry: look again later"
HIDDEN = "shown as soon as the authorise link leads to the login dialog"
BOUNCED = "the authorise link of an authenticated installation does not show the login dialog at this vendor"
OWN_START = "the observation installation has its own"
OWN = OWN_START + " {names}: it proves those, not the library entry"
FOREIGN = "the consent that stands left a token of another app, so it proves nothing about the declared secret"
NOT_YET = "no consent was completed yet"
UNPROVEN = "authenticated, but not after `authorize` marked it for this secret, so the consent proves nothing about it"
SWAPPED = "[client-secret]"
"""Stands for what was found where the secret itself was typed into another field of the console."""
DIALOG = "the login dialog asks for other values than the declared ones, whatever was proven before"


@dataclass(frozen=True)
class Seen:
    """What one look saw."""

    authenticated: bool
    own: tuple[str, ...]
    """Those of OWN_CREDENTIALS that the installation itself holds."""
    mark: marks.Consent | None
    dialog: Mapping[str, str] | None
    """Query of the redirect to the login dialog, as `open_authorise_link` gives it."""
    token: TokenFacts | None = None
    """What the provider says of the consent's token; None where it is not shown or not told."""


def seen(live: Mapping[str, Any], dialog: Mapping[str, str] | None, token: TokenFacts | None = None) -> Seen:
    """The look, from the installation, the first answer of the authorise link and the provider's word on the token."""
    own = {str(entry.get("Name")).lower() for entry in live.get("Properties") or [] if entry.get("Value")}
    return Seen(
        live.get("Authenticated") is True,
        tuple(name for name in OWN_CREDENTIALS if name.lower() in own),
        marks.read_consent(live.get("Description")),
        dialog,
        token,
    )


def access_token(live: Mapping[str, Any]) -> str:
    """The access token in the installation's AuthValue; empty where the vendor shows none. Memory only."""
    try:
        shown = json.loads(live.get("AuthValue") or "{}")
    except (TypeError, ValueError):
        return ""
    token = shown.get("AccessToken") if isinstance(shown, dict) else None
    return token if isinstance(token, str) else ""


def consent_by(look: Seen, settings: Sequence[Setting]) -> str:
    """Who gave the consent that stands: `customer`, `role` (somebody with a role on the app), or empty: not told."""
    proven = any(setting.evidence is Evidence.PROVEN for setting in settings)
    if not proven or look.token is None or not look.token.lives or look.token.has_role is None:
        return ""
    return ROLE if look.token.has_role else CUSTOMER


def split_scopes(text: str) -> list[str]:
    """Scopes of a dialog: separated by commas or spaces, as the vendor likes; order has no meaning."""
    return derive.canonical_set(scope for scope in re.split(r"[,\s]+", text) if scope)


def judge(props: Mapping[str, Any], declared_fingerprint: str, look: Seen) -> list[Setting]:
    """Client id, redirect URI and scopes as the dialog shows them, then the secret by the consent."""
    dialog = without_secret(look.dialog or {}, props["client_id"], declared_fingerprint)
    shown = [
        _shown("client_id", props["client_id"], look, dialog.get("client_id")),
        _shown("redirect_uri", derive.redirect_uri(props["service_domain"]), look, dialog.get("redirect_uri")),
    ]
    expected = props.get("scopes") or (list(look.mark.scopes) if look.mark else None)
    if expected:
        shown.append(_shown("scopes", sorted(expected), look, split_scopes(dialog.get("scope", ""))))
    return [*shown, _secret(declared_fingerprint, look, shown)]


def without_secret(dialog: Mapping[str, str], client_id: str, declared_fingerprint: str) -> dict[str, str]:
    """What the dialog is asked for, unless somebody typed the secret into a field of the console: never repeated."""
    words = {word for value in dialog.values() for word in (value.strip(), *split_scopes(value))}
    secret = next((word for word in words if word and fingerprint(word, client_id) == declared_fingerprint), None)
    return {key: value.replace(secret, SWAPPED) if secret else value for key, value in dialog.items()}


def _shown(setting: str, declared: Any, look: Seen, found: Any) -> Setting:
    """Judge what the dialog shows; `found` is that, read where there is a dialog."""
    if look.dialog is None and setting == "client_id":
        return Setting(setting, declared, None, Verdict.REFUSED, Evidence.OBSERVED, PAGE)
    if look.dialog is None:
        return Setting(setting, declared, None, Verdict.UNKNOWN, Evidence.NONE, HIDDEN)
    if "client_id" not in look.dialog:
        note = OTHER_PAGE if look.dialog else BOUNCED
        return Setting(setting, declared, None, Verdict.INCONCLUSIVE, Evidence.NONE, note)
    if look.own and setting == "client_id":
        return Setting(setting, declared, found, Verdict.INCONCLUSIVE, Evidence.NONE, _own(look))
    verdict = Verdict.ACCEPTED if found == declared else Verdict.REFUSED
    return Setting(setting, declared, found, verdict, Evidence.OBSERVED)


def _secret(declared: str, look: Seen, shown: list[Setting]) -> Setting:
    """The table of the design, first row that fits."""
    matches = look.mark is not None and look.mark.fingerprint == declared
    found = look.mark.fingerprint if look.mark and look.authenticated else None
    if look.own:
        return Setting("client_secret", declared, None, Verdict.INCONCLUSIVE, Evidence.NONE, _own(look))
    if not look.authenticated:
        return Setting("client_secret", declared, None, Verdict.UNKNOWN, Evidence.NONE, NOT_YET)
    if any(setting.verdict is Verdict.REFUSED for setting in shown):
        return Setting("client_secret", declared, found, Verdict.REFUSED, Evidence.OBSERVED, DIALOG)
    if not matches or look.mark is None:
        return Setting("client_secret", declared, found, Verdict.INCONCLUSIVE, Evidence.NONE, UNPROVEN)
    if look.token is not None and not look.token.is_ours:
        return Setting("client_secret", declared, found, Verdict.INCONCLUSIVE, Evidence.NONE, FOREIGN)
    note = f"consent completed after the mark of {look.mark.date}{_token(look.token)}; {LIMIT}"
    return Setting("client_secret", declared, found, Verdict.ACCEPTED, Evidence.PROVEN, note)


def _token(facts: TokenFacts | None) -> str:
    """What the provider says of the consent's token. A dead one ends this account's calls and no customer's."""
    if facts is None:
        return ""
    if not facts.lives:
        return f"; its token no longer lives ({facts.cause})"
    return f"; its token lives and grants {', '.join(facts.scopes) or 'nothing'}"


def _own(look: Seen) -> str:
    return OWN.format(names=" and ".join(look.own))
