"""OAuthConnector: one connector of the catalogue in one environment. Wiring only.

A failed read hides its dependents, so the children depend on each other only where that is real: AppSettings before the
two probes of the app, the installation before the setup that is observed through it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from components import derive, verdicts
from components.catalogue.spec import ConnectorSpec
from components.cyclr.connector_installation import ConnectorInstallation
from components.cyclr.connector_setup import ConnectorSetup
from components.facebook.app_publication import AppPublication
from components.facebook.app_settings import AppSettings
from components.facebook.login_redirect import LoginRedirect

TYPE = "cyclr-connectors:index:OAuthConnector"


@dataclass(frozen=True)
class OAuthConnectorArgs:
    """One connector's declaration, canonical."""

    service_domain: str
    account: str
    """The Cyclr account that observes."""
    app_id: str
    app_secret: str
    """A secret reference."""
    app_secret_version: pulumi.Input[str]
    app_fields: Mapping[str, Any] = field(default_factory=dict)
    """Declared fields of facebook.AppSettings beside App Domains and Site URL, e.g. `name`."""
    site_url: str | None = None
    """None: derived, unless `shared`."""
    shared: bool = False
    """Whether another stack owns the app's name, Site URL and support fields."""
    previous_service_domain: str | None = None
    exclusive_app_domains: bool = False
    managed_by: str = "api"
    version: str | None = None
    scopes: tuple[str, ...] | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    create_account: bool = False
    attestations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class OAuthConnector(pulumi.ComponentResource):
    """Everything that must stand so that a customer can connect."""

    settings: pulumi.Output[list[dict[str, Any]]]
    open_steps: pulumi.Output[list[dict[str, Any]]]
    """Each with its `connector` and `resource`."""
    ready: pulumi.Output[bool]

    def __init__(
        self,
        name: str,
        spec: ConnectorSpec,
        args: OAuthConnectorArgs,
        access: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the children under `name`."""
        super().__init__(TYPE, name, {}, opts)
        self._name, self._args, self._access = name, args, access
        children = {**self._facebook(), **self._cyclr(spec)}
        settings = {kind: child.settings.apply(_Whole) for kind, child in children.items()}
        steps = {kind: child.open_steps.apply(_Whole) for kind, child in children.items()}
        found, left = pulumi.Output.all(**settings), pulumi.Output.all(**steps)
        self.settings = found.apply(lambda seen: [entry for each in seen.values() for entry in each.entries])
        self.open_steps = left.apply(lambda seen: _named(name, seen))
        both = pulumi.Output.all(self.settings.apply(_Whole), self.open_steps.apply(_Whole))
        self.ready = both.apply(lambda pair: verdicts.is_ready(*(each.entries for each in pair)))
        self.register_outputs({"ready": self.ready, "open_steps": self.open_steps})

    def _facebook(self) -> dict[str, Any]:
        args = self._args
        app = {"app_id": args.app_id, "app_secret": args.app_secret, "app_secret_version": args.app_secret_version}
        uris = {"redirect": derive.redirect_uri(args.service_domain)}
        if args.previous_service_domain:
            uris["previous-redirect"] = derive.redirect_uri(args.previous_service_domain)
        settings = AppSettings(f"{self._name}-app", {**app, **self._app_inputs()}, self._options())
        after = self._options(depends_on=[settings])
        word = args.attestations
        children: dict[str, Any] = {"facebook.AppSettings": settings}
        for suffix, uri in uris.items():
            said = word.get("redirect_uri")
            inputs = {**app, "redirect_uri": uri, "attestation": said if said and said["value"] == uri else None}
            children[f"facebook.LoginRedirect {suffix}"] = LoginRedirect(
                f"{self._name}-{suffix}", _present(inputs), after
            )
        said = _only(word, "live", "advanced_access")
        inputs = {**app, "redirect_uri": uris["redirect"], "attestations": said}
        children["facebook.AppPublication"] = AppPublication(f"{self._name}-publication", _present(inputs), after)
        return children

    def _app_inputs(self) -> dict[str, Any]:
        args = self._args
        domains = [args.service_domain, *([args.previous_service_domain] if args.previous_service_domain else [])]
        site = None if args.shared else args.site_url or derive.site_url(args.service_domain)
        return _present(
            {
                "app_domains": derive.canonical_set(derive.app_domain(domain) for domain in domains),
                "website_url": site,
                "exclusive_app_domains": args.exclusive_app_domains,
                "managed_by": args.managed_by,
                **args.app_fields,
            }
        )

    def _cyclr(self, spec: ConnectorSpec) -> dict[str, Any]:
        args = self._args
        installed = {
            "account": args.account,
            "connector": spec.cyclr_name,
            "version": args.version,
            "properties": pulumi.Output.secret(dict(args.properties)) if args.properties else None,
            "create_account": args.create_account,
        }
        installation = ConnectorInstallation(f"{self._name}-installation", _present(installed), self._options())
        setup = {
            "connector": spec.cyclr_name,
            "version": args.version,
            "client_id": args.app_id,
            "client_secret": args.app_secret,
            "client_secret_version": args.app_secret_version,
            "service_domain": args.service_domain,
            "scopes": derive.canonical_set(args.scopes) if args.scopes else None,
            "installation": installation.id,
            "attestations": _only(args.attestations, "client_id", "client_secret", "redirect_uri"),
        }
        return {
            "cyclr.ConnectorInstallation": installation,
            "cyclr.ConnectorSetup": ConnectorSetup(f"{self._name}-setup", _present(setup), self._options()),
        }

    def _options(self, depends_on: list[pulumi.Resource] | None = None) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, provider=self._access, depends_on=depends_on)


@dataclass(frozen=True)
class _Whole:
    """A list that is passed on as it is: `Output.all` would make an output of each value in each of its entries."""

    entries: list[dict[str, Any]]


def _named(connector: str, seen: Mapping[str, _Whole]) -> list[dict[str, Any]]:
    """Every open step, with the connector and the resource that it belongs to."""
    named = [(kind.partition(" ")[0], step) for kind, steps in seen.items() for step in steps.entries]
    return verdicts.reported(connector, named)


def _present(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if value is not None}


def _only(attestations: Mapping[str, Any], *keys: str) -> dict[str, Any] | None:
    return {key: dict(attestations[key]) for key in keys if key in attestations} or None
