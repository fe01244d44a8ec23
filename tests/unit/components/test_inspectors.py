"""Who is asked about a consent's token: the provider whose login dialog led to it, and nobody else."""

import pytest

from components import inspectors
from components.facebook import consent_token
from components.vendor_access import Access

ACCESS = Access("", "", "", "")


def test_facebook_tells_about_its_own_dialog():
    """A consent that went through Facebook's login dialog is asked about at Facebook."""
    assert inspectors.find(ACCESS, "https://www.facebook.com/v25.0/dialog/oauth") is consent_token.inspect


@pytest.mark.parametrize(
    "dialog", ["https://accounts.google.com/o/oauth2/auth", "https://www.facebook.com.evil.example/x", "", "nonsense"]
)
def test_token_of_another_provider_is_shown_to_nobody(dialog):
    """No other provider's token is sent anywhere."""
    assert inspectors.find(ACCESS, dialog) is None
