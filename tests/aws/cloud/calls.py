"""What a request asks of which service, told from its bytes as the service itself tells it.

Never:   what decides over a request keeps its body: a call's parameters may hold secrets
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

from tests.aws.cloud.account import REGION

Environ = dict[str, Any]

SERVICES = {"monitoring": "cloudwatch"}
"""By the name that requests are signed with, where IAM and the SDKs have another one."""
CREDENTIAL = re.compile(r"Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request")
S3_QUERY = {"prefix": "Prefix", "delimiter": "Delimiter", "versionId": "VersionId", "max-keys": "MaxKeys"}


@dataclass(frozen=True)
class Call:
    """One request to one operation."""

    service: str
    operation: str
    region: str
    access_key: str
    method: str
    target: str
    """Path and query as they came, undecoded."""
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    parameters: Mapping[str, Any] = field(repr=False, default_factory=dict)

    def text(self, name: str) -> str:
        """A parameter as text, empty where it was not given."""
        value = self.parameters.get(name)
        return "" if value is None else str(value)


def told(environ: Environ) -> Call:
    """The call that a request makes. The body stays readable for whoever gets the request next.

    An operation that the service does not have is an empty name.
    """
    ends = environ.get("wsgi.input_terminated")
    body = environ["wsgi.input"].read(-1 if ends else int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    request = Request({**environ, "wsgi.input": io.BytesIO(body)})
    access_key, _day, region, signed = _credential(request.headers.get("Authorization", ""))
    service = SERVICES.get(signed, signed) or ("sts" if b"AssumeRoleWithWebIdentity" in body else "s3")
    operation, parameters = _operation(service, request, body)
    return Call(
        service=service,
        operation=operation,
        region=region or REGION,
        access_key=access_key,
        method=request.method,
        target=str(environ["RAW_URI"]),
        headers=dict(request.headers),
        body=body,
        parameters=parameters,
    )


def _credential(authorization: str) -> tuple[str, str, str, str]:
    found = CREDENTIAL.search(authorization)
    return (found[1], found[2], found[3], found[4]) if found else ("", "", "", "")


def _operation(service: str, request: Request, body: bytes) -> tuple[str, Mapping[str, Any]]:
    try:
        model = get_service_model(service)
    except UnknownServiceError:
        return "", {}
    name = request.values.get("Action") or request.headers.get("X-Amz-Target", "").rpartition(".")[2]
    uri: Mapping[str, Any] = {}
    if not name:
        try:
            matched, uri = get_service_router(service).match(request)
        except NotFound:
            return "", {}
        name = matched.name
    if service == "s3":
        return name, _of_s3(name, uri, request, body)
    try:
        operation = model.operation_model(name)
    except OperationNotFoundError:
        return "", {}
    protocol = determine_request_protocol(model, _plain_type(request.content_type))
    return name, PROTOCOL_PARSERS[protocol](operation, map_type=dict).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.get_data() or body,
            "url_path": request.path,
            "url_params": dict(uri),
        }
    )


def _plain_type(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip()


def _of_s3(name: str, uri: Mapping[str, Any], request: Request, body: bytes) -> dict[str, Any]:
    """Bucket, key and query; the body only where it names what the call is about."""
    parameters = {**uri, **{ours: request.args[name] for name, ours in S3_QUERY.items() if name in request.args}}
    if source := request.headers.get("X-Amz-Copy-Source"):
        parameters["CopySource"] = source
    if name == "DeleteObjects":
        listed = ElementTree.fromstring(body).iterfind("{*}Object")
        parameters["Objects"] = [(item.findtext("{*}Key"), item.findtext("{*}VersionId")) for item in listed]
    return parameters
