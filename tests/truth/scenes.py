"""How a world of the table comes to be and is looked at: from the first day, or broken after it was ready."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from components import derive, errors, http
from components.cyclr import marks
from components.cyclr.api import Cyclr
from components.cyclr.authorise import authorise_link, open_authorise_link
from components.cyclr.consent import split_scopes
from components.secrets import fingerprint
from components.vendor_access import Access
from stacks.sandbox.world import merge_patch
from tests.declared import ADVANCED, PROVIDERS, Environment
from tests.truth.behaviour import DEFAULT, Assignment
from tests.truth.customer import Met, Person, offered
from tests.truth.edits import Here, State
from tests.truth.report import Inputs, Known, Report, create, read
from tests.truth.settings import BROKEN, CONSENTED, FIRST, FIRST_DAY, INSTALLED, WORD_ON_LIVE, Value
from tests.worlds import API_SECRET, APP_ID, APP_SECRET, World, running_sandbox

ROLE = "dev-user"
MARKED = "2026-11-02"


@dataclass(frozen=True)
class Row:
    """One world of the table: when, what is not right in it, and under which switches."""

    phase: str
    changed: tuple[tuple[str, Value], ...]
    """Setting and its value."""
    under: Assignment

    def __str__(self) -> str:
        what = " + ".join(f"{key} {value.name}" for key, value in self.changed) or "nothing changed"
        return f"{what}, {self.phase}, {self.under.name}"


@dataclass(frozen=True)
class Result:
    """What was reported of a world, and what the customer met in it."""

    row: Row
    report: Report
    met: Met


@dataclass(frozen=True)
class Declared:
    """What one row declares."""

    attestations: dict[str, Any]
    secret: str


@dataclass
class Snapshot:
    """A world on the day a customer can connect, under one assignment, as far as its switches let that be seen."""

    state: State
    known: Known
    here: Here


@contextmanager
def open_stage() -> Iterator[Stage]:
    """A stage with a sandbox of its own.

    It answers tens of thousands of calls at once, so neither the shell's proxies nor a thread that watches the deadline
    is asked for at each of them.
    """
    with running_sandbox() as world, mock.patch.object(http, "within", lambda _seconds, act: act()):
        session = http._session()
        trusted, session.trust_env = session.trust_env, False
        yield Stage(world)
        session.trust_env = trusted


@dataclass
class Stage:
    """One sandbox on which the worlds of the table are played, one after the other."""

    world: World
    customer: Person = field(init=False)
    observer: Person = field(init=False)
    colleague: Person = field(init=False)
    _right: State = field(init=False)
    _inputs: dict[str, dict[str, Any]] = field(init=False)
    _ready: dict[str, Snapshot] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world.first_day()
        self.customer, self.observer = Person(self.world), Person(self.world)
        self.colleague = Person(self.world, ROLE)
        environment = Environment(self.world)
        self._inputs = {kind.partition(".")[2]: environment.inputs(kind) for kind in PROVIDERS}
        self.world.app(
            name="Acme Ads (sandbox)",
            app_domains=["localhost"],
            website_url=derive.site_url(self.world.service_domain),
            dashboard={"redirect_uris": [self.world.redirect_uri], "advanced_access": True},
        )
        self.world.library(client_id=APP_ID, client_secret=APP_SECRET)
        self._right = self.world.state()

    def play(self, row: Row) -> Result:
        """One row, to its end."""
        if row.under.other("dialog_error_when_signed_out") is not None:
            self.customer.sign_out()
        declared = self._declared(row)
        state, report = self._first_day(row, declared) if row.phase == FIRST_DAY else self._broken(row, declared)
        return Result(row, report, self.customer.install_and_connect(offered(state)))

    def ready(self, under: Assignment) -> Snapshot:
        """The ready world of an assignment; of the default one where nothing can be looked at under it."""
        under = DEFAULT if under.blinds else under
        if under.name not in self._ready:
            self._ready[under.name] = self._made_ready(under)
        return self._ready[under.name]

    def look(self, known: Known) -> Report:
        """What the resources say of the world as it stands, when what is right is declared."""
        access, inputs = self._run(self._declared(Row(BROKEN, (), DEFAULT)))
        return read(known, inputs, access)[1]

    def _first_day(self, row: Row, declared: Declared) -> tuple[State, Report]:
        here = self.ready(DEFAULT).here
        state = self._state(self._right, row, FIRST, here)
        self.world.patch(state)
        access, inputs = self._run(declared)
        known, failed = create(inputs, access, "installation")
        self._publish(row, here)
        if "ConnectorInstallation" in known and all(value.consents for _, value in row.changed):
            by_role = any(value.by_role for _, value in row.changed)
            person = self.colleague if by_role else self.observer
            self._authorise(declared, access, known["ConnectorInstallation"][0], person)
        if any(value.moment == CONSENTED for _, value in row.changed):
            self.world.patch(self._state(self.world.state(), row, CONSENTED, here))
        access, _ = self._run(declared)
        _, report = read(known, inputs, access)
        report.unseen.update(failed.unseen)
        return state, report

    def _publish(self, row: Row, here: Here) -> None:
        """After the first up the app goes live, and whatever else the row has for that moment happens."""
        live = {"facebook": {"apps": {APP_ID: {"dashboard": {"mode": "live"}}}}}
        if any(value.moment == INSTALLED for _, value in row.changed):
            self.world.patch(self._state(merge_patch(self.world.state(), live), row, INSTALLED, here))
        else:
            self.world.patch(live)

    def _broken(self, row: Row, declared: Declared) -> tuple[State, Report]:
        snapshot = self.ready(row.under)
        state = self._state(snapshot.state, row, None, snapshot.here)
        self.world.patch(state)
        access, inputs = self._run(declared)
        _, report = read(snapshot.known, inputs, access)
        return state, report

    def _made_ready(self, under: Assignment) -> Snapshot:
        row = Row(BROKEN, (), under)
        declared = self._declared(row)
        self.world.patch(self._state(self._right, row, None, Here("", "")))
        access, inputs = self._run(declared)
        known, failed = create(inputs, access, "installation")
        assert not failed.unseen, f"{under.name}: {failed.unseen}"
        self.world.dashboard(mode="live")
        where = known["ConnectorInstallation"][0]
        self._authorise(declared, access, where, self.colleague)
        by_role = self.world.installation()["AuthValue"]
        assert by_role, f"{under.name}: no consent by a role"
        Cyclr(access).deauthenticate(*where.split("/"))
        for _ in range(2):  # a vendor whose link ends a consent ends the first one, once
            if not self.world.installation()["Authenticated"]:
                self._authorise(declared, access, where, self.observer)
            access, inputs = self._run(declared)
            known, _ = read(known, inputs, access)
        assert self.world.installation()["Authenticated"], f"{under.name}: no consent stands"
        return Snapshot(self.world.state(), known, Here(self.world.redirect_uri, by_role))

    def _authorise(self, declared: Declared, access: Access, where: str, person: Person) -> None:
        """What `authorize` does, and then the person whom the link is for; nothing where it refuses."""
        cyclr = Cyclr(access)
        owner, installation = where.split("/")
        service = self.world.service_url
        try:
            asked = open_authorise_link(service, installation, cyclr.sign_in_token(owner)["Token"]) or {}
            wanted = {"client_id": APP_ID, "redirect_uri": self.world.redirect_uri}
            if any(asked.get(key) != value for key, value in wanted.items()):
                return
            mark = marks.Consent(
                fingerprint(declared.secret, APP_ID), tuple(split_scopes(asked.get("scope", ""))), MARKED
            )
            description = cyclr.installation(owner, installation).get("Description")
            cyclr.describe(owner, installation, marks.with_consent(description, mark))
            token = cyclr.sign_in_token(owner)["Token"]
        except errors.ApiError:
            return
        person.connect(authorise_link(service, installation, token))

    def _state(self, base: State, row: Row, moment: str | None, here: Here) -> State:
        """A whole state: the base under the row's switches, with the row's edits of that moment; of all for None."""
        state: State = copy.deepcopy(merge_patch(base, row.under.patch()))
        for _, value in row.changed:
            if value.edit is not None and moment in (value.moment, None):
                value.edit(state, here)
        return state

    def _declared(self, row: Row) -> Declared:
        """What a person declares; where Development cannot be seen, they vouch for the app's mode as well."""
        unseen_mode = row.under.other("loopback_in_development") is not None
        words: dict[str, Any] = {**ADVANCED, **(WORD_ON_LIVE if unseen_mode else {})}
        secret = APP_SECRET
        for _, value in row.changed:
            words.update(value.attestations)
            secret = value.secret or secret
        return Declared({key: word for key, word in words.items() if word is not None}, secret)

    def _run(self, declared: Declared) -> tuple[Access, Inputs]:
        """A new run: nothing is known of an earlier one; and what the program passes in it."""
        Environment.forget_tokens()
        access = self.world.access(values={"facebookAppSecret": declared.secret, "cyclrClientSecret": API_SECRET})
        inputs = {kind: dict(given) for kind, given in self._inputs.items()}
        for given in inputs.values():
            for name in ("app_secret_version", "client_secret_version"):
                if name in given:
                    given[name] = fingerprint(declared.secret, APP_ID)
        inputs["AppPublication"].pop("attestations")
        if declared.attestations:
            inputs["AppPublication"]["attestations"] = declared.attestations
        return access, inputs
