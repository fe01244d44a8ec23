"""The OAuth provider as Cyclr calls it: where a consent is sent to, and the exchange of its code.

Source:  Cyclr's manual on OAuth authentication. What Cyclr really sends to Facebook (version, scopes) is not public:
         the version is the release's, blank scopes are the switch ``default_scopes``.
"""

from __future__ import annotations

import http.client
import json
import re
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from stacks.sandbox.cyclr.errors import CyclrError
from stacks.sandbox.cyclr.model import behaviour, find_property, release, service_url
from stacks.sandbox.world import World

VERSION = "v25.0"
"""Graph version for a release whose own version is not one."""

TIMEOUT = 10.0
"""Seconds for the exchange."""

LIFETIME = 5184000
"""Seconds a token lives when the provider does not say: 60 days, as Facebook's long-lived ones do."""


class ExchangeError(Exception):
    """The provider gave no token; the text is its own message."""


def credentials(world: World, found: dict[str, Any]) -> tuple[str, str]:
    """Return the client id and secret in force for an installation.

    Each is the account's property if there is one, else the library's; the switch ``account_credentials_win`` turns
    the order round.

    Raises:  CyclrError 400 when neither level has them.
    """
    setup = release(world, found["Connector"])["setup"]
    in_force = []
    for name, at_library in (("ClientId", setup["client_id"]), ("ClientSecret", setup["client_secret"])):
        own = (find_property(found, name) or {}).get("Value") or ""
        in_force.append((own or at_library) if behaviour(world)["account_credentials_win"] else (at_library or own))
    if not all(in_force):
        raise CyclrError(400, "Client ID and Client Secret must be provided.")
    return in_force[0], in_force[1]


def dialog_url(world: World, found: dict[str, Any], redirect_uri: str, state: str) -> str:
    """Return the provider's address that asks the user for consent."""
    installed = release(world, found["Connector"])
    client_id, _ = credentials(world, found)
    query = {"client_id": client_id, "redirect_uri": redirect_uri, "state": state, "response_type": "code"}
    scopes = installed["setup"]["scopes"]
    if is_facebook(installed):
        scopes = scopes or behaviour(world)["default_scopes"]
        address = f"{world.addresses.facebook}/{graph_version(installed)}/dialog/oauth"
    else:
        address = f"{service_url(world)}/other-provider"
    return f"{address}?{urlencode(query | ({'scope': scopes} if scopes else {}))}"


def is_facebook(installed: dict[str, Any]) -> bool:
    """Whether the release's provider is the one this sandbox plays."""
    return bool(installed["Name"].startswith("Facebook"))


def graph_version(installed: dict[str, Any]) -> str:
    """Return the Graph API version of a release."""
    version = installed["Version"] or ""
    return version if re.fullmatch(r"v\d+\.\d+", version) else VERSION


def exchange(world: World, found: dict[str, Any], redirect_uri: str, code: str) -> str:
    """Exchange a code at the provider, over HTTP, and return the AuthValue to keep.

    Raises:  ExchangeError with the provider's message. Never call it while holding the world's lock.
    """
    client_id, client_secret = credentials(world, found)
    query = {"client_id": client_id, "client_secret": client_secret, "redirect_uri": redirect_uri, "code": code}
    version = graph_version(release(world, found["Connector"]))
    answer = _get_json(world.addresses.facebook, f"/{version}/oauth/access_token?{urlencode(query)}")
    if "access_token" not in answer:
        error = answer.get("error")
        raise ExchangeError(str(error.get("message") if isinstance(error, dict) else error or "No access token"))
    expires = time.time() + int(answer.get("expires_in") or LIFETIME)
    moment = datetime.fromtimestamp(expires, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    token = {"AccessToken": answer["access_token"], "RefreshToken": None, "Expires": moment, "RefreshExpires": None}
    return json.dumps(token)


def _get_json(base: str, path: str) -> dict[str, Any]:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=TIMEOUT)
    try:
        connection.request("GET", path)
        answer = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise ExchangeError(f"The provider could not be reached ({type(error).__name__})") from error
    finally:
        connection.close()
    return answer if isinstance(answer, dict) else {}
