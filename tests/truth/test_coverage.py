"""Nothing that can be set, switched or met is left out of the table."""

from __future__ import annotations

import copy

from stacks.sandbox import schema
from stacks.sandbox.shape import Leaf
from tests.truth import behaviour, edits, table
from tests.truth.hides import BLINDS, HIDES
from tests.truth.scenes import Stage
from tests.truth.settings import BROKEN, FIRST_DAY, SETTINGS
from tests.worlds import OBSERVATION

BESIDE = {
    "app.privacy_policy_url": "undeclared here",
    "app.terms_of_service_url": "undeclared here",
    "app.deauth_callback_url": "undeclared here",
    "app.contact_email": "undeclared here",
    "app.user_support_email": "undeclared here",
    "app.user_support_url": "undeclared here",
    "app.namespace": "nothing of ours",
    "app.other_settings": "nothing of ours",
    "app.roles": "who consents has one or none: both are values of the consent",
    "dashboard.embedded_browser_login": "no customer comes from one",
    "dashboard.js_sdk_login": "Cyclr uses none",
    "dashboard.category": "a text",
    "dashboard.data_deletion_url": "a text",
    "library.Id": "given by Cyclr",
    "library.Name": "the connector itself",
    "library.Description": "a text",
    "library.Status": "stays Approved where ReleaseStatus says more",
    "library.Icon": "a picture",
    "library.Categories": "a text",
    "library.AuthDescription": "a text",
    "library.AuthType": "the connector itself",
    "library.OAuth2Type": "the connector itself",
    "library.AuthScheme": "the connector itself",
    "library.Parameters": "the connector itself",
    "library.Triggers": "the connector itself",
    "library.Authentication": "the connector itself",
    "library.IsSystemConnector": "the connector itself",
    "library.Version": "comes with a newer release",
    "installation.Id": "given by Cyclr",
    "installation.Name": "a text",
    "installation.AuthenticationId": "given by Cyclr",
    "installation.IsPartnerIntegrationConnector": "given by Cyclr",
    "installation.CustomFields": "a text",
    "installation.Connector": "older once a newer release is there",
    "cyclr.behaviour": "the switches",
}
"""What can be set and has no value in the table, and why."""


def the_state(stage: Stage) -> dict:
    """Everything that a person, or a vendor, can set, each setting under one name, as it is when all is right."""
    state = stage.ready(behaviour.DEFAULT).state
    return copy.deepcopy(state)


def flat(state: dict) -> dict:
    """Setting -> value."""
    app, release = edits.facebook_app(state), edits.releases(state)[0]
    observed = [found for found in state["cyclr"]["accounts"] if found["Id"] == OBSERVATION]
    places = {
        "app": {key: value for key, value in app.items() if key != "dashboard"},
        "dashboard": app["dashboard"],
        "library": {key: value for key, value in release.items() if key != "setup"},
        "setup": release["setup"],
        "installation": next((each for found in observed for each in found["connectors"]), {}),
        "cyclr": state["cyclr"],
    }
    return {f"{place}.{key}": value for place, held in places.items() for key, value in held.items()}


def test_every_setting_of_both_consoles_has_a_value(stage):
    """A key of the sandbox's state that a setting can stand in is changed by a value of the table, or says why not."""
    snapshot, changed = stage.ready(behaviour.DEFAULT), set()
    right = flat(the_state(stage))
    for _, value in table.values():
        state = the_state(stage)
        if value.edit is not None:
            value.edit(state, snapshot.here)
        now = flat(state)
        changed |= {key for key in right if now.get(key, right[key]) != right[key]}

    assert {key for key in right if key not in changed and key not in BESIDE} == set()
    assert set(BESIDE) & changed == set()
    assert set(BESIDE) <= set(right)


def default_of(shape):
    """What the switch is when nobody says anything."""
    return schema.Record({"it": shape}).fill({})["it"]


def test_every_switch_has_both_sides():
    """Each switch of either vendor stands in the table with every other word it may be, and never with its default."""
    shapes = {("facebook", key): shape for key, shape in schema.FACEBOOK_BEHAVIOUR.fields.items()}
    shapes |= {("cyclr", key): shape for key, shape in schema.CYCLR_BEHAVIOUR.fields.items()}

    assert set(behaviour.SIDES) == set(shapes)
    for key, shape in shapes.items():
        default, others = default_of(shape), [side.value for side in behaviour.SIDES[key]]
        assert others, key
        assert default not in others, key
        if isinstance(shape, Leaf) and shape.allowed:
            assert {default, *others} == set(shape.allowed), key


def test_mixtures_meet_each_switch_on_both_sides():
    """Of the two mixtures that a pair is seen under, each switch is on its default in one and not in the other."""
    for one, other in behaviour.couples(table.MIXTURES, table.SEED):
        assert set(one.sides) ^ set(other.sides) == set(behaviour.SIDES)
        assert not set(one.sides) & set(other.sides)


def test_table_has_every_single_and_every_pair():
    """Each value meets each side of each switch alone, and each value of every other setting."""
    values, sides = table.values(), 1 + sum(map(len, behaviour.SIDES.values()))
    both = [(one, other) for one in values for other in values if one[0] < other[0]]
    for phase in (FIRST_DAY, BROKEN):
        there = [each for each in values if each[1].only in ("", phase)]
        pairs = [pair for pair in both if pair[0] in there and pair[1] in there]

        assert len(list(table.singles(phase))) == (1 + len(there)) * sides
        assert len(list(table.pairs(phase))) == 2 * len(pairs)


def test_exceptions_are_about_values_that_exist():
    """What hides or blinds is a value of the table: an exception for something else would hide a mistake."""
    names = {f"{setting.key} {value.name}" for setting in SETTINGS for value in setting.values}
    keys = {setting.key for setting in SETTINGS}
    for hider, hidden, why in HIDES:
        assert hider.removesuffix(f", {FIRST_DAY}") in names | {FIRST_DAY}, hider
        assert set(hidden) <= names | keys, hidden
        assert why
    for together, switch, _, why in BLINDS:
        assert together <= names | {FIRST_DAY, BROKEN}
        assert switch in behaviour.SIDES
        assert why
