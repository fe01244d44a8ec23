"""What the next update would do, from what the engine told of its plan."""

from __future__ import annotations

import pytest

from stacks.operations.summary.changes import changes, unchanged
from tests.unit.operations.recorded import APP, REDIRECT, SETUP, look


def told(name: str) -> list[tuple]:
    """The changes to resources at vendors that a recorded look tells."""
    return [
        (each.resource, each.operation, each.setting, each.before, each.after)
        for each in changes(look(name))
        if "." in each.resource
    ]


CHANGES = {
    "ready": [],
    "drifted": [(APP, "update", "domains", ["evil.example"], ["app.example"])],
    "removed": [
        (APP, "delete", "domains", ["app.example"], None),
        (APP, "delete", "key", "app", None),
        (APP, "delete", "password", "[secret]", None),
        (REDIRECT, "delete", "domains", ["redirect.example"], None),
        (REDIRECT, "delete", "key", "redirect", None),
        (SETUP, "delete", "domains", ["setup.example"], None),
        (SETUP, "delete", "key", "setup", None),
        (SETUP, "delete", "secret_version", "03153249db7c", None),
    ],
    "missing": [
        (SETUP, "create", "domains", None, ["setup.example"]),
        (SETUP, "create", "key", None, "setup"),
        (SETUP, "create", "secret_version", None, "03153249db7c"),
    ],
    "unreachable": [],
}


@pytest.mark.parametrize(("name", "expected"), CHANGES.items(), ids=CHANGES)
def test_changes_are_what_the_engine_plans(name, expected):
    """An update names the inputs that differ, what comes or goes each of its inputs; secrets stay blinded."""
    assert told(name) == expected


def test_change_says_whether_the_vendor_left_the_declaration():
    """Drift that an update would put back, and what it would make again, are told from a changed declaration."""
    assert [each.drifted for each in changes(look("drifted"))] == [True]
    assert [each.drifted for each in changes(look("not_applied"))] == [False]
    assert [each.drifted for each in changes(look("drifted_and_not_applied"))] == [False]
    assert all(each.missing for each in changes(look("missing")))


def test_changed_access_to_the_vendors_is_a_change():
    """Another Graph version is a change of the provider, not of a resource at a vendor."""
    (change,) = changes(look("provider_changed"))

    assert (change.resource, change.setting, change.before, change.after) == (
        "pulumi-python", "graphVersion", "v25.0", "v26.0",
    )  # fmt: skip


def test_unchanged_counts_resources_at_vendors():
    """What stays as it is is counted; what was not planned at all is not called unchanged."""
    counts = {name: unchanged(look(name)) for name in ("ready", "drifted", "removed", "unreachable")}

    assert counts == {"ready": 3, "drifted": 2, "removed": 0, "unreachable": 0}
