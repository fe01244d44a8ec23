"""Answers that are no fault: the vendor's own way to say what the method asks, so that a verdict may change by them.

Each row says why. Whatever is not listed here must not look like drift.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from components import errors
from tests.contract.faults.runner import Sent
from tests.contract.faults.scenarios import Scenario
from tests.contract.faults.table import Fault


@dataclass(frozen=True)
class Normal:
    """One answer that is an answer."""

    reason: str
    call: str
    """Regex over `METHOD path #nth`."""
    faults: str
    """Regex over the fault's name."""
    kinds: tuple[type[errors.ConnectorError], ...] = ()
    """What the error is instead of the fault's own kind."""
    verdicts: bool = False
    """Whether verdicts, or the object's being there, may change by it."""
    scenarios: str = ""
    """Regex over the scenario's name."""
    writes: tuple[str, ...] = ()
    """Paths of writes that it makes due."""
    times: int = 1
    """How often it must be given to count."""


PROBE = r"^POST /v[\d.]+/oauth/access_token #[12]$"
APP_TOKEN = r"^POST /v[\d.]+/oauth/access_token #0$"
SAID = r"(-lasting)?"
"""Whatever Graph says of trying again, but not that it helps."""

NORMAL: tuple[Normal, ...] = (
    Normal("191 is how Graph refuses a redirect URI", PROBE, f"code-191{SAID}", verdicts=True),
    Normal(
        "100 is how Graph tells a bogus code of a redirect URI that it takes", PROBE, f"code-100{SAID}", verdicts=True
    ),
    Normal(
        "code 1 is how Graph refuses a wrong secret, as well as an unknown error: twice in a row decides",
        APP_TOKEN,
        f"code-1{SAID}",
        (errors.AuthError,),
        times=2,
    ),
    Normal(
        "code 10 is how Graph says that the app's settings are closed to the API, whatever it adds",
        r"^POST /v[\d.]+/\d+ #0$",
        "code-10(-.*)?",
        verdicts=True,
        scenarios="settings",
    ),
    Normal(
        "an OAuth server answers 400 to credentials that it does not know",
        "^POST /oauth/token #0$",
        "status-400-.*",
        (errors.AuthError,),
    ),
    Normal(
        "404 is the only way that Cyclr has to say that a token endpoint is not there: the address is wrong",
        "^POST /oauth/token #0$",
        "status-404-.*",
        (errors.TransportError,),
    ),
    Normal(
        "404 is how Cyclr says that there is no such account",
        r"^GET /v1\.0/accounts/[^/]+ #0$",
        "status-404-(message|empty)",
        (errors.DeclarationError,),
    ),
    Normal(
        "404 is how Cyclr says that its library has no such connector",
        r"^GET /v1\.0/connectors/[^/]+ #0$",
        "status-404-(message|empty)",
        (errors.DeclarationError,),
    ),
    Normal(
        "404 for an installation of an account that is there means that somebody removed it",
        r"^GET /v1\.0/account/connectors/\d+ #\d$",
        "status-404-(message|empty)",
        verdicts=True,
    ),
    Normal(
        "404 for a sign-in token means that the account is gone, and the installation with it",
        r"^POST /v1\.0/accounts/[^/]+/signintoken #0$",
        "status-404-(message|empty)",
        verdicts=True,
    ),
    Normal(
        "404 for the removal means that somebody else removed it",
        r"^DELETE /v1\.0/account/connectors/\d+ #0$",
        "status-404-(message|empty)",
        verdicts=True,
    ),
    Normal(
        "200 is how Cyclr confirms a removal; what it says beside is not documented",
        r"^DELETE /v1\.0/account/connectors/\d+ #0$",
        "200-(?!html).*",
        verdicts=True,
    ),
    Normal(
        "an empty list is how Cyclr says that nothing is installed, so that it is installed",
        "^GET /v1.0/account/connectors #0$",
        "200-list",
        writes=("/v1.0/connectors/5001/install",),
    ),
)


def of(scenario: Scenario, call: Sent, fault: Fault) -> Normal | None:
    """The first row that fits."""
    for row in NORMAL:
        fits = re.search(row.call, str(call)) and re.fullmatch(row.faults, fault.name)
        if fits and re.search(row.scenarios, scenario.name):
            return row
    return None
