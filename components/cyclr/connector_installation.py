"""cyclr.ConnectorInstallation: one connector installed in one account, adopted if it is there, else made and marked.

What we make carries a mark in its Description: a lost create is found again by it, and only what carries it is removed.
Another release is an open step: the upgrade is a button in Cyclr's console.
Source: Cyclr's manual on installing connectors; an API test suite for codes and messages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, UpdateResult

from components import errors, verdicts
from components.cyclr import marks
from components.cyclr.api import Cyclr
from components.fields import Input
from components.provider import VendorProvider, only_inputs
from components.secrets import fingerprint
from components.vendor_access import Access
from components.verdicts import Evidence, OpenStep, Setting, Verdict

INPUTS = (
    Input("account", "text", "The account's API id. Another one is another resource.", required=True),
    Input("connector", "text", "Name in the Connector Library. Another one is another resource.", required=True),
    Input("version", "text", "Release to install, e.g. `v25.0`; without one, the newest approved."),
    Input(
        "properties",
        "properties",
        "Account properties that must hold these values; others stay. Never credentials: they are plain text.",
    ),
    Input("create_account", "flag", "Whether a missing account is made.", default=False),
)

INCOMPLETE = "Installation"
UPGRADE = "Upgrade"


class ConnectorInstallationProvider(VendorProvider):
    """Finds or makes the installation; writes only properties that differ."""

    INPUTS = INPUTS
    IDENTITY = ("account", "connector")

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Names are unique per account, so the old one goes first only where both would stand in the same account."""
        result = super().diff(_id, olds, news)
        return DiffResult(
            result.changes, result.replaces, delete_before_replace="account" not in (result.replaces or [])
        )

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Adopt by name, else install once. From the install on, no failure loses the id."""
        with errors.located(self._place(props)):
            cyclr = Cyclr(self.access)
            self._ensure_account(cyclr, props)
            there = find(cyclr.installations(props["account"]), props["connector"], self.access.environment)
            made = there or self._install(cyclr, props)
            installation = str(made["Id"])
        try:
            self._write_properties(cyclr, props, made)
            outs = self._outputs(props, cyclr.installation(props["account"], installation))
        except errors.ConnectorError as failed:
            outs = self._outputs(props, made, incomplete=f"{failed.what}: {failed.why}")
        return CreateResult(f"{props['account']}/{installation}", outs)

    def read(self, resource_id: str, props: dict[str, Any]) -> ReadResult:
        """What stands; a gone installation, or account, is gone."""
        with errors.located(self._place(props)):
            cyclr = Cyclr(self.access)
            try:
                live = cyclr.installation(props["account"], resource_id.rpartition("/")[2])
            except errors.NotFound:
                return ReadResult(None, {})
            outs = self._outputs(props, live)
        inputs = only_inputs(INPUTS, props)
        if "version" in inputs:
            inputs["version"] = version_of(live)
        if "properties" in inputs:
            inputs["properties"] = {k: v for k, v in values_of(live).items() if k in inputs["properties"]}
        return ReadResult(resource_id, {**outs, **inputs, "declared": props["declared"]}, inputs)

    def update(self, resource_id: str, _olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Write the properties that differ, then read."""
        with errors.located(self._place(news)):
            cyclr = Cyclr(self.access)
            installation = resource_id.rpartition("/")[2]
            self._write_properties(cyclr, news, cyclr.installation(news["account"], installation))
            return UpdateResult(self._outputs(news, cyclr.installation(news["account"], installation)))

    def delete(self, resource_id: str, props: dict[str, Any]) -> None:
        """Remove what carries our mark; forget what was there before us. The account stays."""
        with errors.located(self._place(props)):
            cyclr = Cyclr(self.access)
            installation = resource_id.rpartition("/")[2]
            try:
                live = cyclr.installation(props["account"], installation)
            except errors.NotFound:
                return
            if marks.is_made_by(self.access.environment, live.get("Description")):
                cyclr.remove(props["account"], installation)

    def _ensure_account(self, cyclr: Cyclr, props: Mapping[str, Any]) -> None:
        if cyclr.account_exists(props["account"]):
            return
        if not props.get("create_account"):
            raise errors.DeclarationError(
                f"Cyclr has no account {props['account']}",
                where="cyclr.account in the stack file",
                why="HTTP 404 for the account, and createAccount is not true",
                fix="correct cyclr.account, or set cyclr.createAccount: true",
            )
        cyclr.create_account(props["account"])

    def _install(self, cyclr: Cyclr, props: Mapping[str, Any]) -> dict[str, Any]:
        release = pick(cyclr.releases(props["account"], props["connector"]), props)
        return cyclr.install(
            props["account"],
            release,
            {
                "Description": marks.created_by(self.access.environment),
                "Properties": [{"Name": k, "Value": v} for k, v in (props.get("properties") or {}).items()],
            },
        )

    def _write_properties(self, cyclr: Cyclr, props: Mapping[str, Any], live: Mapping[str, Any]) -> None:
        there = values_of(live)
        ids = {str(entry.get("Name")): entry.get("Id") for entry in live.get("Properties") or []}
        for name, value in sorted((props.get("properties") or {}).items()):
            if there.get(name) != value:
                cyclr.set_property(props["account"], str(live["Id"]), name, value, ids.get(name))

    def _outputs(self, props: Mapping[str, Any], live: Mapping[str, Any], incomplete: str = "") -> dict[str, Any]:
        inputs = only_inputs(INPUTS, props)
        declared = props.get("declared") or as_declared(props)
        settings = judge(props["connector"], declared, live)
        return {
            **inputs,
            "declared": declared,
            "installation_id": str(live["Id"]),
            "installed_version": version_of(live),
            "made_by_us": marks.is_made_by(self.access.environment, live.get("Description")),
            **verdicts.outputs(settings, open_steps(self.access, props, settings, incomplete)),
        }

    def _place(self, props: Mapping[str, Any]) -> str:
        return (
            f"cyclr.ConnectorInstallation {props['connector']} in account {props['account']}, "
            f"environment {self.access.environment}"
        )


def find(installations: Sequence[Mapping[str, Any]], connector: str, stack: str) -> dict[str, Any] | None:
    """The installation to adopt: the one that this stack made, else the oldest of that connector."""
    same = [entry for entry in installations if (entry.get("Connector") or {}).get("Name") == connector]
    same.sort(key=lambda entry: (not marks.is_made_by(stack, entry.get("Description")), entry["Id"]))
    return dict(same[0]) if same else None


def pick(releases: Sequence[Mapping[str, Any]], props: Mapping[str, Any]) -> int:
    """The id of the release to install: the declared version, else the newest approved one.

    Raises: DeclarationError, when there is none.
    """
    usable = [entry for entry in releases if entry.get("Name") == props["connector"] and _is_approved(entry)]
    wanted = props.get("version")
    if wanted:
        usable = [entry for entry in usable if entry.get("Version") == wanted]
    if usable:
        newest = max(usable, key=lambda entry: (_natural(str(entry.get("Version") or "")), entry["Id"]))
        return int(newest["Id"])
    versions = ", ".join(sorted({str(entry.get("Version")) for entry in releases})) or "none"
    raise errors.DeclarationError(
        f"Cyclr's library has no {props['connector']}{f' {wanted}' if wanted else ''} that can be installed",
        where="version of the connector in the stack file",
        why=f"approved and not a draft: no such release (versions there: {versions})",
        fix="correct version, or add the connector to the Connector Library in Cyclr's console",
    )


def as_declared(props: Mapping[str, Any]) -> dict[str, Any]:
    """What is declared, kept beside what stands; property values only as fingerprints: they may be credentials."""
    properties = {name: fingerprint(value, name) for name, value in (props.get("properties") or {}).items()}
    return {"version": props.get("version") or "", "properties": properties}


def judge(connector: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> list[Setting]:
    """The installation itself, its release and the names of its declared properties that hold what was declared."""
    settings = [_observed("connector", connector, (live.get("Connector") or {}).get("Name"))]
    if declared["version"]:
        settings.append(_observed("version", declared["version"], version_of(live)))
    if declared["properties"]:
        there = {name: fingerprint(value, name) for name, value in values_of(live).items()}
        names = sorted(declared["properties"])
        right = [name for name in names if there.get(name) == declared["properties"][name]]
        settings.append(_observed("properties", names, right))
    return settings


def open_steps(
    access: Access, props: Mapping[str, Any], settings: Sequence[Setting], incomplete: str
) -> list[OpenStep]:
    """The upgrade that only the console can do, and a create that was cut short."""
    steps = []
    place = f"Accounts > {props['account']} > {props['connector']}"
    for setting in settings:
        if setting.setting == "version" and not verdicts.stands(setting):
            steps.append(
                OpenStep(
                    UPGRADE,
                    str(setting.declared),
                    access.cyclr_console_url,
                    Verdict.REFUSED,
                    Evidence.OBSERVED,
                    f"installed is {setting.found}; the API cannot upgrade ({place} > Upgrade)",
                    f"the installation shows version {setting.declared}",
                )
            )
    if incomplete:
        steps.append(
            OpenStep(
                INCOMPLETE,
                props["connector"],
                access.cyclr_console_url,
                Verdict.INCONCLUSIVE,
                Evidence.NONE,
                f"incomplete: {incomplete}",
                "the next pulumi up reads the installation whole",
            )
        )
    return steps


def version_of(live: Mapping[str, Any]) -> str:
    """Release version of an installation; empty where the connector has none."""
    return str((live.get("Connector") or {}).get("Version") or "")


def values_of(live: Mapping[str, Any]) -> dict[str, str]:
    """Property name -> value."""
    return {str(entry.get("Name")): str(entry.get("Value") or "") for entry in live.get("Properties") or []}


def _observed(setting: str, declared: Any, found: Any) -> Setting:
    verdict = Verdict.ACCEPTED if declared == found else Verdict.REFUSED
    return Setting(setting, declared, found, verdict, Evidence.OBSERVED)


def _is_approved(release: Mapping[str, Any]) -> bool:
    """Drafts show Status Approved as well; ReleaseStatus is the truth where it is present."""
    return release.get("Status") == "Approved" and release.get("ReleaseStatus", "Live") != "Draft"


def _natural(version: str) -> list[tuple[int, str]]:
    """v9 before v10."""
    return [(int(digits or 0), text) for text, digits in re.findall(r"(\D*)(\d*)", version)]


class ConnectorInstallation(Resource, module="cyclr", name="ConnectorInstallation"):
    """One installation, as declared and as it stands."""

    settings: pulumi.Output[list[dict[str, Any]]]
    open_steps: pulumi.Output[list[dict[str, Any]]]

    def __init__(self, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        """`inputs` as in INPUTS. Property values may be credentials, so the component passes them as secrets."""
        outputs = ("declared", "installation_id", "installed_version", "made_by_us", "settings", "open_steps")
        super().__init__(ConnectorInstallationProvider(), name, {**dict.fromkeys(outputs), **inputs}, opts)
