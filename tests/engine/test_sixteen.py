"""Sixteen connectors in one stack, on the four threads of one provider process, with vendors of uneven speed."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from components.secrets import fingerprint
from tests.engine.many import STACK, Many
from tests.worlds import OBSERVATION

pytestmark = pytest.mark.engine

SIXTEEN = 16
KINDS = ("app", "redirect", "publication", "installation", "setup")
CALLS = 60
"""How many of the first calls to each vendor are answered late, each by a time of its own."""
LATEST = 0.08
"""Seconds."""


@pytest.fixture
def sixteen(world, pulumi_env, tmp_path):
    """The stack, declared and never deployed."""
    return Many.made_in(tmp_path, pulumi_env, world, SIXTEEN)


def shake(world, seed):
    """Make the vendors answer out of order; forget what they were asked."""
    world.forget_requests()
    drawn = random.Random(seed)
    for _ in range(CALLS):
        for vendor in ("facebook", "cyclr"):
            world.fault(vendor=vendor, delay=drawn.uniform(0, LATEST))


def resources(stack):
    """Name -> what the state holds of each resource of ours; encrypted values left out."""
    backend = Path(stack.env["PULUMI_BACKEND_URL"].removeprefix("file://"))
    (file,) = backend.rglob(f"stacks/*/{STACK}.json")
    found = json.loads(file.read_text())["checkpoint"]["latest"]["resources"]
    ours = [entry for entry in found if "dynamic/" in entry["type"]]
    return {
        entry["urn"].rpartition("::")[2]: {key: entry[key] for key in ("id", "inputs", "outputs")} for entry in ours
    }


def tokens(world):
    """Who asked for a token -> how often: app ids, and the client of Cyclr's API."""
    asked = [entry["body"] for entry in world.requests() if "token" in entry["path"] and entry["method"] == "POST"]
    return Counter(body["client_id"] for body in asked if (body or {}).get("grant_type") == "client_credentials")


def own(one, installation):
    """What the outputs of the resources of one connector say of whose they are."""
    mark = fingerprint(one.secret, one.app_id)
    return {
        "app": (one.app_id, one.app_name, mark),
        "redirect": (one.app_id, mark),
        "publication": (one.app_id, mark),
        "installation": (one.cyclr_name, str(installation)),
        "setup": (one.cyclr_name, one.app_id, f"{OBSERVATION}/{installation}", mark),
    }


SHOWN = {
    "app": ("app_id", "name", "app_secret_fingerprint"),
    "redirect": ("app_id", "app_secret_fingerprint"),
    "publication": ("app_id", "app_secret_fingerprint"),
    "installation": ("connector", "installation_id"),
    "setup": ("connector", "client_id", "installation", "client_secret_fingerprint"),
}
"""Kind -> the outputs that `own` tells, in its order."""


def test_each_of_sixteen_has_its_own_and_one_token(sixteen):
    """All are made, none has what is another's, one token for each app and one for Cyclr; a second look is the same."""
    world = sixteen.world
    shake(world, seed=1)
    sixteen.up()
    first, asked, writes = resources(sixteen), tokens(world), Counter(world.writes())
    installed = {entry["Connector"]: entry["Id"] for entry in world.account()["connectors"]}
    shake(world, seed=2)
    sixteen.up()

    assert len(first) == SIXTEEN * len(KINDS)
    for one in sixteen.each:
        seen = {kind: tuple(first[f"{one.key}-{kind}"]["outputs"][name] for name in SHOWN[kind]) for kind in KINDS}
        assert seen == own(one, installed[one.release]), one.key
    assert asked == {"sandbox-api-client": 1, **{one.app_id: 1 for one in sixteen.each}}
    assert set(writes.values()) == {1}
    assert len(writes) == 2 * SIXTEEN
    assert resources(sixteen) == first
    assert tokens(world) == asked
    assert world.writes() == []


def test_sixteen_become_ready_and_go_without_a_trace(sixteen):
    """With every consent given each secret is proven at its own app; destroy removes the sixteen and nothing else."""
    world = sixteen.world
    sixteen.up()
    sixteen.people_set_everything()
    settled = world.state()["facebook"]["apps"]
    shake(world, seed=3)
    sixteen.up()
    ready = sixteen.outputs()["ready"]
    shake(world, seed=4)
    sixteen.pulumi("destroy", "--stack", STACK, "--yes", "--skip-preview")

    assert ready == {one.key: True for one in sixteen.each}
    assert Counter(call.rpartition("/")[0] for call in world.writes()) == {"DELETE /v1.0/account/connectors": SIXTEEN}
    assert world.account()["connectors"] == []
    assert world.state()["facebook"]["apps"] == settled


def test_sixteen_connectors_of_one_app_ask_for_one_token(world, pulumi_env, tmp_path):
    """Connectors that share an app share its token; and while its domain stands, nothing of the app is written."""
    shared = Many.made_in(tmp_path, pulumi_env, world, SIXTEEN, shared=True)
    app = shared.each[0]
    world.patch({"facebook": {"apps": {app.app_id: {"app_domains": ["localhost"]}}}})
    shake(world, seed=5)
    shared.up()

    assert len(resources(shared)) == SIXTEEN * len(KINDS)
    assert tokens(world) == {"sandbox-api-client": 1, app.app_id: 1}
    assert len(world.account()["connectors"]) == SIXTEEN
    assert [call for call in world.writes() if "/install" not in call] == []
