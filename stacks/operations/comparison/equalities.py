"""What several environments have in common and should not, as far as their stack files tell. Pure.

Never: a secret compared with another one. Equal cipher text is the same secret; any other says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from stacks.mending import Loc
from stacks.operations.comparison.declared import NOT_KNOWN, REGION, Declared, Row, connectors, row

SAME_DOMAIN = "two environments of one service domain are one: their customers arrive at the same address"
SAME_CLIENT = "whoever rotates or blocks the API client of one cuts off the other"
SAME_ACCOUNT = "they observe through each other's installation: a consent or a mark of one changes what the other sees"
SAME_APP = (
    "a change or a rotation for one reaches the other's customers; with shared: true one stack alone owns the app"
)
SAME_SECRET = "the same encrypted text, so the same secret: copied from one file into the other"  # noqa: S105 - prose
SAME_PLACE = "the same place at AWS, so the same secret: a rotation for one reaches the other's customers"
NO_OWNER = "all of them share the app: the stack that owns it is not among those compared"
WHOSE = "one app, and whether one stack alone owns it is not known here"
OUTSIDE = "an address of this machine, which only a stack with sandbox in its name has"
ENCRYPTED = (
    "each encrypted by itself, so that even the same secret has another text: only a copied text would tell, and"
    " nothing is decrypted"
)
OUT_OF_SIGHT = "not in every file, and what env: or a cloud holds is not read: whether it is the same cannot be told"


def equalities(environments: Sequence[Declared]) -> Iterator[tuple[str, Row]]:
    """Each row with the list that it belongs to: equal, or not compared."""
    for rule in (_environments, _apps, _secrets, _addresses):
        yield from rule(environments)


def _environments(environments: Sequence[Declared]) -> Iterator[tuple[str, Row]]:
    for loc, why in ((("serviceDomain",), SAME_DOMAIN), (("cyclr", "clientId"), SAME_CLIENT)):
        for group in _groups((each.value(loc), each) for each in environments):
            yield "equal", row(loc, group, why)
    account = ("cyclr", "account")
    placed = [each for each in environments if NOT_KNOWN not in (each.value(account), each.value(REGION))]
    for group in _groups(((each.value(REGION), each.value(account)), each) for each in placed):
        yield "equal", row(account, group, SAME_ACCOUNT)


def _apps(environments: Sequence[Declared]) -> Iterator[tuple[str, Row]]:
    for name in connectors(environments):
        loc, shared = ("connectors", name, "appId"), ("connectors", name, "shared")
        for group in _groups((each.value(loc), each) for each in environments):
            said = [each.value(shared) for each in group]
            if said.count(False) > 1:
                yield "equal", row(loc, group, SAME_APP)
            elif NOT_KNOWN in said:
                yield "not_compared", row(shared, group, WHOSE)
            elif False not in said:
                yield "not_compared", row(shared, group, NO_OWNER)


def _secrets(environments: Sequence[Declared]) -> Iterator[tuple[str, Row]]:
    """Each secret beside what it belongs to: of one app, or of one client, it is the same by necessity."""
    places: list[tuple[Loc, Loc]] = [(("cyclr", "clientSecret"), ("cyclr", "clientId"))]
    places += [(("connectors", name, "appSecret"), ("connectors", name, "appId")) for name in connectors(environments)]
    for loc, subject in places:
        there = [each for each in environments if each.value(loc) not in (None, NOT_KNOWN)]
        for group in _groups((each.cipher(loc), each) for each in there):
            if len({each.value(subject) for each in group}) > 1:
                yield "equal", row(loc, group, SAME_SECRET)
        for group in _groups((each.place(loc), each) for each in there):
            if len({each.value(subject) for each in group}) > 1:
                yield "equal", row(loc, group, SAME_PLACE)
        # Two places at AWS, like two texts, may hold the same secret; what holds neither is not seen at all.
        if len({each.cipher(loc) or each.place(loc) or each.environment for each in there}) > 1:
            encrypted = all(each.cipher(loc) for each in there)
            yield "not_compared", row(loc, there, ENCRYPTED if encrypted else OUT_OF_SIGHT)


def _addresses(environments: Sequence[Declared]) -> Iterator[tuple[str, Row]]:
    outside = [each for each in environments if not each.is_sandbox]
    for loc in dict.fromkeys(loc for each in outside for loc in each.settings):
        found = [each for each in outside if each.is_local(loc)]
        if found:
            yield "equal", row(loc, found, OUTSIDE)


def _groups(pairs: Iterable[tuple[Any, Declared]]) -> Iterator[list[Declared]]:
    """Environments of the same key, two at least; nothing and what is not known are no key."""
    found: dict[Any, list[Declared]] = {}
    for key, each in pairs:
        if key not in (None, "", NOT_KNOWN):
            found.setdefault(key, []).append(each)
    yield from (group for group in found.values() if len(group) > 1)
