"""One environment as a stack file declares it, and the program run on it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.program.harness import Answer, run_program

APP = "1234567890123456"
SECRETS = {"cyclrClientSecret": "canary-cyclr-5a5ad0b0", "facebookAppSecret": "canary-facebook-5a5ad0b0"}
CONFIG: dict[str, Any] = {
    "serviceDomain": "app-h.cyclr.com",
    "cyclr": {
        "api": "https://api.cyclr.com",
        "clientId": "our-client",
        "clientSecret": "config:cyclrClientSecret",
        "account": "acme",
    },
    "connectors": {
        "facebook-marketing": {
            "appId": APP,
            "appSecret": "config:facebookAppSecret",
            "appName": "Acme Ads (staging)",
        }
    },
}
STANDS = {"setting": "x", "declared": "x", "found": "x", "verdict": "accepted", "evidence": "observed", "note": ""}


def all_stands(_type, _name, _inputs):
    """A world in which every setting of every resource stands."""
    return {"settings": [STANDS], "open_steps": []}


def nothing_known(_type, _name, _inputs):
    """What a preview knows of a resource that is not there yet."""
    return {}


@pytest.fixture
def program():
    """Run the program; keywords change the connector's declaration, `top` the environment's."""

    def run(
        *, top: dict[str, Any] | None = None, answer: Answer = all_stands, preview=False, secrets=SECRETS, **connector
    ):
        config = copy.deepcopy(CONFIG) | (top or {})
        declared = config["connectors"]["facebook-marketing"] | connector
        config["connectors"]["facebook-marketing"] = {k: v for k, v in declared.items() if v is not None}
        return run_program(config, secrets, answer, preview=preview)

    return run
