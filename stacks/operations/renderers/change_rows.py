"""The rows of the table of changes: what one change does to several resources is one row. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from stacks.operations.renderers import markdown, words
from stacks.operations.summary.changes import (
    ACCESS,
    CREATE,
    DELETE,
    NOT_LOOKED_AT,
    REPLACE,
    UPDATE,
    Change,
)
from stacks.operations.summary.look import ADOPT, FORGET
from stacks.operations.summary.observed import BLINDED, UNKNOWN
from stacks.operations.summary.rules.access import CALLED
from stacks.operations.summary.rules.facts import texts

DONE = {
    ADOPT: "adopted",
    CREATE: "created",
    DELETE: "deleted",
    FORGET: "forgotten, it stays there",
    REPLACE: "replaced",
    UPDATE: "",
}
TO_DO = {UPDATE: "change"}
"""What people say for an operation; the others are called what they do."""
IDENTITY = ("app_id", "client_id", "redirect_uri", "service_domain", "account", "connector")
"""Inputs that tell which thing is meant."""
SHARED = ("app_id", "app_secret_version")
"""Inputs that each resource of an app has: they are told of the app alone."""
_UNTOLD = ("app_secret", "client_secret", "installation")
"""Inputs of a created resource that say nothing of a vendor's setting."""
_DEFAULTS: tuple[Any, ...] = (None, False, "", [], {}, UNKNOWN, BLINDED)
_BOOKKEEPING = ("references", "secretNames")
"""Inputs of the access that tell where secrets live, which the resources tell as well."""
_ATTESTATIONS = ("attestation", "attestations")
_CONNECTOR = "OAuthConnector"
HIDDEN = "not shown"
"""Stands for the value of a secret."""
UNDECLARED = "no longer declared"
"""Stands for what a vendor keeps: nothing is ever cleared there."""


def rows(changes: Sequence[Change]) -> list[str]:
    """Each change with its place, setting, and both values; equal ones of several resources together."""
    whole = {each.connector: each.operation for each in changes if each.resource == _CONNECTOR}
    grouped: dict[tuple[str, ...], list[Change]] = {}
    for each in _told(changes):
        before, after = _sides(each)
        key = (each.connector, _setting(each), before, after)
        grouped.setdefault(key, []).append(each)
    return [
        markdown.row((_place(connector, same, whole.get(connector, "")), setting, before, after))
        for (connector, setting, before, after), same in grouped.items()
    ]


def resources(changes: Iterable[Change]) -> dict[str, int]:
    """What is done -> to how many resources at vendors and accesses; the component that groups them is none."""
    done = dict.fromkeys((each.urn, each.operation) for each in changes if each.resource != _CONNECTOR)
    return dict(Counter(f"to {TO_DO.get(operation, operation)}" for _, operation in done))


def _told(changes: Sequence[Change]) -> Iterator[Change]:
    """Without what says nothing: defaults of created resources, what is known of deleted ones beside their identity."""
    for urn in dict.fromkeys(each.urn for each in changes):
        of_one = [each for each in changes if each.urn == urn]
        told = [each for each in of_one if _says_something(each)]
        if not told and of_one[0].resource != _CONNECTOR and not _is_quiet(of_one):
            told = of_one[:1] if not of_one[0].setting else [_whole(of_one[0])]
        yield from told


def _whole(change: Change) -> Change:
    return replace(change, setting="", before=None, after=None, drifted=False)


def _is_quiet(of_one: Sequence[Change]) -> bool:
    """The access, where it is new or only its bookkeeping changes."""
    names = {each.setting.rpartition(":")[2] for each in of_one}
    return of_one[0].resource == ACCESS and (of_one[0].operation == CREATE or names <= set(_BOOKKEEPING))


def _says_something(change: Change) -> bool:
    name = change.setting.rpartition(":")[2]
    if change.resource == ACCESS and name in _BOOKKEEPING:
        return False
    if change.operation == REPLACE and change.unseen == NOT_LOOKED_AT:  # the settings of another app than before
        return False
    if change.operation not in (CREATE, DELETE) or not name:
        return bool(name)
    if name in SHARED and change.resource != "facebook.AppSettings":
        return False
    if change.operation == DELETE:
        return name in IDENTITY
    if change.resource == ACCESS:
        return name in ("graphVersion", "cyclrApiUrl") or change.after not in (None, CALLED.get(name, change.after))
    return name not in _UNTOLD and change.after not in _DEFAULTS and (name, change.after) != ("managed_by", "api")


def _sides(change: Change) -> tuple[str, str]:
    before, after = _values(change)
    before = change.unseen or before
    if change.operation in (DELETE, FORGET) or (change.undeclared and change.resource != ACCESS):
        after = UNDECLARED
    elif change.setting == "app_domains" and change.after and _others_stay(change):
        after += " (others stay)"
    return before, after


def _others_stay(change: Change) -> bool:
    """Whether app domains beside the declared ones stand there, or may: of a new app that is not known."""
    there = {*texts(change.before), *(change.kept or ())}
    return not change.exclusive and (change.unseen == NOT_LOOKED_AT or not there <= set(texts(change.after)))


def _values(change: Change) -> tuple[str, str]:
    if not change.setting:
        if change.operation in (ADOPT, CREATE):
            return markdown.NOTHING, "declared"
        return ("declared", markdown.NOTHING) if change.operation in (DELETE, FORGET) else (HIDDEN, HIDDEN)
    if change.setting in _ATTESTATIONS:
        return _word(change.before), _word(change.after)
    if BLINDED in (change.before, change.after):
        before, after = (HIDDEN if side == BLINDED else markdown.value(side) for side in (change.before, change.after))
        return before, after
    return markdown.pair(change.before, change.after)


def _word(told: Any) -> str:
    """A person's word as a person reads it: the setting, its value, by whom and when."""
    if not isinstance(told, Mapping):
        return markdown.value(told)
    words_of = {"": told} if "value" in told else told
    if not all(isinstance(each, Mapping) for each in words_of.values()):
        return markdown.value(told)
    shown = [
        f"{words.setting(key)}: " * bool(key) + f"{each.get('value')}, by {each.get('by')} on {each.get('date')}"
        for key, each in words_of.items()
    ]
    return markdown.value("; ".join(shown) or None)


def _setting(change: Change) -> str:
    if not change.setting:
        return "a secret" if change.operation in (UPDATE, REPLACE) else "all of it"
    why = " (changed at the vendor)" if change.drifted else ""
    return markdown.escape(words.setting(change.setting, change.resource)) + why


def _place(connector: str, changes: Sequence[Change], whole: str) -> str:
    """The connector, then what of it changes; one that comes or goes as a whole needs no parts."""
    if changes[0].resource == ACCESS:
        return markdown.escape(words.resource(ACCESS)) + _done(changes[0])
    if whole in (CREATE, DELETE):
        return f"{markdown.code(connector)}, **{DONE[whole]}**"
    parts: dict[str, list[str]] = {}
    for each in changes:
        parts.setdefault(_done(each), []).append(markdown.escape(words.resource(each.resource, each.urn)))
    told = [", ".join(dict.fromkeys(names)) + done for done, names in parts.items()]
    return f"{markdown.code(connector)}: {'; '.join(told)}"


def _done(change: Change) -> str:
    again = f"made again, it is gone at {change.holder}"
    done = again if change.missing else DONE.get(change.operation, change.operation)
    return f", **{done}**" if done else ""
