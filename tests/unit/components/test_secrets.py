"""Secret references, fingerprints and values."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import secrets
from components.errors import AuthError
from components.secrets import Reference

CANARY = "canary-5a5ad0b0c0de"
LIKE_A_SECRET = "f3a9c01d7b2e4f6a8c0d"
ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:acme/app-AbCdEf"


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("config:facebookAppSecret", Reference("config", "facebookAppSecret")),
        ("config:a.b_c-1", Reference("config", "a.b_c-1")),
        ("env:APP_SECRET_2", Reference("env", "APP_SECRET_2")),
        ("aws-sm:acme/staging_1+=.@-", Reference("aws-sm", "acme/staging_1+=.@-")),
        ("aws-sm:acme/app#app_secret", Reference("aws-sm", "acme/app", "app_secret")),
        (f"aws-sm:{ARN}#app.secret-1", Reference("aws-sm", ARN, "app.secret-1")),
        ("aws-ssm:/acme/staging/app.secret_1", Reference("aws-ssm", "/acme/staging/app.secret_1")),
    ],
    ids=["config", "config-signs", "env", "secret", "json-key", "arn", "parameter"],
)
def test_reference_says_where_the_secret_lives(text, reference):
    """A reference is its kind and its name."""
    assert secrets.parse_reference(text) == reference


@pytest.mark.parametrize(
    "text", ["config:facebookAppSecret", "env:APP_SECRET", "aws-sm:acme/app#app_secret", "aws-ssm:/acme/app"]
)
def test_reference_reads_as_it_was_written(text):
    """Messages name the reference as the user typed it."""
    assert str(secrets.parse_reference(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        CANARY,
        f"config:{CANARY} ",
        f"env:{CANARY}",
        f"{CANARY}:config",
        f":{CANARY}",
        f"aws-ssm:{CANARY}",
        f"aws-ssm:/{CANARY}/",
        f"aws-sm:{CANARY} ",
        f"aws-sm:{CANARY}#",
        f"aws-sm:name#{CANARY}#1",
        f"aws-sm:arn:aws:ssm:{CANARY}",
        "",
        None,
        7,
    ],
    ids=[
        *("secret", "space", "env", "kind", "no-kind", "no-path", "path", "sm-space", "no-key", "two-keys", "arn"),
        *("empty", "none", "number"),
    ],
)
def test_reference_refusal_never_quotes_the_text(text):
    """What is no reference may be the secret itself."""
    with pytest.raises(ValueError, match="reference") as caught:
        secrets.parse_reference(text)

    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("before", ["env:", "aws-sm:", "aws-sm:name#"])
def test_reference_that_looks_like_a_secret_is_refused(before):
    """A secret typed behind a kind would stand in every state and diff as a name."""
    with pytest.raises(ValueError, match="looks like a secret") as caught:
        secrets.parse_reference(before + LIKE_A_SECRET)

    assert LIKE_A_SECRET not in str(caught.value)


def test_fingerprint_is_the_documented_one():
    """The fingerprint is in the state of every stack, so its algorithm is final."""
    assert secrets.fingerprint("s3cret", "1234567890123456") == "bbab0ce58532"


@given(st.text(), st.text())
def test_fingerprint_is_twelve_hex_digits(secret, belongs_to):
    """A fingerprint of anything is twelve hex digits: readable in a diff, no clue to the secret's length."""
    assert re.fullmatch("[0-9a-f]{12}", secrets.fingerprint(secret, belongs_to))


def test_fingerprint_differs_between_apps():
    """The same secret at another app shows another fingerprint."""
    assert secrets.fingerprint("s3cret", "1") != secrets.fingerprint("s3cret", "2")


@given(st.text(min_size=13), st.text(min_size=1))
def test_fingerprint_never_holds_the_secret(secret, belongs_to):
    """No secret longer than the fingerprint is in it."""
    assert secret not in secrets.fingerprint(secret, belongs_to)


def nowhere(whole):
    """AWS, where nothing is asked for."""
    raise AssertionError(whole)


def test_resolve_takes_an_entry_out_of_a_secret_at_aws():
    """AWS is asked for the secret as a whole, and the entry is what counts."""
    asked = []

    def at_aws(whole):
        asked.append(str(whole))
        return json.dumps({"app": CANARY, "other": "x"})

    assert secrets.resolve("aws-sm:acme/vendors#app", {}, "here", at_aws) == CANARY
    assert asked == ["aws-sm:acme/vendors"]


def test_resolve_reads_the_provider_config():
    """A `config:` reference is read from what the engine handed to the provider."""
    assert secrets.resolve("config:key", {"key": CANARY}, "here", nowhere) == CANARY


def test_resolve_reads_the_environment(monkeypatch):
    """An `env:` reference is read where the provider runs."""
    monkeypatch.setenv("APP_SECRET", CANARY)

    assert secrets.resolve("env:APP_SECRET", {}, "here", nowhere) == CANARY


@pytest.mark.parametrize("reference", ["config:key", "env:NO_SUCH_VARIABLE"])
def test_resolve_without_value_says_what_to_run(reference):
    """A reference to nothing is refused by its name, with the command that mends it."""
    with pytest.raises(AuthError, match=f"there is no value behind {reference}(.|\n)*fix:.*(pulumi config set|export)"):
        secrets.resolve(reference, {"other": CANARY}, "here", nowhere)


def test_resolve_failure_shows_no_other_secret():
    """The values beside the missing one stay out of the text."""
    with pytest.raises(AuthError) as caught:
        secrets.resolve("config:key", {"other": CANARY, "key": ""}, "here", nowhere)

    assert CANARY not in str(caught.value)
