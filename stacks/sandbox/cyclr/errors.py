"""How Cyclr says no: ``{"Message": "..."}`` on the API.

Source:  an API test suite that ran against the live API, for the shape. The texts of 401, 404 and 405 are
         ASP.NET's own, those where the vendor's is not known are made up.
"""

from __future__ import annotations

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

DENIED = "Authorization has been denied for this request."


class CyclrError(Exception):
    """An answer that is not 200; ``message`` is what the caller reads."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


def denied() -> CyclrError:
    """401, the same for no token, a bad one, no account and an unknown account. Source: the API test suite."""
    return CyclrError(401, DENIED)


def not_found(what: str) -> CyclrError:
    """404 for an id that names nothing."""
    return CyclrError(404, f"{what} not found.")


def answer_errors_in_json(app: Flask) -> None:
    """Make every error of the app a ``Message``."""

    @app.errorhandler(CyclrError)
    def refused(error: CyclrError) -> tuple[Response, int]:
        return jsonify({"Message": error.message}), error.status

    @app.errorhandler(HTTPException)
    def unmatched(error: HTTPException) -> tuple[Response, int]:
        status = error.code or 500
        # The library entries have no write path of any kind, so there it is 404 for every verb.
        if status == 405 and not request.path.startswith("/v1.0/connectors"):
            return jsonify({"Message": f"The requested resource does not support http method '{request.method}'."}), 405
        if status in {404, 405}:
            text = f"No HTTP resource was found that matches the request URI '{request.url}'."
            return jsonify({"Message": text}), 404
        return jsonify({"Message": "The request is invalid."}), status
