"""From the settings of one environment to the arguments of its resources."""

from __future__ import annotations

import os

import pulumi

from components import secrets
from components.errors import four_parts
from components.facebook.app_rules import FIELDS
from components.oauth_connector import OAuthConnectorArgs
from components.vendor_access import Access
from stacks import cloud
from stacks.settings import ConnectorSettings, EnvironmentSettings


def access(settings: EnvironmentSettings) -> Access:
    """How the environment reaches both vendors, without any secret value."""
    return Access(
        environment=settings.environment,
        references={each.app_id: each.app_secret for each in settings.connectors.values()},
        aws_region=settings.aws.region if settings.aws else "",
        aws_account=settings.aws.account if settings.aws else "",
        graph_url=settings.facebook.graph_url,
        www_url=settings.facebook.www_url,
        dashboard_url=settings.facebook.dashboard_url,
        graph_version=settings.facebook.graph_version,
        cyclr_api_url=settings.cyclr.api,
        cyclr_console_url=settings.cyclr.console_url,
        cyclr_client_id=settings.cyclr.client_id,
        cyclr_client_secret=settings.cyclr.client_secret,
    )


def arguments(
    settings: EnvironmentSettings, connector: ConnectorSettings, config: pulumi.Config, versions: cloud.Versions
) -> OAuthConnectorArgs:
    """One connector's declaration for the component; `versions` tells of the secrets at AWS."""
    fields = {
        entry.name: getattr(connector, entry.name) for entry in FIELDS if entry.name in ConnectorSettings.model_fields
    }
    return OAuthConnectorArgs(
        service_domain=settings.service_domain,
        previous_service_domain=settings.previous_service_domain,
        account=settings.cyclr.account,
        create_account=settings.cyclr.create_account,
        app_id=connector.app_id,
        app_secret=connector.app_secret,
        app_secret_version=secret_version(connector, config, versions),
        app_fields={key: value for key, value in {**fields, "name": connector.app_name}.items() if value is not None},
        site_url=connector.site_url,
        shared=connector.shared,
        exclusive_app_domains=connector.exclusive_app_domains,
        managed_by=connector.managed_by,
        version=connector.version,
        scopes=connector.scopes,
        properties=connector.properties,
        attestations={key: dict(entry) for key, entry in connector.attestations.items()},
    )


def secret_version(connector: ConnectorSettings, config: pulumi.Config, versions: cloud.Versions) -> pulumi.Input[str]:
    """What tells that the app secret changed, known at preview and no secret itself.

    Raises: RunError, when there is no value behind the reference.
    """
    if connector.app_secret in versions:
        return versions[connector.app_secret]
    belongs_to = connector.app_id
    parsed = secrets.parse_reference(connector.app_secret)
    if parsed.kind == "config":
        value = config.require_secret(parsed.name)
        return pulumi.Output.unsecret(value.apply(lambda secret: secrets.fingerprint(secret, belongs_to)))
    here = os.environ.get(parsed.name)
    if not here:
        raise pulumi.RunError(
            four_parts(
                f"there is no value behind {parsed}",
                f"appSecret of app {belongs_to}",
                f"the environment variable {parsed.name} is empty or not set",
                f"export {parsed.name} in the shell or CI job that runs pulumi",
            )
        )
    return secrets.fingerprint(here, belongs_to)
