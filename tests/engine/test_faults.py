"""Vendors that fail, one case per class, through the real engine: the right resource is named, nothing is invented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.declared import Environment
from tests.engine.environment import end_orphans, engine_environment
from tests.engine.stack import CONNECTOR_KEY, EngineStack
from tests.worlds import APP_ID, running_sandbox

pytestmark = pytest.mark.engine

SETTINGS, REDIRECT, PUBLICATION = "facebook.AppSettings", "facebook.LoginRedirect", "facebook.AppPublication"
INSTALLATION, SETUP = "cyclr.ConnectorInstallation", "cyclr.ConnectorSetup"
ALL = {SETTINGS, REDIRECT, PUBLICATION, INSTALLATION, SETUP}
UNREACHABLE, DENIED = "unreachable", "not authorised"
HTML = "<html><body>We are sorry</body></html>"
LATE = {"Retry-After": "86400"}
"""Nobody waits for that: the error comes at once."""

APP = {"vendor": "facebook", "method": "GET", "path": f"^/v[0-9.]+/{APP_ID}[?]"}
GRAPH_TOKEN = {"vendor": "facebook", "method": "POST", "path": "/oauth/access_token"}
INSTALLED = {"vendor": "cyclr", "method": "GET", "path": "^/v1.0/account/connectors/"}
SIGN_IN = {"vendor": "cyclr", "method": "POST", "path": "/signintoken$"}
LINK = {"vendor": "cyclr", "method": "GET", "path": "^/connectorauth/"}
CYCLR_TOKEN = {"vendor": "cyclr", "method": "POST", "path": "^/oauth/token$"}


def answer(call: dict[str, Any], status: int, body: Any = None, headers: dict[str, str] | None = None) -> Any:
    """That call is answered so, every time."""
    return {**call, "then": {"status": status, "body": body, "headers": headers or {}}}


def graph(code: int, call: dict[str, Any] = APP, **said: bool) -> Any:
    """That call to Graph is refused under a code."""
    return answer(call, 400, {"error": {"message": "No.", "code": code, "fbtrace_id": "Atrace", **said}})


@dataclass(frozen=True)
class Case:
    """Faults of both vendors at once, and what cannot be looked at because of them."""

    faults: tuple[Any, ...]
    unseen: dict[str, tuple[str, str]]
    """Resource -> class, and a piece of its error."""


def settings_unseen(kind: str, said: str) -> dict[str, tuple[str, str]]:
    """The app's settings, and what is only looked at after them."""
    behind = (UNREACHABLE, "not reached because")
    return {SETTINGS: (kind, said), REDIRECT: behind, PUBLICATION: behind}


def installation_unseen(kind: str, said: str) -> dict[str, tuple[str, str]]:
    """The installation, and what is only looked at through it."""
    return {INSTALLATION: (kind, said), SETUP: (UNREACHABLE, "not reached because")}


DROPPED = ({"vendor": "facebook", "path": "/", "then": "drop"},)
CASES = {
    "outage": Case(DROPPED, settings_unseen(UNREACHABLE, "could not be reached")),
    "failing-vendor": Case(
        (answer({"vendor": "cyclr", "path": "^/v1.0/"}, 500, HTML), graph(1, GRAPH_TOKEN)),
        installation_unseen(UNREACHABLE, "HTTP 500") | settings_unseen(DENIED, "refuses the app secret"),
    ),
    "stall-and-code-190": Case(
        ({**LINK, "then": "stall"}, graph(190)),
        {SETUP: (UNREACHABLE, "no answer within the time allowed")} | settings_unseen(DENIED, "code 190"),
    ),
    "429-and-401": Case(
        (answer(APP, 429, {}, LATE), answer(INSTALLED, 401, {"Message": "Denied"})),
        settings_unseen(UNREACHABLE, "HTTP 429") | installation_unseen(DENIED, "HTTP 401"),
    ),
    "garbage-and-403": Case(
        ({**APP, "then": "garbage"}, answer(INSTALLED, 403, HTML)),
        settings_unseen(UNREACHABLE, "could not be reached") | installation_unseen(DENIED, "HTTP 403"),
    ),
    "truncated-and-refused-token": Case(
        ({**APP, "then": {"truncate": 1}}, answer(CYCLR_TOKEN, 400, {"error": "invalid_client"})),
        settings_unseen(UNREACHABLE, "could not be reached")
        | installation_unseen(DENIED, "refuses our API credentials"),
    ),
    "html-and-no-token-endpoint": Case(
        (answer(APP, 200, HTML), answer(CYCLR_TOKEN, 404, HTML)),
        settings_unseen(UNREACHABLE, "the body is not JSON") | installation_unseen(UNREACHABLE, "HTTP 404"),
    ),
    "code-4-and-500": Case(
        (graph(4, is_transient=False), answer(SIGN_IN, 500, {}, LATE)),
        settings_unseen(UNREACHABLE, "code 4") | {SETUP: (UNREACHABLE, "HTTP 500")},
    ),
    "code-100-and-400": Case(
        (graph(100), answer(SIGN_IN, 400, {"Message": "No"})),
        settings_unseen(UNREACHABLE, "code 100") | {SETUP: (UNREACHABLE, "HTTP 400")},
    ),
    "code-10": Case((graph(10),), settings_unseen(DENIED, "code 10")),
}


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineStack]:
    """One environment for all cases, on the day a customer can connect: a look changes nothing in it."""
    folder = tmp_path_factory.mktemp("faults")
    with running_sandbox() as world:
        stack = EngineStack(world, engine_environment(folder), folder)
        stack.up()
        environment = Environment(world)
        environment.people_set_everything()
        world.dashboard(api_access_to_settings=True)
        assert stack.command("attest", CONNECTOR_KEY, "advanced_access", "--by", "jane@acme.example").returncode == 0
        environment.authorise()
        stack.up()
        yield stack
        end_orphans(folder)


@pytest.fixture
def stack(deployed: EngineStack) -> Iterator[EngineStack]:
    """The same, without faults and log."""
    deployed.world.clear_faults()
    deployed.world.forget_requests()
    yield deployed
    deployed.world.clear_faults()


def urns(stack: EngineStack) -> dict[str, str]:
    """Resource -> its URN in the state."""
    resources = json.loads(stack.state())["checkpoint"]["latest"]["resources"]
    found = {resource["type"].rpartition("/")[2].replace(":", "."): resource["urn"] for resource in resources}
    return {kind: urn for kind, urn in found.items() if kind in ALL}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_fault_is_not_observed_and_hides_nothing_else(stack: EngineStack, case: Case):
    """Exit 1 with class, error and URN of each resource that was not seen; the others whole, nothing written."""
    before = stack.state()
    for fault in case.faults:
        stack.world.fault(times=None, **fault)

    code, document = stack.status()

    unseen = {entry["resource"]: entry for entry in document["not_observed"]}
    (connector,) = document["connectors"]
    seen = {entry["resource"]: entry["verdict"] for entry in connector["settings"]}
    assert (code, document["ready"], document.get("not_applied")) == (1, False, None)
    assert {kind: entry["class"] for kind, entry in unseen.items()} == {k: c for k, (c, _) in case.unseen.items()}
    assert {kind: entry["urn"] for kind, entry in unseen.items()} == {k: urns(stack)[k] for k in case.unseen}
    for kind, (_, said) in case.unseen.items():
        assert said in unseen[kind]["error"]
        assert "not reached" in said or f"where: {kind} " in unseen[kind]["error"]
    assert set(seen) == ALL - set(case.unseen)
    assert set(seen.values()) <= {"accepted"}
    assert (stack.world.writes(), stack.state()) == ([], before)


DRIFT = ("outage", "failing-vendor", "429-and-401", "garbage-and-403")
"""One of each kind; every read under every fault is held against `drift` in tests/contract/faults."""


@pytest.mark.parametrize("case", [CASES[name] for name in DRIFT], ids=DRIFT)
def test_fault_is_never_drift(stack: EngineStack, case: Case):
    """`drift` says not observed of the same resources, exit 1, and has no finding of any other class."""
    for fault in case.faults:
        stack.world.fault(times=None, **fault)

    done = stack.command("drift", "--json")

    (environment,) = json.loads(done.stdout)["environments"]
    found = {each["resource"]: each["class"] for each in environment["findings"]}
    assert (done.returncode, environment["verdict"]) == (1, "not observed")
    assert found == {kind: unseen for kind, (unseen, _) in case.unseen.items()}


def test_vendor_that_says_404_says_gone(stack: EngineStack):
    """A 404 for an installation of an account that is there is no fault: the installation is missing, exit 7."""
    stack.world.fault(times=None, **answer(INSTALLED, 404, {"Message": "Not found."}))

    code, document = stack.status()

    missing = [entry["resource"] for entry in document["not_applied"] if entry.get("missing")]
    assert (code, document.get("not_observed"), missing) == (7, None, [INSTALLATION])


def test_update_during_an_outage_changes_nothing(stack: EngineStack):
    """`up` while a vendor drops everything fails, names the resource, sends no write and keeps every resource."""
    before = urns(stack)
    stack.world.fault(times=None, **DROPPED[0])

    done = stack.up(check=False)

    assert done.returncode != 0
    assert f"where: {SETTINGS} app {APP_ID}, environment sandbox" in done.stdout + done.stderr
    assert (stack.world.writes(), urns(stack)) == ([], before)


def test_write_whose_answer_is_lost_is_sent_once(stack: EngineStack):
    """An update that Facebook took and did not confirm fails, is not repeated, and stands in the next look."""
    stack.world.app(name="Somebody else's")
    stack.world.fault(vendor="facebook", method="POST", path=f"/{APP_ID}$", times=None, then="drop_after")

    failed = stack.up(check=False)

    assert failed.returncode != 0
    assert f"where: {SETTINGS} app {APP_ID}, environment sandbox, POST" in failed.stdout + failed.stderr
    assert len(stack.world.writes()) == 1
    stack.world.clear_faults()
    stack.world.forget_requests()
    code, document = stack.status()
    assert (code, document["ready"], stack.world.writes()) == (0, True, [])
