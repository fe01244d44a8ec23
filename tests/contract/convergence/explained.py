"""What one run may write: told from the world before it and the declaration alone, never from our own code.

Shape: a Write is the call with new ids as NEW and property ids left out, and its parameters without credentials.
Source: the contract of each resource: only declared fields, only those that differ, App Domains as a union.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from tests.contract.convergence.consoles import RELEASES, SPELLED
from tests.contract.convergence.declarations import KEY, SECRETS, Declaration, owned_elsewhere, placed, reference
from tests.contract.convergence.engine import Kept
from tests.worlds import READS, World

CREDENTIALS = {"access_token", "appsecret_proof"}
PARAMETERS = {
    "appName": ("app_name", "name"),
    "siteUrl": ("website_url", "website_url"),
    "privacyPolicyUrl": ("privacy_policy_url", "privacy_policy_url"),
    "termsOfServiceUrl": ("terms_of_service_url", "terms_of_service_url"),
    "deauthorizeCallbackUrl": ("deauth_callback_url", "deauth_callback_url"),
    "contactEmail": ("contact_email", "contact_email"),
    "userSupportEmail": ("user_support_email", "user_support_email"),
    "userSupportUrl": ("user_support_url", "user_support_url"),
}
"""Key of the stack file -> parameter of Graph's write, key of the sandbox's state."""
MASK, HIDDEN = "[masked]", "********"
"""How the sandbox's log and its API show the value of a property that is a secret."""
SENSITIVE = "ApiKey"
INSTALLATION = f"{KEY}-installation"


class Write(NamedTuple):
    """One call that changes something."""

    call: str
    parameters: Any


@dataclass(frozen=True)
class Before:
    """What a run starts from."""

    world: World
    stack: str
    vendors: Mapping[str, Any]
    """The sandbox's state."""
    declaration: Declaration
    kept: Kept | None
    """The installation in the stack's state."""

    @property
    def app(self) -> Mapping[str, Any]:
        """The declared app as it stands."""
        found: Mapping[str, Any] = self.vendors["facebook"]["apps"][self.declaration["appId"]]
        return found

    @property
    def mark(self) -> str:
        """What stands in the Description of an installation that this stack made."""
        return f"[cyclr-connectors: made by stack {self.stack}]"

    @property
    def fields(self) -> dict[str, Any]:
        """Declared fields but App Domains, by their key in the sandbox's state."""
        site = self.declaration["siteUrl"] or f"http://{self.declaration['serviceDomain']}/"
        declared = placed({**self.declaration, "siteUrl": site}, self.world)
        keys = [key for key in PARAMETERS if key not in owned_elsewhere(self.declaration)]
        return {PARAMETERS[key][1]: declared[key] for key in keys if declared[key] is not None}

    @property
    def domains(self) -> list[str]:
        """Declared App Domains."""
        named = (self.declaration["serviceDomain"], self.declaration["previousServiceDomain"])
        return sorted(placed(name, self.world).partition(":")[0] for name in named if name)

    @property
    def exclusive(self) -> bool:
        """Whether other App Domains go."""
        return bool(self.declaration["exclusiveAppDomains"]) and not self.declaration["shared"]

    def account(self, name: str) -> Mapping[str, Any] | None:
        """An account at Cyclr."""
        return next((entry for entry in self.vendors["cyclr"]["accounts"] if entry["Id"] == name), None)

    def own(self) -> Mapping[str, Any] | None:
        """The installation that the declaration means: the one of the state, else the one to adopt."""
        account = self.account(self.declaration["account"])
        there = account["connectors"] if account else []
        if self.kept and self.kept.outs["account"] == self.declaration["account"]:
            number = int(self.kept.id.rpartition("/")[2])
            if found := [entry for entry in there if entry["Id"] == number]:
                return found[0]
        same = [entry for entry in there if entry["Connector"] in RELEASES]
        same.sort(key=lambda entry: (self.mark not in entry["Description"], entry["Id"]))
        return same[0] if same else None

    def differing(self) -> dict[str, Any]:
        """Parameter of Graph's write -> the value that would make the declaration stand."""
        app, wanted = self.app, {}
        by_field = {field: parameter for parameter, field in PARAMETERS.values()}
        for name, value in self.fields.items():
            if self._canonical(app[name]) != value:
                wanted[by_field[name]] = value
        union = sorted({*self.domains, *([] if self.exclusive else app["app_domains"])})
        return {**wanted, "app_domains": union} if union != sorted(app["app_domains"]) else wanted

    def _canonical(self, text: str | None) -> str | None:
        spelled = placed({"": SPELLED}, self.world)[""]
        there = {placed(key, self.world): value for key, value in spelled.items()}
        return there.get(text, text) if text else None


def expected(before: Before, *, failed: bool) -> list[Write]:
    """Every write of a run, Facebook's first; `failed`: whether the run did, which keeps removals back."""
    return [*_to_facebook(before), *_to_cyclr(before), *([] if failed else _removals(before))]


def seen(before: Before) -> list[Write]:
    """Every write that the request log holds, in the same order."""
    known = {str(entry["Id"]) for account in before.vendors["cyclr"]["accounts"] for entry in account["connectors"]}
    calls = [(entry, f"{entry['method']} {entry['path']}") for entry in before.world.requests()]
    writes = [Write(_named(call, known), _parameters(entry["body"])) for entry, call in calls if not READS.match(call)]
    return sorted(
        writes, key=lambda write: (not write.call.startswith("POST /v25.0/"), write.call.startswith("DELETE"))
    )


def _to_facebook(before: Before) -> Iterator[Write]:
    secret = SECRETS[reference(before.declaration)]
    wanted = before.differing()
    if wanted and before.app["secret"] == secret and before.declaration["managedBy"] == "api":
        yield Write(f"POST /v25.0/{before.declaration['appId']}", wanted)


def _to_cyclr(before: Before) -> Iterator[Write]:
    declared = before.declaration
    if before.account(declared["account"]) is None:
        if not declared["createAccount"]:
            return
        yield Write("POST /v1.0/accounts", {"Id": declared["account"], "Name": declared["account"]})
    own, properties, there, number = before.own(), declared["properties"], {}, "NEW"
    if own is None:
        release = next(
            (key for key, (version, _) in RELEASES.items() if version == (declared["version"] or "v25.0")), 0
        )
        if RELEASES[release][1] == "Draft":
            return
        sent = [{"Name": name, "Value": _logged(name, value)} for name, value in sorted(properties.items())]
        yield Write(f"POST /v1.0/connectors/{release}/install", {"Description": before.mark, "Properties": sent})
        if "Unknown" in properties:
            return
        there = dict(properties)
    else:
        there, number = {entry["Name"]: entry["Value"] for entry in own["Properties"]}, str(own["Id"])
    masked = before.vendors["cyclr"]["behaviour"]["sensitive_values"] == "masked"
    for name, value in sorted(properties.items()):
        shown = HIDDEN if masked and name == SENSITIVE and name in there else there.get(name)
        if shown != value:
            call = f"/v1.0/account/connectors/{number}/properties"
            sent = {"Name": name, "Value": _logged(name, value)}
            exists = name.lower() in {other.lower() for other in there}
            yield Write(f"PUT {call}/ID" if exists else f"POST {call}", sent)


def _removals(before: Before) -> Iterator[Write]:
    """The installation in an account that is no longer declared, if we made it."""
    if before.kept is None or before.kept.outs["account"] == before.declaration["account"]:
        return
    account, _, number = before.kept.id.rpartition("/")
    there = before.account(account)
    for entry in there["connectors"] if there else []:
        if str(entry["Id"]) == number and before.mark in (entry["Description"] or ""):
            yield Write(f"DELETE /v1.0/account/connectors/{number}", None)


def _named(call: str, known: set[str]) -> str:
    call = re.sub(r"/properties/\d+$", "/properties/ID", call)
    return re.sub(r"(?<=/account/connectors/)\d+", lambda found: found[0] if found[0] in known else "NEW", call)


def _parameters(body: Any) -> Any:
    if not isinstance(body, dict):
        return body
    given = {name: value for name, value in body.items() if name not in CREDENTIALS}
    if "app_domains" in given:
        given["app_domains"] = json.loads(given["app_domains"])
    if "Properties" in given:
        given["Properties"] = sorted(given["Properties"], key=lambda each: each["Name"])
    return {name: value for name, value in given.items() if not (name == "Id" and "Value" in given)}


def _logged(name: str, value: str) -> str:
    return MASK if name == SENSITIVE else value
