"""The record of a service domain through the engine, run once: what each step printed, sent and left at Route 53.

The program is the project's own without its connectors: a sandbox cannot be reached by a domain that lies in a zone.
"""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.aws.cloud.account import ACCOUNT, REGION
from tests.engine.aws import PLUGIN, PROJECT, STACK, CloudStack, Steps
from tests.engine.kills import UP
from tests.engine.session import Run, until

PROGRAM = PLUGIN / "programs" / "record" / "__main__.py"
ZONE, DOMAIN, NEXT = "acme.example", "connect.acme.example", "login.acme.example"
"""NEXT is where the service domain moves to."""
TARGET, OTHER, TTL = "my.cyclr.com", "us2.cyclr.com", 300
NO_ZONE = "Z0000000000000"
WRITES = ("Change", "Create", "Delete", "Put", "Set", "Subscribe", "Tag", "Update")
FOREIGN: dict[str, dict[str, Any]] = {
    "other target": {"Type": "CNAME", "TTL": TTL, "ResourceRecords": [{"Value": "elsewhere.example"}]},
    "alias": {
        "Type": "A",
        "AliasTarget": {"HostedZoneId": "Z2FDTNDATAQYW2", "DNSName": f"www.{ZONE}.", "EvaluateTargetHealth": False},
    },
}
"""Records of the domain that somebody else made."""


class Step(NamedTuple):
    """One command, and what there was after it."""

    done: subprocess.CompletedProcess[str]
    writes: list[str]
    """Calls to AWS that change something; the state apart."""
    records: list[dict[str, Any]]
    """Everything that the zone holds."""
    resources: dict[str, str]
    """Name -> type, of the state."""
    moved: bool
    """Whether the state is another one, to the byte."""

    @property
    def said(self) -> str:
        """Both streams."""
        return f"{self.done.stdout}\n{self.done.stderr}"

    @property
    def code(self) -> int:
        """How the command ended."""
        return self.done.returncode

    def of(self, domain: str = DOMAIN) -> list[tuple[str, list[str], int]]:
        """Type, values and TTL of what the zone holds of a domain."""
        found = [each for each in self.records if each["Name"] == f"{domain}."]
        return [(each["Type"], _values(each), each.get("TTL", 0)) for each in found]


@dataclass
class Journey(Steps):
    """The steps so far."""

    steps: dict[str, Step] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    """Why it is there -> id."""
    before: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Whose record -> everything that the zone held once it was there."""

    def declare(self, domain: str = DOMAIN, zone: str = "", target: str = TARGET, **parts: Any) -> None:
        """The service domain and its record, in the stack file."""
        record = {"zoneId": zone or self.zones["public"], "target": target, "ttl": TTL}
        self._edit(domain, {"serviceDomainRecord": record, **parts})

    def declare_none(self) -> None:
        """A person takes the record out of the stack file."""
        self._edit(DOMAIN, {})

    def step(self, name: str, run: Callable[[], subprocess.CompletedProcess[str]]) -> None:
        """Run a command, and keep what there is to know of it."""
        sent, before = len(self.stack.cloud.calls()), self.stack.state()
        self.steps[name] = self._after(run(), sent, before)

    def killed(self, name: str) -> None:
        """An update that is killed with all its processes while it waits for the record that it has made."""
        stack, sent, before = self.stack, len(self.stack.cloud.calls()), self.stack.state()
        stack.cloud.fault("route53", "GetChange", "stall")
        run = Run(stack, ("--cwd", str(stack.project), *UP))
        try:
            until(lambda: run.ended or self._waits(sent), "the record is made")
        finally:
            run.kill_all()
            stack.cloud.mend()
        self.steps[name] = self._after(subprocess.CompletedProcess([], -9, run.said, ""), sent, before)

    def records(self) -> list[dict[str, Any]]:
        """Everything that the zone holds."""
        route53 = self.stack.cloud.client("route53")
        found: list[dict[str, Any]] = route53.list_resource_record_sets(HostedZoneId=self.zones["public"])[
            "ResourceRecordSets"
        ]
        return found

    def change(self, action: str, record: dict[str, Any], domain: str = DOMAIN) -> None:
        """Somebody changes the record of a domain at Route 53."""
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": {"Name": domain, **record}}]}
        self.stack.cloud.client("route53").change_resource_record_sets(
            HostedZoneId=self.zones["public"], ChangeBatch=batch
        )

    def _waits(self, sent: int) -> bool:
        return any(each.action == "GetChange" for each in self.stack.cloud.calls()[sent:])

    def _after(self, done: subprocess.CompletedProcess[str], sent: int, before: bytes) -> Step:
        calls = [each for each in self.stack.cloud.calls()[sent:] if each.service != "s3"]
        writes = [each.action for each in calls if each.action.startswith(WRITES)]
        return Step(done, writes, self.records(), self.stack.resources(), self.stack.state() != before)

    def _edit(self, domain: str, parts: dict[str, Any]) -> None:
        aws = {"account": ACCOUNT, "region": REGION, **parts}
        self.stack.edit(lambda config: config.update({f"{PROJECT}:serviceDomain": domain, f"{PROJECT}:aws": aws}))


def travelled(stack: CloudStack) -> Journey:
    """From records that could lead nobody, and those of others, to a killed update."""
    shutil.copy(PROGRAM, stack.project)
    stack.refer("env:APP_SECRET", "env:CYCLR_SECRET")
    journey = Journey(stack, zones={"public": _zone(stack), "private": _zone(stack, private=True)})
    _refused(journey)
    _made(journey)
    _changed_by_others(journey)
    _declared_otherwise(journey)
    _destroyed(journey)
    return journey


def _refused(journey: Journey) -> None:
    for name, declared in {
        "private": {"zone": journey.zones["private"]},
        "outside": {"domain": "connect.other.example"},
        "missing": {"zone": NO_ZONE},
        "apex": {"domain": ZONE},
    }.items():
        journey.declare(**declared, driftAlarm={"email": "ops@acme.example"})
        _both(journey, name)
    journey.declare()
    for name, record in FOREIGN.items():
        journey.change("CREATE", record)
        journey.before[name] = journey.records()
        _both(journey, name)
        journey.change("DELETE", record)


def _both(journey: Journey, name: str) -> None:
    journey.preview(f"preview, {name}")
    journey.up(f"up, {name}")


def _made(journey: Journey) -> None:
    journey.up("made")
    journey.preview("preview, made")


def _changed_by_others(journey: Journey) -> None:
    journey.change("UPSERT", {"Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "elsewhere.example"}]})
    journey.step("drift, changed", lambda: journey.stack.command("drift", "--json"))
    journey.up("repaired")
    journey.change("DELETE", _own(TARGET))
    journey.up("made again")


def _declared_otherwise(journey: Journey) -> None:
    journey.declare_none()
    journey.up("not declared")
    journey.declare()
    journey.up("taken back")
    journey.preview("preview, taken back")
    journey.declare(target=OTHER)
    journey.up("other target")
    journey.declare(NEXT)
    journey.up("moved")


def _destroyed(journey: Journey) -> None:
    stack = journey.stack
    journey.step("destroyed", lambda: stack.pulumi("destroy", "--yes", "--skip-preview", "--stack", STACK, check=False))
    journey.change("DELETE", _own(TARGET), NEXT)
    journey.killed("killed")
    journey.step("recovered", lambda: stack.command("recover", "--json"))
    journey.up("after a kill")


def _zone(stack: CloudStack, *, private: bool = False) -> str:
    """The id of a new hosted zone."""
    more: dict[str, Any] = {}
    if private:
        more = {
            "VPC": {"VPCRegion": REGION, "VPCId": "vpc-0123456789abcdef0"},
            "HostedZoneConfig": {"PrivateZone": True},
        }
    found = ""
    while not found.startswith("Z"):  # as AWS's ids do; those of moto 5.2 begin with any sign
        answer = stack.cloud.client("route53").create_hosted_zone(
            Name=ZONE, CallerReference=secrets.token_hex(8), **more
        )
        found = answer["HostedZone"]["Id"].rpartition("/")[2]
    return found


def _own(target: str) -> dict[str, Any]:
    return {"Type": "CNAME", "TTL": TTL, "ResourceRecords": [{"Value": target}]}


def _values(record: dict[str, Any]) -> list[str]:
    return [each["Value"] for each in record.get("ResourceRecords", ())]


def findings(step: Step) -> list[dict[str, Any]]:
    """What `drift` has found."""
    (environment,) = json.loads(step.done.stdout)["environments"]
    return list(environment["findings"])
