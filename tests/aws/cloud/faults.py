"""What can go wrong with AWS, given as data and answered in the wire form of the service.

Units:   seconds
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from tests.aws.cloud.account import Kind
from tests.aws.cloud.answers import Refused, StartResponse, answered, refused
from tests.aws.cloud.calls import Call, Environ

KINDS: tuple[str, ...] = get_args(Kind)
STALL = 60
"""After this long a stalled call is dropped, should nobody have ended the fault."""
DISABLED_KEY = {
    "secretsmanager": Refused(400, "DecryptionFailure", "Secrets Manager can't decrypt the secret using the KMS key."),
    "ssm": Refused(400, "InvalidKeyId", "The KMS key is disabled."),
    "s3": Refused(400, "KMS.DisabledException", "The KMS key is disabled."),
    "kms": Refused(400, "DisabledException", "The KMS key is disabled."),
}


@dataclass
class Fault:
    """What happens to calls of one operation, or of all of a service for `*`."""

    service: str
    action: str
    kind: str
    times: int | None = None
    """How many calls it meets; all where there is no number."""


class Faults:
    """The faults that are due."""

    def __init__(self) -> None:
        self._due: list[Fault] = []
        self._lock = threading.Lock()
        self._over = threading.Event()

    def add(self, fault: Fault) -> None:
        """Have a fault happen from now on."""
        if fault.kind not in KINDS:
            raise ValueError(f"{fault.kind} is none of {', '.join(KINDS)}")
        with self._lock:
            self._over.clear()
            self._due.append(fault)

    def end(self) -> None:
        """End all faults, and let go of calls that stall."""
        with self._lock:
            self._due.clear()
            self._over.set()

    def meets(self, call: Call) -> Fault | None:
        """The fault that a call meets, which then is one time less due."""
        with self._lock:
            for fault in self._due:
                if fault.service == call.service and fault.action in ("*", call.operation) and fault.times != 0:
                    fault.times = None if fault.times is None else fault.times - 1
                    return fault
        return None

    def happen(self, kind: str, call: Call, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """What a call gets for its fault."""
        if kind == "stall":
            self._over.wait(STALL)
        if kind in ("down", "stall"):
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return [b""]
        if kind == "garbage":
            start_response("200 OK", [("Content-Type", "text/html")])
            return [b"<html><title>Welcome to the hotel's network</title>"]
        error = DISABLED_KEY[call.service] if kind == "disabled-key" else refused(call.service, kind)
        return answered(call, error, start_response)
