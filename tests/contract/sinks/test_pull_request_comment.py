"""One comment on a pull request, whoever writes there, however often and at once, over HTTP."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.errors import AuthError, ConnectorError, NotFound
from stacks.operations.sinks import comment
from stacks.operations.sinks.comment import Deed, marker, post
from tests.contract.sinks.service import LONGEST, PULL_REQUEST, ROBOT

MARK = marker("preview")
BOT_OF_AN_APP = "deploy-helper[bot]"
COMMENTS = "/issues/7/comments"
OLDEST = 1002
"""The first comment that the service makes."""
EMOJI = "\N{GRINNING FACE}"


def saying(text):
    """A renderer of a text that always fits."""
    return lambda _: text


@pytest.fixture
def publish(repository):
    """Post a text as a workflow does."""

    def act(text, mark=MARK, **more):
        return post(repository, PULL_REQUEST, mark, saying(text), **more)

    return act


def test_comment_is_created_with_its_marker_first(service, publish):
    """A pull request without a comment of ours gets one, at whose page the answer points."""
    posted = publish("Two changes.")

    assert service.world.texts() == [f"{MARK}\nTwo changes."]
    assert posted.deed is Deed.CREATED
    assert posted.url.startswith("https://github.example/acme/connectors/pull/7#issuecomment-")


def test_comment_is_updated_in_place(service, publish):
    """A later run changes the text and adds nothing."""
    first, second = publish("Two changes."), publish("Three changes.")

    assert service.world.texts() == [f"{MARK}\nThree changes."]
    assert (second.deed, second.url) == (Deed.UPDATED, first.url)


@pytest.mark.parametrize("ending", ["", "\n\n"])
def test_comment_with_the_same_text_is_not_written(service, publish, ending):
    """The same text leaves the comment as it is, although the service ends its lines in its own way."""
    publish("One.\nTwo.")
    for entry in service.world.comments.values():
        entry["body"] = entry["body"].replace("\n", "\r\n") + ending

    assert publish("One.\nTwo.").deed is Deed.UNCHANGED
    assert not service.sent("PATCH")


@pytest.mark.parametrize("before", [99, 100, 250])
def test_comment_is_found_on_any_page(service, publish, before):
    """However many comments come before ours, it is found."""
    for number in range(before):
        service.world.add_comment(f"remark {number}", "maria")
    own = service.world.add_comment(f"{MARK}\nold", ROBOT)
    for number in range(30):
        service.world.add_comment(f"later remark {number}", "maria")

    assert publish("new").deed is Deed.UPDATED
    assert own["body"] == f"{MARK}\nnew"
    assert len(service.world.comments) == before + 31


@pytest.mark.parametrize(
    ("text", "author"),
    [
        (f"{MARK}\nold", "maria"),
        (f"{MARK}\nold", BOT_OF_AN_APP),
        (f"{MARK}\nold", ""),
        (f"> {MARK}\n> quoted", ROBOT),
        (f"\n{MARK}\nold", ROBOT),
        (None, ROBOT),
    ],
    ids=["a person's", "another robot's", "of a lost account", "a quotation", "not at the start", "without a text"],
)
def test_comment_of_somebody_else_is_left_alone(service, publish, text, author):
    """Only what begins with the marker and is by us is ours; anything else stays as it is."""
    theirs = service.world.add_comment(text, author)

    assert publish("ours").deed is Deed.CREATED
    assert theirs["body"] == text
    assert len(service.world.comments) == 2


def test_comments_of_several_previews_stand_side_by_side(service, publish):
    """A key in the marker keeps the comments of two previews apart, even where one key begins the other."""
    for key in ("dev", "dev-2", "dev"):
        publish(f"about {key}", marker("preview", key))

    assert service.world.texts() == [
        f"<!-- cyclr-connectors:preview {key} -->\nabout {key}" for key in ("dev", "dev-2")
    ]


@pytest.mark.parametrize("key", ["a --> b", "a--b", "<b>", "a\nb", "é"])
def test_marker_stays_one_hidden_line(key):
    """No key ends the hidden comment early or leaves its line."""
    inside = marker("preview", key).removeprefix("<!-- ").removesuffix(" -->")

    assert not [sign for sign in ("--", "<", ">", "\n") if sign in inside]


def test_nothing_new_is_posted_when_nothing_changes(service, publish):
    """Without an older comment a run without changes stays silent."""
    assert publish("Nothing changes.", only_if_there=True).deed is Deed.NONE
    assert not service.world.comments


def test_older_comment_is_brought_up_to_date_when_nothing_changes(service, publish):
    """A comment that spoke of changes does not stand when there are none any more."""
    publish("Two changes.")

    assert publish("Nothing changes.", only_if_there=True).deed is Deed.UPDATED
    assert service.world.texts() == [f"{MARK}\nNothing changes."]


def test_person_writes_under_their_own_name(service, repository):
    """With a person's token the comment of that person is ours and the workflow's is not."""
    robots = service.world.add_comment(f"{MARK}\nrobot", ROBOT)
    person = replace(repository, token="ghp_person")
    for text in ("one", "two"):
        post(person, PULL_REQUEST, MARK, saying(text))

    assert service.world.texts() == [robots["body"], f"{MARK}\ntwo"]


def test_app_with_a_name_of_its_own_leaves_one_comment(service, repository):
    """An app's token may not ask who it is: the answer to the first comment tells, and no second one stays."""
    app = replace(repository, token="ghs_app")
    for text in ("one", "two", "three"):
        post(app, PULL_REQUEST, MARK, saying(text))

    assert service.world.texts() == [f"{MARK}\nthree"]
    assert [each["user"]["login"] for each in service.world.comments.values()] == [BOT_OF_AN_APP]


@pytest.mark.parametrize("sign", ["a", "é", EMOJI], ids=["plain", "accented", "emoji"])
def test_longest_text_is_taken(service, publish, repository, sign):
    """A renderer that fills its limit makes a comment that the service takes, in whatever characters it counts."""
    post(repository, PULL_REQUEST, MARK, lambda limit: sign * limit)

    (text,) = service.world.texts()
    assert LONGEST - 64 < len(text.encode("utf-16-le")) // 2 <= LONGEST
    assert publish("short").deed is Deed.UPDATED


def test_renderer_without_a_limit_is_refused_before_anything_is_sent(service, repository):
    """A text that is never short enough is our own fault, and said so."""
    with pytest.raises(ConnectorError, match="does not fit"):
        post(repository, PULL_REQUEST, MARK, saying("a" * (LONGEST + 1)))

    assert not service.requests


@pytest.mark.parametrize("meeting", ["meet", "meet_after"])
@pytest.mark.parametrize("runs", [2, 4])
def test_runs_at_once_leave_one_comment(service, repository, at_once, meeting, runs):
    """Runs that all saw no comment and all made one leave one, with the text that was written last."""
    service.faults.add({"meet_after": runs}, "GET", COMMENTS)
    service.faults.add({meeting: runs}, "POST", COMMENTS)
    texts = [f"text {number}" for number in range(runs)]
    at_once(*(lambda text=text: post(repository, PULL_REQUEST, MARK, saying(text)) for text in texts))

    assert len(service.sent("POST")) == runs
    assert list(service.world.comments) == [OLDEST]
    assert service.world.texts()[0].removeprefix(f"{MARK}\n") in texts


@pytest.mark.parametrize(
    ("method", "skip", "left"), [("POST", 0, "ours"), ("GET", 1, "theirs")], ids=["before ours", "after ours"]
)
def test_comment_of_a_run_at_the_same_time_leaves_the_newest_text(service, publish, method, skip, left):
    """The older comment stays and has the text of the newer one, whichever of the two is by this run."""
    service.faults.add(lambda: service.world.add_comment(f"{MARK}\ntheirs", ROBOT), method, COMMENTS, skip=skip)
    publish("ours")

    assert list(service.world.comments) == [OLDEST]
    assert service.world.texts() == [f"{MARK}\n{left}"]


def test_duplicates_of_an_earlier_run_are_healed(service, publish):
    """Of several of ours the oldest stays, up to date; somebody else's with the same marker stays as well."""
    kept = service.world.add_comment(f"{MARK}\none", ROBOT)
    theirs = service.world.add_comment(f"{MARK}\ntheirs", "maria")
    service.world.add_comment(f"{MARK}\ntwo", ROBOT)
    service.world.add_comment(f"{MARK}\nthree", ROBOT)

    assert publish("two").deed is Deed.UPDATED
    assert list(service.world.comments) == [kept["id"], theirs["id"]]
    assert service.world.texts() == [f"{MARK}\ntwo", f"{MARK}\ntheirs"]


def test_comment_deleted_meanwhile_is_made_again(service, repository):
    """Somebody who deletes the comment between our look and our change does not end with none."""
    service.world.add_comment(f"{MARK}\nold", ROBOT)
    service.faults.add(service.world.comments.clear, "PATCH")
    post(repository, PULL_REQUEST, MARK, saying("new"))

    assert service.world.texts() == [f"{MARK}\nnew"]


def test_comment_that_is_deleted_each_time_ends_in_words(service, repository):
    """Somebody who deletes the comment whenever it is changed is not fought without end."""
    for _ in range(3):
        service.faults.add(lambda: service.world.add_comment(f"{MARK}\nold", ROBOT), "GET", COMMENTS)
        service.faults.add(service.world.comments.clear, "PATCH")
    with pytest.raises(ConnectorError, match="deleted it"):
        post(repository, PULL_REQUEST, MARK, saying("new"))

    assert not service.world.comments


@pytest.mark.parametrize("then", ["drop", "drop_after", {"after": {"status": 502, "body": "<html>"}}, {"status": 500}])
def test_lost_answer_to_a_new_comment_leaves_one(service, publish, then):
    """Whether or not the write took effect before the answer was lost, one comment is there in the end."""
    service.faults.add(then, "POST", COMMENTS)

    assert publish("text").deed is Deed.CREATED
    assert service.world.texts() == [f"{MARK}\ntext"]


@pytest.mark.parametrize("then", ["drop_after", {"after": {"status": 502, "body": "<html>"}}])
def test_write_that_took_effect_is_not_repeated(service, publish, then):
    """After a lost answer the comment is looked for before anything is written again."""
    service.faults.add(then, "POST", COMMENTS)
    publish("text")

    assert len(service.sent("POST")) == 1


@pytest.mark.parametrize("then", ["drop", "drop_after", {"status": 503, "body": "<html>"}])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_what_may_be_repeated_is_repeated(service, publish, method, then):
    """A connection lost at a read, an update or a removal does not fail the run."""
    for text in ("one", "two"):
        service.world.add_comment(f"{MARK}\n{text}", ROBOT)
    service.faults.add(then, method, COMMENTS if method == "GET" else "/issues/comments/")
    publish("three")

    assert service.world.texts() == [f"{MARK}\nthree"]


def test_reader_is_told_what_it_may_not(service, repository):
    """A token that may only read ends in the permission that the job lacks, and nothing is posted."""
    reader = replace(repository, token="ghs_reader")
    with pytest.raises(AuthError, match="pull-requests: write") as caught:
        post(reader, PULL_REQUEST, MARK, saying("text"))

    assert "ghs_reader" not in str(caught.value)
    assert not service.world.comments


def test_unknown_pull_request_is_said(repository):
    """A number that is none of the repository's ends in words that name where it is set."""
    with pytest.raises(NotFound, match="number of the pull request"):
        post(repository, 999, MARK, saying("text"))


def test_limit_of_ours_is_the_limit_of_the_service():
    """The stand-in refuses exactly what is longer than we allow."""
    assert comment.LIMIT == LONGEST
