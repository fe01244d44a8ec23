"""The locks of a stack whose state lives in a bucket of S3; reads only.

Shape:   `s3://BUCKET/FOLDER?region=...` in, the texts of the lock files out. Of the parameters those are read that say
         how the bucket is reached: region, profile, endpoint, use_path_style (or s3ForcePathStyle), disable_https,
         prefix. The others are left alone; credentials are whatever AWS's own tools would take.
Source:  Pulumi CLI 3.274 with gocloud.dev 0.46, sources and observed (November 2026): a lock is
         `.pulumi/locks/organization/<project>/<stack>/<id>.json`, as in a file backend.
Never:   imports AWS's library for a state that lives elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from components.errors import DeclarationError, NotFound

SCHEME = "s3"
LIST, GET = "s3:ListBucket", "s3:GetObject"
_YES = ("1", "t", "T", "TRUE", "true", "True")
"""What the CLI takes for true."""


@dataclass(frozen=True)
class Bucket:
    """Where a state lives, and how it is reached."""

    name: str
    folder: str
    """Ends in a slash, or is empty."""
    region: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    """For the client of AWS's library, without the way to address buckets."""
    by_path: bool = False
    """The bucket's name stands in the path of a request, not in its host."""

    def __str__(self) -> str:
        return f"{SCHEME}://{self.name}/{self.folder}".rstrip("/")


def bucket(url: str) -> Bucket | None:
    """The bucket of an `s3://` backend; None for any other."""
    parts = urlsplit(url)
    if parts.scheme != SCHEME or not parts.netloc:
        return None
    given = dict(reversed(parse_qsl(parts.query)))  # of several the first counts
    plain, endpoint = given.get("disable_https") in _YES, given.get("endpoint", "")
    if endpoint and "://" not in endpoint:
        endpoint = f"{'http' if plain else 'https'}://{endpoint}"
    options = {"profile": given.get("profile"), "endpoint_url": endpoint or None}
    folder = given.get("prefix", "") + unquote(parts.path).strip("/")
    return Bucket(
        parts.netloc,
        f"{folder}/" if folder and not folder.endswith("/") else folder,
        given.get("region", ""),
        {key: value for key, value in options.items() if value} | ({"use_ssl": False} if plain else {}),
        by_path=any(given.get(key) in _YES for key in ("use_path_style", "s3ForcePathStyle")),
    )


def read(place: Bucket, project: str, stack: str) -> list[str]:
    """The text of each lock of a stack.

    Raises: ConnectorError, when AWS's library is missing, or AWS refuses or cannot be reached.
    """
    client, where = _client(place), f"the locks of stack {stack}, {place}"
    from components.aws import refusals  # noqa: PLC0415 - whose state is elsewhere does not pay for it

    under = f"{place.folder}.pulumi/locks/organization/{project}/{stack.rpartition('/')[2]}/"
    listing = client.get_paginator("list_objects_v2")
    found = refusals.pages(
        lambda: listing.paginate(Bucket=place.name, Prefix=under),
        "KeyCount",
        where=where,
        action=LIST,
        resource=f"bucket {place.name}",
    )
    keys = [str(entry["Key"]) for page in found for entry in page.get("Contents", ())]
    texts = []
    for key in sorted(each for each in keys if each.endswith(".json")):
        whose = {"where": where, "action": GET, "resource": f"{key} in bucket {place.name}"}
        try:
            body = refusals.asked(partial(_object, client, place.name, key), "ETag", **whose)["Body"]
        except NotFound:  # released since it was listed
            continue
        texts.append(body.decode("utf-8", "replace"))
    return texts


def _object(client: Any, name: str, key: str) -> dict[str, Any]:
    answer = client.get_object(Bucket=name, Key=key)
    return {**answer, "Body": answer["Body"].read()}


def _client(place: Bucket) -> Any:
    from components.aws import clients  # noqa: PLC0415

    where, options = str(place), dict(place.options)
    if place.by_path:
        try:
            from botocore.config import Config  # noqa: PLC0415
        except ImportError:
            raise clients.missing_packages(where) from None
        options["config"] = Config(s3={"addressing_style": "path"})
    try:
        return clients.client("s3", place.region, where, **options)
    except ValueError:  # of the library, about the endpoint; it quotes it
        raise DeclarationError(
            "The bucket of the state cannot be asked",
            where=where,
            why="the endpoint in the address of the state is none",
            fix="mend endpoint= in PULUMI_BACKEND_URL, or log in again: pulumi login BACKEND",
        ) from None
