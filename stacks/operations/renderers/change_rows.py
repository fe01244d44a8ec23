"""The rows of the table of changes: what one change does to several resources is one row. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from stacks.operations.renderers import markdown, words
from stacks.operations.summary.changes import CREATE, DELETE, REPLACE, UPDATE, Change
from stacks.operations.summary.observed import BLINDED, UNKNOWN

DONE = {CREATE: "created", DELETE: "deleted", REPLACE: "replaced", UPDATE: ""}
TO_DO = {UPDATE: "change"}
"""What people say for an operation; the others are called what they do."""
IDENTITY = ("app_id", "client_id", "redirect_uri", "service_domain", "account", "connector")
"""Inputs that tell which thing is meant."""
SHARED = ("app_id", "app_secret_version")
"""Inputs that each resource of an app has: they are told of the app alone."""
_UNTOLD = ("app_secret", "client_secret", "installation")
"""Inputs of a created resource that say nothing of a vendor's setting."""
_DEFAULTS: tuple[Any, ...] = (None, False, "", [], {}, UNKNOWN, BLINDED)
_ACCESS, _CONNECTOR = "pulumi-python", "OAuthConnector"
HIDDEN = "not shown"
"""Stands for the value of a secret."""


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
        if not told and of_one[0].resource != _CONNECTOR and not _is_new_access(of_one[0]):
            told = of_one[:1] if not of_one[0].setting else [_whole(of_one[0])]
        yield from told


def _whole(change: Change) -> Change:
    return Change(
        change.connector, change.resource, change.urn, change.operation, "", None, None, missing=change.missing
    )


def _is_new_access(change: Change) -> bool:
    return change.resource == _ACCESS and change.operation == CREATE


def _says_something(change: Change) -> bool:
    name = change.setting.rpartition(":")[2]
    if change.operation not in (CREATE, DELETE) or not name:
        return bool(name)
    if name in SHARED and change.resource != "facebook.AppSettings":
        return False
    if change.operation == DELETE:
        return name in IDENTITY
    if change.resource == _ACCESS:
        return name in ("graphVersion", "cyclrApiUrl")
    return name not in _UNTOLD and change.after not in _DEFAULTS and (name, change.after) != ("managed_by", "api")


def _sides(change: Change) -> tuple[str, str]:
    if not change.setting:
        return {CREATE: (markdown.NOTHING, "declared"), DELETE: ("declared", markdown.NOTHING)}.get(
            change.operation, (HIDDEN, HIDDEN)
        )
    if BLINDED in (change.before, change.after):
        before, after = (HIDDEN if side == BLINDED else markdown.value(side) for side in (change.before, change.after))
        return before, after
    return markdown.pair(change.before, change.after)


def _setting(change: Change) -> str:
    if not change.setting:
        return "all of it" if change.operation in (CREATE, DELETE) else "a secret"
    why = " (changed at the vendor)" if change.drifted else ""
    return markdown.escape(words.setting(change.setting)) + why


def _place(connector: str, changes: Sequence[Change], whole: str) -> str:
    """The connector, then what of it changes; one that comes or goes as a whole needs no parts."""
    if changes[0].resource == _ACCESS:
        return markdown.escape(words.resource(_ACCESS)) + _done(changes[0])
    if whole in (CREATE, DELETE):
        return f"{markdown.code(connector)}, **{DONE[whole]}**"
    parts: dict[str, list[str]] = {}
    for each in changes:
        parts.setdefault(_done(each), []).append(markdown.escape(words.resource(each.resource)))
    told = [", ".join(dict.fromkeys(names)) + done for done, names in parts.items()]
    return f"{markdown.code(connector)}: {'; '.join(told)}"


def _done(change: Change) -> str:
    done = "made again, it is gone at the vendor" if change.missing else DONE.get(change.operation, change.operation)
    return f", **{done}**" if done else ""
