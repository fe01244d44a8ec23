"""Whose runs take which role."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.aws.cloud.account import ACCOUNT
from tests.aws.policies.world import OWN, SUBJECTS, claims


def role_arn(role):
    """The role of the environment."""
    return f"arn:aws:iam::{ACCOUNT}:role/{OWN}-{role}"


@pytest.mark.parametrize("role", SUBJECTS)
def test_run_with_its_subject_takes_the_role(world, role):
    """The token of a run that the stack file names is given the role."""
    assert world.cloud.credentials_by_token(role_arn(role), claims(role)).token


@pytest.mark.parametrize(
    ("role", "wrong"),
    [
        ("preview", {"aud": "https://other"}),
        ("deploy", {"aud": "https://other"}),
        ("deploy", {"sub": SUBJECTS["preview"]}),
        ("deploy", {"sub": "repo:acme/connectors:environment:production"}),
        ("deploy", {"sub": f"repo:evil/connectors:environment:{OWN}"}),
        ("deploy", {"sub": f"{SUBJECTS['deploy']}-2"}),
        ("drift", {"sub": "repo:acme/connectors:pull_request"}),
        ("drift", {"sub": "repo:acme/connectors:ref:refs/tags/v1"}),
        ("preview", {"iss": "https://gitlab.example"}),
        ("deploy", {"iss": "https://gitlab.example"}),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(f"{key} {text}" for key, text in value.items()),
)
def test_any_other_token_is_refused(world, role, wrong):
    """Another audience, subject or issuer does not get the role, however alike it is."""
    with pytest.raises(ClientError) as refused:
        world.cloud.credentials_by_token(role_arn(role), claims(role, **wrong))

    assert refused.value.response["Error"]["Code"] in {"AccessDenied", "InvalidIdentityToken"}


def test_subject_with_a_wildcard_takes_what_it_matches(world):
    """A pattern of the stack file lets in every run that fits it."""
    fitting = claims("drift", sub="repo:acme/connectors:ref:refs/heads/main")

    assert world.cloud.credentials_by_token(role_arn("drift"), fitting).token
