"""Secrets at AWS: their versions for everybody, their values for the provider."""

from __future__ import annotations

import json

import pytest

from components import secrets
from components.aws import secret_store
from components.errors import AuthError, TransportError

CANARY = "canary-7c1e93d2"
WHERE = "appSecret of app 1234"


def of(text):
    """The reference that a stack file has."""
    return secrets.parse_reference(text)


def test_version_is_the_id_of_the_current_one(manager):
    """The version id that AWS gave for the last put is what a diff shows."""
    manager.create_secret(Name="acme/app")
    put = manager.put_secret_value(SecretId="acme/app", SecretString=CANARY)

    assert secret_store.version(of("aws-sm:acme/app"), WHERE) == put["VersionId"]


def test_version_changes_with_a_new_value_and_value_follows(manager):
    """A rotation shows as another version, and what is read is the new value."""
    manager.create_secret(Name="acme/app", SecretString="old")
    before = secret_store.version(of("aws-sm:acme/app"), WHERE)

    put = manager.put_secret_value(SecretId="acme/app", SecretString=CANARY)

    assert secret_store.version(of("aws-sm:acme/app"), WHERE) == put["VersionId"] != before
    assert secret_store.value(of("aws-sm:acme/app"), WHERE) == CANARY


def test_value_is_of_the_stage_awscurrent(manager):
    """A version that is only pending, as rotations put it first, is not used."""
    manager.create_secret(Name="acme/app", SecretString=CANARY)
    manager.put_secret_value(SecretId="acme/app", SecretString="pending", VersionStages=["AWSPENDING"])

    assert secret_store.value(of("aws-sm:acme/app"), WHERE) == CANARY


def test_secret_is_found_by_its_arn_in_the_arns_region(manager, monkeypatch):
    """An ARN says its region, whatever the environment says."""
    arn = manager.create_secret(Name="acme/app", SecretString=CANARY)["ARN"]
    monkeypatch.setenv("AWS_REGION", "us-east-1")

    assert secret_store.value(of(f"aws-sm:{arn}"), WHERE) == CANARY
    assert secret_store.version(of(f"aws-sm:{arn}"), WHERE)


def test_json_key_reads_one_entry():
    """Several secrets may be kept in one object."""
    text = json.dumps({"app_secret": CANARY, "other": "x"})

    assert secret_store.entry(text, of("aws-sm:acme/app#app_secret"), WHERE) == CANARY
    assert secret_store.entry(text, of("aws-sm:acme/app"), WHERE) == text


@pytest.mark.parametrize(
    "stored",
    [
        CANARY,
        json.dumps([CANARY]),
        json.dumps({"other": CANARY}),
        json.dumps({"app_secret": {"x": CANARY}}),
        "[" * 9999,
    ],
    ids=["no-json", "list", "no-entry", "no-text", "too-deep"],
)
def test_wrong_json_key_says_so_and_shows_nothing(stored):
    """What the object holds instead stays unsaid."""
    with pytest.raises(AuthError, match="has no entry app_secret") as caught:
        secret_store.entry(stored, of("aws-sm:acme/app#app_secret"), WHERE)

    assert CANARY not in str(caught.value)
    assert "other" not in str(caught.value)


def test_value_of_bytes_is_refused(manager):
    """A secret of bytes is none that a vendor takes."""
    manager.create_secret(Name="acme/app", SecretBinary=b"\x00")

    with pytest.raises(AuthError, match="holds no text"):
        secret_store.value(of("aws-sm:acme/app"), WHERE)


@pytest.mark.parametrize("ask", [secret_store.version, secret_store.value], ids=["version", "value"])
class TestBoth:
    """What a look for the version and one for the value say alike."""

    def test_missing_secret_is_no_value_and_no_gone_object(self, account, ask):
        """`read` would take a NotFound for a resource that is gone, and drift is what it is not."""
        with pytest.raises(AuthError, match="There is no value behind aws-sm:acme/app#key") as caught:
            ask(of("aws-sm:acme/app#key"), WHERE)

        assert WHERE in str(caught.value)
        assert "AWS_REGION" in str(caught.value)

    def test_secret_that_is_to_be_deleted_names_the_way_back(self, manager, ask):
        """Until its window ends, one command brings it back."""
        manager.create_secret(Name="acme/app", SecretString=CANARY)
        manager.delete_secret(SecretId="acme/app")

        with pytest.raises(AuthError, match="scheduled for deletion") as caught:
            ask(of("aws-sm:acme/app"), WHERE)

        assert "aws secretsmanager restore-secret --secret-id acme/app" in str(caught.value)

    def test_missing_parameter_is_no_value(self, account, ask):
        """As for a secret."""
        with pytest.raises(AuthError, match="There is no value behind aws-ssm:/acme/app"):
            ask(of("aws-ssm:/acme/app"), WHERE)

    def test_parameter_in_plain_text_is_refused(self, parameters, ask):
        """It was readable for everybody who may list parameters, so it is burnt."""
        parameters.put_parameter(Name="/acme/app", Value=CANARY, Type="String")

        with pytest.raises(AuthError, match="is no SecureString") as caught:
            ask(of("aws-ssm:/acme/app"), WHERE)

        assert CANARY not in str(caught.value)


@pytest.mark.parametrize("text", ["aws-sm:acme/app", "aws-ssm:/acme/app"])
@pytest.mark.parametrize("ask", [secret_store.version, secret_store.value], ids=["version", "value"])
def test_empty_success_is_no_answer(monkeypatch, ask, text):
    """The library makes one of a proxy's page; it says nothing of the secret, least of all that it has no value."""

    class Proxy:
        def __getattr__(self, _operation):
            return lambda **_: {"ResponseMetadata": {"HTTPStatusCode": 200}}

    monkeypatch.setattr(secret_store.clients, "client", lambda *_: Proxy())

    with pytest.raises(TransportError, match="no usable answer"):
        ask(of(text), WHERE)


def test_container_without_a_value_says_how_to_put_one(manager):
    """A secret that was made and never filled has no version."""
    manager.create_secret(Name="acme/app")

    with pytest.raises(AuthError, match="holds no value yet") as caught:
        secret_store.version(of("aws-sm:acme/app"), WHERE)

    assert "aws secretsmanager put-secret-value --secret-id acme/app" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "entries", "held"),
    [
        ("aws-sm:acme/app", (), "the secret alone, without a line end"),
        ("aws-sm:acme/app#app_secret", (), '{"app_secret": "..."}'),
        ("aws-sm:acme/app#cyclr", ("cyclr", "app_secret"), '{"app_secret": "...", "cyclr": "..."}'),
    ],
)
def test_container_without_a_value_says_what_to_put(manager, text, entries, held):
    """All entries that the stack file refers to, so that one command is enough."""
    manager.create_secret(Name="acme/app")

    with pytest.raises(AuthError) as caught:
        secret_store.version(of(text), WHERE, entries=entries)

    assert caught.value.fix.endswith(f"file://FILE\n         where FILE holds {held}")


def test_version_of_a_parameter_is_its_number(parameters):
    """Each put counts one up."""
    for value in ("old", CANARY):
        parameters.put_parameter(Name="/acme/app", Value=value, Type="SecureString", Overwrite=True)

    assert secret_store.version(of("aws-ssm:/acme/app"), WHERE) == "2"
    assert secret_store.value(of("aws-ssm:/acme/app"), WHERE) == CANARY


def test_version_asks_for_no_decryption(parameters, monkeypatch):
    """The right to use the key is not needed to preview."""
    asked = []
    real = secret_store.clients.client

    class Recording:
        def __init__(self, client):
            self._client = client

        def get_parameter(self, **options):
            asked.append(options)
            return self._client.get_parameter(**options)

    parameters.put_parameter(Name="/acme/app", Value=CANARY, Type="SecureString")
    monkeypatch.setattr(secret_store.clients, "client", lambda *args: Recording(real(*args)))
    secret_store.version(of("aws-ssm:/acme/app"), WHERE)

    assert asked == [{"Name": "/acme/app", "WithDecryption": False}]
