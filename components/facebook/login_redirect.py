"""facebook.LoginRedirect: a declared step, that one URI is among the Valid OAuth Redirect URIs.

Graph neither reads nor writes the list. The code-exchange probe tells accepted from refused; an address that nobody can
have registered is its control. It cannot tell an unlisted URI from the login switches or a missing Login product, so
the cause names them together.
Source: the OAuth answers of Facebook (191 refused, 100 bogus code), as reported; shipped programs read them so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, Resource, UpdateResult

from components import derive, errors, verdicts
from components.facebook.app_rules import APP_INPUTS, DOMAINS, GATE
from components.facebook.graph import Graph, Probe
from components.fields import Input
from components.provider import VendorProvider, only_inputs
from components.vendor_access import Access
from components.verdicts import Evidence, OpenStep, Setting, Verdict

INPUTS = (
    *APP_INPUTS,
    Input("redirect_uri", "url", "The URI, to the letter. Another one is another resource.", required=True),
    Input("attestation", "attestation", "A person's word, for an app whose probe proves nothing."),
)

LABEL = "Valid OAuth Redirect URIs"
LOGIN_CAUSES = "one of: not in the list; Client or Web OAuth login is off; the Login product is missing"
NO_DOMAIN = "App Domain"
"""How the cause starts while the App Domain is missing, which comes first."""
PROVES_NOTHING = "the probe accepted an address that nobody can have registered, so it proves nothing on this app"


class LoginRedirectProvider(VendorProvider):
    """Only looks; owns nothing."""

    INPUTS = INPUTS
    IDENTITY = ("app_id", "redirect_uri")

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Look for the first time."""
        return CreateResult(f"{props['app_id']}:{props['redirect_uri']}", self._look(props))

    def read(self, step_id: str, props: dict[str, Any]) -> ReadResult:
        """Look again."""
        if not self.access.declares(props["app_id"]):
            return self.unseen(step_id, props)
        return ReadResult(step_id, self._look(props), only_inputs(INPUTS, props))

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Look, with the new attestation or secret."""
        return UpdateResult(self._look(news))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Forget; the list stays as it is."""

    def _look(self, props: Mapping[str, Any]) -> dict[str, Any]:
        with errors.located(f"facebook.LoginRedirect app {props['app_id']}, environment {self.access.environment}"):
            graph = Graph(self.access, props["app_id"], props["app_secret"])
            uri = props["redirect_uri"]
            verdict, cause = observe(graph, uri)
        evidence = Evidence.NONE if verdict is Verdict.INCONCLUSIVE else Evidence.OBSERVED
        found = {Verdict.ACCEPTED: uri}.get(verdict)
        setting = Setting("redirect_uri", uri, found, verdict, evidence, cause)
        word = {"redirect_uri": props["attestation"]} if props.get("attestation") else {}
        setting = verdicts.attested(setting, word)
        steps = [] if verdicts.stands(setting) else [open_step(self.access, props, setting)]
        return {
            **only_inputs(INPUTS, props),
            "app_secret_fingerprint": graph.secret_fingerprint,
            **verdicts.outputs([setting], steps),
        }


def observe(graph: Graph, redirect_uri: str) -> tuple[Verdict, str]:
    """The verdict on a redirect URI and what can be its cause; an accepted one has none.

    A refusal needs no control: whatever the reason, this URI does not work. An acceptance does.
    """
    if graph.probe(redirect_uri) is Probe.ACCEPTED:
        if graph.probe_control() is Probe.ACCEPTED:
            return Verdict.INCONCLUSIVE, PROVES_NOTHING
        return Verdict.ACCEPTED, ""
    host = derive.host_of(redirect_uri)
    domains = graph.read([DOMAINS])["app_domains"]
    if any(host == domain or host.endswith("." + domain) for domain in domains):
        return Verdict.REFUSED, LOGIN_CAUSES
    return Verdict.REFUSED, f"{NO_DOMAIN} {host} is missing (facebook.AppSettings); once it is there, {LOGIN_CAUSES}"


def open_step(access: Access, props: Mapping[str, Any], setting: Setting) -> OpenStep:
    """What a person does about it."""
    refused = setting.verdict is Verdict.REFUSED
    return OpenStep(
        LABEL,
        props["redirect_uri"],
        f"{access.dashboard_url}/apps/{props['app_id']}/fb-login/settings/",
        setting.verdict,
        setting.evidence,
        setting.note,
        "the code-exchange probe answers 100 instead of 191"
        if refused
        else verdicts.attestation("redirect_uri", access.environment),
        (GATE, DOMAINS.label) if setting.note.startswith(NO_DOMAIN) else (),
    )


class LoginRedirect(Resource, module="facebook", name="LoginRedirect"):
    """One redirect URI, as declared and as the probe finds it."""

    settings: pulumi.Output[list[dict[str, Any]]]
    open_steps: pulumi.Output[list[dict[str, Any]]]

    def __init__(self, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        """`inputs` as in INPUTS, canonical."""
        outputs = dict.fromkeys(("app_secret_fingerprint", "settings", "open_steps"))
        super().__init__(LoginRedirectProvider(), name, {**outputs, **inputs}, opts)
