"""What the next update would do, from what the engine told of its plan."""

from __future__ import annotations

import pytest

from stacks.operations.summary.changes import changes, unchanged
from tests.unit.operations import situations as at
from tests.unit.operations.recorded import APP, REDIRECT, SETUP, look

UNSEEN, DECLARED_FIRST, SEEN = "not looked at", "not declared before", {"website_url": ""}


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


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (at.created(at.APP), {"name": "not looked at", "exclusive_app_domains": "not declared before"}),
        (at.created(at.INSTALLATION, missing=True), {"account": ""}),
        (at.changed(at.stands(at.APP), name="b", contact_email="c"), {"name": "", "contact_email": DECLARED_FIRST}),
        (at.changed(at.gated(at.stands(at.APP), website_url=None), website_url="c", before__website_url=None), SEEN),
        (at.changed(at.stands(at.APP), drifted=True, website_url="c", before__website_url=None), SEEN),
        (at.changed(at.stands(at.APP), "replace", app_id="9", website_url="c"), {"app_id": "", "website_url": UNSEEN}),
        (at.deleted(at.stands(at.APP)), {"name": ""}),
        (at.access("update", graphUrl="x"), {"graphUrl": ""}),
    ],
    ids=["created", "gone", "declared-first", "gated", "drifted", "another-app", "deleted", "access"],
)
def test_change_says_why_nothing_is_known_of_what_stood(resource, expected: dict[str, str]):
    """What the vendor was not asked for is told apart from what it does not have."""
    found = {each.setting: each for each in at.survey([resource]).changes}

    assert {name: found[name].unseen for name in expected} == expected
    assert all(each.before is None for each in found.values() if each.unseen)


def test_change_names_the_domains_of_others():
    """Domains that stand at Facebook and are not declared are known by name."""
    survey = at.survey([at.changed(at.beside(at.stands(at.APP), "b.example"), exclusive_app_domains=True)])

    assert [(each.kept, each.exclusive) for each in survey.changes] == [(("b.example",), True)]


def test_dashboard_removes_no_domain():
    """Where a person manages the settings, an update takes out nothing, whatever the declaration says."""
    survey = at.survey([at.by_hand(at.exclusively(at.changed(at.stands(at.APP), name="b")))])

    assert [(each.exclusive, each.by_hand) for each in survey.changes] == [(False, True)]
