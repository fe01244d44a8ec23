import pulumi
from shape.resources import Access, OAuthConnector

config = pulumi.Config()
if config.get("broken"):
    raise pulumi.RunError("stacks/Pulumi.dev.yaml has 1 problem\n  broken is set: take it out")
token = config.require_secret("token")
access = Access("vendors", config.get("graphVersion") or "v25.0", token)
if not config.get_bool("empty"):
    OAuthConnector("facebook-marketing", config.get_object("domains") or ["app.example"], access, token)
if config.get("crash"):
    raise KeyError("crash")
