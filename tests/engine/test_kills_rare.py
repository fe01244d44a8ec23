"""A kill while the backend writes, and Ctrl-C, which is no kill."""

import json

import pytest

from tests.engine.endings import AFTER, Repaired, backend, deployment, differences, ending
from tests.engine.kills import BEFORE, KILLS, UP, Moment, Snapshot, compare, is_held, killed_at, repair, settle
from tests.engine.session import Run, until
from tests.engine.stack import STACK

pytestmark = pytest.mark.engine

INSTALL = "/v1.0/connectors/5001/install"


@pytest.mark.parametrize("then", [BEFORE, AFTER])
def test_file_that_was_cut_off_beside_the_state_is_repaired(stack, then):
    """A kill in the middle of the file that the backend keeps beside the state needs nothing but recover and up."""
    start = Snapshot.of(stack)
    expected = Repaired.by_up(stack)
    start.restore(stack)
    run = killed_at(stack, Moment("cyclr", "POST", INSTALL, 0, then), UP, KILLS["everything"])
    (beside,) = backend(stack).rglob(f"stacks/*/{STACK}.json.attrs")
    beside.write_bytes(b"")
    unreadable = stack.pulumi("stack", "export", "--stack", STACK, config=False, check=False)

    repair(stack)

    assert unreadable.returncode != 0
    settle(stack, run)
    compare(stack, start, expected, looked=True)


def test_interrupted_up_ends_in_good_order(stack):
    """Ctrl-C during an install waits for it, keeps its id, leaves nothing to recover, and the next up goes on."""
    start = Snapshot.of(stack)
    expected = Repaired.by_up(stack)
    start.restore(stack)
    stack.world.fault(vendor="cyclr", method="POST", path=INSTALL, delay=2)
    run = Run(stack, UP)
    until(lambda: run.ended or is_held(stack.world), "the run installs")

    code = run.interrupt()

    kinds = [resource["type"] for resource in deployment(stack)["resources"]]
    left = json.loads(stack.command("recover", "--json").stdout)
    assert code != 0, run.said
    assert "Traceback" not in run.said
    assert "pulumi-python:dynamic/cyclr:ConnectorInstallation" in kinds
    assert left["found"] is False, left
    stack.up()
    assert differences(ending(stack), expected.ending) == []
