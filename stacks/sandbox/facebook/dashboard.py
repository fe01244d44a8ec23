"""The dashboard: pages on which a developer sets what no API can. They need no login: whoever looks is the developer.

Source:  the addresses are the vendor's deep links, ``/apps/{app-id}/settings/basic/`` and so on.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from stacks.sandbox.facebook import forms
from stacks.sandbox.facebook.people import role_rows
from stacks.sandbox.facebook.redirects import is_absolute, judge
from stacks.sandbox.facebook.writes import note_write
from stacks.sandbox.world import World


@dataclass(frozen=True)
class Section:
    """One page of an app: where it is, what it is called and the forms on it."""

    slug: str
    title: str
    template: str
    groups: tuple[tuple[forms.Field, ...], ...]

    @property
    def fields(self) -> tuple[forms.Field, ...]:
        """The inputs of all its forms."""
        return tuple(field for group in self.groups for field in group)


SECTIONS = (
    Section("", "Overview", "overview.html", (forms.PUBLISH, forms.REVIEW)),
    Section("settings/basic/", "App settings: Basic", "basic.html", (forms.BASIC,)),
    Section("settings/advanced/", "App settings: Advanced", "advanced.html", (forms.ADVANCED,)),
    Section("fb-login/settings/", "Facebook Login: Settings", "login_settings.html",
            (forms.LOGIN, forms.DEAUTHORIZE, forms.PRODUCT)),
)  # fmt: skip


def create_dashboard(world: World) -> Blueprint:
    """Return the routes of the dashboard."""
    pages = Blueprint("dashboard", __name__, url_prefix="/apps")

    @pages.get("/")
    def apps() -> str:
        return render_template("facebook/apps.html", apps=world.state["facebook"]["apps"])

    def serve(app_id: str, section: Section) -> Response | str | tuple[str, int]:
        if world.app(app_id) is None:
            return render_template("facebook/no_app.html", app_id=app_id), 404
        return _save(world, app_id, section) if request.method == "POST" else _show(world, app_id, section)

    for section in SECTIONS:
        pages.add_url_rule(
            f"/<app_id>/{section.slug}",
            endpoint=section.template.removesuffix(".html"),
            view_func=serve,
            defaults={"section": section},
            methods=["GET", "POST"],
        )
    return pages


def _save(world: World, app_id: str, section: Section) -> Response | tuple[str, int]:
    try:
        forms.save(world, app_id, section.fields, request.form, request.remote_addr or "")
        if section.slug == "settings/basic/" and request.form.get("reset_secret") == "true":
            _reset_secret(world, app_id)
    except forms.RefusedError as refused:
        status = 403 if refused.problems == [forms.IP_REFUSED] else 400
        return _show(world, app_id, section, refused.problems), status
    return redirect(f"/apps/{app_id}/{section.slug}?saved=1", 303)


def _show(world: World, app_id: str, section: Section, problems: list[str] | None = None) -> str:
    app = world.state["facebook"]["apps"][app_id]
    # After a refusal the person finds what was typed, not what stands.
    typed = {name: "\n".join(request.form.getlist(name)) for name in request.form} if problems else {}
    return render_template(
        f"facebook/{section.template}",
        app_id=app_id,
        app=app,
        section=section,
        sections=SECTIONS,
        shown={field.name: typed.get(field.name, field.shown(app)) for field in section.fields},
        problems=problems or [],
        notice="Changes saved." if request.args.get("saved") and not problems else None,
        prerequisites=forms.prerequisites(app),
        roles=role_rows(app_id, app),
        **_validator(world, app),
    )


def _validator(world: World, app: dict[str, Any]) -> dict[str, Any]:
    """Return what the Redirect URI Validator says. Source: strict URI matching, blog post of 2017-12-18."""
    uri = request.args.get("check", "").strip()
    if not uri:
        return {"checked": None}
    if not is_absolute(uri):
        return {"checked": uri, "valid": False, "why": "it is no absolute address"}
    rule = judge(world, app, uri)
    return {"checked": uri, "valid": rule.accepts, "why": rule.value}


def _reset_secret(world: World, app_id: str) -> None:
    with world.change() as state:
        app = state["facebook"]["apps"][app_id]
        old, app["secret"] = app["secret"], secrets.token_hex(16)
        note_write(world, app_id, "dashboard", "secret", old=old, new=app["secret"])
