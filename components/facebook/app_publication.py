"""facebook.AppPublication: two declared steps, that the app is live and that it has advanced access.

No field of Graph shows the mode. An app in Development accepts loopback redirect URIs, so a probe of one says
Development when it is accepted. A refusal says live only of an app that was seen to accept one before, and only while
its own redirect URI is accepted in the same look: else everything may be refused for another reason. Advanced access
cannot be asked at all.
Source: one report that publishing made an app reject a loopback URI; hence evidence `inferred`, never `observed`, until
        a report adds a customer's consent (`verdicts.corroborated`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, Resource, UpdateResult

from components import errors, verdicts
from components.facebook.app_rules import APP_INPUTS
from components.facebook.graph import Graph, Probe
from components.facebook.login_redirect import LABEL as REDIRECT_LABEL
from components.facebook.login_redirect import PROVES_NOTHING
from components.fields import Input
from components.provider import VendorProvider, only_inputs
from components.vendor_access import Access
from components.verdicts import Evidence, OpenStep, Setting, Verdict

INPUTS = (
    *APP_INPUTS,
    Input("redirect_uri", "url", "The app's own redirect URI: the control of the loopback probe.", required=True),
    Input("attestations", "attestations", "A person's word on `live` and `advanced_access`."),
)

LOOPBACK = "http://localhost/cyclr-connectors-loopback-probe"
"""Accepted by an app in Development without being listed; nobody lists it."""
LIVE, ADVANCED = "live", "advanced_access"
LABELS = {LIVE: "App Mode", ADVANCED: "Advanced Access"}
DECLARED = {LIVE: "live", ADVANCED: "granted"}
OWN_REFUSED = "the app refuses its own redirect URI"
LIVE_PROOF = "the loopback probe is refused while the app's own redirect URI is accepted"


class AppPublicationProvider(VendorProvider):
    """Only looks; owns nothing. Remembers one fact: that the app was once seen in Development."""

    INPUTS = INPUTS
    IDENTITY = ("app_id",)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Look for the first time."""
        return CreateResult(props["app_id"], self._look(props, seen_before=False))

    def read(self, app_id: str, props: dict[str, Any]) -> ReadResult:
        """Look again."""
        if not self.access.declares(props["app_id"]):
            return self.unseen(app_id, props)
        outs = self._look(props, seen_before=bool(props.get("seen_in_development")))
        return ReadResult(app_id, outs, only_inputs(INPUTS, props))

    def update(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Look, with the new attestations or secret."""
        return UpdateResult(self._look(news, seen_before=bool(olds.get("seen_in_development"))))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Forget; the app stays as it is."""

    def _look(self, props: Mapping[str, Any], *, seen_before: bool) -> dict[str, Any]:
        with errors.located(f"facebook.AppPublication app {props['app_id']}, environment {self.access.environment}"):
            graph = Graph(self.access, props["app_id"], props["app_secret"])
            live = observe_mode(graph, props["redirect_uri"], seen_before=seen_before)
        advanced = Setting(ADVANCED, DECLARED[ADVANCED], None, Verdict.UNKNOWN, Evidence.NONE, "it cannot be asked")
        word = props.get("attestations") or {}
        settings = [verdicts.attested(setting, word) for setting in (live, advanced)]
        return {
            **only_inputs(INPUTS, props),
            "seen_in_development": seen_before or live.verdict is Verdict.REFUSED,
            "app_secret_fingerprint": graph.secret_fingerprint,
            **verdicts.outputs(
                settings, [open_step(self.access, props, entry) for entry in settings if not verdicts.stands(entry)]
            ),
        }


def observe_mode(graph: Graph, redirect_uri: str, *, seen_before: bool) -> Setting:
    """The mode, inferred from what the app does with a loopback URI; with the control of the side that was seen."""
    if graph.probe(LOOPBACK) is Probe.ACCEPTED:
        if graph.probe_control() is Probe.ACCEPTED:
            return _mode(Verdict.INCONCLUSIVE, PROVES_NOTHING)
        return _mode(Verdict.REFUSED, "the app accepts a loopback redirect URI, as only one in Development does")
    if graph.probe(redirect_uri) is Probe.REFUSED:
        return _mode(
            Verdict.INCONCLUSIVE,
            f"{OWN_REFUSED}, so a refused loopback URI says nothing of its mode",
        )
    if not seen_before:
        return _mode(
            Verdict.INCONCLUSIVE,
            "the app refuses a loopback redirect URI as a live one does, but was never seen in Development to compare",
        )
    return _mode(Verdict.ACCEPTED, "the app accepted a loopback redirect URI before and refuses it now")


def open_step(access: Access, props: Mapping[str, Any], setting: Setting) -> OpenStep:
    """What a person does about it."""
    refused_own = setting.note.startswith(OWN_REFUSED)
    probed = setting.setting == LIVE and (refused_own or setting.verdict is Verdict.REFUSED)
    proof = LIVE_PROOF if probed else verdicts.attestation(setting.setting, access.environment)
    return OpenStep(
        LABELS[setting.setting],
        DECLARED[setting.setting],
        f"{access.dashboard_url}/apps/{props['app_id']}/",
        setting.verdict,
        setting.evidence,
        setting.note,
        proof,
        (REDIRECT_LABEL,) if probed else (),
    )


def _mode(verdict: Verdict, note: str) -> Setting:
    evidence = Evidence.NONE if verdict is Verdict.INCONCLUSIVE else Evidence.INFERRED
    found = {Verdict.ACCEPTED: "live", Verdict.REFUSED: "development"}.get(verdict)
    return Setting(LIVE, DECLARED[LIVE], found, verdict, evidence, note)


class AppPublication(Resource, module="facebook", name="AppPublication"):
    """An app's publication, as declared, inferred and attested."""

    settings: pulumi.Output[list[dict[str, Any]]]
    open_steps: pulumi.Output[list[dict[str, Any]]]

    def __init__(self, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        """`inputs` as in INPUTS, canonical."""
        outputs = dict.fromkeys(("seen_in_development", "app_secret_fingerprint", "settings", "open_steps"))
        super().__init__(AppPublicationProvider(), name, {**outputs, **inputs}, opts)
