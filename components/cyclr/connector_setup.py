"""cyclr.ConnectorSetup: declared steps on a library entry: Client ID, Client Secret, scopes; and the service domain.

The library has no API. The authorise link of the observation installation shows, in its first redirect, the client id,
the redirect URI and the scopes in use; a consent completed under our mark proves the secret.
Source: Cyclr's manual on OAuth authentication and sign-in tokens; that the redirect shows them is inferred.
Never:  follows the redirect; keeps the sign-in token; deauthenticates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, Resource, UpdateResult

from components import derive, errors, inspectors, verdicts
from components.cyclr import consent
from components.cyclr.api import Cyclr
from components.cyclr.authorise import open_authorise_link
from components.fields import Input
from components.inspectors import TokenFacts
from components.provider import VendorProvider, only_inputs
from components.secrets import fingerprint
from components.vendor_access import Access
from components.verdicts import Evidence, OpenStep, Setting, Verdict

INPUTS = (
    Input("connector", "text", "Name in the Connector Library. Another one is another resource.", required=True),
    Input("version", "text", "Release whose library entry is meant, where each has its own."),
    Input("client_id", "text", "The Client ID that the entry must hold.", required=True),
    Input("client_secret", "reference", "Where the Client Secret lives.", required=True),
    Input("client_secret_version", "text", "What tells that the secret changed: its fingerprint.", required=True),
    Input("service_domain", "host", "The host on which Cyclr receives codes.", required=True),
    Input("scopes", "texts", "Scopes that the dialog must ask for; without them those of the proof count."),
    Input("installation", "text", "The observation installation, `account/id`.", required=True),
    Input("attestations", "attestations", "A person's word on `client_id`, `client_secret` and `redirect_uri`."),
)

LIBRARY, DOMAIN, SCOPES, CONSENT = "Client ID and Client Secret", "Service Domain", "Scopes", "Consent"


class ConnectorSetupProvider(VendorProvider):
    """Only looks; owns nothing."""

    INPUTS = INPUTS
    IDENTITY = ("connector",)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Look for the first time."""
        return CreateResult(props["connector"], self._look(props, {}))

    def read(self, step_id: str, props: dict[str, Any]) -> ReadResult:
        """Look again."""
        if not self.access.declares(props["client_id"]):
            return self.unseen(step_id, props)
        return ReadResult(step_id, self._look(props, props), only_inputs(INPUTS, props))

    def update(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Look, with the new declaration."""
        return UpdateResult(self._look(news, olds))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Forget; the library entry stays as it is."""

    def _look(self, props: Mapping[str, Any], olds: Mapping[str, Any]) -> dict[str, Any]:
        place = f"cyclr.ConnectorSetup {props['connector']}, environment {self.access.environment}"
        with errors.located(place):
            secret = self.access.resolve(
                props["client_secret"], "the client secret of the connector", props["client_id"]
            )
            mark = fingerprint(secret, props["client_id"])
            ends, by = bool(olds.get("link_ends_consent")), ""
            try:
                look, ends = observe(self.access, props, ends_consent=ends)
                settings = consent.judge(props, mark, look)
                by = consent.consent_by(look, settings)
            except errors.NotFound as gone:
                settings = [Setting("installation", props["installation"], None, *_UNKNOWN, f"{gone.what}: {gone.why}")]
        settings = [verdicts.attested(setting, props.get("attestations") or {}) for setting in settings]
        return {
            **only_inputs(INPUTS, props),
            "client_secret_fingerprint": mark,
            "link_ends_consent": ends,
            "consent_by": by,
            **verdicts.outputs(settings, open_steps(self.access, props, settings, ends_consent=ends)),
        }


_UNKNOWN = (Verdict.UNKNOWN, Evidence.NONE)


def observe(access: Access, props: Mapping[str, Any], *, ends_consent: bool) -> tuple[consent.Seen, bool]:
    """One look, and whether opening the link was seen to end a consent (unknown at the vendor).

    Where it does, the link of an authenticated installation is not opened again: a look must not cut anything off.
    Raises: NotFound, when the installation is gone.
    """
    cyclr = Cyclr(access)
    account, _, installation = props["installation"].rpartition("/")
    live = cyclr.installation(account, installation)
    was_authenticated = live.get("Authenticated") is True
    if was_authenticated and ends_consent:
        return consent.seen(live, {}), True
    token = cyclr.sign_in_token(account)["Token"]
    dialog = open_authorise_link(derive.service_url(props["service_domain"]), installation, token)
    if not was_authenticated:
        return consent.seen(live, dialog), ends_consent
    again = cyclr.installation(account, installation)
    if again.get("Authenticated") is not True:
        return consent.seen(again, dialog), True
    return consent.seen(again, dialog, _token_facts(access, props, again, dialog or {})), False


def _token_facts(
    access: Access, props: Mapping[str, Any], live: Mapping[str, Any], dialog: Mapping[str, str]
) -> TokenFacts | None:
    """What the app's provider says of the consent's token; None where Cyclr shows no token or nobody tells.

    It only adds to the evidence, so that a provider that does not answer here hides nothing of Cyclr.
    """
    token, inspect = consent.access_token(live), inspectors.find(access, dialog.get("dialog", ""))
    if not token or inspect is None or dialog.get("client_id") != props["client_id"]:
        return None
    try:
        return inspect(access, props["client_id"], props["client_secret"], token)
    except errors.ApiError:
        return None


def open_steps(
    access: Access, props: Mapping[str, Any], settings: Sequence[Setting], *, ends_consent: bool
) -> list[OpenStep]:
    """What a person does about the settings that do not stand, each thing once."""
    by_name = {setting.setting: setting for setting in settings}
    steps = []
    for setting in settings:
        if verdicts.stands(setting):
            continue
        if _is_explained(setting, by_name):
            continue
        if setting.setting != "client_secret":
            steps.append(_STEPS[setting.setting](access, props, setting))
        else:
            after = (LIBRARY,) if not verdicts.stands(by_name["client_id"]) else ()
            steps.append(_consent_step(access, props, setting, after, ends_consent=ends_consent))
    return steps


def _is_explained(setting: Setting, by_name: Mapping[str, Setting]) -> bool:
    """Whether the step for the client id, or for what the dialog shows, is all that is left to do for this one."""
    if setting.setting == "client_secret":
        own = setting.note == by_name["client_id"].note and not verdicts.stands(by_name["client_id"])
        return setting.verdict is Verdict.REFUSED or own
    return setting.note == consent.HIDDEN


def _library_step(access: Access, props: Mapping[str, Any], setting: Setting) -> OpenStep:
    if setting.note.startswith(consent.OWN_START):
        return _own_step(access, props, setting)
    refused = setting.verdict is Verdict.REFUSED
    shown = f"the login dialog is asked for client id {setting.found or 'none'}"
    return OpenStep(
        LIBRARY,
        f"Client ID: {props['client_id']}; Client Secret: {props['client_secret']}",
        access.cyclr_console_url,
        setting.verdict,
        setting.evidence,
        f"{setting.note or shown} (Connectors > Connector Library > {props['connector']} > Setup)",
        f"the authorise link shows client id {props['client_id']}"
        if refused
        else verdicts.attestation("client_id", access.environment),
    )


def _own_step(access: Access, props: Mapping[str, Any], setting: Setting) -> OpenStep:
    return OpenStep(
        "Properties of the observation installation",
        f"without {' and '.join(consent.OWN_CREDENTIALS)}",
        access.cyclr_console_url,
        setting.verdict,
        setting.evidence,
        f"{setting.note} (Accounts > {props['installation'].rpartition('/')[0]} > {props['connector']} > Settings)",
        "the installation has neither property; or attestations of client_id and client_secret",
    )


def _domain_step(access: Access, props: Mapping[str, Any], setting: Setting) -> OpenStep:
    refused = setting.verdict is Verdict.REFUSED
    return OpenStep(
        DOMAIN,
        props["service_domain"],
        access.cyclr_console_url,
        setting.verdict,
        setting.evidence,
        setting.note or f"Cyclr sends customers back to {setting.found} (Settings > General Settings)",
        f"the authorise link shows {setting.declared}"
        if refused
        else verdicts.attestation("redirect_uri", access.environment),
    )


def _scopes_step(access: Access, props: Mapping[str, Any], setting: Setting) -> OpenStep:
    return OpenStep(
        SCOPES,
        ",".join(setting.declared),
        access.cyclr_console_url,
        setting.verdict,
        setting.evidence,
        setting.note
        or f"the login dialog is asked for {','.join(setting.found or []) or 'none'} "
        f"(Connectors > Connector Library > {props['connector']} > Setup)",
        "the authorise link shows these scopes",
    )


def _installation_step(access: Access, props: Mapping[str, Any], setting: Setting) -> OpenStep:
    return OpenStep(
        "Installation",
        props["connector"],
        access.cyclr_console_url,
        setting.verdict,
        setting.evidence,
        f"{setting.note}; nothing could be observed through it",
        "the next pulumi up installs it again, if its account is there (cyclr.ConnectorInstallation)",
    )


def _consent_step(
    access: Access, props: Mapping[str, Any], setting: Setting, after: tuple[str, ...], *, ends_consent: bool
) -> OpenStep:
    renew = " --renew" if setting.note in (consent.UNPROVEN, consent.FOREIGN) else ""
    lost = "; opening the authorise link ended the consent, so later looks leave it alone" if ends_consent else ""
    return OpenStep(
        CONSENT,
        f"cyclr-connectors authorize -s {access.environment}{renew}",
        derive.service_url(props["service_domain"]),
        setting.verdict,
        setting.evidence,
        setting.note + lost,
        "the observation installation is authenticated after the mark of `authorize`",
        (*after, verdicts.EVERY_OTHER),
    )


_STEPS = {
    "client_id": _library_step,
    "redirect_uri": _domain_step,
    "scopes": _scopes_step,
    "installation": _installation_step,
}


class ConnectorSetup(Resource, module="cyclr", name="ConnectorSetup"):
    """One library entry's setup, as declared and as a consent through it shows."""

    settings: pulumi.Output[list[dict[str, Any]]]
    open_steps: pulumi.Output[list[dict[str, Any]]]

    def __init__(self, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        """`inputs` as in INPUTS, canonical."""
        names = ("client_secret_fingerprint", "link_ends_consent", "consent_by", "settings", "open_steps")
        outputs = dict.fromkeys(names)
        super().__init__(ConnectorSetupProvider(), name, {**outputs, **inputs}, opts)
