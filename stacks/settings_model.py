"""The typed settings of one environment: names, types, defaults, and every rule that one value or one group can break.

Shape:  camelCase keys as in a stack file; every value in its canonical form (components.derive); a field's first
        example stands in the command that mends it.
Raises: pydantic.ValidationError; `stacks.settings_rules` turns it into problems.
Never:  a value in a message: a secret may have been typed where it does not belong.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from components import derive
from components.secrets import FORMS
from stacks.settings_aws import AwsSettings
from stacks.settings_connector import ConnectorSettings
from stacks.settings_types import (
    MISSING,
    REDUNDANT,
    ConnectorName,
    GraphVersion,
    Host,
    SecretReference,
    Settings,
    Text,
    VendorUrl,
)


class Region(NamedTuple):
    """Where Cyclr runs one of its public regions."""

    api: str
    console: str


REGIONS = {
    "us": Region("https://api.cyclr.com", "https://my.cyclr.com"),
    "us2": Region("https://api.us2.cyclr.com", "https://us2.cyclr.com"),
    "uk": Region("https://api.cyclr.uk", "https://my.cyclr.uk"),
    "eu": Region("https://api.eu.cyclr.com", "https://eu.cyclr.com"),
}
"""Source: Cyclr's introduction to its API, region table."""


class CyclrSettings(Settings):
    """How to reach Cyclr, and the account to look through."""

    region: Literal["us", "us2", "uk", "eu"] | None = Field(
        None, description="Public region, which stands for api and consoleUrl.", examples=["eu"]
    )
    api: VendorUrl = Field(
        "",
        description="Base URL of Cyclr's API; api or region is required.",
        examples=["https://api.cyclr.com"],
        validate_default=True,
    )
    console_url: VendorUrl = Field(
        "",
        description="Where the links to the console lead; without it the region's console,"
        " or the service domain for an API host of your own.",
        examples=["https://my.cyclr.com"],
        validate_default=True,
    )
    client_id: Text = Field(
        description="Client ID of our own API credentials (Console > Settings > OAuth Client Credentials).",
        examples=["CLIENT_ID"],
    )
    client_secret: SecretReference = Field(
        description=f"Where their secret lives: {FORMS}.", examples=["config:cyclrClientSecret"]
    )
    account: Text = Field(description="Id of the account used to observe and to try.", examples=["ACCOUNT_ID"])
    create_account: bool = Field(False, description="Create that account if there is none.", examples=["false"])

    @field_validator("api", mode="before")
    @classmethod
    def _from_region(cls, value: Any, info: ValidationInfo) -> Any:
        region = info.data.get("region")
        if value != "" and region:
            raise PydanticCustomError(REDUNDANT, "and region say the same thing twice: keep one of them")
        if value == "" and "region" in info.data and not region:
            raise PydanticCustomError(MISSING, "is missing (or region)")
        return value or (REGIONS[region].api if region else "")

    @field_validator("console_url", mode="before")
    @classmethod
    def _console_of_region(cls, value: Any, info: ValidationInfo) -> Any:
        region = info.data.get("region")
        return REGIONS[region].console if value == "" and region else value


class FacebookSettings(Settings):
    """How to reach Facebook."""

    graph_version: GraphVersion = Field(
        "v25.0", description="Version of the Graph API, v21.0 to v27.0.", examples=["v25.0"]
    )
    graph_url: VendorUrl = Field(
        "https://graph.facebook.com", description="Base URL of the Graph API.", examples=["https://graph.facebook.com"]
    )
    www_url: VendorUrl = Field(
        "https://www.facebook.com", description="Base URL of the login dialog.", examples=["https://www.facebook.com"]
    )
    dashboard_url: VendorUrl = Field(
        "https://developers.facebook.com",
        description="Where the links to the app dashboard lead.",
        examples=["https://developers.facebook.com"],
    )


def _vendor_facebook() -> FacebookSettings:
    return FacebookSettings.model_validate({})


class EnvironmentSettings(Settings):
    """One environment: a Cyclr service domain and the connectors set up on it."""

    environment: Text = Field(description="Name of the stack; not a key of the file.")
    service_domain: Host = Field(
        description="The host that Cyclr uses for OAuth callbacks and sign-in links; localhost:PORT for a sandbox.",
        examples=["app-h.cyclr.com"],
    )
    previous_service_domain: Host | None = Field(
        None,
        description="During a move: the old domain, kept declared beside the new one.",
        examples=["old.cyclr.com"],
    )
    cyclr: CyclrSettings = Field(description="How to reach Cyclr.")
    facebook: FacebookSettings = Field(default_factory=_vendor_facebook, description="How to reach Facebook.")
    connectors: dict[ConnectorName, ConnectorSettings] = Field(description="The connectors, by their catalogue key.")
    aws: AwsSettings | None = Field(None, description="What this environment keeps at AWS; without it, nothing.")

    def secret_references(self) -> dict[str, str]:
        """Every secret reference, with the key that it stands under."""
        connectors = {each.app_secret: f"connectors.{name}.appSecret" for name, each in self.connectors.items()}
        return {self.cyclr.client_secret: "cyclr.clientSecret", **connectors}

    @field_validator("previous_service_domain")
    @classmethod
    def _another_one(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and value == info.data.get("service_domain"):
            raise PydanticCustomError(REDUNDANT, "is the service domain itself, not the one before the move")
        return value

    @field_validator("cyclr")
    @classmethod
    def _console_default(cls, value: CyclrSettings, info: ValidationInfo) -> CyclrSettings:
        domain = info.data.get("service_domain")
        if value.console_url or not domain:
            return value
        return value.model_copy(update={"console_url": derive.service_url(domain)})

    @field_validator("connectors")
    @classmethod
    def _at_least_one(cls, value: dict[str, ConnectorSettings]) -> dict[str, ConnectorSettings]:
        if not value:
            raise PydanticCustomError(MISSING, "declares no connector")
        return value
