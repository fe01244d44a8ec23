"""What a provider reads of its access: secrets once a run, and no write while one of them cannot be read."""

from __future__ import annotations

import pytest

from components import vendor_access
from components.aws import identity, secret_store
from components.errors import AuthError, EngineGone, NoSecret, TransportError
from components.vendor_access import Access

DENIED = AuthError("AWS refuses secretsmanager:GetSecretValue", where="W", why="Y", fix="F")


@pytest.fixture
def store(monkeypatch):
    """Secrets at AWS, by the text of their reference; what is asked for is written down."""

    class Store(dict):
        def __init__(self):
            super().__init__()
            self.asked = []

        def value(self, reference, _where, region):
            self.asked.append((str(reference), region))
            found = self[str(reference)]
            if isinstance(found, Exception):
                raise found
            return found

    store = Store()
    monkeypatch.setattr(secret_store, "value", store.value)
    return store


def access(app_secret="aws-sm:app", **more):
    """The access of an environment whose secrets are at AWS."""
    return Access("", "", "aws-ssm:/cyclr", "", aws_region="eu-west-1", references={"1234": app_secret}, **more)


def test_secret_at_aws_is_asked_for_once_a_run(store):
    """However many resources need it; the next run asks again, for it may have been rotated."""
    store["aws-sm:app"] = "value"
    first, second = access(), access()

    assert [first.resolve("aws-sm:app", "W"), first.resolve("aws-sm:app", "W")] == ["value", "value"]
    assert store.asked == [("aws-sm:app", "eu-west-1")]
    assert second.resolve("aws-sm:app", "W") == "value"
    assert len(store.asked) == 2


def test_entries_of_a_secret_are_of_one_read(store):
    """A secret that holds several is asked for once a run: one that is put meanwhile changes all of them, or none."""
    store["aws-sm:vendors"] = '{"app": "first", "cyclr": "second"}'
    asking = access()

    assert [asking.resolve(f"aws-sm:vendors#{entry}", "W") for entry in ("app", "cyclr")] == ["first", "second"]
    assert store.asked == [("aws-sm:vendors", "eu-west-1")]


def test_refusal_of_a_secret_is_asked_for_once_a_run(store):
    """Each resource that needs it gets the same error, at once."""
    store["aws-sm:app"] = DENIED
    asking = access()
    for _ in range(2):
        with pytest.raises(AuthError, match="GetSecretValue"):
            asking.resolve("aws-sm:app", "W", "1234")

    assert len(store.asked) == 1


@pytest.fixture
def credentials(monkeypatch):
    """Whose account is asked for; what comes of it can be set."""

    class Credentials(list):
        failure: Exception | None = None

        def check(self, *given):
            self.append(given)
            if self.failure:
                raise self.failure

    found = Credentials()
    monkeypatch.setattr(identity, "check", found.check)
    return found


def test_account_of_the_credentials_is_asked_for_once_a_run(store, credentials):
    """Before the first value, and not again; a secret of the config needs none."""
    store.update({"aws-sm:app": "value", "aws-ssm:/cyclr": "value"})
    asking = access(aws_account="123456789012", environment="staging", values={"app": "x"})
    asking.resolve("config:app", "W")
    before = list(credentials)
    asking.may_write("the change of app 1234")

    assert before == []
    assert credentials == [("123456789012", "aws.account of stack staging", "eu-west-1")]


def test_no_value_is_read_in_another_account(store, credentials):
    """A secret of the same name there goes to no vendor: for what needs it, it is as good as refused."""
    store["aws-sm:app"] = "canary"
    credentials.failure = DENIED

    with pytest.raises(NoSecret):
        access(aws_account="123456789012").resolve("aws-sm:app", "W")

    assert store.asked == []


def test_account_that_cannot_be_asked_for_is_an_outage(store, credentials):
    """It is no refusal."""
    credentials.failure = TransportError("lost", where="W", why="Y", fix="F")

    with pytest.raises(TransportError):
        access(aws_account="123456789012").resolve("aws-sm:app", "W")

    assert store.asked == []


def test_account_is_asked_for_only_where_one_is_declared(store, credentials):
    """An environment that only refers to secrets at AWS names none."""
    store["aws-sm:app"] = "value"

    assert access().resolve("aws-sm:app", "W") == "value"
    assert credentials == []


@pytest.mark.parametrize(
    "old", [DENIED, TransportError("lost", where="W", why="Y", fix="F")], ids=["refused", "unreachable"]
)
def test_reference_that_left_the_stack_file_gives_way_to_the_current_one(store, old):
    """A secret that moved is looked for where it is now, whatever its old place answers."""
    store.update({"aws-sm:old": old, "aws-sm:app": "value"})

    assert access().resolve("aws-sm:old", "W", "1234") == "value"


def test_write_goes_out_when_every_secret_can_be_read(store):
    """One right that is missing would leave the environment half done."""
    store.update({"aws-sm:app": "value", "aws-ssm:/cyclr": "value"})

    access().may_write("the change of app 1234")

    assert [reference for reference, _ in store.asked] == ["aws-sm:app", "aws-ssm:/cyclr"]


@pytest.mark.parametrize("missing", ["aws-sm:app", "aws-ssm:/cyclr"])
def test_write_stays_while_a_secret_cannot_be_read(store, missing):
    """Whichever it is, and whichever vendor would be written to."""
    store.update({"aws-sm:app": "value", "aws-ssm:/cyclr": "value"})
    store[missing] = DENIED

    with pytest.raises(AuthError, match="GetSecretValue"):
        access().may_write("the change of app 1234")


def test_write_stays_while_a_secret_of_the_config_is_missing():
    """The same holds for secrets that are not at AWS."""
    incomplete = Access("", "", "config:cyclr", "", references={"1234": "config:app"}, values={"app": "x"})

    with pytest.raises(AuthError, match="no value behind config:cyclr"):
        incomplete.may_write("the change of app 1234")


def test_write_stays_when_the_engine_is_gone(store, monkeypatch):
    """Nothing is asked for either."""
    monkeypatch.setattr(vendor_access.engine, "address", lambda: "127.0.0.1:1")

    with pytest.raises(EngineGone):
        access().may_write("the change of app 1234")

    assert store.asked == []
