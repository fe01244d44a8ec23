"""The rules on changes by which nobody is cut off. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from components.cyclr.connector_setup import CONSENT, LIBRARY
from components.facebook import app_publication, login_redirect
from components.facebook.app_rules import DOMAINS
from stacks.operations.summary import notices
from stacks.operations.summary.changes import APP, DELETE, LABELS, NOT_LOOKED_AT, Change
from stacks.operations.summary.rules.facts import INSTALLATION, REDIRECT, SETUP, Facts, Said, host, texts

_AFTERWARDS = {
    "name": "the login dialog asks for consent in the declared name",
    "privacy_policy_url": "the login dialog links to the declared privacy policy",
    "terms_of_service_url": "the login dialog links to the declared terms of service",
    "deauthorize_callback_url": "who removes the app is reported at the declared address",
}
"""Setting of an app -> what holds once it is written."""
_ATTESTED = {
    "redirect_uri": login_redirect.LABEL,
    "client_id": LIBRARY,
    "client_secret": CONSENT,
    **app_publication.LABELS,
}
"""Key of an attestation -> what people call it."""


def scopes(facts: Facts) -> Iterator[Said]:
    """A person types scopes, and only a consent takes them over."""
    changed = facts.find(SETUP, "scopes")
    if changed and changed.undeclared:
        yield Said(False, "Scopes are no longer declared: they stay in Cyclr's library entry as they are.")
    elif changed:
        yield Said(
            False,
            "The declared scopes change. Until the library entry asks for them, new customers grant what it asks for "
            "now; who is connected keeps the old ones until the next consent.",
            "Type the scopes into the library entry; a new one may need Advanced Access at Facebook.",
        )


def version(facts: Facts) -> Iterator[Said]:
    """An upgrade is a button at Cyclr."""
    changed = facts.find(INSTALLATION, "version") or facts.find(SETUP, "version")
    if changed and changed.undeclared:
        yield Said(
            False, "The connector's release is no longer declared: installations stay on the one that they have."
        )
    elif changed:
        told = (
            f"The declared release of the connector changes from {changed.before} to {changed.after}."
            if changed.before
            else f"The release of the connector is declared from now on: {changed.after}."
        )
        yield Said(
            False,
            f"{told} Nothing is upgraded by the update: installations stay on their release.",
            "Upgrade the observation installation in Cyclr's console, then customers' as you see fit.",
        )


def managed_by(facts: Facts) -> Iterator[Said]:
    """Who writes the settings of the app."""
    changed = facts.find(APP, "managed_by")
    if changed and changed.after == "dashboard":
        yield Said(False, "Updates no longer write the app's settings: each difference becomes an open step.")
    elif changed:
        yield Said(
            False,
            "Updates write the app's settings from now on, over what was typed by hand.",
            "The app must allow API access to its settings (Settings > Advanced).",
        )


def fields(facts: Facts) -> Iterator[Said]:
    """What the update makes of the app as the login dialog shows it. App domains have rules of their own."""
    for each in facts.all(APP):
        if each.setting not in LABELS or each.unseen == NOT_LOOKED_AT or (each.drifted and not each.by_hand):
            continue
        label = LABELS[each.setting]
        if each.undeclared:
            yield Said(
                False,
                f"{label} is no longer declared: it stays at Facebook as it is, and is not looked at any more.",
            )
        elif each.by_hand:
            yield Said(False, f"{label}: not written by the update, but an open step while it differs.")
        elif each.setting in _AFTERWARDS:
            does = "is written over whatever stands there, which was not looked at" if each.unseen else "changes"
            yield Said(False, f"{label} {does}: {_AFTERWARDS[each.setting]}.")


def site(facts: Facts) -> Iterator[Said]:
    """Another Site URL mends the new address and may break the old one. That of a move is told by the move."""
    changed = facts.find(APP, "website_url")
    if not changed or changed.drifted or changed.undeclared or changed.by_hand or facts.find(SETUP, "service_domain"):
        return
    if changed.unseen and changed.unseen != NOT_LOOKED_AT:
        yield Said(
            False,
            "Site URL is written over whatever stands at Facebook, which was not looked at.",
            "Compare with the Site URL of the app at Facebook: another one may be needed by others.",
        )
    elif changed.before and (old := host(str(changed.before))) != host(str(changed.after)):
        yield Said(
            False,
            f'Site URL no longer names {old}: who logs in by way of it may see "Can\'t load URL", unless it is among '
            "the App domains.",
        )


def drifted(facts: Facts) -> Iterator[Said]:
    """What somebody changed at the vendor, and the update puts back."""
    back = [each for each in facts.changes if each.drifted and not each.by_hand and not _only_more(each)]
    if back:
        names = ", ".join(dict.fromkeys(LABELS.get(each.setting, each.setting) for each in back))
        met = dict.fromkeys(notices.of_setting(each.resource, each.setting, seen=True) for each in back)
        until = "; ".join(each for each in met if each != notices.NOBODY)
        yield Said(
            False,
            f"Changed at the vendor since the last update, and put back by this one: {names}."
            + (f" Until then: {until}." if until else ""),
            "Ask who changed it, and why, before it is put back.",
        )


def _only_more(change: Change) -> bool:
    """App domains that somebody added: nothing is put back, and what is removed has a rule of its own."""
    return change.setting == DOMAINS.name and set(texts(change.after)) <= set(texts(change.before))


def redirects(facts: Facts) -> Iterator[Said]:
    """What is declared no more while its connector stays."""
    for each in facts.all(REDIRECT, "redirect_uri", by=(DELETE,)):
        yield Said(
            False,
            f"Redirect URI no longer declared: {each.before}. It stays in the list at Facebook; nobody looks at it.",
            "Take it out there once nobody comes back through it.",
        )


def attestations(facts: Facts) -> Iterator[Said]:
    """A person's word that comes, changes or goes."""
    for each in facts.changes:
        before, after = (_words(each.setting, side) for side in (each.before, each.after))
        for key in sorted({*before, *after}):
            label = _ATTESTED.get(key, key)
            if key not in after:
                yield Said(
                    False, f"Attestation withdrawn: {label}. What cannot be observed becomes an open step again."
                )
            elif before.get(key) != after[key]:
                word = after[key]
                yield Said(
                    False,
                    f"{label} would rest on the word of {word.get('by')}, given on {word.get('date')}: that it is "
                    f"{word.get('value')} is attested, not observed.",
                    "Make sure that this person has looked.",
                )


def _words(setting: str, side: Any) -> dict[str, Mapping[str, Any]]:
    """Setting -> attestation; a redirect has a single one."""
    if not isinstance(side, Mapping):
        return {}
    if setting == "attestation":
        return {"redirect_uri": side}
    return {key: word for key, word in side.items() if isinstance(word, Mapping)} if setting == "attestations" else {}


RULES: tuple[Callable[[Facts], Iterator[Said]], ...] = (
    scopes,
    version,
    managed_by,
    fields,
    site,
    drifted,
    redirects,
    attestations,
)
