"""As many connectors as the config says, on one VendorAccess; the catalogue has fewer. Wiring as in the project's own.

Config: number; addresses {facebook, cyclr_api, service_domain} as the sandbox prints them; account.
"""

import pulumi
from names import named

from components import lifetime
from components.catalogue.spec import ConnectorSpec
from components.oauth_connector import OAuthConnector, OAuthConnectorArgs
from components.secrets import fingerprint
from components.vendor_access import Access, VendorAccess

ADVANCED = {"advanced_access": {"value": "granted", "by": "jane@acme.example", "date": "2026-11-02"}}

config = pulumi.Config()
addresses = config.require_object("addresses")
each = [named(number) for number in range(1, config.require_int("number") + 1)]
access = Access(
    environment=pulumi.get_stack(),
    references={one.app_id: f"config:{one.secret_key}" for one in each},
    graph_url=addresses["facebook"],
    www_url=addresses["facebook"],
    dashboard_url=addresses["facebook"],
    cyclr_api_url=addresses["cyclr_api"],
    cyclr_console_url=f"http://{addresses['service_domain']}",
    cyclr_client_id="sandbox-api-client",
    cyclr_client_secret="config:cyclrClientSecret",
)
values = {one.secret_key: pulumi.Output.secret(one.secret) for one in each}
vendors = VendorAccess("vendors", access, {**values, "cyclrClientSecret": pulumi.Output.secret("sandbox-api-secret")})
connectors = [
    OAuthConnector(
        one.key,
        ConnectorSpec(one.key, one.cyclr_name),
        OAuthConnectorArgs(
            service_domain=addresses["service_domain"],
            account=config.require("account"),
            app_id=one.app_id,
            app_secret=f"config:{one.secret_key}",
            app_secret_version=fingerprint(one.secret, one.app_id),
            app_fields={"name": one.app_name},
            attestations=ADVANCED,
        ),
        vendors,
    )
    for one in each
]
pulumi.export("ready", {one.key: connector.ready for one, connector in zip(each, connectors, strict=True)})
pulumi.export("open_steps", {one.key: connector.open_steps for one, connector in zip(each, connectors, strict=True)})

lifetime.spare_the_last_look()
