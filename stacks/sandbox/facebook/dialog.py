"""The login dialog, ``/{version}/dialog/oauth``: a person signs in, consents or declines, or meets an error page.

Source:  success, denial and bad scope as reported in ngrx/store#160 and verbb/social-poster#54. The HTTP status of the
         pages is not established; 200 here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from stacks.sandbox.facebook import dialog_pages
from stacks.sandbox.facebook.call import Call, read_call
from stacks.sandbox.facebook.dialog_pages import Page
from stacks.sandbox.facebook.edges import PERMISSIONS
from stacks.sandbox.facebook.errors import GraphError
from stacks.sandbox.facebook.oauth import give_code
from stacks.sandbox.facebook.people import has_role
from stacks.sandbox.facebook.propagation import visible_app
from stacks.sandbox.facebook.redirects import is_absolute, judge
from stacks.sandbox.facebook.session import login_address, signed_in_user
from stacks.sandbox.world import World

BASIC_PERMISSIONS = frozenset({"public_profile", "email"})

CONFIGURED_PERMISSIONS = ("ads_management", "ads_read", "business_management")
"""What a Login for Business configuration grants here; the real ones are made on the dashboard."""


@dataclass(frozen=True)
class Asked:
    """What the dialog's address asks for."""

    app_id: str
    app: dict[str, Any]
    redirect_uri: str
    state: str | None
    scopes: tuple[str, ...]
    configured: bool


def create_dialog(world: World) -> Blueprint:
    """Return the routes of the dialog."""
    pages = Blueprint("dialog", __name__)

    @pages.route("/dialog/oauth", methods=["GET", "POST"], strict_slashes=False)
    @pages.route("/<version>/dialog/oauth", methods=["GET", "POST"], strict_slashes=False)
    def dialog(version: str = "") -> Response | str:
        del version
        try:
            call = read_call(world, request)
        except GraphError:
            return _show(dialog_pages.GONE)
        return _dialog(call)

    return pages


def _dialog(call: Call) -> Response | str:
    asked = _read(call)
    if isinstance(asked, Page):
        return _show(asked)
    user = signed_in_user(call.world, request)
    problem = _redirect_problem(call, asked)
    if user is None:
        if problem and call.behaviour["dialog_error_when_signed_out"]:
            return _show(problem, asked)
        return redirect(login_address(request.full_path), 302)
    problem = problem or _person_problem(call, asked, user)
    if problem:
        return _show(problem, asked, user)
    invalid = [scope for scope in asked.scopes if scope not in PERMISSIONS]
    if invalid:
        return _back(asked, error_code="100", error_message=f"Invalid Scopes: {', '.join(invalid)}")
    if request.method == "GET":
        return render_template("facebook/consent.html", asked=asked, user=user, here=request.full_path)
    return _decide(call, asked, user)


def _decide(call: Call, asked: Asked, user: str) -> Response:
    if request.form.get("decision") != "continue":
        return _back(
            asked,
            error="access_denied",
            error_code="200",
            error_description="Permissions error",
            error_reason="user_denied",
        )
    return _back(asked, code=give_code(call.world, asked.app_id, user, asked.scopes, asked.redirect_uri))


def _read(call: Call) -> Asked | Page:
    app_id, redirect_uri = call.params.get("client_id", ""), call.params.get("redirect_uri", "")
    app = visible_app(call.world, app_id)
    if app is None:
        return dialog_pages.INVALID_APP
    if app["blocked"]:
        return dialog_pages.NOT_ACTIVE
    if not is_absolute(redirect_uri):
        return dialog_pages.NO_REDIRECT
    if call.params.get("response_type", "code") != "code":
        return dialog_pages.RESPONSE_TYPE
    given = tuple(call.params.get("scope", "").replace(",", " ").split())
    configured = bool(call.params.get("config_id")) and call.behaviour["login_for_business"]
    scopes = dict.fromkeys(("public_profile", *given, *(CONFIGURED_PERMISSIONS if configured else ())))
    return Asked(app_id, app, redirect_uri, call.params.get("state"), tuple(scopes), configured)


def _redirect_problem(call: Call, asked: Asked) -> Page | None:
    rule = judge(call.world, asked.app, asked.redirect_uri)
    return None if rule.accepts else dialog_pages.FOR_RULE[rule]


def _person_problem(call: Call, asked: Asked, user: str) -> Page | None:
    """Return the page for what depends on who asks; people with a role pass in Development."""
    settings = asked.app["dashboard"]
    if not has_role(asked.app, user):
        if settings["mode"] == "development":
            return dialog_pages.FOR_DEVELOPMENT[call.behaviour["development_page"]]
        if not settings["advanced_access"]:
            return dialog_pages.FEATURE_UNAVAILABLE
    if call.behaviour["login_for_business"] and not asked.configured and BASIC_PERMISSIONS.issuperset(asked.scopes):
        return dialog_pages.NEEDS_PERMISSION
    return None


def _show(page: Page, asked: Asked | None = None, user: str | None = None) -> str:
    name = asked.app["name"] if asked else ""
    text = page.text.format(app=name)
    return render_template("facebook/problem.html", page=page, text=text, user=user, here=request.full_path)


def _back(asked: Asked, **answer: str) -> Response:
    """Send the browser back to the app; the odd fragment is the vendor's."""
    if asked.state is not None:
        answer["state"] = asked.state
    joint = "&" if "?" in asked.redirect_uri else "?"
    return redirect(f"{asked.redirect_uri}{joint}{urlencode(answer)}#_=_", 302)
