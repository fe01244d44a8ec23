"""Signing in and out of the network, and taking a consent back."""

from __future__ import annotations

import hmac
import secrets
import time
from urllib.parse import quote

from flask import Blueprint, Request, redirect, render_template, request
from werkzeug.wrappers import Response

from stacks.sandbox.world import World

COOKIE = "facebook_session"
"""A cookie reaches every port of a host, so each server of the sandbox needs a name of its own."""


def signed_in_user(world: World, incoming: Request) -> str | None:
    """Return who is signed in, None for nobody and for a user who is no more."""
    with world.lock:
        user: str | None = world.memory.get("facebook_sessions", {}).get(incoming.cookies.get(COOKIE))
    return user if user in world.state["facebook"]["users"] else None


def login_address(destination: str) -> str:
    """Return the address of the login page that leads on to a page of ours."""
    return f"/login.php?next={quote(destination, safe='')}"


def create_session(world: World) -> Blueprint:
    """Return the routes of login, logout and the user's list of apps."""
    pages = Blueprint("session", __name__)

    @pages.get("/login.php")
    def login_page() -> str:
        return render_template("facebook/login.html", next=_ours(request.args.get("next")))

    @pages.post("/login.php")
    def login() -> Response | str:
        user, destination = request.form.get("username", ""), _ours(request.form.get("next"))
        if not _password_is_right(world, user, request.form.get("password", "")):
            notice = "The user name or the password that you entered is not right."
            return render_template("facebook/login.html", next=destination, notice=notice, notice_kind="bad")
        session = secrets.token_urlsafe(24)
        with world.lock:
            world.memory.setdefault("facebook_sessions", {})[session] = user
        response = redirect(destination, 303)
        response.set_cookie(COOKIE, session, httponly=True, samesite="Lax")
        return response

    @pages.post("/logout.php")
    def logout() -> Response:
        with world.lock:
            world.memory.get("facebook_sessions", {}).pop(request.cookies.get(COOKIE), None)
        response = redirect(_ours(request.form.get("next")), 303)
        response.delete_cookie(COOKIE)
        return response

    @pages.route("/settings/applications/", methods=["GET", "POST"])
    def applications() -> Response | str:
        return _applications(world)

    return pages


def _applications(world: World) -> Response | str:
    user = signed_in_user(world, request)
    if user is None:
        return redirect(login_address(request.path), 302)
    removed = request.form.get("app_id", "")
    if removed:
        with world.lock:
            world.memory.setdefault("facebook_removed", {})[(removed, user)] = time.time()
        return redirect(request.path, 303)
    return render_template("facebook/applications.html", user=user, apps=world.state["facebook"]["apps"])


def _password_is_right(world: World, user: str, password: str) -> bool:
    known = world.state["facebook"]["users"].get(user)
    return known is not None and hmac.compare_digest(known["password"].encode(), password.encode())


def _ours(destination: str | None) -> str:
    """Return a path of this server: a login page that leads anywhere else is an open redirect."""
    local = destination and destination.startswith("/") and not destination.startswith(("//", "/\\"))
    return destination if destination and local else "/settings/applications/"
