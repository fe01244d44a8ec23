"""Whose credentials a run has."""

from __future__ import annotations

import pytest

from components.aws import identity
from components.errors import AuthError
from tests.unit.components.aws.conftest import REGION

WHERE = "aws.account of stack staging"
OURS, OTHER = "123456789012", "999999999999"


def test_credentials_of_the_declared_account_pass(account):
    """The account is what AWS itself says of the credentials."""
    identity.check(OURS, WHERE, REGION)


def test_credentials_of_another_account_are_refused_by_both_numbers(account):
    """Who reads it sees which of the two is wrong."""
    with pytest.raises(AuthError, match="of another account") as caught:
        identity.check(OTHER, WHERE, REGION)

    assert f"names account {OTHER}, and they are of account {OURS}" in caught.value.why
    assert caught.value.where == WHERE
    assert f"take a role of account {OTHER}" in caught.value.fix
