"""`preview --comment` and `drift --issue --heartbeat` as commands, over HTTP; the engine's events are recorded ones."""

from __future__ import annotations

import pytest
from pulumi.automation.events import EngineEvent

from stacks.operations.preview import MARKER
from tests.contract.sinks.service import PULL_REQUEST, REPOSITORY, ROBOT
from tests.unit.operations.report_commands import Ran, installed, run

TOKEN, SECRET = "ghs_runner", "5a5ad0b0-secret"
REFERENCE = f"refs/pull/{PULL_REQUEST}/merge"
COMMENT = ("preview", "-s", "staging", "--comment")
ISSUE = ("drift", "-s", "staging", "--issue")
AWAY = {"status": 503, "body": "away"}
HEARD = {"status": 200, "body": "OK"}
SIGN = "/ping"
STACK = "urn:pulumi:dev::cyclr-connectors::pulumi:pulumi:Stack::cyclr-connectors-dev"


@pytest.fixture
def recordings(monkeypatch):
    """What the engine shows in these tests."""
    return installed(monkeypatch)


@pytest.fixture
def workflow(service, recordings, monkeypatch, tmp_path):
    """A step of a workflow on a pull request; gives the file of its summary."""
    facts = {
        "GITHUB_TOKEN": TOKEN,
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_API_URL": service.url,
        "GITHUB_REF": REFERENCE,
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_RUN_ID": "4711",
    }
    for name, value in facts.items():
        monkeypatch.setenv(name, value)
    return tmp_path / "summary.md"


@pytest.fixture
def call(recordings, capsys):
    """Call a command while the environment `staging` shows a situation."""

    def called(*arguments, shows="ready") -> Ran:
        recordings.shows["staging"] = shows
        ran = run(capsys, *arguments)
        assert TOKEN not in ran.out + ran.err
        assert SECRET not in ran.out + ran.err
        return ran

    return called


@pytest.fixture
def address(service):
    """Where a sign of life is heard; who knows its path may send one."""
    service.faults.add(HEARD, path=SIGN, times=100)
    return f"{service.url}{SIGN}/{SECRET}"


def signs(service) -> list[str]:
    """The signs of life that were sent."""
    return [path for path in service.sent("GET") if path.startswith(SIGN)]


@pytest.mark.parametrize("missing", ["GITHUB_TOKEN", "GITHUB_REPOSITORY", "GITHUB_REF"])
def test_comment_that_cannot_be_posted_is_refused_before_the_look(
    call, recordings, workflow, service, *, monkeypatch, missing
):
    """Without token, repository or number of the pull request nothing is looked at and nobody is asked."""
    monkeypatch.delenv(missing)
    ran = call(*COMMENT, shows="drifted")

    assert (ran.code, ran.out, recordings.asked, service.requests) == (2, "", [], [])
    assert missing in ran.err
    assert not workflow.exists()


@pytest.mark.parametrize("missing", ["GITHUB_TOKEN", "GITHUB_REPOSITORY"])
def test_issue_that_cannot_be_kept_is_refused_before_the_look(
    call, recordings, workflow, service, *, monkeypatch, missing
):
    """Without token or repository nothing is looked at and nobody is asked."""
    monkeypatch.delenv(missing)
    ran = call(*ISSUE, shows="drifted")

    assert (ran.code, ran.out, recordings.asked, service.requests) == (2, "", [], [])
    assert missing in ran.err


@pytest.mark.parametrize("command", ["preview", "drift"])
def test_nothing_is_posted_unless_asked_for(call, workflow, service, command):
    """A workflow's environment alone makes no command write at the service."""
    call(command, "-s", "staging", shows="drifted")

    assert service.requests == []
    assert workflow.exists()


def test_comment_is_kept_up_to_date(call, workflow, service):
    """A first run posts one comment with the report, a second with other news changes that one."""
    first = call(*COMMENT, shows="drifted")
    (before,) = service.world.texts()
    second = call(*COMMENT, shows="not_applied")

    (after,) = service.world.texts()
    assert (first.code, second.code) == (7, 7)
    assert f"Comment on pull request {PULL_REQUEST}: created https://github.example/" in first.err
    assert f"Comment on pull request {PULL_REQUEST}: updated https://github.example/" in second.err
    assert before.startswith(f"{MARKER}\n## `staging` would change\n")
    assert "evil.example" in before
    assert "evil.example" not in after
    assert "new.example" in after


def test_comment_holds_the_report(call, workflow, service):
    """The comment is the Markdown that goes to the step summary, and the terminal has its own text beside it."""
    ran = call(*COMMENT, "--json", shows="drifted")

    assert service.world.texts() == [f"{MARKER}\n{workflow.read_text().strip()}\n"]
    assert [each["environment"] for each in ran.environments] == ["staging"]


def test_comment_of_others_stays(call, workflow, service):
    """A comment by somebody else is never taken for ours, not even with our marker."""
    service.world.add_comment(f"{MARKER}\nmine", "maria")
    call(*COMMENT, shows="drifted")

    assert service.world.texts()[0] == f"{MARKER}\nmine"
    assert len(service.world.texts()) == 2


def test_comment_goes_where_it_is_told(call, workflow, service, monkeypatch):
    """`--pull-request` names the pull request where the run does not, and wins where it does."""
    service.world.add_item("Another change", "", "maria", pull_request=True, number=8)
    call(*COMMENT, "--pull-request", "8", shows="drifted")
    monkeypatch.delenv("GITHUB_REF")
    ran = call(*COMMENT, "--pull-request", "8", shows="drifted")

    assert "Comment on pull request 8: unchanged" in ran.err
    assert (len(service.world.texts(8)), service.world.texts()) == (1, [])


QUIET = {"nothing changes": COMMENT, "nothing is touched": ("preview", "--none", "--comment")}


@pytest.mark.parametrize("arguments", QUIET.values(), ids=QUIET)
def test_nothing_new_is_posted_where_nothing_changes(call, workflow, service, arguments):
    """A change without consequences adds no comment to the conversation, and says so on stderr."""
    ran = call(*arguments)

    assert ran.code == 0
    assert service.world.texts() == []
    assert f"Comment on pull request {PULL_REQUEST}: none\n" in ran.err


@pytest.mark.parametrize("arguments", QUIET.values(), ids=QUIET)
def test_older_comment_is_brought_up_to_date_where_nothing_changes(call, workflow, service, arguments):
    """A comment on what is no longer part of the change does not go on saying it."""
    call(*COMMENT, shows="drifted")
    ran = call(*arguments)

    (text,) = service.world.texts()
    assert text.startswith(
        (f"{MARKER}\n## No changes\n", f"{MARKER}\n## No environment is touched; nothing was looked at\n")
    )
    assert "evil.example" not in text
    assert f"Comment on pull request {PULL_REQUEST}: updated" in ran.err


@pytest.mark.parametrize("shows", ["unreachable", "not_authorised", "broken", "wrong"])
def test_what_was_not_observed_is_posted(call, workflow, service, shows):
    """An environment that could not be looked at is never passed over in silence, nor called unchanged."""
    ran = call(*COMMENT, shows=shows)

    (text,) = service.world.texts()
    assert ran.code == (2 if shows == "wrong" else 1)
    assert "could not be looked at" in text.splitlines()[1]
    assert "No changes" not in text


def test_one_environment_that_was_not_observed_is_posted_among_quiet_ones(call, workflow, service):
    """Others without changes do not make the comment go away."""
    call(*COMMENT, "-s", "broken")

    (text,) = service.world.texts()
    assert "`broken` could not be looked at" in text


def test_long_report_is_shortened_and_points_to_the_whole(call, recordings, workflow, service):
    """A report that a comment cannot hold says where all of it is, and there it is whole."""
    recordings.diff = "all the engine said\n" * 5000 + "its last word\n"
    call(*COMMENT, shows="drifted")

    (text,) = service.world.texts()
    page = f"https://github.example/{REPOSITORY}/actions/runs/4711"
    assert f"**Shortened** to what matters most. The whole text is in the [summary of the run]({page})." in text
    assert "its last word" not in text
    assert "evil.example" in text
    assert "its last word" in workflow.read_text()
    assert "Shortened" not in workflow.read_text()


def test_long_report_promises_no_summary_where_there_is_none(call, recordings, workflow, service, monkeypatch):
    """Outside of a workflow's step a shortened comment points nowhere."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY")
    recordings.diff = "all the engine said\n" * 5000
    call(*COMMENT, shows="drifted")

    (text,) = service.world.texts()
    assert "**Shortened** to what matters most.\n" in text
    assert "summary" not in text


@pytest.mark.parametrize("arguments", [COMMENT, ISSUE], ids=["comment", "issue"])
@pytest.mark.parametrize("fault", ["drop", AWAY, None], ids=["lost", "503", "no-rights"])
@pytest.mark.parametrize("shows", ["drifted", "wrong"])
def test_failure_to_post_is_a_failure_that_loses_no_look(
    call, workflow, service, monkeypatch, *, arguments, fault, shows
):
    """A service that fails or refuses makes the exit code 1 and says so, and the report is there all the same."""
    if fault is None:
        monkeypatch.setenv("GITHUB_TOKEN", "ghs_reader")
    else:
        service.faults.add(fault, times=1000)
    ran = call(*arguments, shows=shows)

    assert ran.code == 1
    assert "GitHub" in ran.err
    assert all(part in ran.err for part in ("\n  where: ", "\n  why:   ", "\n  fix:   "))
    assert ran.out.startswith("staging: ")
    assert "staging" in workflow.read_text()
    assert service.world.comments == {}
    assert service.world.issues() == []


def test_issue_is_kept_for_each_environment(call, workflow, service):
    """`--issue` opens one for what differs, another for what was not seen, none for what stands, and says which."""
    ran = call(*ISSUE, "-s", "ready", "-s", "broken", shows="drifted")

    kept = [(each["title"], each["user"]["login"]) for each in service.world.issues()]
    assert kept == [("staging: not as declared", ROBOT), ("broken: could not be looked at", ROBOT)]
    assert ran.code == 1
    told = [line.partition(" http")[0] for line in ran.err.splitlines() if "issue on" in line]
    assert told == ["staging: issue on what differs created", "broken: issue on what could not be looked at created"]


def test_issue_closes_when_in_sync(call, workflow, service):
    """The next look that finds everything as declared closes the issue."""
    call(*ISSUE, shows="drifted")
    ran = call(*ISSUE)

    assert ran.code == 0
    assert service.world.issues() == []
    assert "staging: issue on what differs closed http" in ran.err


@pytest.mark.parametrize(("shows", "code"), [("ready", 0), ("drifted", 7), ("unreachable", 1), ("not_authorised", 1)])
def test_heartbeat_follows_a_completed_look(call, service, address, shows, code):
    """One sign of life is sent after a look that completed, whatever it found."""
    ran = call("drift", "-s", "staging", "-s", "ready", "--heartbeat", address, shows=shows)

    assert ran.code == code
    assert signs(service) == [f"{SIGN}/{SECRET}"]


@pytest.mark.parametrize(("shows", "code"), [("broken", 1), ("wrong", 2)])
def test_heartbeat_does_not_follow_a_run_that_broke(call, service, address, shows, code):
    """No sign of life is sent where one environment could not be looked at at all, whatever the others show."""
    ran = call("drift", "-s", "staging", "-s", "ready", "--heartbeat", address, shows=shows)

    assert ran.code == code
    assert service.requests == []


def test_heartbeat_does_not_follow_an_engine_that_stopped(call, recordings, service, address):
    """No sign of life is sent where the engine did not get through and no vendor was the reason."""
    said = {"urn": STACK, "message": "stopped", "prefix": "error: ", "color": "never", "severity": "error"}
    recordings.more = (EngineEvent.from_json({"diagnosticEvent": said}),)
    ran = call("drift", "-s", "staging", "--heartbeat", address)

    assert ran.code == 1
    assert "NOT OBSERVED: the engine did not get through" in ran.out
    assert service.requests == []


def test_heartbeat_comes_last(call, workflow, service, address):
    """The issue is kept before the sign of life, so that one that cannot be kept raises the alarm."""
    call(*ISSUE, "--heartbeat", address, shows="drifted")
    assert [each["path"] for each in service.requests][-1] == f"{SIGN}/{SECRET}"

    service.requests.clear()
    service.faults.add(AWAY, path="/issues", times=1000)
    ran = call(*ISSUE, "--heartbeat", address, shows="missing")

    assert ran.code == 1
    assert signs(service) == []


@pytest.mark.parametrize("option", ["--markdown", "--html"])
def test_heartbeat_does_not_follow_a_report_that_was_not_written(call, service, address, tmp_path, option):
    """A report that nobody can read raises the alarm too."""
    ran = call("drift", "-s", "staging", option, tmp_path / "no" / "report", "--heartbeat", address)

    assert ran.code == 1
    assert service.requests == []


@pytest.mark.parametrize("url", [f"http://hc.example/{SECRET}", f"hc.example/{SECRET}", f"cloudwatch:{SECRET}"])
def test_heartbeat_that_cannot_be_sent_is_refused_before_the_look(call, recordings, url):
    """An address that cannot be called is wrong usage: nothing is looked at, and nothing of it is printed."""
    ran = call("drift", "-s", "staging", "--heartbeat", url)

    assert (ran.code, ran.out, recordings.asked) == (2, "", [])
    assert "The heartbeat cannot be sent there" in ran.err


@pytest.mark.parametrize("fault", ["drop", AWAY, {"status": 404, "body": "no such check"}], ids=["lost", "503", "404"])
def test_heartbeat_that_nobody_hears_is_a_failure_that_loses_no_look(call, service, fault):
    """A sign of life that is not heard makes the exit code 1 and says so, and the report is there all the same."""
    service.faults.add(fault, times=100)
    ran = call("drift", "-s", "staging", "--heartbeat", f"{service.url}{SIGN}/{SECRET}", shows="drifted")

    assert ran.code == 1
    assert "The heartbeat was not heard\n  where: --heartbeat, host 127.0.0.1\n" in ran.err
    assert ran.out.startswith("staging: DRIFTED: ")


def test_file_that_cannot_be_written_keeps_nobody_from_the_report(call, workflow, service, tmp_path):
    """A file that fails makes the run fail; the other file, summary and comment hold the report all the same."""
    ran = call(*COMMENT, "--markdown", tmp_path / "nowhere/r.md", "--html", tmp_path / "r.html", shows="drifted")

    assert ran.code == 1
    assert "The file cannot be written" in ran.err
    assert len(service.world.texts()) == 1
    assert workflow.read_text().strip()
    assert (tmp_path / "r.html").read_text().startswith("<!doctype html>")
