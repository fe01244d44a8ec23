"""The rules on changes by which nobody is cut off. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from components.facebook.app_rules import DOMAINS, FIELDS
from stacks.operations.summary import notices
from stacks.operations.summary.changes import DELETE, Change
from stacks.operations.summary.rules.facts import APP, INSTALLATION, REDIRECT, SETUP, Facts, Said, texts

_LABELS = {entry.name: entry.label for entry in FIELDS}


def scopes(facts: Facts) -> Iterator[Said]:
    """A person types scopes, and only a consent takes them over."""
    changed = facts.find(SETUP, "scopes")
    if changed:
        yield Said(
            False,
            f"The declared scopes change. Until the library entry asks for them, {notices.NOTICES[SETUP]['scopes']}; "
            "who is connected keeps the old ones until the next consent.",
            "Type the scopes into the library entry; a new one may need Advanced Access at Facebook.",
        )


def version(facts: Facts) -> Iterator[Said]:
    """An upgrade is a button at Cyclr."""
    changed = facts.find(INSTALLATION, "version") or facts.find(SETUP, "version")
    if changed:
        yield Said(
            False,
            f"The connector's release changes from {_shown(changed.before)} to {_shown(changed.after)}. Nothing is "
            "upgraded by the update: installations stay on their release.",
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
    """What the login dialog shows of the app. App domains have rules of their own, and a move brings its Site URL."""
    told = (DOMAINS.name, *(["website_url"] if facts.find(SETUP, "service_domain") else []))
    for each in facts.all(APP):
        said = notices.of_setting(APP, each.setting, seen=True)
        if each.setting in _LABELS and each.setting not in told and not each.drifted and said != notices.NOBODY:
            yield Said(False, f"{_LABELS[each.setting]} changes: {said}.")


def drifted(facts: Facts) -> Iterator[Said]:
    """What somebody changed at the vendor, and the update puts back."""
    back = [each for each in facts.changes if each.drifted and not _only_more(each)]
    if back:
        names = ", ".join(dict.fromkeys(_LABELS.get(each.setting, each.setting) for each in back))
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
            if key not in after:
                yield Said(False, f"Attestation withdrawn: {key}. What cannot be observed becomes an open step again.")
            elif before.get(key) != after[key]:
                who = f"{after[key].get('by')} on {after[key].get('date')}"
                yield Said(
                    False,
                    f"Attested by {who}, not observed: {key}, {after[key].get('value')}.",
                    "Make sure that this person has looked.",
                )


def _words(setting: str, side: Any) -> dict[str, Mapping[str, Any]]:
    """Setting -> attestation; a redirect has a single one."""
    if not isinstance(side, Mapping):
        return {}
    if setting == "attestation":
        return {"redirect_uri": side}
    return {key: word for key, word in side.items() if isinstance(word, Mapping)} if setting == "attestations" else {}


def _shown(value: Any) -> str:
    return "none" if value in (None, "") else str(value)


RULES: tuple[Callable[[Facts], Iterator[Said]], ...] = (
    scopes,
    version,
    managed_by,
    fields,
    drifted,
    redirects,
    attestations,
)
