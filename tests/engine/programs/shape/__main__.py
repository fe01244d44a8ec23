import pulumi
from shape.resources import Access, Connector

config = pulumi.Config()
if config.get("broken"):
    raise pulumi.RunError("stacks/Pulumi.dev.yaml has 1 problem\n  broken is set: take it out")
token = config.require_secret("token")
access = Access("access", config.get("version") or "v25.0", token)
if not config.get_bool("empty"):
    Connector("facebook-marketing", config.get_object("domains") or ["a.example"], access, token)
pulumi.export("ready", True)
