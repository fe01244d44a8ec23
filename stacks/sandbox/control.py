"""The control side of the sandbox: state, request log and faults over HTTP, and the page that links everything.

Never:   part of a vendor; nothing that a vendor offers stands here, and no call here enters the request log.
"""

from __future__ import annotations

from flask import Flask, Response, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from stacks.sandbox.faults import Faults
from stacks.sandbox.first_day import first_day
from stacks.sandbox.pages import page_app
from stacks.sandbox.request_log import RequestLog
from stacks.sandbox.shape import Json, StateError
from stacks.sandbox.world import World


def create_control(world: World, log: RequestLog, faults: Faults) -> Flask:
    """Return the app of the first port."""
    app = page_app(__name__, world)
    app.register_error_handler(StateError, _refused)
    _state_routes(app, world)
    _log_and_fault_routes(app, log, faults)

    @app.get("/")
    def index() -> str:
        return render_template("index.html", state=world.state, restarted="restarted" in request.args)

    @app.post("/restart")
    def restart() -> BaseResponse:
        world.replace(first_day())
        log.clear()
        faults.clear()
        return redirect("/?restarted", 303)

    return app


def _state_routes(app: Flask, world: World) -> None:
    @app.get("/state")
    def get_state() -> Response:
        return jsonify(world.state)

    @app.put("/state")
    def put_state() -> Response:
        world.replace(_body())
        return jsonify(world.state)

    @app.patch("/state")
    def patch_state() -> Response:
        world.merge(_body())
        return jsonify(world.state)

    @app.delete("/state")
    def delete_state() -> Response:
        world.replace(first_day())
        return jsonify(world.state)


def _log_and_fault_routes(app: Flask, log: RequestLog, faults: Faults) -> None:
    @app.get("/requests")
    def get_requests() -> Response:
        return jsonify(log.entries())

    @app.delete("/requests")
    def delete_requests() -> Response:
        log.clear()
        return jsonify([])

    @app.get("/faults")
    def get_faults() -> Response:
        return jsonify(faults.waiting())

    @app.post("/faults")
    def post_fault() -> Response:
        return jsonify(faults.add(_body()))

    @app.delete("/faults")
    def delete_faults() -> Response:
        faults.clear()
        return jsonify([])


def _body() -> Json:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise StateError("the body must be a JSON object")
    return body


def _refused(error: StateError) -> tuple[Response, int]:
    return jsonify({"error": str(error)}), 400
