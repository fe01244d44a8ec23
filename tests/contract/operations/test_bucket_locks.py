"""Who holds a stack whose state lives in a bucket, read over HTTP, and what is done about it."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from components.errors import ConnectorError
from stacks.operations import bucket_locks, processes, recover, remains
from stacks.operations.bucket_locks import Bucket, bucket

STATE, PROJECT, STACK = "state", "cyclr-connectors", "dev"
REACHED = "region=eu-west-1&use_path_style=true&awssdk=v2"
URL = f"s3://{STATE}?{REACHED}"
HERE, NOBODY = socket.gethostname(), 2**22 + 1
"""This machine, and a process number that no system gives."""
FAULTS = {
    "not allowed to list": ("ListObjectsV2", "denied", "AWS refuses s3:ListBucket"),
    "not allowed to read": ("GetObject", "denied", "AWS refuses s3:GetObject"),
    "credentials expired": ("*", "expired", "The credentials for AWS have expired"),
    "unreachable": ("*", "down", "AWS could not be reached"),
    "a page in place of a lock": ("GetObject", "garbage", "something else than AWS answered"),
}
"""What goes wrong -> operation, fault, words that say so."""


class FakeEngine:
    """Takes the commands of the CLI; its state has nothing unfinished."""

    stack = STACK
    folder = Path(__file__).parents[3]

    def __init__(self, url: str) -> None:
        self.env = {"PULUMI_BACKEND_URL": url}
        self.ran: list[tuple[str, ...]] = []

    def run(self, *args: str, given: str | None = None) -> str:
        self.ran.append(args)
        return given or ""

    def export(self) -> dict[str, Any]:
        return {"deployment": {"resources": []}}


@pytest.fixture
def held(aws):
    """Puts a lock as the CLI does."""
    aws.client("s3").create_bucket(Bucket=STATE, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    def hold(host: str = HERE, folder: str = "", stack: str = STACK, name: str = "a", text: str = "") -> None:
        entry = {"pid": NOBODY, "username": "jane", "hostname": host, "timestamp": "2026-11-24T16:40:09.3714Z"}
        key = f"{folder}.pulumi/locks/organization/{PROJECT}/{stack}/{name}.json"
        aws.client("s3").put_object(Bucket=STATE, Key=key, Body=text or json.dumps(entry))

    return hold


def mended(url: str, agrees: bool = False) -> tuple[FakeEngine, str]:
    """What `recover` does on a state there, and says."""
    engine, said = FakeEngine(url), list[str]()
    recover.mend(engine, remains.find(engine), said.append, lambda _question: agrees)
    return engine, "\n".join(said)


@pytest.mark.usefixtures("held")
def test_bucket_without_a_lock_is_nothing_to_recover():
    """A stack that nobody holds is left as it is, without a question."""
    engine, said = mended(URL)

    assert (engine.ran, said) == ([], f"Stack {STACK}: nothing to recover.")


def test_lock_of_a_dead_process_of_this_host_is_cancelled(held):
    """The holder is named with the time, and the lock is taken away without asking."""
    held()
    engine, said = mended(URL)

    assert f"jane@{HERE}, process {NOBODY}, since 2026-11-24T16:40:09" in said
    assert engine.ran == [("cancel", "--yes", "--stack", STACK)]


@pytest.mark.parametrize("agrees", [False, True])
def test_lock_of_another_host_is_cancelled_only_when_somebody_agrees(held, agrees):
    """A job's machine is gone with the job: whether its process runs nobody can see from here."""
    held("a-runner-of-ci")
    if agrees:
        assert mended(URL, agrees=True)[0].ran == [("cancel", "--yes", "--stack", STACK)]
    else:
        with pytest.raises(ConnectorError, match=f"recover -s {STACK} --yes"):
            mended(URL)


def test_lock_of_a_running_engine_is_never_cancelled(held, monkeypatch):
    """Not even when somebody agrees."""
    held()
    monkeypatch.setattr(processes, "command", lambda _pid: "/usr/bin/pulumi up")
    with pytest.raises(ConnectorError, match="still runs"):
        mended(URL, agrees=True)


def test_locks_are_those_of_the_stack_in_its_folder(held):
    """Every lock of the stack is read, also one that was cut off; another stack's or another folder's is not."""
    held(name="a")
    held(name="b", text='{"pid":')
    held("elsewhere", stack="dev2")
    held("elsewhere", folder="team/")
    own, other = (
        bucket_locks.read(bucket(f"s3://{STATE}{folder}?{REACHED}"), PROJECT, STACK) for folder in ("", "/team")
    )

    assert [json.loads(own[0])["hostname"], own[1]] == [HERE, '{"pid":']
    assert [json.loads(each)["hostname"] for each in other] == ["elsewhere"]


def test_more_locks_than_a_page_holds_are_all_read(held, aws):
    """A listing in several answers is read to its end."""
    for number in range(3):
        held(name=f"lock-{number}")
    place = bucket(URL)
    client = bucket_locks._client(place)
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=STATE, PaginationConfig={"PageSize": 1})

    assert len(list(pages)) == len(bucket_locks.read(place, PROJECT, STACK)) == 3
    assert aws.calls("s3", "GetObject")


def test_lock_that_was_released_meanwhile_is_none(held, aws, monkeypatch):
    """Between listing and reading an update may end: its lock is then no lock."""
    held(name="a")
    held(name="b")
    client = bucket_locks._client(bucket(URL))

    def gone(**wanted: str) -> dict[str, Any]:
        if wanted["Key"].endswith("a.json"):
            aws.client("s3").delete_object(**wanted)
        return client.get_object(**wanted)

    shown = SimpleNamespace(get_paginator=client.get_paginator, get_object=gone)
    monkeypatch.setattr(bucket_locks, "_client", lambda _place: shown)

    assert len(bucket_locks.read(bucket(URL), PROJECT, STACK)) == 1


def unseen(url: str) -> str:
    """What `recover` says of locks that it could not see and that nobody agrees to cancel."""
    engine, said = FakeEngine(url), list[str]()
    with pytest.raises(ConnectorError, match=f"^Stack {STACK} may still be locked\n"):
        recover.mend(engine, remains.find(engine), said.append, lambda _question: False)

    assert not engine.ran
    return "\n".join(said)


@pytest.mark.parametrize(("operation", "fault", "words"), FAULTS.values(), ids=FAULTS)
def test_bucket_that_shows_no_locks_is_asked_about_with_the_reason(held, aws, *, operation, fault, words):
    """Who cannot see the locks reads why, and decides; a lock that was not seen is never taken for none."""
    held()
    aws.fault("s3", operation, fault)

    assert words in unseen(URL)
    assert mended(URL, agrees=True)[0].ran == [("cancel", "--yes", "--stack", STACK)]


def test_machine_without_the_library_is_told_how_to_get_it(monkeypatch):
    """Without the packages for AWS the locks are asked about, and the command that brings them is named."""
    monkeypatch.setitem(sys.modules, "boto3", None)
    monkeypatch.setitem(sys.modules, "botocore.config", None)

    assert "make setup AWS=yes" in unseen(URL)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("s3://b", Bucket("b", "")),
        ("s3://b/", Bucket("b", "")),
        ("s3://b/team/x?region=eu-west-1", Bucket("b", "team/x/", "eu-west-1")),
        ("s3://b/a%20b", Bucket("b", "a b/")),
        ("s3://b?profile=ops&kmskeyid=k&awssdk=v2", Bucket("b", "", "", {"profile": "ops"})),
        ("s3://b?use_path_style=true", Bucket("b", "", by_path=True)),
        ("s3://b?s3ForcePathStyle=1", Bucket("b", "", by_path=True)),
        ("s3://b?use_path_style=false", Bucket("b", "")),
        ("s3://b?endpoint=http://127.0.0.1:9000", Bucket("b", "", "", {"endpoint_url": "http://127.0.0.1:9000"})),
        ("s3://b?endpoint=minio.example", Bucket("b", "", "", {"endpoint_url": "https://minio.example"})),
        (
            "s3://b?endpoint=minio.example&disable_https=true",
            Bucket("b", "", "", {"endpoint_url": "http://minio.example", "use_ssl": False}),
        ),
    ],
)
def test_address_of_a_state_says_how_its_bucket_is_reached(url, place):
    """Folder, region, profile, endpoint and the way to address it are taken over; the rest is left alone."""
    assert bucket(url) == place


@pytest.mark.parametrize("url", ["file:///var/state", "gs://b", "azblob://b", "https://api.pulumi.com", "s3://"])
def test_other_states_have_no_bucket(url):
    """Only an S3 backend has locks that are read here."""
    assert bucket(url) is None


def test_endpoint_of_the_address_is_the_one_that_is_asked(held, aws, monkeypatch):
    """A store that is not AWS is found by the address of the state alone."""
    held()
    monkeypatch.delenv("AWS_ENDPOINT_URL")

    assert len(bucket_locks.read(bucket(f"{URL}&endpoint={aws.endpoint}"), PROJECT, STACK)) == 1


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(("parameter", "style"), [("&use_path_style=true", {"addressing_style": "path"}), ("", None)])
def test_bucket_is_addressed_as_the_state_says(parameter, style):
    """A store that knows no bucket by its host is asked by path, any other as AWS's library thinks best."""
    client = bucket_locks._client(bucket(f"s3://{STATE}?region=eu-west-1{parameter}"))

    assert client.meta.config.s3 == style


def test_endpoint_that_is_none_is_told_so():
    """A broken address is an error of the settings, not of this program, and is not repeated."""
    with pytest.raises(ConnectorError, match="the endpoint in the address of the state is none") as caught:
        bucket_locks.read(bucket("s3://state?region=eu-west-1&endpoint=http://[broken"), PROJECT, STACK)

    assert "[broken" not in str(caught.value)
