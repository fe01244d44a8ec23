"""The dialog's error pages as data: which sentence a person sees, and for what.

Source:  beside each; where none is named, general knowledge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from stacks.sandbox.facebook.redirects import Rule


@dataclass(frozen=True)
class Page:
    """A title and a text; the text may name the app."""

    title: Markup
    text: Markup


def _page(title: str, text: str) -> Page:
    # Constants of this module, so that an apostrophe reads as one in the page's source too.
    return Page(Markup(title), Markup(text))  # noqa: S704


URL_BLOCKED = _page(
    "URL Blocked",
    "This redirect failed because the redirect URI is not whitelisted in the app's Client OAuth Settings. Make sure "
    "Client and Web OAuth Login are on and add all your app domains as Valid OAuth Redirect URIs.",
)
"""Source: VulcanJS/Vulcan-Starter#98."""

CANNOT_LOAD = _page(
    "Can't Load URL",
    "The domain of this URL isn't included in the app's domains. To be able to load this URL, add all domains and "
    "subdomains of your app to the App Domains field in your app settings.",
)
"""Source: vanilla/vanilla#6726."""

INSECURE = _page(
    "Insecure Login Blocked",
    "Facebook has detected {app} isn't using a secure connection to transfer information.",
)
"""Source: reported, the text; the title is general knowledge."""

NOT_SET_UP = _page(
    "App Not Set Up",
    "This app is still in development mode, and you don't have access to it. Switch to a registered test user or ask "
    "an app admin for permissions.",
)
"""Source: binary-com/binary-bot#2635, the older wording."""

NOT_ACTIVE = _page(
    "App not active",
    "This app is not accessible right now and the app developer is aware of the issue. You will be able to log in when "
    "the app is reactivated.",
)
"""Source: thebergamo/react-native-fbsdk-next#303."""

FEATURE_UNAVAILABLE = _page(
    "Feature Unavailable",
    "Facebook Login is currently unavailable for this app, since we are updating additional details for this app. "
    "Please try again later.",
)
"""Source: thebergamo/react-native-fbsdk-next#79 and #610."""

NEEDS_PERMISSION = _page(
    "It looks like this app isn't available",
    "This app needs at least one supported permission.",
)
"""With Login for Business, a scope of ``public_profile`` and ``email`` only. Source: reported, the refusal."""

INVALID_APP = _page("Invalid App ID", "The provided app ID does not look like a valid app ID.")
NO_REDIRECT = _page("Invalid Request", "The parameter redirect_uri is required and must be an absolute URI.")
RESPONSE_TYPE = _page("Invalid Request", "The response_type is not supported; use code.")
GONE = _page("This content isn't available right now", "This version of the login dialog does not exist.")

FOR_RULE: Mapping[Rule, Page] = {
    Rule.NO_PRODUCT: URL_BLOCKED,
    Rule.SWITCHED_OFF: URL_BLOCKED,
    Rule.UNLISTED: URL_BLOCKED,
    Rule.FOREIGN_DOMAIN: CANNOT_LOAD,
    Rule.INSECURE: INSECURE,
}
"""What refuses a redirect URI to the page that says so."""

FOR_DEVELOPMENT: Mapping[str, Page] = {"app_not_active": NOT_ACTIVE, "app_not_set_up": NOT_SET_UP}
"""``behaviour.development_page`` to the page for people without a role."""
