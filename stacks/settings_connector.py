"""The settings of one connector in a stack file, and the attestations in it.

Shape, Raises, Never: as in `stacks.settings_model`.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from components.secrets import FORMS
from stacks.settings_types import (
    MISSING,
    REDUNDANT,
    AppId,
    AttestationKey,
    Day,
    Email,
    PropertyName,
    Scopes,
    SecretReference,
    Settings,
    Some,
    Text,
    Url,
)


class Attestation(Settings):
    """A person's word that a value stands at the vendor."""

    value: Text = Field(description="The value that stands at the vendor, to the letter.", examples=["live"])
    by: Text = Field(description="Who has seen it there.", examples=["jane@acme.example"])
    date: Day = Field(description="The day it was seen, as a quoted text.", examples=["2026-11-02"])


class ConnectorSettings(Settings):
    """One connector of the catalogue and the vendor's app behind it."""

    shared: bool = Field(
        False,
        description="Another stack owns name, site URL and support fields of this app;"
        " this one declares only its domain and redirect URI.",
        examples=["false"],
    )
    app_id: AppId = Field(description="The App ID, which is Cyclr's Client ID; quoted.", examples=["1234567890123456"])
    app_secret: SecretReference = Field(
        description=f"Where the App Secret lives, which is Cyclr's Client Secret: {FORMS}.",
        examples=["config:facebookAppSecret"],
    )
    app_name: Text | None = Field(
        None,
        description="The app's display name; required unless shared.",
        examples=["Acme Ads (staging)"],
        validate_default=True,
    )
    credentials: Literal["library", "accounts"] = Field(
        "library",
        description="Where Cyclr keeps Client ID and Client Secret: library, one set for all accounts."
        " (accounts is not available in this version.)",
        examples=["library"],
    )
    attestations: dict[AttestationKey, Attestation] = Field(
        default_factory=dict,
        description="What a person has seen where no API shows it: redirect_uri, live, advanced_access, client_id,"
        " client_secret (the fingerprint); written by `cyclr-connectors attest`.",
    )
    version: Text | None = Field(
        None, description="Version of the library entry; without it the newest approved one.", examples=["v25.0"]
    )
    scopes: Scopes | None = Field(
        None, description="The scopes that the login must ask for; without them scopes are not judged."
    )
    managed_by: Literal["api", "dashboard"] = Field(
        "api",
        description="dashboard: the app's settings are typed by a person and only observed.",
        examples=["api"],
    )
    exclusive_app_domains: bool = Field(
        False, description="Remove App Domains that are not declared; otherwise they are kept.", examples=["false"]
    )
    site_url: Url | None = Field(
        None,
        description="The Site URL; without it the root of the service domain.",
        examples=["https://app-h.cyclr.com/"],
    )
    privacy_policy_url: Url | None = Field(
        None, description="The privacy policy; undeclared unless given.", examples=["https://acme.example/privacy"]
    )
    terms_of_service_url: Url | None = Field(
        None, description="The terms of service; undeclared unless given.", examples=["https://acme.example/terms"]
    )
    deauthorize_callback_url: Url | None = Field(
        None,
        description="Called when a person removes the app; undeclared unless given.",
        examples=["https://acme.example/deauthorize"],
    )
    contact_email: Email | None = Field(
        None, description="Where Facebook writes to; undeclared unless given.", examples=["apps@acme.example"]
    )
    user_support_email: Email | None = Field(
        None, description="Support for the app's users; undeclared unless given.", examples=["help@acme.example"]
    )
    user_support_url: Url | None = Field(
        None,
        description="Support page for the app's users; undeclared unless given.",
        examples=["https://acme.example"],
    )
    properties: dict[PropertyName, Text] = Field(
        default_factory=dict,
        description="Properties of the observation installation, in plain text: never credentials.",
    )
    accounts: Some = Field(
        "all",
        description="Whose installations get credentials of their own, with credentials: accounts.",
        examples=["all"],
    )

    OWNED_ELSEWHERE: ClassVar[tuple[str, ...]] = (
        "app_name",
        "site_url",
        "privacy_policy_url",
        "terms_of_service_url",
        "deauthorize_callback_url",
        "contact_email",
        "user_support_email",
        "user_support_url",
        "exclusive_app_domains",
    )
    """What a stack must not declare about an app that it shares."""

    @field_validator(*OWNED_ELSEWHERE)
    @classmethod
    def _owned_once(cls, value: Any, info: ValidationInfo) -> Any:
        if value and info.data.get("shared"):
            raise PydanticCustomError(REDUNDANT, "must not be declared here: with shared: true another stack owns it")
        if value is None and info.field_name == "app_name" and info.data.get("shared") is False:
            raise PydanticCustomError(MISSING, "is missing")
        return value

    @field_validator("credentials")
    @classmethod
    def _library_only(cls, value: str) -> str:
        if value == "accounts":
            raise ValueError("accounts is not available in this version; use library")
        return value

    @field_validator("accounts")
    @classmethod
    def _no_effect(cls, value: Any) -> Any:
        if value != "all":
            raise ValueError(
                "has no effect: it counts with credentials: accounts only, which this version does not have"
            )
        return value
