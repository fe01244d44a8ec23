"""The ids that existing states hold: what a provider answers to a create is written down for good."""

import json

from tests.declared import PROVIDERS
from tests.worlds import ROOT

PROMISED = json.loads((ROOT / "tests/repository/state_format.json").read_text())


def test_id_has_the_promised_form(environment, kind):
    """A created resource has the id that every state of it has, made of its own properties."""
    environment.people_set_everything()
    inputs = environment.inputs(kind)
    promised = PROMISED[kind.replace(".", ":")]["id"]

    made = environment.provider(kind).create(dict(inputs))

    wanted = promised.format(**{**inputs, **made.outs})
    assert made.id == wanted, (
        f"{kind}: states of existing environments hold the id {promised}. Restore it; or let the old form be found "
        "still, write a `State:` line in CHANGELOG.md, and set it in tests/repository/state_format.json"
    )


def test_every_resource_promises_its_id():
    """No resource is left out of the promise."""
    assert {kind.replace(".", ":") for kind in PROVIDERS} == PROMISED.keys()
