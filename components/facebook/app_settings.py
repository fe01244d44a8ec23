"""facebook.AppSettings: the settings of one app that Graph can write, adopted, reconciled and read back.

A field that is not declared is never written; a domain that is not declared is kept, unless `exclusive_app_domains`.
Source: Graph reference of Application (read, write), reports on the write gate and on domains dropped in silence.
Never:  creates, deletes or clears anything of an app.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, Resource, UpdateResult

from components import errors, verdicts
from components.facebook import app_rules
from components.facebook.app_rules import APP_INPUTS, CLOSED, FIELDS, OPEN, Found
from components.facebook.graph import CODE_PERMISSION, Graph
from components.fields import Input
from components.provider import VendorProvider
from components.vendor_access import Access

INPUTS = (
    *APP_INPUTS,
    Input("name", "text", "The name that a customer sees in the login dialog."),
    Input("app_domains", "hosts", "App Domains that must be among the app's; others stay.", required=True),
    Input("website_url", "url", "Site URL; App Domains must match its domain."),
    Input("privacy_policy_url", "url", "Privacy policy, wanted before publishing."),
    Input("terms_of_service_url", "url", "Terms of service, wanted before publishing in practice."),
    Input("deauthorize_callback_url", "url", "What Facebook calls when somebody removes the app."),
    Input("contact_email", "email", "Where Facebook writes to the developers."),
    Input("user_support_email", "email", "Where a user finds help."),
    Input("user_support_url", "url", "Where a user finds help."),
    Input("exclusive_app_domains", "flag", "Whether a domain that is not declared is removed.", default=False),
    Input(
        "managed_by",
        "text",
        "`api`: written through Graph; `dashboard`: only read, and what differs is an open step.",
        default="api",
        choices=("api", "dashboard"),
    ),
)

OUTPUTS = (
    "declared",
    "undeclared_app_domains",
    "gate",
    "gate_cause",
    "dropped_app_domains",
    "app_secret_fingerprint",
    "settings",
    "open_steps",
)


class AppSettingsProvider(VendorProvider):
    """Adopts the app; writes only what is declared and differs."""

    INPUTS = INPUTS
    IDENTITY = ("app_id",)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Adopt: check identity, read, write what differs, read again."""
        with errors.located(_place(self.access, props)):
            return CreateResult(props["app_id"], self._outputs(props, self._reconcile(props)))

    def read(self, app_id: str, props: dict[str, Any]) -> ReadResult:
        """What stands, as outputs and as inputs; a missing declared value is missing there too."""
        if not self.access.declares(props["app_id"]):
            return self.unseen(app_id, props)
        with errors.located(_place(self.access, props)):
            live = self._graph(props).read(FIELDS)
            declared = {**props, **app_rules.undeclared(props), **props["declared"]}
            found = Found(live, props["gate"], props["gate_cause"], list(props["dropped_app_domains"]))
            found = app_rules.settled(declared, found)
            return ReadResult(app_id, self._outputs(declared, found), app_rules.as_inputs(declared, live))

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Write what differs now, whatever the state says, and read again."""
        with errors.located(_place(self.access, news)):
            return UpdateResult(self._outputs(news, self._reconcile(news)))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Forget; the app stays as it is."""

    def declaration(self, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """The declared fields."""
        return app_rules.declared_fields(inputs)

    def _graph(self, props: Mapping[str, Any]) -> Graph:
        return Graph(self.access, props["app_id"], props["app_secret"])

    def _reconcile(self, props: Mapping[str, Any]) -> Found:
        graph = self._graph(props)
        live = graph.read(FIELDS)
        request = app_rules.to_request(props, live)
        if not request or props.get("managed_by") == "dashboard":
            return Found(live, OPEN, "", [])
        try:
            graph.write(request)
        except errors.AuthError as refused:
            if refused.code != CODE_PERMISSION:
                raise
            return Found(live, CLOSED, app_rules.gate_cause(refused), [])
        before, live = live, graph.read(FIELDS)
        _tell_lost(props, request.get("app_domains", []), before, live)
        dropped = [domain for domain in props["app_domains"] if domain not in live["app_domains"]]
        return Found(live, OPEN, "", dropped if "app_domains" in request else [])

    def _outputs(self, props: Mapping[str, Any], found: Found) -> dict[str, Any]:
        declared = app_rules.declared_fields(props)
        settings = app_rules.judge(props, found.live)
        return {
            **app_rules.as_inputs(props, found.live),
            "declared": declared,
            "undeclared_app_domains": app_rules.undeclared_domains(props, found.live),
            "gate": found.gate,
            "gate_cause": found.gate_cause,
            "dropped_app_domains": found.dropped,
            "app_secret_fingerprint": self._graph(props).secret_fingerprint,
            **verdicts.outputs(settings, app_rules.open_steps(self.access.dashboard_url, props, found, settings)),
        }


def _tell_lost(
    props: Mapping[str, Any], sent: Iterable[str], before: Mapping[str, Any], live: Mapping[str, Any]
) -> None:
    """Say which domain of somebody else Facebook did not take back: it replaces the whole list and drops in silence."""
    lost = [item for item in sent if item in before["app_domains"] and item not in live["app_domains"]]
    if lost:
        pulumi.log.warn(
            f"app {props['app_id']}: Facebook dropped {', '.join(lost)} from App Domains, which stood there before and "
            "was sent along; whoever needs it types it in again on the app's Basic settings"
        )


def _place(access: Access, props: Mapping[str, Any]) -> str:
    return f"facebook.AppSettings app {props['app_id']}, environment {access.environment}"


class AppSettings(Resource, module="facebook", name="AppSettings"):
    """One app's settings, as declared and as they stand."""

    app_domains: pulumi.Output[list[str]]
    undeclared_app_domains: pulumi.Output[list[str]]
    settings: pulumi.Output[list[dict[str, Any]]]
    open_steps: pulumi.Output[list[dict[str, Any]]]

    def __init__(self, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        """`inputs` as in INPUTS, canonical."""
        super().__init__(AppSettingsProvider(), name, {**dict.fromkeys(OUTPUTS), **inputs}, opts)
