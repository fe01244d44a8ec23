"""The sandbox as a test's world: the real process on free ports, its state, its request log and its faults."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from components.vendor_access import Access

ROOT = Path(__file__).parent.parent
APP_ID = "1234567890123456"
APP_SECRET = "5a5ad0b0c0de5a5ad0b0c0de5a5ad0b0"
API_SECRET = "sandbox-api-secret"
OBSERVATION = "acme-observation"
CUSTOMER = "first-customer"
CONNECTOR = "Facebook Marketing API"

READS = re.compile(r"GET |POST /v[\d.]+/oauth/access_token|POST /oauth/token|POST /v1\.0/accounts/[^/]+/signintoken")
"""What a look may send: reads, the two token endpoints (the probes go to one of them) and a sign-in token."""


class World:
    """One running sandbox."""

    def __init__(self, addresses: dict[str, str]) -> None:
        self.control = addresses["control"]
        self.facebook = addresses["facebook"]
        self.cyclr_api = addresses["cyclr_api"]
        self.service_domain = addresses["service_domain"]

    @property
    def service_url(self) -> str:
        return f"http://{self.service_domain}"

    @property
    def redirect_uri(self) -> str:
        return f"{self.service_url}/connector/callback"

    def access(self, **overrides: Any) -> Access:
        """How a provider reaches this world."""
        values = {"facebookAppSecret": APP_SECRET, "cyclrClientSecret": API_SECRET}
        settings: dict[str, Any] = {
            "environment": "sandbox",
            "graph_url": self.facebook,
            "www_url": self.facebook,
            "dashboard_url": self.facebook,
            "cyclr_api_url": self.cyclr_api,
            "cyclr_console_url": self.service_url,
            "cyclr_client_id": "sandbox-api-client",
            "cyclr_client_secret": "config:cyclrClientSecret",
            "values": values,
        }
        return Access(**{**settings, **overrides})

    def first_day(self) -> None:
        """Back to a new company's first day, without log and faults."""
        self._ask("DELETE", "/state")
        self._ask("DELETE", "/requests")
        self._ask("DELETE", "/faults")

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = self._ask("GET", "/state")
        return state

    def patch(self, patch: dict[str, Any]) -> None:
        self._ask("PATCH", "/state", patch)

    def put(self, state: dict[str, Any]) -> None:
        self._ask("PUT", "/state", state)

    def app(self, **settings: Any) -> None:
        """Set app fields, or dashboard keys by `dashboard={...}`."""
        self.patch({"facebook": {"apps": {APP_ID: settings}}})

    def dashboard(self, **settings: Any) -> None:
        self.app(dashboard=settings)

    def behave(self, vendor: str, **switches: Any) -> None:
        self.patch({vendor: {"behaviour": switches}})

    def library(self, name: str = CONNECTOR, **setup: Any) -> None:
        """Type into the library entry, as a person does in the console."""
        state = self.state()
        for entry in state["cyclr"]["connectors"]:
            if entry["Name"] == name:
                entry["setup"].update(setup)
        self.patch({"cyclr": {"connectors": state["cyclr"]["connectors"]}})

    def account(self, account: str = OBSERVATION) -> dict[str, Any]:
        accounts = {entry["Id"]: entry for entry in self.state()["cyclr"]["accounts"]}
        found: dict[str, Any] = accounts[account]
        return found

    def installation(self, account: str = OBSERVATION) -> dict[str, Any]:
        """The one installation in an account."""
        (only,) = self.account(account)["connectors"]
        found: dict[str, Any] = only
        return found

    def change_installation(self, account: str = OBSERVATION, **settings: Any) -> None:
        state = self.state()
        for entry in state["cyclr"]["accounts"]:
            if entry["Id"] == account:
                for installation in entry["connectors"]:
                    installation.update(settings)
        self.patch({"cyclr": {"accounts": state["cyclr"]["accounts"]}})

    def fault(self, **fault: Any) -> None:
        self._ask("POST", "/faults", fault)

    def clear_faults(self) -> None:
        self._ask("DELETE", "/faults")

    def requests(self) -> list[dict[str, Any]]:
        log: list[dict[str, Any]] = self._ask("GET", "/requests")
        return log

    def forget_requests(self) -> None:
        self._ask("DELETE", "/requests")

    def writes(self) -> list[str]:
        """Calls since the log was cleared that a look must never send."""
        calls = [f"{entry['method']} {entry['path']}" for entry in self.requests()]
        return [call for call in calls if not READS.match(call)]

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = requests.request(method, self.control + path, json=body, timeout=10)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        return answer.json()


@contextmanager
def running_sandbox(*arguments: str) -> Iterator[World]:
    """Start the sandbox as a process of its own, on free ports, and end it."""
    command = [sys.executable, "-m", "stacks.sandbox", "--port-base", "0", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the sandbox ended before it was ready"
        try:
            yield World(json.loads(line))
        finally:
            process.terminate()
