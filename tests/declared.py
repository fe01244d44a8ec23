"""One environment at provider level: what the component would pass, and what people then do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components import derive
from components.cyclr import api, marks
from components.cyclr.api import Cyclr
from components.cyclr.authorise import authorise_link
from components.cyclr.connector_installation import ConnectorInstallationProvider
from components.cyclr.connector_setup import ConnectorSetupProvider
from components.facebook import graph
from components.facebook.app_publication import AppPublicationProvider
from components.facebook.app_settings import AppSettingsProvider
from components.facebook.login_redirect import LoginRedirectProvider
from components.provider import VendorProvider
from components.secrets import fingerprint
from tests.people import Browser, consent
from tests.worlds import APP_ID, APP_SECRET, CONNECTOR, OBSERVATION, World

FINGERPRINT = fingerprint(APP_SECRET, APP_ID)
ADVANCED = {"advanced_access": {"value": "granted", "by": "jane@acme.example", "date": "2026-11-02"}}
PROVIDERS: Mapping[str, type[VendorProvider]] = {
    "facebook.AppSettings": AppSettingsProvider,
    "facebook.LoginRedirect": LoginRedirectProvider,
    "facebook.AppPublication": AppPublicationProvider,
    "cyclr.ConnectorInstallation": ConnectorInstallationProvider,
    "cyclr.ConnectorSetup": ConnectorSetupProvider,
}


@dataclass
class Environment:
    """The declaration of one environment, and its two vendors."""

    world: World

    def provider(self, kind: str, **access: Any) -> VendorProvider:
        """A provider of that kind, configured for this world."""
        provider = PROVIDERS[kind]()
        provider.access = self.world.access(**access)
        return provider

    def inputs(self, kind: str, **changes: Any) -> dict[str, Any]:
        """Canonical inputs of that resource; `changes` replaces some, None takes one out."""
        app = {
            "app_id": APP_ID,
            "app_secret": "config:facebookAppSecret",
            "app_secret_version": FINGERPRINT,
        }
        table: dict[str, dict[str, Any]] = {
            "facebook.AppSettings": {
                **app,
                "name": "Acme Ads (sandbox)",
                "app_domains": ["localhost"],
                "website_url": derive.site_url(self.world.service_domain),
                "exclusive_app_domains": False,
                "managed_by": "api",
            },
            "facebook.LoginRedirect": {**app, "redirect_uri": self.world.redirect_uri},
            "facebook.AppPublication": {**app, "redirect_uri": self.world.redirect_uri, "attestations": ADVANCED},
            "cyclr.ConnectorInstallation": {"account": OBSERVATION, "connector": CONNECTOR, "create_account": False},
            "cyclr.ConnectorSetup": {
                "connector": CONNECTOR,
                "client_id": APP_ID,
                "client_secret": "config:facebookAppSecret",
                "client_secret_version": FINGERPRINT,
                "service_domain": self.world.service_domain,
            },
        }
        inputs = table[kind]
        if kind == "cyclr.ConnectorSetup" and self.world.account()["connectors"]:
            inputs["installation"] = f"{OBSERVATION}/{self.world.installation()['Id']}"
        return {name: value for name, value in {**inputs, **changes}.items() if value is not None}

    @staticmethod
    def forget_tokens() -> None:
        """As in a new provider process."""
        api._tokens.clear()
        graph._tokens.clear()

    def install(self) -> str:
        """Make the observation installation; its id."""
        kind = "cyclr.ConnectorInstallation"
        made: str = self.provider(kind).create(self.inputs(kind)).id
        return made

    def people_set_everything(self) -> None:
        """Every setting of both consoles right, and the installation there; no consent yet."""
        self.world.app(
            name="Acme Ads (sandbox)",
            app_domains=["localhost"],
            website_url=derive.site_url(self.world.service_domain),
            dashboard={"redirect_uris": [self.world.redirect_uri], "mode": "live", "advanced_access": True},
        )
        self.world.library(client_id=APP_ID, client_secret=APP_SECRET)
        if not self.world.account()["connectors"]:
            self.install()

    def authorise(self, account: str = OBSERVATION, user: str = "customer") -> Browser:
        """Mark the installation and complete a consent, as `authorize` and a person do."""
        cyclr = Cyclr(self.world.access())
        installation = self.world.installation(account)
        mark = marks.Consent(FINGERPRINT, ("ads_management", "ads_read", "business_management"), "2026-11-02")
        cyclr.describe(account, str(installation["Id"]), marks.with_consent(installation["Description"], mark))
        token = cyclr.sign_in_token(account)["Token"]
        return consent(authorise_link(self.world.service_url, str(installation["Id"]), token), user)

    def make_ready(self) -> None:
        """The day on which a customer can connect."""
        self.people_set_everything()
        self.authorise()
        assert self.world.installation()["Authenticated"], "the consent did not complete"


def settings(outs: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Setting -> (verdict, evidence)."""
    return {entry["setting"]: (entry["verdict"], entry["evidence"]) for entry in outs["settings"]}


def steps(outs: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Label -> open step."""
    return {entry["setting"]: entry for entry in outs["open_steps"]}
