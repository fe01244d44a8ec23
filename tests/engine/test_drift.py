"""`drift` on the real engine: each class of finding from a real change or fault, and nothing written by looking."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.engine.stack import CONNECTOR_KEY, EngineStack
from tests.worlds import APP_ID

pytestmark = pytest.mark.engine

SETTINGS, REDIRECT, PUBLICATION = "facebook.AppSettings", "facebook.LoginRedirect", "facebook.AppPublication"
INSTALLATION, SETUP = "cyclr.ConnectorInstallation", "cyclr.ConnectorSetup"
CLASSES = {"drifted", "missing", "not applied", "open step", "unreachable", "not authorised", "inconclusive"}
KEYS = {
    "connector", "resource", "urn", "setting", "class", "evidence", "expected", "found", "customer", "repair", "where",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """Something that happens to a ready environment, and what `drift` owes."""

    happens: Callable[[EngineStack], None]
    verdict: str
    code: int
    found: dict[tuple[str, str], tuple[str, str]]
    """(resource, setting) -> class and evidence."""


def declare(**values: Any) -> Callable[[EngineStack], None]:
    """The stack file declares something else, and nobody applied it."""

    def edit(config: Any) -> None:
        config["cyclr-connectors:connectors"][CONNECTOR_KEY].update(values)

    return lambda stack: stack.edit(edit)


def reset_secret(stack: EngineStack) -> None:
    """Somebody resets the app secret at Facebook."""
    stack.world.app(secret="a" * 32)


def drop_facebook(stack: EngineStack) -> None:
    """Facebook is down."""
    stack.world.fault(vendor="facebook", path="/", then="drop", times=None)


def remove_installation(stack: EngineStack) -> None:
    """Somebody removes the observation installation."""
    account = {**stack.world.account(), "connectors": []}
    others = [each for each in stack.world.state()["cyclr"]["accounts"] if each["Id"] != account["Id"]]
    stack.world.patch({"cyclr": {"accounts": [account, *others]}})


def own_credentials(stack: EngineStack) -> None:
    """Somebody gives the observation installation credentials of its own."""
    stack.world.change_installation(Properties=[{"Id": 1, "Name": "ClientId", "Value": APP_ID}])


BEHIND = {
    (SETTINGS, ""): ("unreachable", "none"),
    (REDIRECT, ""): ("unreachable", "none"),
    (PUBLICATION, ""): ("unreachable", "none"),
}
CASES = {
    "nothing": Case(lambda _: None, "in sync", 0, {}),
    "name changed": Case(
        lambda stack: stack.world.app(name="My app"), "drifted", 7, {(SETTINGS, "name"): ("drifted", "observed")}
    ),
    "redirect URI taken out": Case(
        lambda stack: stack.world.dashboard(redirect_uris=[]),
        "drifted",
        7,
        {(REDIRECT, "redirect_uri"): ("drifted", "observed"), (PUBLICATION, "live"): ("inconclusive", "none")},
    ),
    "installation removed": Case(
        remove_installation,
        "drifted",
        7,
        {(INSTALLATION, ""): ("missing", "observed"), (SETUP, "installation"): ("not applied", "observed")},
    ),
    "declared anew": Case(
        declare(appName="Acme Ads (new)"), "not applied", 7, {(SETTINGS, "name"): ("not applied", "observed")}
    ),
    "consent ended": Case(
        lambda stack: stack.world.change_installation(Authenticated=False),
        "open steps",
        7,
        {(SETUP, "client_secret"): ("open step", "none")},
    ),
    "own credentials": Case(
        own_credentials,
        "open steps",
        7,
        {(SETUP, "client_id"): ("inconclusive", "none"), (SETUP, "client_secret"): ("inconclusive", "none")},
    ),
    "outage": Case(drop_facebook, "not observed", 1, BEHIND),
    "secret reset": Case(reset_secret, "not observed", 1, {**BEHIND, (SETTINGS, ""): ("not authorised", "none")}),
}


def drift(stack: EngineStack, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit code and the one environment of `drift --json`."""
    done = stack.command("drift", "--json", *arguments)
    assert done.stdout, f"{done.returncode}: {done.stderr}"
    (environment,) = json.loads(done.stdout)["environments"]
    return done.returncode, environment


@pytest.mark.timeout(900)
def test_each_class_is_found_by_a_real_look(ready_stack):
    """Each change and fault is a finding of its class, the verdict and exit code follow, and nothing is written."""
    world, whole, file = ready_stack.world, ready_stack.world.state(), ready_stack.stack_file.read_text()
    state = ready_stack.state()
    met = set()
    for name, case in CASES.items():
        case.happens(ready_stack)
        world.forget_requests()

        code, environment = drift(ready_stack)

        found = {(each["resource"], each["setting"]): each for each in environment["findings"]}
        assert (code, environment["verdict"]) == (case.code, case.verdict), f"{name}: {environment}"
        assert {key: (each["class"], each["evidence"]) for key, each in found.items()} == case.found, name
        assert all(each.keys() >= KEYS for each in found.values()), name
        assert world.writes() == [], name
        assert ready_stack.state() == state, name
        met |= {each["class"] for each in found.values()}
        world.clear_faults()
        world.patch(whole)
        ready_stack.stack_file.write_text(file)

    assert met == CLASSES
