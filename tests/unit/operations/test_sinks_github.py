"""Which repository and pull request a run is about, from its environment."""

from __future__ import annotations

import json

import pytest

from components.errors import DeclarationError
from stacks.operations.sinks.addresses import origin, trusted
from stacks.operations.sinks.github import API, Repository, pull_request_number

RUNNER = {"GITHUB_TOKEN": "ghs_5a5ad0b0", "GITHUB_REPOSITORY": "acme/connectors"}


def test_repository_is_what_a_runner_says():
    """A runner's variables make the repository, with the public API where none is named."""
    assert Repository.from_environment(RUNNER) == Repository(API, "acme/connectors", "ghs_5a5ad0b0")


def test_repository_of_a_server_of_ones_own_is_kept():
    """The API's address is the one that is given, whatever slash ends it."""
    given = {**RUNNER, "GITHUB_API_URL": "https://git.example/api/v3/"}

    assert Repository.from_environment(given).api == "https://git.example/api/v3"


def test_token_is_not_in_the_words_for_a_repository():
    """A repository that is printed or logged does not show its token."""
    assert "5a5ad0b0" not in repr(Repository.from_environment(RUNNER))


@pytest.mark.parametrize("missing", sorted(RUNNER))
@pytest.mark.parametrize("value", [None, "", " "])
def test_missing_variable_is_named(missing, value):
    """Each variable that is not set is named, with the way to set it."""
    given = {**RUNNER, missing: value or ""}
    if value is None:
        del given[missing]
    with pytest.raises(DeclarationError, match=f"{missing} is not set") as caught:
        Repository.from_environment(given)

    assert missing in caught.value.fix


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GITHUB_REPOSITORY", "connectors"),
        ("GITHUB_REPOSITORY", "acme/connectors/x"),
        ("GITHUB_REPOSITORY", "acme/connectors?x"),
        ("GITHUB_REPOSITORY", "acme/../x"),
        ("GITHUB_TOKEN", "two words-5a5a"),
        ("GITHUB_TOKEN", "lines\n5a5a"),
        ("GITHUB_TOKEN", "tökén-5a5a"),
        ("GITHUB_API_URL", "http://git.example"),
        ("GITHUB_API_URL", "https://me:5a5a@git.example"),
        ("GITHUB_API_URL", "https://git.example/?token=5a5a"),
        ("GITHUB_API_URL", "git.example"),
    ],
)
def test_unusable_variable_is_named_and_not_repeated(variable, value):
    """A value that cannot be used is refused before a call, and its text, which may be secret, is not shown."""
    with pytest.raises(DeclarationError, match=f"{variable} cannot be used") as caught:
        Repository.from_environment({**RUNNER, variable: value})

    assert "5a5a" not in str(caught.value)


@pytest.mark.parametrize("ref", ["refs/pull/12/merge", "refs/pull/12/head"])
def test_pull_request_is_read_from_the_ref(ref):
    """The ref of a pull request's run names it, whatever the event says."""
    assert pull_request_number({"GITHUB_REF": ref, "GITHUB_EVENT_PATH": "/nowhere"}) == 12


def test_pull_request_is_read_from_the_event(tmp_path):
    """Where the ref is a branch's, the event's file names the pull request."""
    file = tmp_path / "event.json"
    file.write_text(json.dumps({"pull_request": {"number": 34}}))

    assert pull_request_number({"GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_PATH": str(file)}) == 34


@pytest.mark.parametrize(
    "event",
    ["{}", "[]", '{"pull_request": null}', '{"pull_request": {"number": true}}', '{"issue": {"number": 3}}', "{"],
)
@pytest.mark.parametrize("ref", ["", "refs/heads/main", "refs/pull/0/merge", "refs/pull/12/merge/x"])
def test_run_without_a_pull_request_says_how_to_name_one(tmp_path, event, ref):
    """Where neither names one, the words say which option does."""
    file = tmp_path / "event.json"
    file.write_text(event)
    with pytest.raises(DeclarationError, match="--pull-request N"):
        pull_request_number({"GITHUB_REF": ref, "GITHUB_EVENT_PATH": str(file)})

    with pytest.raises(DeclarationError, match="--pull-request N"):
        pull_request_number({"GITHUB_REF": ref})


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/x?y",
        "http://127.0.0.1:80",
        "http://localhost/x",
        "http://[::1]:8080/",
        "https://a.example:8443",
    ],
)
def test_protected_address_is_trusted(address):
    """Encrypted, or on this machine."""
    parts = trusted(address)

    assert parts
    assert address.startswith(origin(parts))


@pytest.mark.parametrize(
    "address",
    [
        "http://a.example", "http://127.0.0.1.example", "http://localhost.example", "https://user@a.example",
        "//a.example",
        "https://a.example\\@b.example", "https://a.example/\n", "https://a.example/ x", "https://", "https://a:b", "",
        "file:///etc/passwd", "https://[::1", "https://a.example:99999",
    ],
)  # fmt: skip
def test_unprotected_address_is_not_trusted(address):
    """In the clear, with a password, of another kind, or read differently by different readers."""
    assert trusted(address) is None
