"""A write is not sent when the engine is gone; what is said of it names what it was, and no secret of it."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping

import pytest

from components import engine, errors
from components.cyclr.api import Cyclr
from components.facebook.graph import Graph
from components.vendor_access import Access
from tests.declared import steps
from tests.engine.canaries import DECLARED, PROPERTY, leaks
from tests.repository.sources import python_files, tree
from tests.worlds import API_SECRET, APP_ID, APP_SECRET, OBSERVATION

SECRETS = {**DECLARED, "app secret of the world": APP_SECRET, "API secret of the world": API_SECRET}
CLOSED = "127.0.0.1:1"
"""Where no engine listens."""
PROPERTIES = [{"Name": "ApiKey", "Value": PROPERTY}]

WRITES: Mapping[str, tuple[Callable[[Access], object], ...]] = {
    "Graph.write": (lambda access: Graph(access, APP_ID, "config:facebookAppSecret").write({"name": PROPERTY}),),
    "Cyclr.create_account": (lambda access: Cyclr(access).create_account(OBSERVATION),),
    "Cyclr.install": (lambda access: Cyclr(access).install(OBSERVATION, 1, {"Properties": PROPERTIES}),),
    "Cyclr.remove": (lambda access: Cyclr(access).remove(OBSERVATION, "1874"),),
    "Cyclr.set_property": (
        lambda access: Cyclr(access).set_property(OBSERVATION, "1874", "ApiKey", PROPERTY, None),
        lambda access: Cyclr(access).set_property(OBSERVATION, "1874", "ApiKey", PROPERTY, 7),
    ),
}
"""Method -> the ways to have it write."""
OF_PEOPLE = {"Cyclr.describe", "Cyclr.deauthenticate"}
"""Sent by `authorize`, which somebody runs: no engine asks for it, and the one who runs it decides."""
QUESTIONS = {"Graph._exchange", "Cyclr._new_token", "Cyclr.sign_in_token"}
"""Every look sends these; they change nothing that is declared."""


def senders() -> set[str]:
    """Every method of a client that makes a call which is not, or not always, a GET."""
    return {
        f"{getattr(made, 'name', path.stem)}.{method.name}"
        for path in python_files("components")
        for made in ast.walk(tree(path))
        if isinstance(made, ast.ClassDef | ast.Module)
        for method in made.body
        if isinstance(method, ast.FunctionDef)
        if any(_may_change(node) for node in ast.walk(method))
    }


def _may_change(node: ast.AST) -> bool:
    """Whether it is a new call of another method than GET; a copy of a call is none."""
    if not (isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "Call"):
        return False
    methods = [*node.args[:1], *(each.value for each in node.keywords if each.arg == "method")]
    copies = any(each.arg is None for each in node.keywords) and not methods
    return not copies and not (isinstance(methods[0], ast.Constant) and methods[0].value == "GET")


def test_every_write_of_the_clients_is_in_the_table():
    """Whoever teaches a client a new write puts it here, and sees whether it asks before it is sent."""
    assert senders() == {*WRITES, *OF_PEOPLE, *QUESTIONS}


def test_no_provider_sends_what_only_people_may():
    """What does not ask for the engine is called by no component."""
    called = {
        node.func.attr
        for path in python_files("components")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }

    assert called & {name.partition(".")[2] for name in OF_PEOPLE} == set()
    assert {name.partition(".")[2] for name in WRITES} <= called


@pytest.mark.parametrize("write", [pytest.param(each, id=name) for name, ways in WRITES.items() for each in ways])
def test_write_is_not_sent_without_its_engine(world, monkeypatch, write):
    """Each write asks first, is an error without a secret in it, and reaches no vendor."""
    monkeypatch.setattr(engine, "address", lambda: CLOSED)

    with pytest.raises(errors.EngineGone) as caught:
        write(world.access())

    assert leaks(str(caught.value), SECRETS) == []
    assert world.writes() == []


def test_unsent_property_is_named_without_its_value(environment, world, monkeypatch):
    """An installation whose property could not be written is incomplete; its state names the property alone."""
    kind = "cyclr.ConnectorInstallation"
    environment.install()
    monkeypatch.setattr(engine, "address", lambda: CLOSED)
    world.forget_requests()

    made = environment.provider(kind).create(environment.inputs(kind, properties={"ApiKey": PROPERTY}))

    told = {name: value for name, value in made.outs.items() if name != "properties"}
    assert "property ApiKey of installation" in steps(made.outs)["Installation"]["cause"]
    assert leaks(json.dumps(told), SECRETS) == []
    assert world.writes() == []


def test_unsent_app_setting_is_refused_without_a_secret(environment, world, monkeypatch):
    """A change of the app that could not be written is an error without a secret in it."""
    kind = "facebook.AppSettings"
    monkeypatch.setattr(engine, "address", lambda: CLOSED)

    with pytest.raises(errors.EngineGone) as caught:
        environment.provider(kind).create(environment.inputs(kind))

    assert leaks(str(caught.value), SECRETS) == []
    assert world.writes() == []
