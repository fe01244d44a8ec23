"""One open issue for each environment and kind: opened, told of, closed, whoever else writes there, over HTTP."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from components.errors import AuthError, NotFound, Rejected
from stacks.operations.sinks.comment import Deed, marker
from stacks.operations.sinks.issue import close, keep
from tests.contract.sinks.service import LONGEST, LONGEST_TITLE, ROBOT

DRIFT, UNOBSERVED = marker("drift", "staging"), marker("unobserved", "staging")
ISSUES = "/issues(\\?|$)"
OLDEST = 8
"""The number after the pull request's."""
COMPLETED, NOT_PLANNED = ("closed", "completed"), ("closed", "not_planned")


@pytest.fixture
def say(repository):
    """Keep the issue about these findings, as a scheduled run does."""

    def act(*findings, mark=DRIFT, title="staging has drifted", repository=repository):
        return keep(repository, mark, title, lambda _: f"Findings: {', '.join(findings)}", findings)

    return act


def ending(issue):
    """The state of an issue, with its reason."""
    return issue["state"], issue["state_reason"]


def body(issue):
    """The text of an issue, without the hidden line."""
    return issue["body"].partition("\n")[2]


def test_issue_is_opened_with_its_marker_first(service, say):
    """The first findings open an issue, at whose page the answer points."""
    posted = say("app_domains", "scopes")

    (issue,) = service.world.issues()
    assert (issue["title"], body(issue)) == ("staging has drifted", "Findings: app_domains, scopes")
    assert issue["body"].startswith(f"{DRIFT} <!-- revision 1: ")
    assert (posted.deed, posted.url) == (Deed.CREATED, issue["html_url"])


def test_same_findings_write_nothing(service, say):
    """A run that finds the same, in any order, disturbs nobody."""
    say("app_domains", "scopes")
    written = len(service.sent("POST"))

    assert say("scopes", "app_domains").deed is Deed.UNCHANGED
    assert len(service.sent("POST")) == written
    assert not service.sent("PATCH")


def test_other_findings_change_the_text_and_are_told(service, say):
    """Subscribers hear of a change by one comment, and the issue itself lists what is found now."""
    say("app_domains", "scopes")

    assert say("scopes", "redirect_uris", "client_id").deed is Deed.UPDATED
    (issue,) = service.world.issues()
    assert body(issue) == "Findings: scopes, redirect_uris, client_id"
    (told,) = service.world.texts(issue["number"])
    assert told == f"{marker('change', '2')}\nThe findings changed: 2 new, 1 gone; 3 now."


def test_each_change_is_told_once(service, say):
    """Findings that come, go and come again are told each time, and only then."""
    for findings in (["a"], ["b"], ["b"], ["a"], ["a", "b"], ["a", "b"]):
        say(*findings)

    assert [text.partition("\n")[2] for text in service.world.texts(OLDEST)] == [
        "The findings changed: 1 new, 1 gone; 1 now.",
        "The findings changed: 1 new, 1 gone; 1 now.",
        "The findings changed: 1 new; 2 now.",
    ]


def test_no_finding_is_readable_in_the_hidden_line(service, say):
    """The hidden line holds short hashes: a value in the name of a finding is not repeated there."""
    say("app_secret is 5a5ad0b0c0de")

    hidden = service.world.issues()[0]["body"].partition("\n")[0]
    assert re.fullmatch(f"{DRIFT} <!-- revision 1: [0-9a-f]{{12}} -->", hidden)


def test_issue_is_closed_with_a_comment(service, say, repository):
    """In sync again, the issue says so and is closed."""
    say("app_domains")
    posted = close(repository, DRIFT, "In sync again.")

    (issue,) = service.world.issues("closed")
    assert ending(issue) == COMPLETED
    assert service.world.texts(issue["number"]) == [f"{marker('close', '2')}\nIn sync again."]
    assert posted.deed is Deed.CLOSED


def test_nothing_is_closed_where_nothing_is_open(service, say, repository):
    """A run that is in sync for the second time writes nothing."""
    say("app_domains")
    close(repository, DRIFT, "In sync again.")
    writes = len(service.sent("POST")) + len(service.sent("PATCH"))

    assert close(repository, DRIFT, "In sync again.").deed is Deed.NONE
    assert len(service.sent("POST")) + len(service.sent("PATCH")) == writes


def test_findings_after_the_end_open_a_new_issue(service, say, repository):
    """What comes back is a new matter: the closed issue stays closed."""
    say("app_domains")
    close(repository, DRIFT, "In sync again.")
    say("app_domains")

    assert [each["number"] for each in service.world.issues("closed")] == [OLDEST]
    assert [each["number"] for each in service.world.issues()] == [OLDEST + 1]


def test_reopened_issue_is_told_its_next_end(service, say, repository):
    """An issue that a person reopens is closed with a comment of its own."""
    say("app_domains")
    close(repository, DRIFT, "In sync again.")
    service.world.items[OLDEST] |= {"state": "open", "state_reason": "reopened"}
    close(repository, DRIFT, "In sync once more.")

    assert [text.partition("\n")[2] for text in service.world.texts(OLDEST)] == [
        "In sync again.",
        "In sync once more.",
    ]


def test_outage_and_drift_never_mix(service, say, repository):
    """Each kind has an issue of its own: an outage neither changes nor closes the one about drift."""
    say("app_domains")
    before = dict(service.world.items[OLDEST])
    say("Facebook is unreachable", mark=UNOBSERVED, title="staging could not be looked at")
    close(repository, UNOBSERVED, "It can be looked at again.")

    assert service.world.items[OLDEST] == before
    assert not service.world.texts(OLDEST)
    assert [each["number"] for each in service.world.issues("closed")] == [OLDEST + 1]


def test_environments_have_issues_of_their_own(service, say, repository):
    """An environment whose name begins another's keeps its own."""
    for name in ("staging", "staging-2"):
        say("app_domains", mark=marker("drift", name), title=name)
    close(repository, marker("drift", "staging"), "In sync again.")

    assert [each["title"] for each in service.world.issues()] == ["staging-2"]


@pytest.mark.parametrize(
    "theirs",
    [
        {"body": f"{DRIFT} <!-- revision 1: aa -->\nold", "login": "maria"},
        {"body": f"{DRIFT} <!-- revision 1: aa -->\nold", "login": ""},
        {"body": f"{DRIFT} <!-- revision 1: aa -->\nold", "login": ROBOT, "pull_request": True},
        {"body": f"> {DRIFT}", "login": ROBOT},
        {"body": None, "login": ROBOT},
    ],
    ids=["a person's", "of a lost account", "a pull request", "a quotation", "without a text"],
)
def test_issue_of_somebody_else_is_left_alone(service, say, repository, theirs):
    """Neither findings nor their end touch what is not an issue of ours."""
    item = service.world.add_item("theirs", **theirs)
    before = dict(item)
    say("app_domains")
    close(repository, DRIFT, "In sync again.")

    assert item == before
    assert [each["number"] for each in service.world.issues("closed")] == [OLDEST + 1]


def test_only_our_own_issues_are_asked_for(service, say):
    """A repository of many issues is not read as a whole, and what comes unasked is left alone."""
    theirs = service.world.add_item("theirs", f"{DRIFT}\ntheirs", "maria")
    service.faults.add({"status": 200, "body": [theirs]}, "GET", ISSUES)
    say("a")

    assert "creator=github-actions%5Bbot%5D" in service.sent("GET")[1]
    assert body(theirs) == "theirs"
    assert [body(each) for each in service.world.issues()] == ["theirs", "Findings: a"]


def test_issue_is_found_on_any_page(service, say):
    """However many issues of ours are open, the one about these findings is found."""
    say("a")
    for number in range(230):
        service.world.add_item(f"other {number}", f"{marker('drift', str(number))}\n", ROBOT)

    assert say("b").deed is Deed.UPDATED
    assert body(service.world.items[OLDEST]) == "Findings: b"


def test_work_of_people_is_kept(service, say):
    """A title and labels that a person gave stay as they are."""
    say("a")
    service.world.items[OLDEST] |= {"title": "Known: domain move", "labels": ["on-call"]}
    say("b")

    issue = service.world.items[OLDEST]
    assert (issue["title"], issue["labels"], body(issue)) == ("Known: domain move", ["on-call"], "Findings: b")


def test_edited_hidden_line_is_written_anew(service, say):
    """Where a person took the hashes away, the issue is brought up to date instead of opened again."""
    say("a")
    service.world.items[OLDEST]["body"] = f"{DRIFT}\nedited"
    say("a")

    assert [body(each) for each in service.world.issues()] == ["Findings: a"]
    assert say("a").deed is Deed.UNCHANGED


@pytest.mark.parametrize("runs", [2, 3])
def test_runs_at_once_open_one_issue(service, say, at_once, runs):
    """Runs that all saw no issue leave the oldest one open, with what was written last."""
    service.faults.add({"meet_after": runs}, "GET", ISSUES)
    service.faults.add({"meet_after": runs}, "POST", ISSUES)
    at_once(*(lambda number=number: say(f"finding {number}") for number in range(runs)))
    newest = [text for text in service.world.written if text.startswith(DRIFT)][-1]

    assert [each["number"] for each in service.world.issues()] == [OLDEST]
    assert service.world.items[OLDEST]["body"] == newest
    assert {ending(each) for each in service.world.issues("closed")} == {NOT_PLANNED}
    for other in service.world.issues("closed"):
        assert service.world.texts(other["number"]) == [f"{marker('duplicate')}\nClosed: #{OLDEST} is about the same."]


def test_runs_at_once_tell_a_change_once(service, say, at_once):
    """Two runs that see the same change say it in one comment."""
    say("a")
    service.faults.add({"meet_after": 2}, "GET", ISSUES)
    service.faults.add({"meet_after": 2}, "GET", f"/issues/{OLDEST}/comments")
    service.faults.add({"meet_after": 2}, "POST", "comments")
    at_once(lambda: say("b"), lambda: say("b"))

    assert len(service.world.texts(OLDEST)) == 1
    assert body(service.world.items[OLDEST]) == "Findings: b"


def test_duplicates_of_an_earlier_run_are_closed(service, say):
    """Of several open ones the oldest stays and is up to date."""
    for finding in ("one", "two"):
        service.world.add_item("staging", f"{DRIFT} <!-- revision 1: -->\n{finding}", ROBOT)
    say("three")

    assert [(each["number"], body(each)) for each in service.world.issues()] == [(OLDEST, "Findings: three")]
    assert [ending(each) for each in service.world.issues("closed")] == [NOT_PLANNED]


@pytest.mark.parametrize("then", ["drop", "drop_after", {"after": {"status": 502, "body": "<html>"}}])
def test_lost_answer_to_a_new_issue_leaves_one(service, say, then):
    """Whether or not the issue was opened before the answer was lost, one is open in the end."""
    service.faults.add(then, "POST", ISSUES)
    say("a")

    assert [body(each) for each in service.world.issues()] == ["Findings: a"]


@pytest.mark.parametrize(("method", "path"), [("POST", "comments"), ("PATCH", "")])
def test_run_that_breaks_on_its_way_is_mended(service, say, method, path):
    """The next run finishes what one began that failed between telling and writing, and tells nothing twice."""
    say("a")
    service.faults.add({"status": 422, "body": {"message": "Validation Failed"}}, method, path)
    with pytest.raises(Rejected):
        say("b")
    say("b")

    assert body(service.world.items[OLDEST]) == "Findings: b"
    assert len(service.world.texts(OLDEST)) == 1


def test_issue_that_is_deleted_meanwhile_is_a_failure(service, say):
    """A change that reached nobody does not pass for one that was made."""
    say("a")
    service.faults.add(lambda: service.world.items.pop(OLDEST), "PATCH")
    with pytest.raises(NotFound, match="deleted"):
        say("b")

    assert not service.world.issues()


def test_app_with_a_name_of_its_own_leaves_one_issue(service, say, repository):
    """An app's token may not ask who it is: the answer to a new issue tells, and no second one stays open."""
    app = replace(repository, token="ghs_app")
    for finding in ("a", "b"):
        say(finding, repository=app)

    assert [body(each) for each in service.world.issues()] == ["Findings: b"]


def test_longest_text_and_title_are_taken(service, repository):
    """A renderer that fills its limit and an overlong title make an issue that the service takes and can close."""
    keep(repository, DRIFT, "t" * 400, lambda limit: "a" * limit, [str(number) for number in range(200)])
    service.world.items[OLDEST]["body"] = service.world.items[OLDEST]["body"].replace("revision 1:", "revision 9:")
    close(repository, DRIFT, "In sync again.")

    (issue,) = service.world.issues("closed")
    assert LONGEST - 64 < len(issue["body"]) <= LONGEST
    assert len(issue["title"]) <= LONGEST_TITLE


@pytest.mark.parametrize(
    ("token", "error"), [("ghs_reader", AuthError), ("ghp_stranger", NotFound), ("ghs_unknown", AuthError)]
)
def test_token_without_the_right_is_told_which(service, say, repository, token, error):
    """Whatever the token lacks, the words name the permission and not the token."""
    with pytest.raises(error, match="issues: write") as caught:
        say("a", repository=replace(repository, token=token))

    assert token not in str(caught.value)
    assert not service.world.issues()


def test_repository_without_issues_is_said(service, say):
    """Issues that are turned off end in words that say where they are turned on."""
    service.world.has_issues = False
    with pytest.raises(Rejected, match="settings"):
        say("a")

    assert not service.world.issues()
