"""Errors as each service puts them on the wire.

Source:  the protocol pages of the AWS SDKs (JSON 1.0 and 1.1, query, REST XML, S3); codes from the services' API
         references and the common errors of IAM. From knowledge, not from an answer of AWS: the codes of throttling of
         Route 53, STS and IAM, and HTTP 403 beside `AuthorizationError` of SNS.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from tests.aws.cloud.calls import Call

JSON_SERVICES = ("kms", "secretsmanager", "ssm", "cloudwatch")
FAMILY = {"s3": "s3", "sns": "sns", **dict.fromkeys(JSON_SERVICES, "json")}
"""Services that are not here speak XML with the codes that IAM and STS have."""

CODES: Mapping[str, Mapping[str, tuple[int, str]]] = {
    "denied": {
        "json": (400, "AccessDeniedException"),
        "xml": (403, "AccessDenied"),
        "sns": (403, "AuthorizationError"),
    },
    "throttling": {"json": (400, "ThrottlingException"), "xml": (400, "Throttling"), "s3": (503, "SlowDown")},
    "expired": {"json": (400, "ExpiredTokenException"), "xml": (403, "ExpiredToken"), "s3": (400, "ExpiredToken")},
    "unknown-key": {
        "json": (400, "UnrecognizedClientException"),
        "xml": (403, "InvalidClientTokenId"),
        "s3": (403, "InvalidAccessKeyId"),
    },
    "bad-token": {
        "json": (400, "UnrecognizedClientException"),
        "xml": (403, "InvalidClientTokenId"),
        "s3": (400, "InvalidToken"),
    },
    "bad-signature": {"json": (400, "InvalidSignatureException"), "xml": (403, "SignatureDoesNotMatch")},
    "unsigned": {
        "json": (400, "MissingAuthenticationTokenException"),
        "xml": (403, "MissingAuthenticationToken"),
        "s3": (403, "AccessDenied"),
    },
    "server-error": {
        "json": (500, "InternalServiceError"),
        "xml": (500, "InternalFailure"),
        "s3": (500, "InternalError"),
    },
    "unavailable": {"json": (503, "ServiceUnavailableException"), "xml": (503, "ServiceUnavailable")},
    "unjudgeable": {"xml": (501, "TheDoubleCannotTell")},
}
TEXTS = {
    "throttling": "Rate exceeded",
    "expired": "The security token included in the request is expired",
    "unknown-key": "The security token included in the request is invalid.",
    "bad-token": "The security token included in the request is invalid.",
    "bad-signature": "The request signature we calculated does not match the signature you provided.",
    "unsigned": "Request is missing Authentication Token",
    "server-error": "An internal error occurred.",
    "unavailable": "Service is unable to handle request.",
    "denied": "Access Denied",
}

StartResponse = Callable[..., Any]


class Refused(Exception):
    """A call that ends with an error of its service."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status, self.code, self.text = status, code, text


def refused(service: str, kind: str, text: str = "") -> Refused:
    """The error that a service has for one kind of refusal."""
    by_family = CODES[kind]
    status, code = by_family.get(FAMILY.get(service, "xml")) or by_family["xml"]
    return Refused(status, code, text or TEXTS[kind])


def answered(call: Call, error: Refused, start_response: StartResponse) -> Iterable[bytes]:
    """An error in the wire form that the call itself has; the answer to a HEAD request has no body."""
    content_type = call.headers.get("Content-Type", "")
    request_id = str(uuid.uuid4())
    headers = {"x-amzn-RequestId": request_id}
    if "x-amz-json" in content_type:
        body = json.dumps({"__type": error.code, "message": error.text, "Message": error.text}).encode()
        headers |= {"Content-Type": content_type, "x-amzn-ErrorType": error.code}
        if call.service == "cloudwatch":
            headers["x-amzn-query-error"] = f"{error.code};Sender"
    else:
        code, text = escape(error.code), escape(error.text)
        inner = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{text}</Message></Error>"
        body = f"<ErrorResponse>{inner}<RequestId>{request_id}</RequestId></ErrorResponse>".encode()
        if call.service == "s3":
            inner = f"<Code>{code}</Code><Message>{text}</Message><RequestId>{request_id}</RequestId>"
            body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inner}</Error>'.encode()
            headers["x-amz-request-id"] = request_id
        headers["Content-Type"] = "application/xml" if call.service == "s3" else "text/xml"
    body = b"" if call.method == "HEAD" else body
    start_response(f"{error.status} {error.code}", [*headers.items(), ("Content-Length", str(len(body)))])
    return [body]
