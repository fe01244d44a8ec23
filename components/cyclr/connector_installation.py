"""cyclr.ConnectorInstallation: one connector installed in one account, adopted if it is there, else made and marked.

What we make carries a mark in its Description: a lost create is found again by it, and only what carries it is removed.
Another release is an open step: the upgrade is a button in Cyclr's console.
Source: Cyclr's manual on installing connectors; an API test suite for codes and messages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, UpdateResult

from components import errors, verdicts
from components.cyclr import installation_rules, marks
from components.cyclr.api import Cyclr
from components.fields import Input
from components.provider import VendorProvider, only_inputs
from components.verdicts import Setting

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
            there = installation_rules.find(
                cyclr.installations(props["account"]), props["connector"], self.access.environment
            )
            made = there or self._install(cyclr, props)
            installation = str(made["Id"])
        try:
            self._write_properties(cyclr, props, made)
            outs = self._outputs(cyclr, props, cyclr.installation(props["account"], installation))
        except errors.ConnectorError as failed:
            outs = self._incomplete(props, made, f"{failed.what}: {failed.why}")
        return CreateResult(f"{props['account']}/{installation}", outs)

    def read(self, resource_id: str, props: dict[str, Any]) -> ReadResult:
        """What stands; a gone installation, or account, is gone."""
        with errors.located(self._place(props)):
            cyclr = Cyclr(self.access)
            try:
                live = cyclr.installation(props["account"], resource_id.rpartition("/")[2])
            except errors.NotFound:
                return ReadResult(None, {})
            outs = self._outputs(cyclr, props, live)
        inputs = only_inputs(INPUTS, props)
        if "version" in inputs:
            inputs["version"] = installation_rules.version_of(live)
        if "properties" in inputs:
            inputs["properties"] = {
                k: v for k, v in installation_rules.values_of(live).items() if k in inputs["properties"]
            }
        return ReadResult(resource_id, {**outs, **inputs}, inputs)

    def update(self, resource_id: str, _olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Write the properties that differ, then read."""
        with errors.located(self._place(news)):
            cyclr = Cyclr(self.access)
            installation = resource_id.rpartition("/")[2]
            self._write_properties(cyclr, news, cyclr.installation(news["account"], installation))
            return UpdateResult(self._outputs(cyclr, news, cyclr.installation(news["account"], installation)))

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

    def declaration(self, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Release and properties."""
        return installation_rules.as_declared(inputs)

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
        release = installation_rules.pick(cyclr.releases(props["account"], props["connector"]), props)
        return cyclr.install(
            props["account"],
            release,
            {
                "Description": marks.created_by(self.access.environment),
                "Properties": [{"Name": k, "Value": v} for k, v in (props.get("properties") or {}).items()],
            },
        )

    def _write_properties(self, cyclr: Cyclr, props: Mapping[str, Any], live: Mapping[str, Any]) -> None:
        there = installation_rules.values_of(live)
        ids = installation_rules.ids_of(live)
        for name, value in sorted((props.get("properties") or {}).items()):
            if there.get(name) != value:
                cyclr.set_property(props["account"], str(live["Id"]), name, value, ids.get(name, ids.get(name.lower())))

    def _outputs(self, cyclr: Cyclr, props: Mapping[str, Any], live: Mapping[str, Any]) -> dict[str, Any]:
        """What stands, and whether customers get the release that is installed here."""
        account, connector = props["account"], props["connector"]
        settings = {setting.setting: setting for setting in self._judged(props, live)}
        if "version" not in settings or verdicts.stands(settings["version"]):
            releases, version = cyclr.releases(account, connector), _declared(props)["version"]
            judged = installation_rules.judge_release(releases, connector, version, live)
            settings |= {setting.setting: setting for setting in judged}
        return self._told(props, live, list(settings.values()))

    def _incomplete(self, props: Mapping[str, Any], made: Mapping[str, Any], cause: str) -> dict[str, Any]:
        """What was seen before it was cut short; a property that was to be written since may hold either value."""
        settings = [installation_rules.unsure(setting) for setting in self._judged(props, made)]
        return self._told(props, made, settings, cause)

    def _judged(self, props: Mapping[str, Any], live: Mapping[str, Any]) -> list[Setting]:
        return installation_rules.judge(props["connector"], _declared(props), live)

    def _told(
        self, props: Mapping[str, Any], live: Mapping[str, Any], settings: Sequence[Setting], incomplete: str = ""
    ) -> dict[str, Any]:
        inputs, declared = only_inputs(INPUTS, props), _declared(props)
        return {
            **inputs,
            "declared": declared,
            "installation_id": str(live["Id"]),
            "installed_version": installation_rules.version_of(live),
            "made_by_us": marks.is_made_by(self.access.environment, live.get("Description")),
            **verdicts.outputs(
                settings, installation_rules.open_steps(self.access.cyclr_console_url, props, settings, incomplete)
            ),
        }

    def _place(self, props: Mapping[str, Any]) -> str:
        return (
            f"cyclr.ConnectorInstallation {props['connector']} in account {props['account']}, "
            f"environment {self.access.environment}"
        )


def _declared(props: Mapping[str, Any]) -> Mapping[str, Any]:
    declared: Mapping[str, Any] = props.get("declared") or installation_rules.as_declared(props)
    return declared


class ConnectorInstallation(Resource, module="cyclr", name="ConnectorInstallation"):
    """One installation, as declared and as it stands."""

    settings: pulumi.Output[list[dict[str, Any]]]
    open_steps: pulumi.Output[list[dict[str, Any]]]

    def __init__(self, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        """`inputs` as in INPUTS. Property values may be credentials, so the component passes them as secrets."""
        outputs = ("declared", "installation_id", "installed_version", "made_by_us", "settings", "open_steps")
        super().__init__(ConnectorInstallationProvider(), name, {**dict.fromkeys(outputs), **inputs}, opts)
