"""What holds for every call to the code-hosting service: pages, rates, repeats, redirects, words, over HTTP."""

from __future__ import annotations

import pytest

from components.errors import AuthError, ConnectorError, RateLimited, Rejected, TransportError
from stacks.operations.sinks import github_api
from stacks.operations.sinks.comment import marker, post
from stacks.operations.sinks.github import Repository
from stacks.operations.sinks.github_api import ATTEMPTS, ROBOT, Service
from tests.contract.sinks.service import PULL_REQUEST, REPOSITORY, limited, running

MARK = marker("preview")
COMMENTS = f"/issues/{PULL_REQUEST}/comments"
NEEDS = "pull-requests: write"
PAGE = "<html>Down for maintenance</html>"
ANOTHER_CLOCK = 7200


@pytest.fixture
def calls(repository):
    """The API for one errand."""
    return Service(repository, NEEDS)


@pytest.fixture
def publish(repository):
    """Post a text."""
    return lambda text="text": post(repository, PULL_REQUEST, MARK, lambda _: text)


@pytest.fixture
def elsewhere():
    """Another server, which would take a token if it were given one."""
    with running() as standing:
        yield standing


@pytest.mark.parametrize("entries", [0, 1, 100, 101, 350])
def test_list_has_every_entry_once(service, calls, entries):
    """A list is read to its last page, in as few pages as the service allows."""
    for number in range(entries):
        service.world.add_comment(f"remark {number}", "maria")

    assert [each["body"] for each in calls.listed(COMMENTS)] == [f"remark {number}" for number in range(entries)]
    assert len(service.sent("GET")) == max(-(-entries // 100), 1)


def test_list_of_long_texts_is_read_in_smaller_pages(service, calls):
    """A page that is larger than an answer may be does not hide the comments on it."""
    for _ in range(90):
        service.world.add_comment("é" * 65_000, "maria")

    assert len(calls.listed(COMMENTS)) == 90


def test_every_call_says_what_the_service_asks_for(service, publish):
    """The version of the API, the form of the answer and who calls are in each request."""
    publish()

    for sent in service.requests:
        assert sent["headers"]["X-Github-Api-Version"] == "2022-11-28"
        assert sent["headers"]["Accept"] == "application/vnd.github+json"
        assert sent["headers"]["User-Agent"] == "cyclr-connectors"


def test_token_of_a_workflow_writes_as_the_robot(calls):
    """A workflow's token may not ask who it is; it is known without."""
    assert calls.login == ROBOT


@pytest.mark.parametrize("message", ["Forbidden by your organisation", "Resource protected by SAML"])
def test_other_refusal_of_a_name_is_no_robot(service, calls, message):
    """Only the refusal that a workflow's token meets stands for the robot's name."""
    service.faults.add({"status": 403, "body": {"message": message}}, "GET", "/user")
    with pytest.raises(AuthError, match=message):
        _ = calls.login


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
@pytest.mark.parametrize(
    "limit",
    [
        {"seconds": 7, "wait": 7},
        {"seconds": 0, "wait": 0},
        {"status": 429, "seconds": 9, "wait": 9},
        {"reset": 20, "wait": 21},
        {"reset": 20, "skew": ANOTHER_CLOCK, "wait": 21},
        {"status": 429, "reset": -5, "wait": 1},
    ],
    ids=["secondary", "at once", "429", "primary", "another clock", "reset is over"],
)
def test_rate_limit_is_waited_for_as_asked(service, publish, naps, method, limit):
    """What the service asks to wait is waited, and then the comment is there once."""
    if method == "PATCH":
        publish("old")
    service.faults.add(limited(**{name: value for name, value in limit.items() if name != "wait"}), method, "comments")
    publish("new")

    assert service.world.texts() == [f"{MARK}\nnew"]
    assert naps == [pytest.approx(limit["wait"], abs=2)]


@pytest.mark.parametrize(
    "limit",
    [{"seconds": 61}, {"reset": 900}, {}, {"status": 429}],
    ids=["secondary", "primary", "untold", "untold 429"],
)
def test_limit_beyond_our_patience_is_an_error_at_once(service, publish, naps, limit):
    """A wait that would outlast the run's patience is not begun, and the words say when to run again."""
    service.faults.add(limited(**limit), "POST")
    with pytest.raises(RateLimited, match=r"run again in \d+ seconds"):
        publish()

    assert not naps
    assert len(service.sent("POST")) == 1


def test_waits_of_one_errand_are_counted_together(service, publish, naps, monkeypatch):
    """Several short waits do not add up to more than one errand may take."""
    monkeypatch.setattr(github_api, "_clock", lambda: sum(naps))
    service.faults.add(limited(seconds=25), "GET", "comments", times=2)
    service.faults.add(limited(seconds=25), "POST")
    with pytest.raises(RateLimited):
        publish()

    assert naps == [25, 25]


def test_limit_before_a_write_has_us_look_again(service, publish):
    """What another run posted while we waited is found instead of posted twice."""
    service.faults.add(limited(seconds=1), "POST")
    service.faults.add(lambda: service.world.add_comment(f"{MARK}\ntheirs", ROBOT), "GET", COMMENTS, skip=1)
    publish("ours")

    assert service.world.texts() == [f"{MARK}\nours"]
    assert len(service.sent("POST")) == 1


@pytest.mark.parametrize("then", ["drop", {"status": 500, "body": {"message": "Server Error"}}, {"status": 502}])
def test_service_that_stays_away_ends_in_words(service, publish, then):
    """A service that never answers is tried a few times; then the run fails and says so."""
    service.faults.add(then, "POST", times=100)
    with pytest.raises(TransportError, match="found, not posted twice"):
        publish()

    assert len(service.sent("POST")) == ATTEMPTS


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        ((401, "Bad credentials"), AuthError, "valid"),
        ((403, "Resource not accessible by integration"), AuthError, "fork"),
        ((410, "Issues are disabled"), Rejected, "settings"),
        ((422, "Validation Failed"), Rejected, "body is too long"),
        ((451, "Unavailable"), Rejected, "Unavailable"),
    ],
    ids=["401", "403", "410", "422", "451"],
)
def test_refusal_has_four_parts_and_the_permission(service, publish, answer, error, said):
    """Each refusal says what, where, why in the service's words, and what to do, with the permission that is needed."""
    status, message = answer
    details = [{"message": "body is too long (maximum is 65536 characters)"}, "ignored"]
    service.faults.add({"status": status, "body": {"message": message, "errors": details}}, "POST")
    with pytest.raises(error, match=said) as caught:
        publish("the text")

    text = str(caught.value)
    assert f"HTTP {status}: {message}" in text
    assert f"POST {service.url}/repos/{REPOSITORY}{COMMENTS}" in text
    assert f"permissions: {NEEDS}" in text
    assert "the text" not in text
    assert len(service.sent("POST")) == 1


def test_token_that_an_answer_repeats_is_hidden(service, publish):
    """An error of the service that quotes our token does not bring it into our words."""
    service.faults.add({"status": 422, "body": {"message": "no: Bearer ghs_runner"}}, "POST")
    with pytest.raises(Rejected) as caught:
        publish()

    assert "ghs_runner" not in str(caught.value)
    assert "ghs_runner" not in repr(caught.value.__dict__)


@pytest.mark.parametrize("path", ["/user", COMMENTS])
@pytest.mark.parametrize(
    "answer",
    [
        {"status": 200, "body": PAGE},
        {"status": 200, "body": {"message": "hello"}},
        {"status": 404, "body": PAGE},
        {"status": 200, "body": "[1]"},
    ],
    ids=["page", "object", "page of 404", "list of numbers"],
)
def test_answer_of_somebody_in_between_is_no_answer(service, path, answer):
    """A page, or anything else that was not asked for, says neither who we are nor that no comment is there."""
    service.faults.add(answer, "GET", path, times=100)
    calls = Service(Repository(service.url, REPOSITORY, "ghp_person"), NEEDS)
    with pytest.raises(TransportError):
        _ = calls.login if path == "/user" else calls.listed(path)


def test_token_is_not_sent_along_a_redirect_to_another_host(service, elsewhere, publish):
    """A redirect away from the service ends the call."""
    service.faults.add({"status": 302, "headers": {"Location": f"{elsewhere.url}/x"}}, "GET", times=100)
    with pytest.raises(ConnectorError, match="another host"):
        publish()

    assert not elsewhere.requests


def test_token_is_not_sent_to_a_page_on_another_host(service, elsewhere, publish):
    """A list whose next page is elsewhere ends the call."""
    link = f'<{elsewhere.url}/x>; rel="next"'
    service.faults.add({"status": 200, "headers": {"Link": link}, "body": []}, "GET", COMMENTS, times=100)
    with pytest.raises(ConnectorError, match="another host"):
        publish()

    assert not elsewhere.requests


def test_renamed_repository_is_followed(service, publish):
    """The service sends us to the repository's present place; that is followed for reads and writes."""
    service.world.renamed_to = "acme/connectors-2"
    for text in ("old", "new"):
        publish(text)

    assert service.world.texts() == [f"{MARK}\nnew"]


def test_endless_redirect_ends(service, calls):
    """A service that redirects to itself is left."""
    service.faults.add({"status": 301, "headers": {"Location": "/user"}}, "GET", "/user", times=1000)
    with pytest.raises(TransportError, match="again and again"):
        _ = calls.login


def test_api_below_a_path_is_kept(service):
    """A server of one's own has its API below a path, which every call begins with."""
    service.faults.add({"status": 200, "body": {"login": "maria"}}, "GET", "/api/v3/user")

    assert Service(Repository(f"{service.url}/api/v3", REPOSITORY, "ghp_person"), NEEDS).login == "maria"
