"""One issue per environment that is not in sync, and another for one that could not be looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stacks.operations.summary.survey import Survey
from stacks.operations.tickets import keep_issues
from tests.unit.operations.recorded import look

NAMES = ("ready", "drifted", "missing", "unreachable", "not_authorised", "not_applied")
SURVEYS = {name: Survey("staging", look(name)) for name in NAMES}
BROKEN = Survey("staging", None, "The Pulumi engine failed\n  why:   trace 123")


def titles(service) -> list[str]:
    """The open issues."""
    return [issue["title"] for issue in service.world.issues()]


def test_drift_opens_one_issue_that_closes_itself(service, repository, capsys):
    """Drift opens an issue, the same drift leaves it alone, and in sync closes it with a comment."""
    keep_issues(repository, [SURVEYS["drifted"]])
    (opened,) = service.world.issues()
    keep_issues(repository, [replace(SURVEYS["drifted"], seconds=9.0)])

    assert titles(service) == ["staging: not as declared"]
    assert "staging: issue on drift created http" in capsys.readouterr().err
    assert service.world.texts(opened["number"]) == []

    keep_issues(repository, [SURVEYS["ready"]])

    assert titles(service) == []
    assert "In sync with the declaration again." in service.world.texts(opened["number"])[-1]


def test_other_findings_update_the_issue_and_say_so(service, repository):
    """Other findings change the text of the same issue, and those who follow it hear how many."""
    keep_issues(repository, [SURVEYS["drifted"]])
    keep_issues(repository, [SURVEYS["missing"]])

    (issue,) = service.world.issues()
    assert "missing" in issue["body"]
    assert "The findings changed: " in service.world.texts(issue["number"])[-1]


@pytest.mark.parametrize(
    "unseen",
    [SURVEYS["unreachable"], SURVEYS["not_authorised"], BROKEN],
    ids=["unreachable", "not-authorised", "engine-broken"],
)
def test_outage_and_drift_never_mix(service, repository, unseen):
    """What could not be looked at has an issue of its own, and the one on drift stays word for word as it is."""
    keep_issues(repository, [SURVEYS["drifted"]])
    (drift,) = service.world.issues()
    before = drift["body"]

    keep_issues(repository, [unseen])

    assert titles(service) == ["staging: not as declared", "staging: could not be looked at"]
    assert drift["body"] == before
    assert service.world.texts(drift["number"]) == []


def test_issue_on_an_outage_closes_when_it_is_over(service, repository):
    """Once it can be looked at again that issue is closed, whatever the look shows; details of an error are no news."""
    keep_issues(repository, [BROKEN])
    (outage,) = service.world.issues()
    body = outage["body"]
    keep_issues(repository, [replace(BROKEN, error="The Pulumi engine failed\n  why:   trace 456")])
    assert outage["body"] == body

    keep_issues(repository, [SURVEYS["drifted"]])

    assert titles(service) == ["staging: not as declared"]
    assert "It can be looked at again." in service.world.texts(outage["number"])[-1]


def test_each_environment_has_its_own_issue(service, repository):
    """Environments never share an issue: one in sync closes its own alone."""
    keep_issues(repository, [SURVEYS["drifted"], replace(SURVEYS["drifted"], environment="production")])
    keep_issues(repository, [SURVEYS["ready"]])

    assert titles(service) == ["production: not as declared"]
