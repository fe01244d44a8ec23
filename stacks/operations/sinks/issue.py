"""One open issue for each marker (what it is about, and which environment): opened, kept up to date, closed.

An issue is ours as a comment is: by its marker and its author. What it lists is hidden in its first line as short
hashes, so that it is written only when the findings change; one comment then says so to those who follow it. Of several
of ours the oldest stays, with the newest text, and the others are closed: so two runs at once leave one.
Never:   changes a title, a label or an issue that is not ours; reopens one that is closed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from components.calls import unusable
from components.errors import NotFound
from stacks.operations.sinks import comment
from stacks.operations.sinks.comment import ISSUES, Deed, Posted, author_of, fitted, marker
from stacks.operations.sinks.github import Repository
from stacks.operations.sinks.github_api import Service

LONGEST_TITLE = 250
_PATH = "/issues"
_HIDDEN = re.compile(r" <!-- revision (?P<revision>\d+):(?P<findings>[ 0-9a-f]*) -->")


def keep(
    repository: Repository, mark: str, title: str, render: Callable[[int], str], findings: Collection[str]
) -> Posted:
    """Open the issue, or bring it up to date if its findings are not these.

    `findings` names each finding, with all that makes it another one; `render` gives the text within a number of
    characters.
    Raises: ApiError and its kinds; ConnectorError, when `render` keeps no limit.
    """
    tracker, hashes = _Tracker(Service(repository, ISSUES), mark), frozenset(map(_hash, findings))
    there = tracker.only()
    if there is None:
        made = tracker.open(title, fitted(tracker.head(1, hashes), render))
        if made is not None:
            return Posted(Deed.CREATED, made.url)
        there = tracker.only()
    if there is None or there.findings == hashes:
        return Posted(Deed.UNCHANGED, there.url if there else "")
    revision = there.revision + 1
    # The comment first: if the run breaks between the two, the next one finds it and changes the text.
    tracker.say(there, marker("change", str(revision)), f"The findings changed: {_changed(there.findings, hashes)}.")
    tracker.write(there, fitted(tracker.head(revision, hashes), render))
    return Posted(Deed.UPDATED, there.url)


def close(repository: Repository, mark: str, text: str) -> Posted:
    """Close the issue with a comment; nothing where none is open."""
    tracker = _Tracker(Service(repository, ISSUES), mark)
    there = tracker.only()
    if there is None:
        return Posted(Deed.NONE)
    revision = there.revision + 1
    tracker.say(there, marker("close", str(revision)), text)
    tracker.close(there, "completed", tracker.head(revision, there.findings) + there.rest)
    return Posted(Deed.CLOSED, there.url)


@dataclass(frozen=True)
class _Issue:
    number: int
    author: str
    text: str
    url: str
    revision: int = 0
    """Counts the changes that were told to those who follow it."""
    findings: frozenset[str] = frozenset()
    rest: str = ""
    """The text after the hidden line."""


class _Tracker:
    """The open issues of a repository that are ours."""

    def __init__(self, service: Service, mark: str) -> None:
        self._service, self._mark = service, mark

    def head(self, revision: int, findings: Collection[str]) -> str:
        """The hidden first line."""
        return f"{self._mark} <!-- revision {revision}: {' '.join(sorted(findings))} -->"

    def only(self) -> _Issue | None:
        """The issue of ours that is open; what an earlier run left beside it is closed."""
        ours = self._ours()
        self._merge(ours)
        return ours[0] if ours else None

    def open(self, title: str, text: str) -> _Issue | None:
        """A new issue, the only one of ours; None where one is there after an answer that was lost."""
        short = title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"
        answer = self._service.create(_PATH, {"title": short, "body": text}, lambda: bool(self._ours()))
        if answer is None:
            return None
        made = self._read(answer)
        self._service.writes_as(made.author)
        ours = self._ours() or [made]
        if not comment.same(ours[0].text, ours[-1].text):
            self.write(ours[0], ours[-1].text)
        self._merge(ours)
        return ours[0]

    def write(self, issue: _Issue, text: str) -> None:
        """Replace the text."""
        self._change(issue, {"body": text})

    def close(self, issue: _Issue, reason: str, text: str) -> None:
        """Close it, with this text."""
        self._change(issue, {"state": "closed", "state_reason": reason, "body": text})

    def say(self, issue: _Issue, mark: str, text: str) -> None:
        """One comment with that marker, however many runs say it."""
        comment.put(self._service, issue.number, mark, lambda limit: text[:limit])

    def _change(self, issue: _Issue, body: Mapping[str, str]) -> None:
        if not self._service.change(f"{_PATH}/{issue.number}", body):
            raise NotFound(
                "The issue is not up to date",
                where=issue.url,
                why="it was deleted or moved while it was being changed",
                fix="run again: a new one is opened where one is needed",
            )

    def _merge(self, ours: Sequence[_Issue]) -> None:
        for other in ours[1:]:
            self.say(other, marker("duplicate"), f"Closed: #{ours[0].number} is about the same.")
            self.close(other, "not_planned", other.text)

    def _ours(self) -> list[_Issue]:
        """The oldest first. The list holds pull requests as well."""
        login = self._service.login
        entries = self._service.listed(_PATH, {"state": "open", "creator": login})
        found = [self._read(entry) for entry in entries if "pull_request" not in entry]
        own = [each for each in found if each.text.startswith(self._mark) and each.author == login]
        return sorted(own, key=lambda each: each.number)

    def _read(self, entry: Mapping[str, Any]) -> _Issue:
        number, text = entry.get("number"), entry.get("body")
        if type(number) is not int:
            raise unusable("GitHub", _PATH, "an issue has no number")
        issue = _Issue(number, author_of(entry), text if isinstance(text, str) else "", str(entry.get("html_url", "")))
        after = issue.text.removeprefix(self._mark)
        hidden = _HIDDEN.match(after)
        if hidden is None:  # somebody edited it: nothing is known of what it lists
            return replace(issue, rest=after)
        findings = frozenset(hidden["findings"].split())
        return replace(issue, revision=int(hidden["revision"]), findings=findings, rest=after[hidden.end() :])


def _hash(finding: str) -> str:
    return hashlib.sha256(finding.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _changed(before: Collection[str], after: Collection[str]) -> str:
    new, gone = len(set(after) - set(before)), len(set(before) - set(after))
    words = [f"{count} {word}" for count, word in ((new, "new"), (gone, "gone")) if count]
    return f"{', '.join(words)}; {len(after)} now"
