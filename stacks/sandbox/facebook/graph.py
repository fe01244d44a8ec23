"""Graph: every path that is no page. Takes a call apart, finds what answers, dresses the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from flask import Blueprint, Response, request

from stacks.sandbox.facebook import edges, node, oauth
from stacks.sandbox.facebook.call import Call, behaviour, read_call
from stacks.sandbox.facebook.errors import GraphError, error_response, json_response, missing_object, parameter_error
from stacks.sandbox.facebook.tokens import Token, caller_token
from stacks.sandbox.facebook.usage import usage_headers
from stacks.sandbox.world import World

Answer: TypeAlias = dict[str, Any]
AppAnswer: TypeAlias = Callable[[Call, str, dict[str, Any], Token], Any]

APP_ROUTES: dict[tuple[str, str], AppAnswer] = {
    ("GET", ""): node.read_app,
    ("POST", ""): node.write_app,
    ("GET", "roles"): edges.roles,
    ("GET", "permissions"): edges.permissions,
}
"""Method and edge of an app node to what answers."""


def create_graph(world: World) -> Blueprint:
    """Return the routes of Graph."""
    graph = Blueprint("graph", __name__)

    @graph.route("/<path:path>", methods=["GET", "POST", "DELETE"])
    def answer(path: str) -> Response:
        del path
        version = ""
        try:
            call = read_call(world, request)
            version = call.version
            response = json_response(_answer(call))
        except GraphError as error:
            response = error_response(error, request)
        if version:
            response.headers["facebook-api-version"] = version
        response.headers.update(usage_headers(behaviour(world)["usage"]))
        return response

    return graph


def _answer(call: Call) -> Answer:
    if call.parts == ("oauth", "access_token"):
        return oauth.access_token(call)
    if not call.parts:
        raise GraphError(2500, "Unknown path components: /")
    token = caller_token(call)
    if call.parts == ("debug_token",):
        return edges.debug_token(call, token)
    if call.parts == ("me",):
        return edges.me(token.app_id, token)
    first, rest = call.parts[0], call.parts[1:]
    app_id = token.app_id if first == "app" else first
    return _app_answer(call, app_id, "/".join(rest), token)


def _app_answer(call: Call, app_id: str, edge: str, token: Token) -> Answer:
    if not app_id.isdigit():
        raise GraphError(803, f"(#803) Some of the aliases you requested do not exist: {app_id}", status=404)
    app = call.world.app(app_id)
    if app is None:
        raise missing_object(app_id, call.method)
    found = APP_ROUTES.get((call.method, edge))
    if found is not None:
        answer: Answer = found(call, app_id, app, token)
        return answer
    if call.method == "GET":
        raise parameter_error(f"Tried accessing nonexisting field ({edge}) on node type (Application)")
    raise missing_object(app_id, call.method)
