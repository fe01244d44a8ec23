"""Situations in which an environment can stand: how it came there, how both vendors stand, and what that means.

Together they show each resource under each verdict that it can have, and each of its open steps that stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from components import derive
from components.cyclr import marks
from components.cyclr.api import Cyclr
from components.cyclr.authorise import authorise_link
from tests.declared import ADVANCED, FINGERPRINT, Environment
from tests.people import consent
from tests.worlds import APP_ID, CONNECTOR, OBSERVATION, World

INSTALLATION = 1874
"""The id of the observation installation in every state."""
NEWER = 6001
"""The id of a release that is newer than the installed one."""
OLD_DOMAIN = "old.sslip.io"
PROPERTIES = {"ReportingCurrency": "EUR"}
SCOPES = ["ads_management", "ads_read", "business_management"]


@dataclass(frozen=True)
class Situation:
    """One environment, to be stood up in a world on its first day."""

    world: Callable[[Environment], None]
    """Makes both vendors stand as they do; the installation is there, made by this stack."""
    connector: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the connector in the stack file, beside those of the sandbox's own."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Further settings of the stack file."""
    before: Callable[[World], None] = lambda _: None
    """How the world differed when the environment was first deployed."""
    planned: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Resource -> inputs that stand as a difference in every preview, since only a person can set them."""
    passing: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Resource -> open steps that the next look closes."""


def stand(situation: Situation, environment: Environment) -> None:
    """Bring a world on its first day into the situation."""
    world = environment.world
    (release,) = [entry["Id"] for entry in world.state()["cyclr"]["connectors"] if entry["Name"] == CONNECTOR]
    installed = {"Id": INSTALLATION, "Name": CONNECTOR, "Description": marks.created_by("sandbox")}
    account = {**world.account(), "connectors": [{**installed, "Connector": release}]}
    others = [entry for entry in world.state()["cyclr"]["accounts"] if entry["Id"] != OBSERVATION]
    world.patch({"cyclr": {"accounts": [account, *others]}})
    situation.world(environment)


def _ready(environment: Environment) -> None:
    environment.people_set_everything()
    environment.world.dashboard(api_access_to_settings=True)
    environment.world.change_installation(Properties=[{"Id": 1, "Name": "ReportingCurrency", "Value": "EUR"}])
    environment.authorise()


def _first_day(environment: Environment) -> None:
    """Nothing is set in either console."""


def _dashboard(environment: Environment) -> None:
    """A person manages the app and has set another name; the library entry is filled in, and nobody consented."""
    environment.people_set_everything()
    environment.world.app(name="Somebody else's")


def _proves_nothing(environment: Environment) -> None:
    """The app takes every redirect URI; the installation has credentials of its own and an older release."""
    world = environment.world
    environment.people_set_everything()
    world.app(app_domains=["example", "localhost"], dashboard={"strict_mode": False, "redirect_uris": []})
    world.dashboard(enforce_https=False)
    world.change_installation(Properties=[{"Id": 1, "Name": "ClientId", "Value": APP_ID}])
    _newer_release(world)


def _wrong(environment: Environment) -> None:
    """Another client id, service domain and scopes after a consent; an older release than the declared one."""
    world = environment.world
    _ready(environment)
    world.library(client_id="999", scopes="ads_read")
    world.patch({"cyclr": {"service_domain": "moved.cyclr.com"}})
    world.dashboard(mode="development")
    _newer_release(world)


def _unmarked(environment: Environment) -> None:
    """A consent that nobody marked, and an app that was live before anybody looked."""
    world = environment.world
    environment.people_set_everything()
    cyclr = Cyclr(world.access())
    token = cyclr.sign_in_token(OBSERVATION)["Token"]
    consent(authorise_link(world.service_url, str(INSTALLATION), token))


def _bounced(environment: Environment) -> None:
    """The authorise link of an authenticated installation shows no dialog."""
    _ready(environment)
    environment.world.behave("facebook", authorise_link_on_authenticated="bounces")


def _ended(environment: Environment) -> None:
    """A look's authorise link ends the consent; after the first one a person gave it again."""
    _ready(environment)
    environment.world.behave("facebook", authorise_link_on_authenticated="drops_consent")


def _in_development(world: World) -> None:
    world.dashboard(mode="development")


def _unreadable(world: World) -> None:
    world.fault(vendor="cyclr", method="GET", path=rf"^/v1\.0/account/connectors/{INSTALLATION}$", then={"status": 400})


def _newer_release(world: World) -> None:
    library = world.state()["cyclr"]["connectors"]
    (older,) = [entry for entry in library if entry["Name"] == CONNECTOR]
    world.patch({"cyclr": {"connectors": [*library, {**older, "Id": NEWER, "Version": "v26.0"}]}})


def _word(value: str) -> dict[str, str]:
    return {"value": value, "by": "jane@acme.example", "date": "2026-11-02"}


def attestations(service_domain: str) -> dict[str, dict[str, str]]:
    """A person's word on everything that can be attested."""
    said = {"live": "live", "client_id": APP_ID, "client_secret": FINGERPRINT}
    return {
        **ADVANCED,
        **{key: _word(value) for key, value in said.items()},
        "redirect_uri": _word(derive.redirect_uri(service_domain)),
    }


ATTESTED = "all that can be"
"""Stands for `attestations` of the sandbox that runs, whose service domain is one of the values."""
WRITTEN = frozenset({"app_domains", "name", "website_url"})

SITUATIONS = {
    "ready": Situation(
        _ready,
        {"attestations": ADVANCED, "properties": PROPERTIES, "scopes": SCOPES, "version": "v25.0"},
        before=_in_development,
    ),
    "first-day": Situation(_first_day, planned={"facebook.AppSettings": WRITTEN}),
    "dashboard": Situation(
        _dashboard, {"managedBy": "dashboard"}, planned={"facebook.AppSettings": frozenset({"name"})}
    ),
    "proves-nothing": Situation(_proves_nothing),
    "attested": Situation(_proves_nothing, {"attestations": ATTESTED}),
    "wrong": Situation(
        _wrong,
        {"version": "v26.0", "scopes": SCOPES},
        {"previousServiceDomain": OLD_DOMAIN},
        planned={
            "facebook.AppSettings": frozenset({"app_domains"}),
            "cyclr.ConnectorInstallation": frozenset({"version"}),
        },
    ),
    "unmarked": Situation(_unmarked),
    "bounced": Situation(_bounced, {"attestations": ADVANCED}),
    "link-ends-consent": Situation(_ended, {"attestations": ADVANCED}),
    "incomplete": Situation(
        _ready,
        {"attestations": ADVANCED},
        before=_unreadable,
        passing={"cyclr.ConnectorInstallation": frozenset({"Installation"})},
    ),
}
