"""Resources of the same shape as ours over JSON files in $VENDOR: no vendor, no rule of ours, only what the engine makes of them.

A file is `{"domains": [...], "verdict": "...", "evidence": "..."}`, or `{"error": "AuthError"}` for a vendor that refuses to be read.
"""

import json
import os
import pathlib
import sys

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, ResourceProvider, UpdateResult

VENDOR = pathlib.Path(os.environ.get("VENDOR", "."))
FAILURES = {"AuthError": PermissionError, "TransportError": ConnectionError}


class AuthError(Exception):
    """Named as ours is, since only the name and the text reach the engine."""


class TransportError(Exception):
    """Named as ours is."""


def look(key):
    """What stands at the vendor; None when it is gone."""
    file = VENDOR / f"{key}.json"
    live = json.loads(file.read_text()) if file.exists() else None
    error = (live or {}).get("error")
    if error:
        text = f"{key} could not be read\n  where: GET /{key}\n  why:   the vendor said no\n  fix:   ask again"
        raise {"AuthError": AuthError, "TransportError": TransportError}[error](text)
    return live


class Shape(ResourceProvider):
    """Reads and writes one file; `gate: closed` in the file keeps writes out."""

    serialize_as_secret_always = False

    def configure(self, req):
        sys.tracebacklimit = 0

    def diff(self, id, olds, news):
        return DiffResult(changes=None, replaces=["key"] if olds["key"] != news["key"] else [])

    def create(self, props):
        return CreateResult(props["key"], self.write(props))

    def read(self, id, props):
        live = look(id)
        if live is None:
            return ReadResult(None, {})
        inputs = {name: props[name] for name in ("key", "secret_version", "password") if name in props}
        return ReadResult(id, self.outputs(props, live), {**inputs, "domains": live["domains"]})

    def update(self, id, olds, news):
        return UpdateResult(self.write(news))

    def write(self, props):
        live = look(props["key"])
        if live.get("gate") != "closed":
            live["domains"] = props["domains"]
            (VENDOR / f"{props['key']}.json").write_text(json.dumps(live))
        return self.outputs(props, live)

    def outputs(self, props, live):
        found, verdict, evidence = live["domains"], live["verdict"], live["evidence"]
        setting = {"setting": "domains", "declared": props["domains"], "verdict": verdict, "evidence": evidence}
        setting |= {"note": live.get("note", "")} | ({"found": found} if found else {})
        step = {
            "setting": f"Domains of {props['key']}", "value": ", ".join(props["domains"]), "where": "https://vendor.example/domains",
            "verdict": verdict, "evidence": evidence, "cause": "nobody typed it", "proof": "the file says so", "after": live.get("after", []),
        }  # fmt: skip
        steps = [] if verdict == "accepted" else [step]
        return {**props, "domains": found, "settings": [setting], "open_steps": steps}


class Settings(Resource, module="facebook", name="AppSettings"):
    settings: pulumi.Output[list]

    def __init__(self, name, props, opts=None):
        super().__init__(Shape(), name, {**props, "settings": None, "open_steps": None}, opts)


class Setup(Resource, module="cyclr", name="ConnectorSetup"):
    settings: pulumi.Output[list]

    def __init__(self, name, props, opts=None):
        super().__init__(Shape(), name, {**props, "settings": None, "open_steps": None}, opts)


class Access(pulumi.ProviderResource):
    def __init__(self, name, version, token):
        super().__init__("pulumi-python", name, {"cyclr-connectors:graphVersion": version, "cyclr-connectors:token": token})


class Connector(pulumi.ComponentResource):
    """Two settings and a setup that depends on the first."""

    def __init__(self, name, domains, access, password):
        super().__init__("cyclr-connectors:index:OAuthConnector", name)
        made = pulumi.ResourceOptions(parent=self, provider=access)
        first = Settings(f"{name}-app", {"key": "app", "domains": domains, "password": password}, made)
        Settings(f"{name}-other", {"key": "other", "domains": ["other.example"]}, made)
        after = pulumi.ResourceOptions(parent=self, provider=access, depends_on=[first])
        Setup(f"{name}-setup", {"key": "setup", "domains": ["setup.example"], "secret_version": "03153249db7c"}, after)
        self.register_outputs({})
