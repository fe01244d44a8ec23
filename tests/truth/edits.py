"""How a value is put into a world: each edit changes a state of the sandbox in place, and reads as what a person did.

Shape:  a state is the sandbox's JSON, complete (`stacks/sandbox/schema.py`). Edits are made in the order of the table.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from components.cyclr import marks
from components.secrets import fingerprint
from tests.worlds import APP_ID, CONNECTOR, OBSERVATION

State = dict[str, Any]
INSTALLATION_ID = 1874
NEWER_ID = 5002


@dataclass(frozen=True)
class Here:
    """What a state does not hold of the world it stands in."""

    redirect_uri: str
    role_auth_value: str
    """What a consent by somebody with a role on the app left."""


Edit = Callable[[State, Here], None]


def app(**fields: Any) -> Edit:
    """The app's settings that Graph knows, and what Facebook itself did to it."""
    return lambda state, _: facebook_app(state).update(fields)


def dashboard(**fields: Any) -> Edit:
    """The app's dashboard."""
    return lambda state, _: facebook_app(state)["dashboard"].update(fields)


def listed_with(suffix: str) -> Edit:
    """The redirect URI, typed with something too much."""
    return lambda state, here: facebook_app(state)["dashboard"].update(redirect_uris=[here.redirect_uri + suffix])


def library(**setup: str) -> Edit:
    """The Setup of the library entry; a newer release that shares it has the same object."""
    return lambda state, _: releases(state)[0]["setup"].update(setup)


def withdrawn(status: str) -> Edit:
    """Each release of the library entry in this status."""

    def edit(state: State, _: Here) -> None:
        for release in releases(state):
            release["ReleaseStatus"] = status

    return edit


def newer_release(*, own_setup: bool, status: str = "Live") -> Edit:
    """A second, newer release, which customers get; where each has a Setup of its own, filled in or not."""

    def edit(state: State, _: Here) -> None:
        (first,) = releases(state)
        newer = {**copy.deepcopy(first), "Id": NEWER_ID, "Version": "v26.0", "ReleaseStatus": status}
        if state["cyclr"]["behaviour"]["setup_belongs_to"] == "release" and not own_setup:
            newer["setup"] = dict.fromkeys(newer["setup"], "")
        else:
            newer["setup"] = first["setup"]
        state["cyclr"]["connectors"].append(newer)
        if not account(state)["connectors"]:
            account(state)["connectors"] = [{"Id": INSTALLATION_ID, "Name": CONNECTOR, "Connector": first["Id"]}]

    return edit


def installation(**fields: Any) -> Edit:
    """The observation installation, where it is there."""

    def edit(state: State, _: Here) -> None:
        for installed in _observed(state):
            installed.update(fields)

    return edit


def own(**properties: str) -> Edit:
    """Properties that the observation installation has of its own."""
    listed = [
        {"Id": number, "Name": name, "Value": value} for number, (name, value) in enumerate(properties.items(), 1)
    ]
    return installation(Properties=listed)


def consented_by_role(state: State, here: Here) -> None:
    """Somebody with a role on the app gave the consent that stands."""
    for installed in _observed(state):
        if installed["Authenticated"]:
            installed["AuthValue"] = here.role_auth_value


def marked_for(secret: str) -> Edit:
    """The consent stands under the mark of another secret."""

    def edit(state: State, _: Here) -> None:
        for installed in _observed(state):
            mark = marks.read_consent(installed["Description"])
            if mark is not None:
                other = marks.Consent(fingerprint(secret, APP_ID), mark.scopes, mark.date)
                installed["Description"] = marks.with_consent(installed["Description"], other)

    return edit


def uninstalled(state: State, _: Here) -> None:
    """The observation installation is removed in the console."""
    for found in state["cyclr"]["accounts"]:
        if found["Id"] == OBSERVATION:
            found["connectors"] = []


def no_account(state: State, _: Here) -> None:
    """The account for observing is deleted."""
    state["cyclr"]["accounts"] = [found for found in state["cyclr"]["accounts"] if found["Id"] != OBSERVATION]


def cyclr(**fields: Any) -> Edit:
    """What belongs to the whole console."""
    return lambda state, _: state["cyclr"].update(fields)


def facebook_app(state: State) -> State:
    """The one app."""
    found: State = state["facebook"]["apps"][APP_ID]
    return found


def releases(state: State) -> list[State]:
    """Every release of the connector."""
    return [entry for entry in state["cyclr"]["connectors"] if entry["Name"] == CONNECTOR]


def account(state: State) -> State:
    """The account for observing."""
    (found,) = [entry for entry in state["cyclr"]["accounts"] if entry["Id"] == OBSERVATION]
    only: State = found
    return only


def _observed(state: State) -> list[State]:
    return [each for found in state["cyclr"]["accounts"] if found["Id"] == OBSERVATION for each in found["connectors"]]
