"""One comment in a conversation (a pull request, an issue), found by a hidden marker: kept up to date, never doubled.

A comment is ours when the marker is its very beginning and its author is who the token writes as; somebody else's that
quotes the marker is not. Of several of ours the oldest stays, with the newest text, and the others are deleted: so two
runs at once leave one, whoever was first.
Units:   characters, counted as UTF-16 does: never fewer than the service counts.
Never:   changes or deletes a comment that is not ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from components.calls import unusable
from components.errors import ConnectorError
from stacks.operations.renderers.shortening import units
from stacks.operations.sinks.github import Repository
from stacks.operations.sinks.github_api import Service

LIMIT = 65_536
"""The longest text of a comment or an issue. Source: the service's refusal of a longer one."""
PULL_REQUESTS, ISSUES = "pull-requests: write", "issues: write"
"""What a job must be given to write there."""
_SPARE = 16
"""Left free, so that a first line that grows by a digit never makes a text too long."""
_TRIES = 3
"""How often to begin again where somebody deletes the comment that is being changed."""


class Deed(StrEnum):
    """What became of a comment or an issue."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CLOSED = "closed"
    NONE = "none"


@dataclass(frozen=True)
class Posted:
    """Where a comment or an issue is now, and what was done about it."""

    deed: Deed
    url: str = ""
    """Its page; "" where there is none."""


def marker(kind: str, key: str = "") -> str:
    """The hidden first words of a text of ours: what kind it is of, and which one of that kind."""
    spelled = quote(key, safe="").replace("--", "%2D%2D")  # a comment in HTML ends at two hyphens
    return f"<!-- cyclr-connectors:{kind}{' ' if spelled else ''}{spelled} -->"


def post(
    repository: Repository, number: int, mark: str, render: Callable[[int], str], *, only_if_there: bool = False
) -> Posted:
    """Bring our comment on a pull request up to date, or create it; with `only_if_there` nothing is created.

    `render` gives the text within a number of characters.
    Raises: ApiError and its kinds; ConnectorError, when `render` keeps no limit.
    """
    return put(Service(repository, PULL_REQUESTS), number, mark, render, only_if_there=only_if_there)


def put(
    service: Service, number: int, mark: str, render: Callable[[int], str], *, only_if_there: bool = False
) -> Posted:
    """As `post`, as a part of an errand, in any conversation."""
    talk, text = _Conversation(service, number, mark), fitted(mark, render)
    for _ in range(_TRIES):
        ours = talk.ours()
        if not ours and only_if_there:
            return Posted(Deed.NONE)
        posted = talk.settle(ours, text) if ours else talk.create(text)
        if posted:
            return posted
    raise ConnectorError(
        "The comment is not posted",
        where=f"number {number} of {service.repository.name}",
        why="each time it was there, somebody deleted it before it was changed",
        fix="run again when nobody else writes there",
    )


def fitted(head: str, render: Callable[[int], str]) -> str:
    """A text with its hidden first line, within LIMIT."""
    room = asked = LIMIT - _SPARE - units(head)
    for _ in range(_TRIES):
        text = render(asked)
        long = units(text)
        if long <= room:
            return f"{head}\n{text}"
        asked = asked * room // long  # the renderer counts a character that takes two units as one
    raise ConnectorError(
        "The text does not fit",
        where="the renderer of the comment",
        why=f"it gives {long} characters where {room} are left",
        fix="a fault of this program: report it with the command that was run",
    )


def same(one: str, other: str) -> bool:
    """Whether two texts read the same; the service may change the ends of lines."""
    return one.replace("\r\n", "\n").rstrip() == other.replace("\r\n", "\n").rstrip()


@dataclass(frozen=True)
class _Comment:
    number: int
    author: str
    text: str
    url: str


class _Conversation:
    """The comments of one pull request or issue that are ours."""

    def __init__(self, service: Service, number: int, mark: str) -> None:
        self._service, self._mark = service, mark
        self._path = f"/issues/{number}/comments"

    def ours(self) -> list[_Comment]:
        """The oldest first."""
        login = self._service.login
        found = [self._read(entry) for entry in self._service.listed(self._path)]
        own = [each for each in found if each.text.startswith(self._mark) and each.author == login]
        return sorted(own, key=lambda each: each.number)

    def create(self, text: str) -> Posted | None:
        """A comment with the text, the only one of ours; None where it was deleted meanwhile."""
        answer = self._service.create(self._path, {"body": text}, lambda: bool(self.ours()))
        if answer is None:  # ours after a lost answer, or one of a run at the same time
            return self.settle(self.ours(), text, Deed.CREATED)
        made = self._read(answer)
        self._service.writes_as(made.author)
        there = self.ours() or [made]
        return self.settle(there, there[-1].text, Deed.CREATED)

    def settle(self, ours: Sequence[_Comment], text: str, deed: Deed | None = None) -> Posted | None:
        """The oldest of ours has the text and is the only one; None where it was deleted meanwhile."""
        if not ours:
            return None
        kept, *others = ours
        stale = not same(kept.text, text)
        if stale and not self._service.change(_place(kept), {"body": text}):
            return None
        for other in others:
            self._service.remove(_place(other))
        return Posted(deed or (Deed.UPDATED if stale or others else Deed.UNCHANGED), kept.url)

    def _read(self, entry: Mapping[str, Any]) -> _Comment:
        number, text = entry.get("id"), entry.get("body")
        if type(number) is not int:
            raise unusable("GitHub", self._path, "a comment has no number")
        return _Comment(number, author_of(entry), text if isinstance(text, str) else "", str(entry.get("html_url", "")))


def author_of(entry: Mapping[str, Any]) -> str:
    """Who wrote a comment or an issue; "" where the account is gone."""
    user = entry.get("user")
    return str(user.get("login", "")) if isinstance(user, dict) else ""


def _place(comment: _Comment) -> str:
    return f"/issues/comments/{comment.number}"
