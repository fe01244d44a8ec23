"""Facebook's Graph API as far as this package needs it: an app token, one app's settings, and the redirect probe.

Units:  percent for usage.
Source: Graph reference of Application, the access-token guide and the error-handling page (v25.0).
Never:  a secret in a URL of ours (token calls are POSTs with a form); a write that the caller did not name.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets as randomness
import threading
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import pulumi

from components import errors, sending
from components.calls import Answer, Call, Dialect, Fault, place, unusable
from components.fields import AppField, from_app
from components.secrets import fingerprint
from components.tokens import Once
from components.vendor_access import Access

BOGUS_CODE = "cyclr-connectors-probe"
"""No code that Facebook ever issued: Facebook judges it last, after the app, the secret and the redirect URI."""

CODE_UNKNOWN = 1
CODE_PERMISSION = 10
CODE_PARAMETER = 100
CODE_REDIRECT = 191

_limits = dict.fromkeys((4, 17, 32, 341, 613, *range(80000, 80015)), errors.RateLimited)
KINDS: Mapping[int, type[errors.ApiError]] = {
    **dict.fromkeys(range(200, 300), errors.AuthError),
    CODE_UNKNOWN: errors.TransportError,
    2: errors.TransportError,
    3: errors.Rejected,
    CODE_PERMISSION: errors.AuthError,
    CODE_PARAMETER: errors.Rejected,
    101: errors.AuthError,
    102: errors.AuthError,
    190: errors.AuthError,
    CODE_REDIRECT: errors.Rejected,
    368: errors.RateLimited,
    459: errors.AuthError,
    506: errors.Rejected,
    **_limits,
}
"""Graph code -> exception. Source: the error-handling page; 191 and the meaning of 1 and 101 here are reported."""
PASSING = frozenset({CODE_UNKNOWN, 2, *_limits})
"""Worth another try, unless the answer says that it is not transient."""

_FIXES: Mapping[type[errors.ApiError], str] = {
    errors.AuthError: (
        "check appId and the secret behind appSecret in the stack file, and the app's IP allowlists and restrictions; "
        "after a rotation run pulumi with --run-program"
    ),
    errors.Rejected: (
        "the reason above names what Facebook does not take: a value of the stack file, or a restriction of the app "
        "(Settings > Advanced, e.g. its IP allowlists)"
    ),
}

_tokens = Once[str]()
_probes = Once["Probe"]()
"""Several resources probe the same URI in one look."""
_warned = threading.Event()
"""Whether this process, which lives for one run, has warned already."""


NEARLY_SPENT = 80.0
"""Percent of the hourly calls from which a run warns; other programs share them."""


class Probe(StrEnum):
    """What the code exchange says of a redirect URI."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class Graph:
    """One app at Facebook, seen with its own credentials. Holds no connection and no token of its own."""

    def __init__(self, access: Access, app_id: str, reference: str) -> None:
        """`reference` is where the app secret lives.

        Raises: AuthError, when there is no value behind it.
        """
        self._access = access
        self._base = access.graph_url
        self._version = access.graph_version
        self._app_id = app_id
        self._reference = reference
        self._secret = access.resolve(reference, f"secret of app {app_id}", app_id)

    @property
    def secret_fingerprint(self) -> str:
        """Which secret it is."""
        return fingerprint(self._secret, self._app_id)

    def token(self) -> str:
        """The app token; having it proves that id and secret belong together. One per app and process.

        Raises: AuthError, when Facebook refuses the pair.
        """
        return _tokens.get((self._base, self._app_id, self._secret), self._new_token)

    def read(self, table: Sequence[AppField]) -> dict[str, Any]:
        """The app's settings in our names; a setting that is not set is absent.

        Source: `GET /{app-id}?fields=...`; an app token may view every field of its app.
        """
        wanted = ",".join(["id", *(entry.read for entry in table)])
        body = self.ask(f"/{self._app_id}", {"fields": wanted})
        if str(body.get("id")) != self._app_id:
            raise errors.TransportError(
                "Facebook answered for another object than the app",
                where=f"GET {self._base}/{self._version}/{self._app_id}",
                why="the answer has no id, or another one",
                fix="check graphUrl in the stack file; nothing was concluded from this",
            )
        return from_app(table, body)

    def ask(self, path: str, query: Mapping[str, str], secrets: tuple[str, ...] = ()) -> dict[str, Any]:
        """The object that a GET with the app token answers; `secrets` are those among the values."""
        sent = {**query, **self._signed()}
        call = Call("GET", f"/{self._version}{path}", query=sent, secrets=(*self._hidden(sent), *secrets))
        answer = self._send(call)
        return answer.body if isinstance(answer.body, dict) else {}

    def write(self, settings: Mapping[str, Any]) -> None:
        """Set exactly these parameters of `POST /{app-id}`; a list goes out as JSON. Not repeated on failure.

        Raises: AuthError with code 10, when the app's settings are closed to the API; EngineGone.
        """
        self._access.may_write(f"the change of app {self._app_id}")
        form = {name: json.dumps(value) if isinstance(value, list) else value for name, value in settings.items()}
        signed = self._signed()
        call = Call("POST", f"/{self._version}/{self._app_id}", form={**form, **signed}, secrets=self._hidden(signed))
        try:
            answer = self._send(call)
        finally:
            _probes.clear()
        if not (isinstance(answer.body, dict) and answer.body.get("success") is True):
            raise errors.Rejected(
                "Facebook did not confirm the change",
                where=place(self._base, call),
                why=f"HTTP {answer.status} without success: true",
                fix="run pulumi up again: it reads what stands now and writes what still differs",
            )

    def probe(self, redirect_uri: str) -> Probe:
        """Whether Facebook takes the redirect URI, by exchanging a code that cannot be valid. Changes nothing.

        The secret is verified first, so that the answer can only be about the redirect URI. Classified by code alone:
        messages are localised. Asked once in a run, until something is written.
        """
        return self._probed(redirect_uri, redirect_uri)

    def probe_control(self) -> Probe:
        """The probe of an address that nobody can have registered: unless it is refused, no probe means anything."""
        return self._probed("control", f"https://{randomness.token_hex(10)}.example/")

    def _probed(self, name: str, redirect_uri: str) -> Probe:
        key = (self._access.run, self._base, self._app_id, self._secret, name)
        return _probes.get(key, lambda: self._probe(redirect_uri))

    def _probe(self, redirect_uri: str) -> Probe:
        self.token()
        form = {
            "client_id": self._app_id,
            "client_secret": self._secret,
            "redirect_uri": redirect_uri,
            "code": BOGUS_CODE,
        }
        answer = self._exchange(form, expect=(CODE_PARAMETER, CODE_REDIRECT))
        fault = read_fault(answer)
        if fault is None:
            raise errors.TransportError(
                "Facebook exchanged a code that it never issued",
                where=f"POST {self._base}/{self._version}/oauth/access_token",
                why=f"HTTP {answer.status} where an error was due",
                fix="check graphUrl in the stack file; nothing was concluded from this",
            )
        return Probe.REFUSED if fault.code == CODE_REDIRECT else Probe.ACCEPTED

    def _new_token(self) -> str:
        form = {"client_id": self._app_id, "client_secret": self._secret, "grant_type": "client_credentials"}
        answer = self._exchange(form, expect=(CODE_UNKNOWN,))
        if read_fault(answer) is not None:
            # Code 1 is "unknown, try again" and a wrong secret alike, in any language: twice in a row decides.
            answer = self._exchange(form, expect=(CODE_UNKNOWN,))
        fault = read_fault(answer)
        if fault is not None:
            raise errors.AuthError(
                f"Facebook refuses the app secret of app {self._app_id}",
                where=f"the secret behind {self._reference}",
                why=f"HTTP {answer.status}, code {fault.code}, trace {fault.trace}: id and secret are no pair",
                fix=f"set the app's current secret as {self._reference}, then run pulumi with --run-program",
                status=answer.status,
                code=fault.code,
                trace=fault.trace,
            )
        token = answer.body.get("access_token") if isinstance(answer.body, dict) else None
        if not isinstance(token, str) or not token:
            where = f"POST {self._base}/{self._version}/oauth/access_token"
            raise unusable("Facebook", where, f"HTTP {answer.status}, but no access_token")
        return token

    def _exchange(self, form: Mapping[str, str], expect: Sequence[int]) -> Answer:
        call = Call(
            "POST", f"/{self._version}/oauth/access_token", form=form, repeatable=True, secrets=self._hidden(form)
        )
        return self._send(call, expect)

    def _send(self, call: Call, expect: Sequence[int] = ()) -> Answer:
        answer = sending.send(self._base, DIALECT, call, expect)
        if usage(answer) >= NEARLY_SPENT and not _warned.is_set():
            _warned.set()
            pulumi.log.warn(
                f"Facebook: app {self._app_id} has used {usage(answer):g} % of its hourly calls; at 100 % it refuses"
            )
        return answer

    def _signed(self) -> dict[str, str]:
        """Token and proof; the proof is demanded by apps with Require App Secret and ignored by others."""
        token = self.token()
        proof = hmac.new(self._secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        return {"access_token": token, "appsecret_proof": proof}

    def _hidden(self, sent: Mapping[str, str]) -> tuple[str, ...]:
        return (self._secret, *(sent[key] for key in ("access_token", "appsecret_proof") if key in sent))


def read_fault(answer: Answer) -> Fault | None:
    """The error envelope of Graph. Source: the error-handling page."""
    error = answer.body.get("error") if isinstance(answer.body, dict) else None
    if not isinstance(error, dict):
        return None
    code, subcode, transient = error.get("code"), error.get("error_subcode"), error.get("is_transient")
    return Fault(
        message=str(error.get("message", "")),
        code=code if isinstance(code, int) else None,
        subcode=subcode if isinstance(subcode, int) else None,
        trace=str(error.get("fbtrace_id") or "none"),
        transient=transient if isinstance(transient, bool) else None,
    )


def usage(answer: Answer) -> float:
    """The largest share of the app's hourly limits that is used; 0 where the header is absent.

    Source: the rate-limiting page.
    """
    try:
        shares = json.loads(answer.headers.get("X-App-Usage", ""))
    except ValueError:
        return 0
    values = shares.values() if isinstance(shares, dict) else ()
    return max((float(value) for value in values if isinstance(value, int | float)), default=0)


def _used(answer: Answer) -> str:
    """The share, for the text of an error."""
    return f" (the app has used {usage(answer):g} % of its hourly calls)" if usage(answer) else ""


DIALECT = Dialect("Facebook", read_fault, KINDS, PASSING, _FIXES, _used)
