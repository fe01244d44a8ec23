"""AWS as one WSGI application: moto, and in front of it what moto says it lacks.

Every call is told from its bytes, meets the faults that are due, is refused where its principal may not make it, and is
written down. The decision of moto itself stays switched off: it knows neither scoped resources nor conditions.
What it does not know: grants of KMS, permissions boundaries and organisations, policies of SNS topics, a clock that is
wrong, whether the body is the one that was signed for S3. Of `DeleteObjects` one key that is denied refuses all. A web
identity is checked whether or not rights are enforced.
Control: GET /_cloud/calls, POST /_cloud/enforcement, POST and DELETE /_cloud/faults, POST /_cloud/credentials,
         POST /_cloud/reset
Never:   a value or a body of a request in what is written down
"""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Callable, Iterable
from typing import Any

from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from tests.aws.cloud import mended, needs_of_keys, principals, tokens
from tests.aws.cloud.account import CONTROL, Record
from tests.aws.cloud.answers import Refused, StartResponse, answered, refused
from tests.aws.cloud.calls import Call, Environ, told
from tests.aws.cloud.conditions import Unjudgeable
from tests.aws.cloud.faults import Fault, Faults
from tests.aws.cloud.needs import asked_by, needs
from tests.aws.cloud.policies import Need, Principal, Verdict, decide


class Service:
    """The application."""

    def __init__(self) -> None:
        mended.install()
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._faults = Faults()
        self._lock = threading.Lock()
        self._records: list[Record] = []
        self._enforced = False

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ["PATH_INFO"].startswith(CONTROL):
            return self._control(environ, start_response)
        call = told(environ)
        record = Record(call.service, call.operation, _resource(call), principals.name(call))
        with self._lock:
            self._records.append(record)

        def recording(status: str, *rest: Any) -> Any:
            record.status = int(status.split(maxsplit=1)[0])
            return start_response(status, *rest)

        if fault := self._faults.meets(call):
            record.error = fault.kind
            return self._faults.happen(fault.kind, call, environ, recording)
        try:
            self._admit(call, record)
        except Refused as error:
            record.error = error.code
            return answered(call, error, recording)
        answer: Iterable[bytes] = self._moto(environ, recording)
        return answer

    def end(self) -> None:
        """Forget everything, as a new account."""
        self._faults.end()
        self._enforced = False
        with self._lock:
            self._records.clear()
        moto_api_backend.reset()

    def _admit(self, call: Call, record: Record) -> None:
        try:
            if call.operation == tokens.OPERATION:
                record.principal = tokens.admitted(call)
            elif self._enforced:
                caller = principals.principal(call)
                record.principal = caller.arn
                _authorize(caller, call, record)
        except Unjudgeable as error:
            raise refused(call.service, "unjudgeable", str(error)) from error
        mended.check(call)

    def _control(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        asked, method = environ["PATH_INFO"].removeprefix(CONTROL), environ["REQUEST_METHOD"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        does = self._controls()[method, asked]
        answer = json.dumps(does(**json.loads(body or b"{}"))).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
        return [answer]

    def _controls(self) -> dict[tuple[str, str], Callable[..., object]]:
        return {
            ("GET", "calls"): self._calls,
            ("POST", "enforcement"): self._enforce,
            ("POST", "faults"): lambda **fault: self._faults.add(Fault(**fault)),
            ("DELETE", "faults"): self._faults.end,
            ("POST", "credentials"): lambda **role: dataclasses.asdict(principals.assumed(**role)),
            ("POST", "reset"): self.end,
        }

    def _calls(self) -> list[dict[str, object]]:
        with self._lock:
            return [dataclasses.asdict(record) for record in self._records]

    def _enforce(self, on: bool) -> None:
        self._enforced = on
        needs_of_keys.settle()


def _authorize(caller: Principal, call: Call, record: Record) -> None:
    """Refuse what the caller may not do.

    Raises:  Refused; Unjudgeable
    """
    for need in needs(call):
        asked = asked_by(caller, call, need)
        verdict = decide(caller, asked)
        if verdict is not Verdict.ALLOWED:
            record.resource = need.resource
            raise _refusal(caller, call, need, verdict)


def _refusal(caller: Principal, call: Call, need: Need, verdict: Verdict) -> Refused:
    denied = refused(call.service, "denied")
    if need.refusal:
        return Refused(denied.status, *need.refusal)
    why = verdict.value.format(action=need.action)
    return Refused(
        denied.status,
        denied.code,
        f"User: {caller.arn} is not authorized to perform: {need.action} on resource: {need.resource} {why}",
    )


def _resource(call: Call) -> str:
    """What a call is about, for the record."""
    try:
        asked = needs(call)
    except Unjudgeable:
        return ""
    return asked[0].resource if asked else ""
