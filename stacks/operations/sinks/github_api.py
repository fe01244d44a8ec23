"""Calls to GitHub's REST API, as far as comments and issues need them: paging, rate limits, repeats, errors.

Units:   seconds.
Retries: after a lost connection, 5xx or a refusal for the rate, as long as the service says, and not past PATIENCE; a
         POST only after another look has shown that it took no effect.
Source:  GitHub's pages on pagination, rate limits and best practices of its REST API (2022-11-28).
Never:   sends the token to another host; shows the token or a text that was sent.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NoReturn, TypeVar
from urllib.parse import urljoin, urlsplit

import stamina

from components import errors, sending
from components.calls import Answer, Call, Dialect, place
from stacks.operations.sinks.addresses import origin, trusted
from stacks.operations.sinks.github import Repository
from stacks.operations.sinks.github_refusals import LATER, refusal

T = TypeVar("T")

PATIENCE = 60.0
"""From the first call of an errand: no wait ends later, and nothing is repeated later."""
ATTEMPTS = 6
PAGE_SIZES = (100, 10)
"""Entries asked for at once. Where pages of the largest are not had (long texts, a busy service), smaller ones are."""
HOPS = 3
"""Redirects followed, at most: a renamed repository has one."""
ROBOT = "github-actions[bot]"
"""Whom a workflow's own token writes as; it may not ask who it is."""

_clock = time.monotonic
_NO_USER = "not accessible by integration"
_NEXT = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?')
_VENDOR = Dialect("GitHub", lambda _: None, {})


class _Again(Exception):
    """A call that failed for now."""

    def __init__(self, error: errors.ApiError, wait: float | None = None) -> None:
        super().__init__()
        self.error, self.wait = error, wait


class Service:
    """The API for one errand in one repository; it holds no connection of its own."""

    def __init__(self, repository: Repository, permission: str) -> None:
        """`permission` is what a job must be given for this errand, as a workflow spells it."""
        parts = urlsplit(repository.api)
        self._origin, self._root = origin(parts), parts.path
        self.repository, self._permission = repository, permission
        self._end = _clock() + PATIENCE

    @cached_property
    def login(self) -> str:
        """Whom this token writes as."""
        if self.repository.login:
            return self.repository.login
        try:
            user = self._repeated("GET", f"{self._root}/user").body
        except errors.AuthError as refused:
            if refused.status == 403 and _NO_USER in refused.why:
                return ROBOT
            raise
        login = user.get("login") if isinstance(user, dict) else None
        if not isinstance(login, str):
            raise self._broken("GET", "/user", "it does not say who the token belongs to")
        return login

    def writes_as(self, login: str) -> None:
        """Take it from what was just created: an app's token may not ask who it is."""
        self.login = login or self.login

    def listed(self, path: str, query: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        """Every entry of a list of the repository, from all its pages."""
        largest, smallest = PAGE_SIZES
        try:
            return self._pages(path, {**(query or {}), "per_page": str(largest)})
        except errors.TransportError:
            return self._pages(path, {**(query or {}), "per_page": str(smallest)})

    def change(self, path: str, body: Mapping[str, str]) -> bool:
        """Change an object of the repository; False when it is gone."""
        try:
            self._repeated("PATCH", self._path(path), body)
        except errors.NotFound:
            return False
        return True

    def remove(self, path: str) -> None:
        """Delete an object of the repository; one that is gone is as good."""
        try:
            self._repeated("DELETE", self._path(path))
        except errors.NotFound:
            return

    def create(self, path: str, body: Mapping[str, str], is_there: Callable[[], bool]) -> dict[str, Any] | None:
        """What was created; None when `is_there` finds it after an answer that was lost or a refusal for its rate."""

        def act(number: int) -> dict[str, Any] | None:
            if number > 1 and is_there():
                return None
            created = self._once("POST", self._path(path), body).body
            if not isinstance(created, dict):
                raise _Again(self._broken("POST", path, "the answer is not what was created"))
            return created

        return self._patiently(act)

    def _pages(self, path: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = []
        answer = self._repeated("GET", self._path(path), query=query)
        while True:
            if not isinstance(answer.body, list) or not all(isinstance(entry, dict) for entry in answer.body):
                raise self._broken("GET", path, "a page of the list is not a list")
            entries += answer.body
            following = _NEXT.search(answer.headers.get("Link", ""))
            if not following:
                return entries
            answer = self._repeated("GET", self._own(following[1], self._path(path)))

    def _repeated(
        self, method: str, path: str, body: Mapping[str, str] | None = None, query: Mapping[str, str] | None = None
    ) -> Answer:
        return self._patiently(lambda _: self._once(method, path, body, query))

    def _patiently(self, act: Callable[[int], T]) -> T:
        try:
            for attempt in stamina.retry_context(on=_Patience(self._end), attempts=ATTEMPTS, timeout=None):
                with attempt:
                    return act(attempt.num)
        except _Again as last:
            raise last.error from None
        raise AssertionError("the retry loop ends with an answer or an error")

    def _once(
        self, method: str, path: str, body: Mapping[str, str] | None = None, query: Mapping[str, str] | None = None
    ) -> Answer:
        for _ in range(HOPS + 1):
            call = self._call(method, path, body, query)
            try:
                answer = sending.send(self._origin, _VENDOR, call)
            except errors.TransportError as lost:
                lost.fix = LATER
                raise _Again(lost) from None
            if answer.status not in ((301, 302, 307, 308) if method == "GET" else (307, 308)):
                return answer if answer.status < 300 else self._refuse(call, answer)
            path, query = self._own(answer.headers.get("Location", ""), path), None
        raise self._broken(method, path, "it redirects again and again")

    def _call(self, method: str, path: str, body: Mapping[str, str] | None, query: Mapping[str, str] | None) -> Call:
        """One request. Every status is an answer, so that it is judged here."""
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.repository.token}",
            "User-Agent": "cyclr-connectors",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        secrets = (self.repository.token,)
        return Call(
            method, path, query, json=body, headers=headers, repeatable=False, json_expected=False,
            statuses=range(400, 600), secrets=secrets,
        )  # fmt: skip

    def _own(self, address: str, path: str) -> str:
        """Path and query of an address that the service gave, if it is its own."""
        parts = trusted(urljoin(self._origin + path, address))
        if not address or parts is None or origin(parts) != self._origin:
            raise self._broken("GET", path, "it points to another host, where the token must not go")
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def _refuse(self, call: Call, answer: Answer) -> NoReturn:
        where = place(self._origin, call).partition("?")[0]
        found = refusal(where, answer, self._permission)
        raise _Again(found.error, found.wait) if found.passing else found.error

    def _path(self, path: str) -> str:
        return f"{self._root}/repos/{self.repository.name}{path}"

    def _broken(self, method: str, path: str, why: str) -> errors.TransportError:
        where = f"{method} {self._origin}{path.partition('?')[0]}"
        return errors.TransportError("GitHub gave no usable answer", where=where, why=why, fix=LATER)


class _Patience:
    """How long to wait after each failure of one call; not at all where the wait would end too late."""

    def __init__(self, end: float) -> None:
        self._end, self._next = end, 0.5

    def __call__(self, raised: Exception) -> bool | float:
        """The wait, False for none."""
        if not isinstance(raised, _Again):
            return False
        pause = self._next + random.uniform(0, 0.5)  # noqa: S311 - spreads, hides nothing
        self._next *= 2
        wait = pause if raised.wait is None else raised.wait
        return wait if _clock() + wait < self._end else False
