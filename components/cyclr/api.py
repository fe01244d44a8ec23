"""Cyclr's API as far as this package needs it.

Source: Cyclr's manual and an API test suite that ran against the live API; https://{API domain}/docs/index.
Never:  keeps or reports a value that an answer carries in clear (AuthValue, property values) beyond the caller's need.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from components import errors, sending
from components.calls import Answer, Call, Dialect, Fault, place, unusable
from components.tokens import Once
from components.vendor_access import Access

PAGE_SIZE = 100
"""Entries a page; the default and the largest are unknown at the vendor."""
OBSERVER = "cyclr-connectors-observer"
"""The one user name that sign-in tokens are made for. Cyclr creates it at first use."""

_FIXES: Mapping[type[errors.ApiError], str] = {
    errors.AuthError: (
        "check cyclr.clientId and the secret behind cyclr.clientSecret in the stack file, and Cyclr's IP restrictions; "
        "after a rotation run pulumi with --run-program"
    ),
}

_tokens = Once[str]()


class Cyclr:
    """Cyclr with our API credentials. Holds no connection and no token of its own."""

    def __init__(self, access: Access) -> None:
        """Take the access; no call goes out."""
        self._access = access
        self._base = access.cyclr_api_url

    def account_exists(self, account: str) -> bool:
        """Whether there is such an account."""
        try:
            _object(self._send(Call("GET", f"/v1.0/accounts/{quote(account, safe='')}")), "an account")
        except errors.NotFound:
            return False
        return True

    def create_account(self, account: str) -> None:
        """Make the account, with its id as its name. Not repeated on failure."""
        self._access.may_write(f"the new account {account}")
        self._send(Call("POST", "/v1.0/accounts", json={"Id": account, "Name": account}))

    def releases(self, account: str, connector: str) -> list[dict[str, Any]]:
        """Every release of the connector of that name; empty when there is none."""
        try:
            answer = self._in(account, Call("GET", f"/v1.0/connectors/{quote(connector, safe='')}"))
        except errors.NotFound as nothing:
            if not self.account_exists(account):
                raise nothing from None
            return []
        return _objects(answer, "releases")

    def installations(self, account: str) -> list[dict[str, Any]]:
        """Every installation in the account, all pages."""
        found: list[dict[str, Any]] = []
        page, pages = 1, 1
        while page <= pages:
            query = {"page": str(page), "pageSize": str(PAGE_SIZE)}
            answer = self._in(account, Call("GET", "/v1.0/account/connectors", query=query))
            found += map(_installation, _objects(answer, "installations"))
            total = answer.headers.get("Total-Pages", "")
            pages = int(total) if total.isdigit() else page
            page += 1
        return found

    def installation(self, account: str, installation: str) -> dict[str, Any]:
        """One installation.

        Raises: NotFound, when it or its account is gone.
        """
        return _installation(_object(self._in(account, Call("GET", _path(installation))), "an installation"))

    def install(self, account: str, release: int, body: Mapping[str, Any]) -> dict[str, Any]:
        """Install one release. Not repeated on failure: a lost answer is found again by its mark."""
        self._access.may_write(f"the installation in account {account}")
        call = Call("POST", f"/v1.0/connectors/{release}/install", json=dict(body), secrets=_values(body))
        return _installation(_object(self._in(account, call), "an installation"))

    def describe(self, account: str, installation: str, description: str) -> None:
        """Set the Description; the PUT is partial."""
        self._in(account, Call("PUT", _path(installation), json={"Description": description}))

    def deauthenticate(self, account: str, installation: str) -> None:
        """End the consent of an installation: its integrations stop and its webhooks go."""
        self._in(account, Call("PUT", f"{_path(installation)}/deauthenticate"))

    def remove(self, account: str, installation: str) -> None:
        """Remove an installation; one that is gone already is fine."""
        self._access.may_write(f"the removal of installation {installation}")
        try:
            self._in(account, Call("DELETE", _path(installation)))
        except errors.NotFound:
            return

    def set_property(self, account: str, installation: str, name: str, value: str, there: int | None) -> None:
        """Set one property; `there` is its id where it exists."""
        self._access.may_write(f"property {name} of installation {installation}")
        path = f"{_path(installation)}/properties"
        body = {"Name": name, "Value": value, "Id": there or 0}
        method, path = ("POST", path) if there is None else ("PUT", f"{path}/{there}")
        self._in(account, Call(method, path, json=body, secrets=(value,)))

    def sign_in_token(self, account: str) -> dict[str, str]:
        """A one-time token for the observing user: Token and ExpiresAtUtc. It equals a login: memory only."""
        path = f"/v1.0/accounts/{quote(account, safe='')}/signintoken"
        body = _object(self._send(Call("POST", path, json={"Username": OBSERVER}, repeatable=True)), "a sign-in token")
        if not isinstance(body.get("Token"), str) or not body["Token"]:
            raise unusable("Cyclr", f"POST {self._base}{path}", "the answer has no Token")
        return {"Token": body["Token"], "ExpiresAtUtc": str(body.get("ExpiresAtUtc", ""))}

    def token(self) -> str:
        """The access token; one per process.

        Raises: AuthError, when Cyclr refuses our API credentials.
        """
        access = self._access
        where = "the API credentials of cyclr in the stack file"
        secret = access.resolve(access.cyclr_client_secret, where)
        return _tokens.get((self._base, access.cyclr_client_id, secret), lambda: self._new_token(secret))

    def _new_token(self, secret: str) -> str:
        form = {"grant_type": "client_credentials", "client_id": self._access.cyclr_client_id, "client_secret": secret}
        call = Call("POST", "/oauth/token", form=form, repeatable=True, secrets=(secret,))
        try:
            answer = sending.send(self._base, DIALECT, call)
        except errors.NotFound as nowhere:
            raise errors.TransportError(
                "Cyclr's API is not at this address",
                where=nowhere.where,
                why=nowhere.why,
                fix="check cyclr.api (or region) in the stack file; nothing was concluded from this",
                status=nowhere.status,
            ) from None
        except errors.Rejected as refused:
            raise errors.AuthError(
                "Cyclr refuses our API credentials",
                where=refused.where,
                why=refused.why,
                fix=_FIXES[errors.AuthError],
                status=refused.status,
            ) from None
        token = answer.body.get("access_token") if isinstance(answer.body, dict) else None
        if not isinstance(token, str) or not token:
            raise unusable("Cyclr", place(self._base, call), "the answer has no access_token")
        return token

    def _in(self, account: str, call: Call) -> Answer:
        """A call at account level. Cyclr answers 401 for an unknown account and for a bad token alike: ask which.

        Raises: NotFound, when the account is gone.
        """
        try:
            return self._send(call, {"X-Cyclr-Account": account})
        except errors.AuthError as refused:
            if refused.status == 401 and not self.account_exists(account):
                raise errors.NotFound(
                    f"Cyclr has no account {account}",
                    where=refused.where,
                    why="HTTP 404 for the account itself",
                    fix="check cyclr.account in the stack file, or set cyclr.createAccount: true",
                    status=404,
                ) from None
            raise

    def _send(self, call: Call, headers: Mapping[str, str] | None = None) -> Answer:
        token = self.token()
        signed = {**call.headers, "Authorization": f"Bearer {token}", **(headers or {})}
        hidden = (*call.secrets, token)
        return sending.send(self._base, DIALECT, Call(**{**vars(call), "headers": signed, "secrets": hidden}))


def read_fault(answer: Answer) -> Fault | None:
    """The error body of Cyclr: `Message`, at the token endpoint `error`."""
    if answer.status < 400:
        return None
    body = answer.body if isinstance(answer.body, dict) else {}
    message = body.get("Message") or body.get("error_description") or body.get("error")
    return Fault(str(message)) if message else None


DIALECT = Dialect("Cyclr", read_fault, {}, fixes=_FIXES)


def _path(installation: str) -> str:
    return f"/v1.0/account/connectors/{quote(installation, safe='')}"


def _values(body: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(entry.get("Value", "")) for entry in body.get("Properties", []))


def _objects(answer: Answer, what: str) -> list[dict[str, Any]]:
    rows = answer.body
    if not isinstance(rows, list) or not all(isinstance(row, dict) and row.get("Id") is not None for row in rows):
        raise unusable("Cyclr", what, "the answer is not a list of objects with an Id")
    return rows


def _object(answer: Answer, what: str) -> dict[str, Any]:
    if not isinstance(answer.body, dict):
        raise unusable("Cyclr", what, "the answer is not an object")
    return answer.body


def _installation(body: dict[str, Any]) -> dict[str, Any]:
    """The installation, if it has what every one has: an Id, its release and a list of properties."""
    properties = body.get("Properties") or []
    whole = body.get("Id") is not None and isinstance(body.get("Connector"), dict) and isinstance(properties, list)
    if not whole or not all(isinstance(entry, dict) for entry in properties):
        raise unusable("Cyclr", "an installation", "the answer lacks its Id, its Connector or its Properties")
    return body
