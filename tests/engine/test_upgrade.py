"""States that earlier versions left are read by this code without a change that nobody declared."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi.automation.events import OpType

from stacks.operations.engine import Engine
from stacks.operations.summary.look import kind_of
from stacks.operations.summary.observed import planned, refreshed
from tests.engine.stack import STACK, EngineStack
from tests.engine.states import __main__ as writer
from tests.engine.states.files import begin, declare, restored, states, version
from tests.engine.states.situations import SITUATIONS
from tests.worlds import API_SECRET, APP_SECRET

pytestmark = pytest.mark.engine

STATES = states()
MEND = (
    "environments out there have this state. Restore what it needs (a provider class path, an input, an id); or give "
    "it a way to the new form, write a `State:` line in CHANGELOG.md, and say it in tests/repository/state_format.json"
)
RECORDED = ("verdict", "evidence")


LEFT = {
    "facebook.AppSettings": {"accepted/observed", "refused/observed"},
    "facebook.LoginRedirect": {"accepted/observed", "accepted/attested", "refused/observed", "inconclusive/none"},
    "facebook.AppPublication": {
        *("accepted/inferred", "accepted/attested", "refused/inferred"),
        *("inconclusive/none", "unknown/none"),
    },
    "cyclr.ConnectorInstallation": {"accepted/observed", "refused/observed", "inconclusive/none"},
    "cyclr.ConnectorSetup": {
        *("accepted/observed", "accepted/proven", "accepted/attested", "refused/observed"),
        *("inconclusive/none", "unknown/none"),
    },
}
"""Resource -> every verdict with its evidence that it can be left with."""


def verdicts(outputs: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Setting -> verdict and evidence."""
    return {entry["setting"]: tuple(entry[key] for key in RECORDED) for entry in outputs["settings"]}


def steps(outputs: dict[str, Any]) -> set[str]:
    """The labels of the open steps."""
    return {entry["setting"] for entry in outputs["open_steps"]}


@pytest.mark.parametrize("name", STATES)
def test_kept_state_is_read_without_a_change(name: str, stack: EngineStack):
    """A kept state in its own situation plans nothing undeclared, and each resource has its verdicts as before."""
    situation = SITUATIONS[name.partition("/")[2]]
    declare(stack, situation)
    begin(situation, stack.world)
    file = stack.folder / "state.json"
    file.write_text(restored(STATES[name], stack.world))
    stack.pulumi("stack", "import", "--stack", STACK, "--file", str(file), config=False)
    stack.world.forget_requests()

    events = Engine(STACK, stack.stack_file, user=stack.env).look().events

    assert [event.diagnostic_event.message for event in events if _is_error(event)] == [], f"{name}: {MEND}"
    changes = {urn: step for urn, step in planned(events).items() if step.op is not OpType.SAME}
    differences = {kind_of(urn): frozenset(step.diffs or ()) for urn, step in changes.items()}
    assert differences == dict(situation.planned), f"{name}: {MEND}"
    assert {step.op for step in changes.values()} <= {OpType.UPDATE}, f"{name}: {MEND}"
    looks = {urn: step for urn, step in refreshed(events).items() if "dynamic/" in urn}
    assert len(looks) >= 5, f"{name}: {sorted(looks)}"
    for urn, step in looks.items():
        kind, left, seen = kind_of(urn), step.old.outputs, step.new.outputs
        assert (step.new.id, verdicts(seen)) == (step.old.id, verdicts(left)), f"{name}, {urn}: {MEND}"
        passing = situation.passing.get(kind, frozenset())
        assert (steps(seen), steps(left) & passing) == (steps(left) - passing, passing), f"{name}, {urn}: {MEND}"
    assert stack.world.writes() == []


def _is_error(event: Any) -> bool:
    return event.diagnostic_event is not None and event.diagnostic_event.severity == "error"


def test_this_version_has_kept_its_states():
    """Each situation has a state of this version: `python -m tests.engine.states` writes them."""
    missing = {f"{version()}/{situation}" for situation in SITUATIONS} - set(STATES)

    assert not missing, "run: python -m tests.engine.states"


def test_states_of_a_released_version_are_never_written(monkeypatch: pytest.MonkeyPatch):
    """The command that writes the states refuses a version that is out there."""
    monkeypatch.setattr(writer, "version", lambda: "0.0.1")

    with pytest.raises(SystemExit, match="is released"):
        writer.main()

    assert not (writer.FOLDER / "0.0.1").exists()


def test_every_kept_state_has_a_situation():
    """No kept state is passed over because its situation went."""
    assert {name for name in STATES if name.partition("/")[2] not in SITUATIONS} == set()


def test_kept_states_show_each_resource_under_each_verdict():
    """No verdict that a resource can be left with is without a state."""
    left: dict[str, set[str]] = {}
    for file in STATES.values():
        for entry in json.loads(file.read_text())["deployment"]["resources"]:
            for setting in entry.get("outputs", {}).get("settings", ()):
                left.setdefault(kind_of(entry["urn"]), set()).add("/".join(setting[key] for key in RECORDED))

    assert left == LEFT


@pytest.mark.parametrize("name", STATES)
def test_kept_state_holds_no_secret(name: str):
    """A kept state holds its secrets encrypted, although they are the sandbox's."""
    text = STATES[name].read_text()

    assert "ciphertext" in text
    assert [secret for secret in (APP_SECRET, API_SECRET) if secret in text] == []
