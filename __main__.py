"""The program: settings of one environment in, one OAuthConnector for each declared connector, outputs."""

from __future__ import annotations

import pulumi

from components import lifetime, verdicts
from components.catalogue import CATALOGUE
from components.oauth_connector import OAuthConnector
from components.vendor_access import VendorAccess
from stacks.arguments import access, arguments
from stacks.cloud import versions
from stacks.settings import from_config, secret_keys

lifetime.end_without_a_word()
config = pulumi.Config()
settings = from_config(config, pulumi.get_stack())
at_aws = versions(settings)
vendors = VendorAccess(
    "vendors", access(settings), {key: config.require_secret(key) for key in secret_keys(settings)}, at_aws.values()
)
connectors = {
    name: OAuthConnector(name, CATALOGUE[name], arguments(settings, declared, config, at_aws), vendors)
    for name, declared in settings.connectors.items()
}

ready = pulumi.Output.all(*(connector.ready for connector in connectors.values()))
attested = pulumi.Output.all(*(connector.settings.apply(verdicts.count_attested) for connector in connectors.values()))
steps = pulumi.Output.all(*(connector.open_steps for connector in connectors.values()))
pulumi.export("service_domain", settings.service_domain)
pulumi.export("ready", ready.apply(lambda each: bool(each) and all(each)))
pulumi.export("attested", attested.apply(sum))
pulumi.export("open_steps", steps.apply(lambda each: [step for steps in each for step in steps]))

lifetime.spare_the_last_look()
