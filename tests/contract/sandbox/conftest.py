"""The sandbox as its users meet it: one real process for each test worker, at its first day for each test."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

ROOT = Path(__file__).parents[3]
TIMEOUT = 10


def query_of(answer):
    """The query of a redirect's Location as single values."""
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


@dataclass
class Sandbox:
    """The addresses of a running sandbox, and what every test does with them."""

    control: str
    facebook: str
    cyclr_api: str
    service_domain: str
    session: requests.Session = field(default_factory=requests.Session)
    token: str = ""

    @property
    def console(self):
        """The service domain as a base URL."""
        return f"http://{self.service_domain}"

    def send(self, method, url, **more):
        """Call any address; redirects are not followed."""
        return self.session.request(method, url, timeout=TIMEOUT, allow_redirects=False, **more)

    def state(self):
        """The whole state."""
        return self.send("GET", f"{self.control}/state").json()

    def patch(self, patch):
        """Merge into the state."""
        answer = self.send("PATCH", f"{self.control}/state", json=patch)
        assert answer.status_code == 200, answer.text

    def requests(self):
        """The request log."""
        return self.send("GET", f"{self.control}/requests").json()

    def fault(self, **fault):
        """Put a fault in wait."""
        answer = self.send("POST", f"{self.control}/faults", json=fault)
        assert answer.status_code == 200, answer.text

    def new_token(self, **form):
        """Ask Cyclr for an API token."""
        credentials = {"client_id": "sandbox-api-client", "client_secret": "sandbox-api-secret"}
        form = {"grant_type": "client_credentials"} | credentials | form
        return self.send("POST", f"{self.cyclr_api}/oauth/token", data=form)

    def api(self, method, path, account=None, token=None, **more):
        """Call Cyclr's API with a token, and the account header where an account is given."""
        if token is None:
            self.token = token = self.token or self.new_token().json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"} | ({} if account is None else {"X-Cyclr-Account": account})
        return self.send(method, f"{self.cyclr_api}/v1.0{path}", headers=headers, **more)

    def set_up(self, client_id="111", client_secret="library-secret", scopes="", entry=5001):
        """Fill in a library entry's Setup form as a person does."""
        form = {"client_id": client_id, "client_secret": client_secret, "scopes": scopes}
        answer = self.send("POST", f"{self.console}/connectors/{entry}/setup", data=form)
        assert answer.status_code == 303, answer.text

    query_of = staticmethod(query_of)

    def reset(self):
        """Go back to the first day."""
        for path in ("/state", "/requests", "/faults"):
            self.send("DELETE", self.control + path)
        self.session.cookies.clear()
        self.token = ""


@contextmanager
def run(*options):
    """Run a sandbox of its own and yield its process and its ready line."""
    command = [sys.executable, "-m", "stacks.sandbox", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process, process.stdout.readline()
        finally:
            process.kill()


@pytest.fixture(name="running")
def running_sandbox():
    """Run a sandbox of the test's own, with these options."""
    return run


@pytest.fixture(scope="session")
def sandbox_process():
    """One sandbox process."""
    with run("--port-base", "0") as (_, ready), requests.Session() as session:
        yield Sandbox(**json.loads(ready), session=session)


@pytest.fixture
def sandbox(sandbox_process):
    """The sandbox at its first day, with an empty log and no faults."""
    sandbox_process.reset()
    return sandbox_process


@pytest.fixture
def installed(sandbox):
    """An installation of Facebook Marketing API in the account for observing."""
    answer = sandbox.api("POST", "/connectors/Facebook Marketing API/install", "acme-observation", json={})
    return answer.json()["Id"]


@pytest.fixture
def authorise_link(sandbox, installed):
    """Open the authorise link of the installation with a fresh sign-in token."""

    def open_link(path="/connectorauth/updateaccountconnectoroauth", **changed):
        issued = sandbox.api("POST", "/accounts/acme-observation/signintoken", json={"Username": "observer"})
        query = {"id": installed, "token": issued.json()["Token"], "targetOrigin": "https://our.example/done"} | changed
        return sandbox.send("GET", sandbox.console + path, params=query)

    return open_link
