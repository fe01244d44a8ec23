"""As many connectors as the config says, on one VendorAccess; the catalogue has fewer. Wiring as in the project's own.

Config: number; addresses {facebook, cyclr_api, service_domain} as the sandbox prints them; account; shared: whether
all are of the first one's app, which another stack owns, so that each declares its domain alone.
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
shared = config.get_bool("shared") or False
each = [named(number) for number in range(1, config.require_int("number") + 1)]
apps = [each[0] if shared else one for one in each]
access = Access(
    environment=pulumi.get_stack(),
    references={one.app_id: f"config:{one.secret_key}" for one in apps},
    graph_url=addresses["facebook"],
    www_url=addresses["facebook"],
    dashboard_url=addresses["facebook"],
    cyclr_api_url=addresses["cyclr_api"],
    cyclr_console_url=f"http://{addresses['service_domain']}",
    cyclr_client_id="sandbox-api-client",
    cyclr_client_secret="config:cyclrClientSecret",
)
values = {one.secret_key: pulumi.Output.secret(one.secret) for one in apps}
vendors = VendorAccess("vendors", access, {**values, "cyclrClientSecret": pulumi.Output.secret("sandbox-api-secret")})
connectors = [
    OAuthConnector(
        one.key,
        ConnectorSpec(one.key, one.cyclr_name),
        OAuthConnectorArgs(
            service_domain=addresses["service_domain"],
            account=config.require("account"),
            app_id=app.app_id,
            app_secret=f"config:{app.secret_key}",
            app_secret_version=fingerprint(app.secret, app.app_id),
            app_fields={} if shared else {"name": app.app_name},
            shared=shared,
            attestations=ADVANCED,
        ),
        vendors,
    )
    for one, app in zip(each, apps, strict=True)
]
pulumi.export("ready", {one.key: connector.ready for one, connector in zip(each, connectors, strict=True)})
pulumi.export("open_steps", {one.key: connector.open_steps for one, connector in zip(each, connectors, strict=True)})

lifetime.spare_the_last_look()
