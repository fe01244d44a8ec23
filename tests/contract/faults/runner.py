"""Runs one provider method with a fault on one of its calls."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any, ClassVar
from urllib.parse import unquote

import pytest
from pulumi.dynamic import CreateResult

from components import errors, http
from tests.contract.faults.scenarios import Scenario, standing
from tests.contract.faults.table import STALLS, Fault
from tests.declared import Environment
from tests.worlds import World

ATTEMPTS = 3
"""Enough to outlive a fault that comes twice."""
MOMENT = 0.05
"""Seconds of patience with a call that is stalled on purpose."""
REPEATED_POSTS = re.compile(r"/oauth/access_token$|/oauth/token$|/signintoken$")
"""POSTs that change nothing which a second one would harm."""
SPENT_BY_A_GET = re.compile(r"^/connectorauth/")
"""The authorise link: its token is good for one look."""


@dataclass(frozen=True)
class Sent:
    """One call of a method, as the request log has it."""

    vendor: str
    method: str
    path: str
    """Without query."""
    nth: int
    """How many calls of that method and path went before it."""

    @property
    def may_repeat(self) -> bool:
        """Whether sending it twice does no harm."""
        if self.method == "POST":
            return bool(REPEATED_POSTS.search(self.path))
        return not SPENT_BY_A_GET.search(self.path)

    def __str__(self) -> str:
        return f"{self.method} {self.path} #{self.nth}"


@dataclass(frozen=True)
class Outcome:
    """What a method returned or raised, what it sent meanwhile, and how long it asked to wait."""

    result: Any
    error: BaseException | None
    log: tuple[Mapping[str, Any], ...]
    waits: tuple[float, ...]

    @property
    def outs(self) -> Mapping[str, Any]:
        """Outputs of the resource, empty when it is gone or forgotten."""
        return (getattr(self.result, "outs", None) or {}) if self.error is None else {}

    @property
    def id(self) -> str | None:
        """Id of the resource; None when it is gone, or the method returns none."""
        return getattr(self.result, "id", None)

    def calls(self) -> list[Sent]:
        """The calls, in their order."""
        seen: dict[tuple[str, str, str], int] = {}
        calls = []
        for entry in self.log:
            key = (entry["vendor"], entry["method"], entry["path"].partition("?")[0])
            calls.append(Sent(*key, seen.get(key, 0)))
            seen[key] = seen.get(key, 0) + 1
        return calls

    def writes(self) -> list[tuple[str, str, str]]:
        """Method, path and body of every call that changes something."""
        return [
            (entry["method"], entry["path"], repr(entry["body"]))
            for entry, call in zip(self.log, self.calls(), strict=True)
            if call.method != "GET" and not REPEATED_POSTS.search(call.path)
        ]


class QuickWorld(World):
    """The sandbox with one plain connection for all that a test asks of it: it is asked some ten thousand times."""

    def __init__(self, world: World) -> None:
        super().__init__({**vars(world)})
        self._connection = HTTPConnection(self.control.removeprefix("http://"), timeout=10)

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        self._connection.request(method, path, None if body is None else json.dumps(body))
        answer = self._connection.getresponse()
        text = answer.read()
        assert answer.status == 200, f"{method} {path}: {answer.status} {text[:300]!r}"
        return json.loads(text)


class Stage:
    """One scenario set up on a sandbox: it can be played with any fault, again and again."""

    _on_stage: ClassVar[Stage | None] = None
    """Whose world the sandbox holds now."""

    def __init__(self, world: QuickWorld, scenario: Scenario) -> None:
        self.world = world
        self.scenario = scenario
        self.environment = Environment(self.world)
        self.made = self._born()
        scenario.prepare(self.environment)
        self.inputs = self.environment.inputs(scenario.kind, **scenario.changes)
        self._state = self.world.state()
        self.start = standing(self._state)
        self.fine = self._act(self._method())
        assert self.fine.error is None, f"{scenario.name} without faults: {self.fine.error}"
        self.end = standing(self.world.state())
        self.writes = bool(self.fine.writes())
        self.calls = self.fine.calls()

    def _born(self) -> CreateResult | None:
        Stage._on_stage = None
        self.world.first_day()
        self.environment.forget_tokens()
        if self.scenario.method == "create":
            return None
        (self.scenario.born or self.scenario.prepare)(self.environment)
        inputs = self.environment.inputs(self.scenario.kind, **{**self.scenario.changes, **self.scenario.olds})
        return self.environment.provider(self.scenario.kind).create(inputs)

    def faulted(self, call: Sent, fault: Fault, times: int | None) -> Outcome:
        """The method while `fault` takes that call, and those like it after it, so often; None: every time."""
        self._set()
        path = f"^{re.escape(call.path)}([?]|$)"
        self.world.fault(vendor=call.vendor, method=call.method, path=path, times=times, skip=call.nth, then=fault.then)
        with impatient(call, moment=MOMENT if fault in STALLS else None):
            outcome = self._act(self._method())
        self.world.clear_faults()
        return outcome

    def may_come_again(self, call: Sent) -> bool:
        """Whether the method sends that method and path at other times, too: then it may do so after a fault."""
        alike = [other for other in self.calls if (other.method, other.path) == (call.method, call.path)]
        return len(alike) > 1

    def _set(self) -> None:
        if self.writes or Stage._on_stage is not self:
            self.world.put(self._state)
        Stage._on_stage = self

    def again(self, first: Outcome) -> Outcome:
        """What the next run does after `first`: the same method, or a look and an update where it had succeeded."""
        if first.error is not None or self.scenario.method == "delete":
            return self._act(self._method())
        return self._act(lambda: self._look_and_update(first))

    def _look_and_update(self, first: Outcome) -> Any:
        kind, resource = self.scenario.kind, first.id or (self.made and self.made.id)
        seen = self.environment.provider(kind).read(resource, dict(first.outs))
        assert seen.id is not None, "the object is gone"
        if seen.inputs == self.inputs:
            return seen
        return self.environment.provider(kind).update(resource, seen.outs, self.inputs)

    def _method(self) -> Callable[[], Any]:
        provider = self.environment.provider(self.scenario.kind)
        if self.made is None:
            return lambda: provider.create(dict(self.inputs))
        made_id, outs = self.made.id, dict(self.made.outs)
        return {
            "read": lambda: provider.read(made_id, outs),
            "update": lambda: provider.update(made_id, outs, dict(self.inputs)),
            "delete": lambda: provider.delete(made_id, outs),
        }[self.scenario.method]

    def _act(self, method: Callable[[], Any]) -> Outcome:
        self.environment.forget_tokens()
        self.world.forget_requests()
        result, error = None, _Raised()
        with _waits() as waits, error:
            result = method()
        return Outcome(result, error.raised, tuple(self.world.requests()), tuple(waits))


class _Raised:
    """Keeps whatever was raised: that it is one of ours is what a test wants to know."""

    raised: BaseException | None = None

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, raised: BaseException | None, _trace: object) -> bool:
        self.raised = raised
        return isinstance(raised, errors.ConnectorError | ValueError | LookupError | TypeError | AttributeError)


@contextmanager
def _waits() -> Iterator[list[float]]:
    """The waits that are granted meanwhile, in seconds; none is waited for."""
    granted: list[float] = []

    class Noting(http._Patience):
        def __call__(self, raised: Exception) -> bool | float:
            wait = super().__call__(raised)
            granted.extend([] if wait is False else [float(wait)])
            return wait

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(http, "_Patience", Noting)
        yield granted


@contextmanager
def impatient(call: Sent, moment: float | None) -> Iterator[None]:
    """Few attempts; and for calls like this one only a moment of patience, where one is given."""
    exchange = http._exchange

    def quick(session: Any, base: str, sent: Any, left: float, end: float) -> Any:
        alike = (sent.method, unquote(sent.path)) == (call.method, call.path)
        return exchange(session, base, sent, min(left, moment) if alike and moment else left, end)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(http, "_exchange", quick)
        patch.setattr(http, "ATTEMPTS", ATTEMPTS)
        yield
