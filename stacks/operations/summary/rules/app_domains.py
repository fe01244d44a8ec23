"""The rules on the app domains of an app that stays. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from components import derive
from components.facebook.app_rules import DOMAINS
from stacks.operations.summary.changes import APP, CREATE, REPLACE, UPDATE
from stacks.operations.summary.rules.facts import SETUP, Facts, Said, texts

_REFUSED = 'Who connects through such a domain then sees "Can\'t load URL" or "URL Blocked".'


def removed(facts: Facts) -> Iterator[Said]:
    """Facebook keeps what is no longer declared, unless the declaration is exclusive."""
    changed, only = facts.find(APP, DOMAINS.name), facts.find(APP, "exclusive_app_domains")
    gone = [each for each in texts(changed.before) if each not in texts(changed.after)] if changed else []
    moved = facts.find(SETUP, "service_domain")
    if moved and changed and not changed.exclusive:  # the move tells of it
        gone = [each for each in gone if each != derive.app_domain(str(moved.before))]
    names = ", ".join(gone)
    if not changed or not names or changed.by_hand or (only and only.after):
        return
    if not changed.exclusive:
        yield Said(False, f"App domain no longer declared: {names}. It stays at Facebook and is reported.")
    elif changed.drifted:
        yield Said(
            True,
            f"App domain removed at Facebook, where somebody added it: {names}. {_REFUSED}",
            "Find out whose it is; declare it if it is needed.",
        )
    else:
        yield Said(
            True,
            f"App domain no longer declared: {names}. It is removed at Facebook. {_REFUSED}",
            "Make sure that nobody connects through it any more.",
        )


def exclusive(facts: Facts) -> Iterator[Said]:
    """Which domains of others go, as far as they were seen."""
    changed = facts.find(APP, "exclusive_app_domains", by=(CREATE, UPDATE, REPLACE))
    if not changed or changed.by_hand:
        return
    listed = facts.find(APP, DOMAINS.name)  # of changed domains the look shows only those of the declaration
    if not changed.after:
        if changed.operation == UPDATE:
            yield Said(False, "App domains are exclusive no more: those that are not declared are kept and reported.")
    elif changed.kept is None:
        yield Said(
            True,
            "App domains are exclusive from this update on: each one at Facebook that is not declared here is removed, "
            f"and which there are was not looked at. {_REFUSED}",
            "Compare with the App domains of the app at Facebook; declare those that others need.",
        )
    elif changed.kept or listed:
        names = [*changed.kept, *(["any other that is not declared here"] if listed else [])]
        yield Said(
            True,
            f"App domains become exclusive, and the update removes at Facebook: {', '.join(names)}. {_REFUSED}",
            "Find out whose they are; declare those that are needed.",
        )
    else:
        yield Said(
            False,
            "App domains become exclusive. None but the declared ones stand at Facebook now; one that is added there "
            "later is removed by the next update.",
        )
