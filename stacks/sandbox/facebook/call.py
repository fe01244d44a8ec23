"""One call to Graph, taken apart: parameters from wherever they came, the version, the caller's address."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Request

from stacks.sandbox.facebook.errors import GraphError
from stacks.sandbox.world import World

OLDEST_LIVE = 21
NEWEST_LIVE = 27
DEFAULT_VERSION = "v25.0"
"""Unversioned calls use the app's default of its advanced settings; every app here has this one."""

_VERSION = re.compile(r"v(\d{1,2})\.(\d)")


@dataclass(frozen=True)
class Call:
    """What one request says.

    Shape:   ``params`` holds query, form and JSON body together; ``parts`` is the path without its version.
    """

    world: World
    method: str
    version: str
    parts: tuple[str, ...]
    params: Mapping[str, str]
    caller: str

    @property
    def behaviour(self) -> dict[str, Any]:
        """The switches for what is uncertain about the vendor."""
        return behaviour(self.world)


def behaviour(world: World) -> dict[str, Any]:
    """Return Facebook's switches."""
    found: dict[str, Any] = world.state["facebook"]["behaviour"]
    return found


def read_call(world: World, request: Request) -> Call:
    """Take the request apart.

    Raises:  GraphError 2500 for a version that never was, 2635 for a retired one when those are refused.
    """
    parts = tuple(part for part in request.path.split("/") if part)
    version = DEFAULT_VERSION
    if parts and re.fullmatch(r"v\d.*", parts[0]):
        version = _served_version(parts[0], request.path, behaviour(world)["retired_versions"])
        parts = parts[1:]
    return Call(world, request.method, version, parts, _params(request), request.remote_addr or "")


def ip_listed(caller: str, allowlist: Iterable[str]) -> bool:
    """Tell whether an address may pass; an empty list lets everybody pass. Entries are addresses or CIDR ranges."""
    entries = list(allowlist)
    return not entries or any(_covers(entry, caller) for entry in entries)


def _covers(entry: str, caller: str) -> bool:
    try:
        return ipaddress.ip_address(caller) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        # The forms and the API take addresses only; a state put in place from outside may hold anything.
        return False


def _served_version(version: str, path: str, retired: str) -> str:
    """Return the version that answers. Source: Graph API changelog; a retired one is served by the oldest live."""
    found = _VERSION.fullmatch(version)
    major, minor = (int(found[1]), int(found[2])) if found else (0, 0)
    if OLDEST_LIVE <= major <= NEWEST_LIVE and minor == 0:
        return version
    if not 2 <= major < OLDEST_LIVE:
        raise GraphError(2500, f"Unknown path components: {path}")
    if retired == "refused":
        raise GraphError(
            2635,
            f"(#2635) You are calling a deprecated version. Please update to the latest version: v{NEWEST_LIVE}.0.",
        )
    return f"v{OLDEST_LIVE}.0"


def _params(request: Request) -> dict[str, str]:
    """Return all parameters; of one given twice the last counts."""
    params = {key: value for place in (request.args, request.form) for key, value in place.items(multi=True)}
    body = request.get_json(silent=True)
    if isinstance(body, dict):
        params |= {key: value if isinstance(value, str) else json.dumps(value) for key, value in body.items()}
    header = request.headers.get("Authorization", "")
    scheme, _, token = header.partition(" ")
    if scheme.lower() in {"bearer", "oauth"} and token:
        params.setdefault("access_token", token.strip())
    return params
