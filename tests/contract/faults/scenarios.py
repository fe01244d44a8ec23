"""Provider methods on worlds that make them send every call they know, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.declared import Environment

SETTINGS, REDIRECT, PUBLICATION = "facebook.AppSettings", "facebook.LoginRedirect", "facebook.AppPublication"
INSTALLATION, SETUP = "cyclr.ConnectorInstallation", "cyclr.ConnectorSetup"
PROPERTIES = {"AdAccount": "act_42"}


@dataclass(frozen=True)
class Scenario:
    """One method of one resource."""

    name: str
    kind: str
    method: str
    prepare: Callable[[Environment], None]
    """Makes the world, before the resource is there or after it was made."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Inputs that are declared differently."""
    born: Callable[[Environment], None] | None = None
    """The world in which the resource was made, for all methods but `create`; the same when absent."""
    olds: Mapping[str, Any] = field(default_factory=dict)
    """Inputs that were declared differently when it was made; None for one that was not declared."""

    @property
    def is_second_look(self) -> bool:
        """Whether it sends what another scenario sends: a declared step is updated by looking, as it is read."""
        return self.method == "update" and self.kind in (REDIRECT, PUBLICATION, SETUP)


def _ready(environment: Environment) -> None:
    environment.make_ready()


def _differing(environment: Environment) -> None:
    """Facebook holds other settings than the declared, and takes them from the API."""
    environment.people_set_everything()
    environment.world.app(name="My first app", app_domains=["other.example"], website_url=None)
    environment.world.dashboard(api_access_to_settings=True)


def _refusing(environment: Environment) -> None:
    environment.people_set_everything()
    environment.world.dashboard(redirect_uris=[])


def _development(environment: Environment) -> None:
    environment.people_set_everything()
    environment.world.dashboard(mode="development")


def _installed(environment: Environment) -> None:
    environment.install()


def _holding_another_value(environment: Environment) -> None:
    environment.install()
    environment.world.change_installation(Properties=[{"Id": 1, "Name": "AdAccount", "Value": "act_1"}])


def _nothing(_: Environment) -> None:
    """A first day."""


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("settings-create", SETTINGS, "create", _differing),
        Scenario("settings-read", SETTINGS, "read", _ready),
        Scenario("settings-update", SETTINGS, "update", _differing, born=_ready),
        Scenario("settings-delete", SETTINGS, "delete", _ready),
        Scenario("redirect-create", REDIRECT, "create", _refusing),
        Scenario("redirect-read", REDIRECT, "read", _ready),
        Scenario("redirect-update", REDIRECT, "update", _ready),
        Scenario("redirect-delete", REDIRECT, "delete", _ready),
        Scenario("publication-create", PUBLICATION, "create", _development),
        Scenario("publication-read", PUBLICATION, "read", _ready, born=_development),
        Scenario("publication-update", PUBLICATION, "update", _ready, born=_development),
        Scenario("publication-delete", PUBLICATION, "delete", _ready),
        Scenario(
            "installation-create",
            INSTALLATION,
            "create",
            _nothing,
            {"account": "new-account", "create_account": True},
        ),
        Scenario("installation-adopt", INSTALLATION, "create", _installed, {"properties": PROPERTIES}),
        Scenario("installation-read", INSTALLATION, "read", _installed),
        Scenario(
            "installation-update",
            INSTALLATION,
            "update",
            _holding_another_value,
            {"properties": PROPERTIES},
            olds={"properties": None},
        ),
        Scenario("installation-delete", INSTALLATION, "delete", _installed),
        Scenario("setup-create", SETUP, "create", _installed),
        Scenario("setup-read", SETUP, "read", _ready),
        Scenario("setup-update", SETUP, "update", _ready),
        Scenario("setup-delete", SETUP, "delete", _ready),
    )
}
"""Together they hold every method of every resource; each call that they send is found by a run without faults."""


def accounts(state: Mapping[str, Any]) -> dict[str, list[tuple[str, str, dict[str, str]]]]:
    """Account -> its installations, without what a look may leave behind."""
    return {
        account["Id"]: [
            (entry["Name"], entry["Description"] or "", {p["Name"]: p["Value"] for p in entry["Properties"]})
            for entry in account["connectors"]
        ]
        for account in state["cyclr"]["accounts"]
    }


def standing(state: Mapping[str, Any]) -> tuple[Any, ...]:
    """What writes can change at both vendors."""
    return state["facebook"]["apps"], accounts(state)


def of_kinds(prefix: str) -> list[str]:
    """Names of the scenarios of these resources that send anything: a declared step is forgotten without a call."""
    owning = [name for name in SCENARIOS if SCENARIOS[name].method != "delete" or SCENARIOS[name].kind == INSTALLATION]
    return [name for name in owning if SCENARIOS[name].kind.startswith(prefix)]
