"""How this environment reaches both vendors: one explicit provider resource, and what a provider reads of it.

An explicit provider keeps unrelated stack config out of the state and gives all resources one process.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.dynamic import Config

from components import secrets
from components.errors import AuthError

SECRET_PREFIX = "secret."  # noqa: S105 - the name of a key
_KEYS = {
    "environment": "environment",
    "graph_url": "graphUrl",
    "www_url": "wwwUrl",
    "dashboard_url": "dashboardUrl",
    "graph_version": "graphVersion",
    "cyclr_api_url": "cyclrApiUrl",
    "cyclr_console_url": "cyclrConsoleUrl",
    "cyclr_client_id": "cyclrClientId",
    "cyclr_client_secret": "cyclrClientSecret",
    "secret_names": "secretNames",
    "references": "references",
}
_PROCESS = object()
"""The one run that a provider process lives for."""


@dataclass(frozen=True)
class Access:
    """What a provider needs to call the vendors. Secret values are in `values` alone, in memory only."""

    cyclr_api_url: str
    cyclr_client_id: str
    cyclr_client_secret: str
    """A secret reference."""
    cyclr_console_url: str
    environment: str = ""
    graph_url: str = "https://graph.facebook.com"
    www_url: str = "https://www.facebook.com"
    dashboard_url: str = "https://developers.facebook.com"
    graph_version: str = "v25.0"
    references: Mapping[str, str] = field(default_factory=dict)
    """App id (client id) -> the secret reference that the stack file has now."""
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Config key -> value of every `config:` reference of the stack."""
    run: object = field(default_factory=object, compare=False, repr=False)
    """Which run asks: what one look has asked already is not asked again in it."""

    @classmethod
    def from_config(cls, config: Config) -> Access:
        """The access that `VendorAccess` handed to the provider process."""
        plain = {name: config.get(key) or "" for name, key in _KEYS.items()}
        references = json.loads(plain.pop("references") or "{}")
        names = [name for name in plain.pop("secret_names").split(",") if name]
        values = {name: config.get(SECRET_PREFIX + name) or "" for name in names}
        return cls(values=values, references=references, run=_PROCESS, **plain)

    def declares(self, app_id: str) -> bool:
        """Whether the stack file still has the app (client id). Without any reference, nothing is known of that."""
        return not self.references or app_id in self.references

    def resolve(self, reference: str, where: str, belongs_to: str = "") -> str:
        """The secret behind a reference.

        A state may hold a reference that the stack file no longer has: then the current one of `belongs_to` counts.
        Raises: AuthError, when there is no value.
        """
        try:
            return secrets.resolve(reference, self.values, where)
        except AuthError:
            current = self.references.get(belongs_to, reference)
            if current == reference:
                raise
        return secrets.resolve(current, self.values, where)


class VendorAccess(pulumi.ProviderResource):
    """Base URLs, API version, our API credentials and the `config:` secrets that the stack refers to."""

    def __init__(
        self,
        name: str,
        access: Access,
        values: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`access` without values; `values` maps config keys to secret outputs."""
        plain: dict[str, Any] = {key: getattr(access, name) for name, key in _KEYS.items() if hasattr(access, name)}
        plain["references"] = json.dumps(dict(access.references), sort_keys=True)
        plain["secretNames"] = ",".join(sorted(values))
        secret: dict[str, Any] = {SECRET_PREFIX + key: pulumi.Output.secret(value) for key, value in values.items()}
        project = pulumi.get_project()
        super().__init__(
            "pulumi-python", name, {f"{project}:{key}": value for key, value in {**plain, **secret}.items()}, opts
        )
