"""Random worlds, declarations and edits of both, through the real engine: the second update is a no-op."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.contract.convergence.cases import cases
from tests.contract.convergence.consoles import drifted, state
from tests.contract.convergence.declarations import ENVIRON, OTHER_APP, REFERENCES, ROTATED, config
from tests.contract.convergence.engine import Kept
from tests.contract.convergence.excuses import restless, unexcused
from tests.contract.convergence.explained import INSTALLATION, Before, expected, seen
from tests.contract.convergence.untouched import touched
from tests.engine.environment import engine_environment
from tests.engine.stack import CONNECTOR_KEY, STACK, EngineStack
from tests.worlds import APP_SECRET, OBSERVATION

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

CASES = 10
RANDOM = settings(
    max_examples=CASES,
    derandomize=True,
    database=None,
    print_blob=True,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
"""The same cases on every machine; a smaller one of a failure is sought without the engine."""
SUCCEEDS = {"serviceDomain": "SERVICE", "account": OBSERVATION, "appSecret": "own"}
"""Of every declaration here: an update that fails stops where it is, so nothing could be told of its writes."""
ALLOWED = {"dashboard": {"native_or_desktop": False}, "fields": {"secret": APP_SECRET}}


def succeeding(declaration):
    """The declaration without what makes every update fail."""
    changed = {**declaration, **SUCCEEDS, "properties": {**declaration["properties"]}}
    changed["properties"].pop("Unknown", None)
    return {**changed, "version": None if changed["version"] == "v26.0" else changed["version"]}


def allowing(made):
    """The same of a world, or of its drift."""
    changed = {
        key: {**value, **ALLOWED.get(key, {})} if isinstance(value, dict) else value for key, value in made.items()
    }
    return {**changed, "facebook": {**made.get("facebook", {}), "domain_must_match_site": False}}


def without_ciphers(thing):
    """A part of the state; what is encrypted is so anew at each writing."""
    if isinstance(thing, dict):
        return {key: without_ciphers(value) for key, value in thing.items() if key != "ciphertext"}
    return [without_ciphers(item) for item in thing] if isinstance(thing, list) else thing


def kept(stack):
    """URN -> what the state holds of each resource, the stack with its outputs among them; without any times."""
    latest = json.loads(stack.state())["checkpoint"].get("latest") or {}
    return {
        entry["urn"]: without_ciphers({key: entry.get(key) for key in ("id", "inputs", "outputs")})
        for entry in latest.get("resources", [])
    }


def declare(document, declared):
    """Write a declaration over the one that stands in a stack file."""
    document.pop("cyclr-connectors:previousServiceDomain", None)
    document.update({f"cyclr-connectors:{key}": value for key, value in declared.items()})


def up(stack, declaration):
    """One update whose every write is explained, and which touches nothing else."""
    world = stack.world
    stack.edit(lambda document: declare(document, config(declaration, world)))
    there = [entry for urn, entry in kept(stack).items() if urn.endswith(f"::{INSTALLATION}")]
    installation = Kept("cyclr.ConnectorInstallation", there[0]["id"], {}, there[0]["outputs"]) if there else None
    before = Before(world, STACK, world.state(), declaration, installation)
    world.forget_requests()
    done = stack.up()
    due = expected(before, failed=False)
    writes = seen(before)
    assert writes == due
    assert touched(before, world.state(), due) == {}
    return before, writes, done


@RANDOM
@given(case=cases)
def test_any_stack_file_comes_to_rest(running_world, tmp_path_factory, case):
    """After any edit and any drift one update writes the differences alone, and the next changes nothing."""
    folder = tmp_path_factory.mktemp("case")
    running_world.put(state(allowing(case.made), running_world, STACK))
    stack = EngineStack(running_world, {**engine_environment(folder), **ENVIRON}, folder)
    up(stack, succeeding(case.declaration))
    running_world.put(drifted(running_world.state(), allowing(case.drift), running_world))
    edited = succeeding(case.edited)
    up(stack, edited)
    resources = kept(stack)
    before, writes, done = up(stack, edited)

    assert unexcused(before, writes) == []
    assert restless(before) or not re.search(r"\d+ (created|updated|replaced|deleted)", done.stdout), done.stdout
    assert kept(stack) == resources


def test_connector_moves_to_another_app_with_its_own_secret(stack):
    """An app that is replaced, with its secret, is one update, though nobody has the old app's secret any more."""
    stack.up()
    stack.world.patch({"facebook": {"apps": {OTHER_APP: {"secret": ROTATED, "name": "Another app"}}}})
    stack.env.update(ENVIRON)
    moved = {"appId": OTHER_APP, "appSecret": REFERENCES[OTHER_APP, "own"]}
    stack.edit(lambda document: document["cyclr-connectors:connectors"][CONNECTOR_KEY].update(moved))
    stack.up()

    apps = {entry["outputs"]["app_id"] for urn, entry in kept(stack).items() if "facebook:" in urn}
    assert apps == {OTHER_APP}
    assert stack.status()[0] == 7
