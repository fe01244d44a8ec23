"""One issue per environment that is not in sync, and another for one that could not be looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.errors import ConnectorError
from stacks.operations.summary.risks import Risk
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
    assert "staging: issue on what differs created http" in capsys.readouterr().err
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


NEAR = Risk("TLS certificate", "app-h.cyclr.com", 12, "2026-12-07", "observed", True, "served on port 443 and verified")


def test_near_end_has_an_issue_of_its_own(service, repository):
    """What is about to end is told where all is in sync, once, and the issue closes when it was renewed."""
    soon = replace(SURVEYS["ready"], risks=(NEAR,))
    keep_issues(repository, [soon])
    keep_issues(repository, [replace(soon, risks=(replace(NEAR, days_left=11),))])

    (issue,) = service.world.issues()
    assert issue["title"] == "staging: something is about to end"
    assert "2026-12-07" in issue["body"]
    assert "12" not in issue["body"].replace("2026-12-07", "")
    assert service.world.texts(issue["number"]) == []

    keep_issues(repository, [replace(soon, risks=(replace(NEAR, days_left=-1),))])
    assert "which is over" in issue["body"]

    keep_issues(repository, [SURVEYS["ready"]])
    assert titles(service) == []


def test_issue_that_cannot_be_written_keeps_no_other_from_it(service, repository):
    """A refusal for one environment is a failure of the run, after the issues of the others were kept."""
    service.faults.add({"status": 403, "body": "no"}, method="POST", path="/issues$", times=1)

    with pytest.raises(ConnectorError):
        keep_issues(repository, [SURVEYS["drifted"], replace(SURVEYS["drifted"], environment="production")])

    assert titles(service) == ["production: not as declared"]
