"""The OAuth hand-off on the service domain: the authorise link, the callback and the sign-in link.

Source:  Cyclr's manual on OAuth authentication; community.cyclr.com on the authentication link for the 403 page. That
         the link answers with a 302 is inferred.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from stacks.sandbox.cyclr.errors import CyclrError
from stacks.sandbox.cyclr.model import callback_url, deauthenticate, find_property, installation, release
from stacks.sandbox.cyclr.provider import ExchangeError, credentials, dialog_url, exchange
from stacks.sandbox.cyclr.tokens import Consent, begin_consent, end_consent, use_sign_in
from stacks.sandbox.world import World

FORBIDDEN = "403 \u2013 Forbidden: Access is denied."
FETCHES_ITSELF = frozenset({"ClientCredentials", "PasswordCredentials"})


def hand_off_routes(app: Flask, world: World) -> None:
    """Serve the three vendor paths, and the page that stands in for providers the sandbox does not play."""

    @app.route("/connectorauth/updateaccountconnectoroauth", methods=["GET", "POST"])
    def authorise_link() -> BaseResponse:
        return authorise(world)

    @app.get("/connector/callback")
    def callback() -> BaseResponse:
        return receive_code(world)

    @app.get("/account/signinwithtoken")
    def sign_in() -> BaseResponse:
        signed_in = use_sign_in(world, request.values.get("token", ""))
        if signed_in is None:
            return error_page(403, FORBIDDEN)
        answer = redirect(request.values.get("returnUrl") or f"/accounts/{signed_in.account}", 302)
        answer.set_cookie("cyclr_user", signed_in.user, httponly=True, samesite="Lax")
        return answer

    @app.get("/other-provider")
    def other_provider() -> BaseResponse:
        detail = "Here the provider would ask the user for consent. This sandbox plays Facebook only."
        return error_page(501, "This provider is not part of the sandbox", detail)


def authorise(world: World) -> BaseResponse:
    """Open a one-time authorise link: a 403 page, an error page, a bounce back, or the way to the provider."""
    target, message = request.values.get("targetOrigin", ""), request.values.get("callbackMessage")
    signed_in = use_sign_in(world, request.values.get("token", ""))
    if signed_in is None:
        return error_page(403, FORBIDDEN)
    found = installation(world, signed_in.account, _whole(request.values.get("id", "")))
    if urlsplit(target).scheme not in {"http", "https"}:
        return error_page(400, "targetOrigin is required", "It must be the URL to return to, http or https.")
    installed = release(world, found["Connector"])
    _check_properties(installed, found)
    if installed["AuthType"] != "OAuth2" or installed["OAuth2Type"] in FETCHES_ITSELF:
        return _bounce_back(world, signed_in.account, found, installed, (target, message))
    if found["Authenticated"]:
        switch = world.state["facebook"]["behaviour"]["authorise_link_on_authenticated"]
        if switch == "bounces":
            return _return(target, message)
        if switch == "drops_consent":
            with world.change():
                deauthenticate(installation(world, signed_in.account, found["Id"]))
    credentials(world, found)
    consent = Consent(signed_in.account, found["Id"], callback_url(world), target, message)
    return redirect(dialog_url(world, found, consent.redirect_uri, begin_consent(world, consent)), 302)


def receive_code(world: World) -> BaseResponse:
    """Take the provider's answer: exchange the code and keep the token, or show what the provider said."""
    consent = end_consent(world, request.args.get("state", ""))
    if consent is None:
        return error_page(400, "Authentication failed", "The state is unknown or was used before.")
    if "code" not in request.args:
        named = ("error_message", "error_description", "error")
        detail = next((request.args[name] for name in named if request.args.get(name)), "The provider sent no code.")
        return error_page(400, "Authentication failed", detail)
    found = installation(world, consent.account, consent.installation)
    try:
        auth_value = exchange(world, found, consent.redirect_uri, request.args["code"])
    except ExchangeError as error:
        return error_page(400, "Authentication failed", str(error))
    with world.change():
        changed = installation(world, consent.account, consent.installation)
        changed["Authenticated"], changed["AuthValue"] = True, auth_value
    return _return(consent.target_origin, consent.callback_message)


def error_page(status: int, heading: str, detail: str | None = None) -> Response:
    """Return a page that says what went wrong."""
    return make_response(render_template("cyclr/error.html", heading=heading, detail=detail), status)


def _bounce_back(
    world: World, account_id: str, found: dict[str, Any], installed: dict[str, Any], back: tuple[str, str | None]
) -> BaseResponse:
    if installed["OAuth2Type"] in FETCHES_ITSELF and installed["AuthType"] == "OAuth2":
        with world.change():
            installation(world, account_id, found["Id"])["Authenticated"] = True
    return _return(*back)


def _return(target: str, message: str | None) -> BaseResponse:
    if message is None:
        return redirect(target, 302)
    return make_response(render_template("cyclr/post_message.html", target=target, message=message))


def _check_properties(installed: dict[str, Any], found: dict[str, Any]) -> None:
    for parameter in installed["Parameters"]:
        if not parameter.get("IsAccountConnectorProperty") or parameter.get("IsOptional"):
            continue
        if not (find_property(found, parameter["Name"]) or {}).get("Value"):
            raise CyclrError(400, f"{parameter['Name']} must be provided.")


def _whole(given: str) -> int:
    return int(given) if given.isdecimal() else 0
