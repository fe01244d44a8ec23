"""The authorise link on Cyclr's service domain: how it is spelled, and what its first redirect shows.

Source: Cyclr's manual on OAuth authentication; that the redirect shows the library's client id is inferred from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, quote

from components import errors, sending
from components.calls import Answer, Call, Dialect, Fault

ABOUT_CREDENTIALS = re.compile(r"client\s*id.*client\s*secret", re.IGNORECASE | re.DOTALL)
"""The page of an entry without credentials: they `must be provided`. Its exact words are not known."""
AUTHORISE_PATH = "/connectorauth/updateaccountconnectoroauth"


def _no_fault(_: Answer) -> Fault | None:
    """A page tells nothing that a program could read."""
    return None


SERVICE_DOMAIN = Dialect(
    "Cyclr's service domain",
    _no_fault,
    {},
    fixes={errors.AuthError: "check that serviceDomain is the one of this Cyclr console (Settings > General Settings)"},
)


def authorise_link(service_url: str, installation: str, token: str) -> str:
    """The one-time link that starts a consent. It holds a login: never stored, never logged."""
    query = f"id={quote(installation)}&token={quote(token, safe='')}&targetOrigin={quote(service_url, safe='')}"
    return f"{service_url}{AUTHORISE_PATH}?{query}"


def open_authorise_link(service_url: str, installation: str, token: str) -> Mapping[str, str] | None:
    """What the first redirect of the authorise link asks the provider for: its query, each key once.

    `dialog` is the address of the login dialog, without the query. Not followed. Without `client_id` when it leads
    elsewhere: empty for a redirect back to us, `page` for a page that says nothing of the entry. None for a page that
    asks for the entry's credentials.
    Raises: AuthError, when the service domain refuses a fresh token; not repeatable, since the token is used up.
    """
    query = {"id": installation, "token": token, "targetOrigin": service_url}
    call = Call(
        "GET",
        AUTHORISE_PATH,
        query=query,
        headers={"Accept": "text/html"},
        repeatable=False,
        json_expected=False,
        statuses=frozenset({400, 404, 409, 422}),
        secrets=(token,),
    )
    answer = sending.send(service_url, SERVICE_DOMAIN, call)
    if not 300 <= answer.status < 400:
        return None if ABOUT_CREDENTIALS.search(answer.text) else {"page": "unknown"}
    address, _, query_string = answer.headers.get("Location", "").partition("?")
    asked = parse_qs(query_string.partition("#")[0], keep_blank_values=True)
    return {**{key: values[0] for key, values in asked.items()}, "dialog": address} if "client_id" in asked else {}
