"""The few commands of the AWS CLI that the guide shows, for tests: each is one call of boto3, as in the CLI itself.

Options are those of the service's own description, spelled as the CLI spells them, so an option that AWS does not know
is refused. Values: texts, JSON, `file://`, and the short form `Key=a,Other=b` of a structure or of a list of them.
Never:   another address than loopback; a command that the guide has no use for.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import boto3
import jmespath
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.model import Shape

SHOWN = {
    "iam": {"create-open-id-connect-provider", "create-role", "put-role-policy"},
    "kms": {"create-key", "enable-key-rotation"},
    "s3api": {"create-bucket", "put-bucket-versioning", "put-public-access-block"},
    "secretsmanager": {"put-secret-value"},
}
"""Service -> its commands."""
LOOPBACK = re.compile(r"http://127\.0\.0\.1:\d+")


def main(words: list[str]) -> int:
    """Exit code of one command; what it prints is AWS's answer."""
    service, command, *rest = words
    if command not in SHOWN.get(service, ()):
        raise SystemExit(f"aws: {service} {command}: this double has no such command")
    if not LOOPBACK.fullmatch(os.environ.get("AWS_ENDPOINT_URL", "")):
        raise SystemExit("aws: this double speaks to loopback only")
    client = boto3.client(service.removesuffix("api"))  # type: ignore[call-overload]
    method = command.replace("-", "_")
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method]).input_shape
    given = _options(rest)
    query, output = given.pop("query", None), given.pop("output", "json")
    try:
        answer = getattr(client, method)(**_arguments(given, shape))
    except ClientError as error:
        sys.stderr.write(f"aws: {error}\n")
        return 254
    answer.pop("ResponseMetadata")
    found = jmespath.search(query, answer) if query else answer
    if found not in (None, {}):
        sys.stdout.write((found if output == "text" else json.dumps(found, indent=4, default=str)) + "\n")
    return 0


def _options(words: list[str]) -> dict[str, list[str]] | dict[str, Any]:
    given: dict[str, Any] = {}
    for word in words:
        if word.startswith("--"):
            given[word[2:]] = []
            values = given[word[2:]]
        else:
            values.append(word)
    return {name: found[0] if name in ("query", "output") else found for name, found in given.items()}


def _arguments(given: dict[str, Any], shape: Shape) -> dict[str, Any]:
    members = {xform_name(name, "-"): (name, member) for name, member in shape.members.items()}  # type: ignore[attr-defined]
    unknown = sorted(set(given) - set(members))
    if unknown:
        raise SystemExit(f"aws: Unknown options: --{', --'.join(unknown)}")
    return {members[name][0]: _value(values, members[name][1]) for name, values in given.items()}


def _value(words: list[str], shape: Any) -> Any:
    if shape.type_name == "list":
        return [_value([word], shape.member) for word in words]
    (word,) = words
    if word.startswith("file://"):
        word = Path(word.removeprefix("file://")).read_text(encoding="utf-8")
    if shape.type_name == "structure":
        pairs = (part.partition("=") for part in word.split(","))
        return json.loads(word) if word.startswith("{") else {k: _value([v], shape.members[k]) for k, _, v in pairs}
    return {"true": True, "false": False}[word] if shape.type_name == "boolean" else word


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
