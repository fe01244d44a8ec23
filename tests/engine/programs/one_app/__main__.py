"""As many connectors as the config says, all of one app that another stack owns: each declares its domain alone.

Config: as of programs/many.
"""

import pulumi

from components.catalogue.spec import ConnectorSpec
from components.oauth_connector import OAuthConnector, OAuthConnectorArgs
from components.secrets import fingerprint
from components.vendor_access import Access, VendorAccess
from tests.engine.programs.many.names import named

config = pulumi.Config()
addresses = config.require_object("addresses")
app = named(1)
access = Access(
    environment=pulumi.get_stack(),
    references={app.app_id: f"config:{app.secret_key}"},
    graph_url=addresses["facebook"],
    www_url=addresses["facebook"],
    dashboard_url=addresses["facebook"],
    cyclr_api_url=addresses["cyclr_api"],
    cyclr_console_url=f"http://{addresses['service_domain']}",
    cyclr_client_id="sandbox-api-client",
    cyclr_client_secret="config:cyclrClientSecret",
)
values = {
    app.secret_key: pulumi.Output.secret(app.secret),
    "cyclrClientSecret": pulumi.Output.secret("sandbox-api-secret"),
}
vendors = VendorAccess("vendors", access, values)
for number in range(1, config.require_int("number") + 1):
    one = named(number)
    OAuthConnector(
        one.key,
        ConnectorSpec(one.key, one.cyclr_name),
        OAuthConnectorArgs(
            service_domain=addresses["service_domain"],
            account=config.require("account"),
            app_id=app.app_id,
            app_secret=f"config:{app.secret_key}",
            app_secret_version=fingerprint(app.secret, app.app_id),
            shared=True,
        ),
        vendors,
    )
