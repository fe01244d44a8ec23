"""The error pages of the login dialog, and the worlds that show each to a customer.

Source:  the pages that were reported of the dialog (title and sentence), as `stacks/sandbox/facebook/dialog_pages.py`
         plays them.
"""

from __future__ import annotations

from collections.abc import Mapping

from stacks.sandbox.facebook import dialog_pages
from stacks.sandbox.facebook.dialog_pages import Page
from tests.truth.behaviour import DEFAULT, SIDES, Assignment
from tests.truth.scenes import Row
from tests.truth.settings import BROKEN, SETTINGS


def broken(*names: str, **switches: object) -> Row:
    """The ready world with these values (`setting value`) and Facebook's switches on these sides."""
    named = {f"{setting.key} {value.name}": (setting.key, value) for setting in SETTINGS for value in setting.values}
    sides = {
        ("facebook", key): side
        for key, value in switches.items()
        for side in SIDES["facebook", key]
        if side.value == value
    }
    assert len(sides) == len(switches), f"no such side: {switches}"
    under = Assignment(", ".join(f"{key}={value}" for key, value in switches.items()), sides) if sides else DEFAULT
    return Row(BROKEN, tuple(named[name] for name in names), under)


REPORTED: Mapping[str, tuple[Page, tuple[Row, ...]]] = {
    "URL Blocked": (
        dialog_pages.URL_BLOCKED,
        (
            broken("redirect list missing"),
            broken("redirect list wrong"),
            broken("Client OAuth login off"),
            broken("Web OAuth login off"),
            broken("Login product missing"),
        ),
    ),
    "Can't Load URL": (
        dialog_pages.CANNOT_LOAD,
        (broken("App Domains missing"), broken("App Domains wrong"), broken("service domain another host")),
    ),
    "App Not Set Up": (
        dialog_pages.NOT_SET_UP,
        (broken("App Mode development", development_page="app_not_set_up"),),
    ),
    "App not active": (
        dialog_pages.NOT_ACTIVE,
        (broken("App Mode development"), broken("app blocked by Facebook")),
    ),
    "Feature Unavailable": (dialog_pages.FEATURE_UNAVAILABLE, (broken("Advanced Access missing"),)),
    "insecure connection": (dialog_pages.INSECURE, (broken("service domain not https"),)),
}
"""The six that Facebook is known to show."""

OTHERS: Mapping[str, tuple[Page, tuple[Row, ...]]] = {
    "needs a permission": (dialog_pages.NEEDS_PERMISSION, (broken("library Scopes fewer", login_for_business=True),)),
    "invalid app": (dialog_pages.INVALID_APP, (broken("library Client ID wrong"),)),
}
"""What a wrong setting leads to besides."""

NOT_MET: Mapping[str, Page] = {
    "no redirect": dialog_pages.NO_REDIRECT,
    "response type": dialog_pages.RESPONSE_TYPE,
    "version gone": dialog_pages.GONE,
}
"""For what no setting of either console can make Cyclr ask."""
