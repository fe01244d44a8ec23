"""Resources of the same shape as ours over JSON files in $VENDOR: no rule of ours, only what the engine makes of them.

A file is `{"domains": [...], "verdict": "...", "evidence": "..."}`; `{"error": "AuthError"}` is a vendor that cannot be
read; `gate: closed` keeps writes out. $SLOW: seconds that a create takes, for tests that kill the engine in it.
"""

import json
import os
import pathlib
import sys
import time

import pulumi
from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, Resource, ResourceProvider
from pulumi.dynamic import UpdateResult as Updated

VENDOR = pathlib.Path(os.environ.get("VENDOR", "."))


class AuthError(Exception):
    """Named as ours is, since only the name and the text reach the engine."""


class TransportError(Exception):
    """Named as ours is."""


FAILURES = {error.__name__: error for error in (AuthError, TransportError)}


def look(key):
    """What stands at the vendor; None when it is gone."""
    file = VENDOR / f"{key}.json"
    live = json.loads(file.read_text()) if file.exists() else None
    if live and "error" in live:
        text = f"{key} could not be read\n  where: GET /{key}\n  why:   the vendor said no\n  fix:   ask again"
        raise FAILURES[live["error"]](text)
    return live


class Shape(ResourceProvider):
    """Reads and writes one file."""

    serialize_as_secret_always = False

    def configure(self, req):
        sys.tracebacklimit = 0

    def check(self, _olds, news):
        bad = [domain for domain in news["domains"] if domain.startswith("bad")]
        return CheckResult(news, [CheckFailure("", f"domains: {domain} is bad: take it out") for domain in bad])

    def diff(self, _id, olds, news):
        return DiffResult(changes=None, replaces=["key"] if olds["key"] != news["key"] else [])

    def create(self, props):
        time.sleep(float(os.environ.get("SLOW", "0")))
        return CreateResult(props["key"], self.write(props))

    def read(self, id_, props):
        live = look(id_)
        if live is None:
            return ReadResult(None, {})
        inputs = {name: props[name] for name in ("key", "secret_version", "password") if name in props}
        return ReadResult(id_, self.outputs(props, live), {**inputs, "domains": live["domains"]})

    def update(self, _id, _olds, news):
        return Updated(self.write(news))

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
            "setting": f"Domains of {props['key']}",
            "value": ", ".join(props["domains"]),
            "where": "https://vendor.example/domains",
            "verdict": verdict,
            "evidence": evidence,
            "cause": "nobody typed it",
            "proof": "the file says so",
            "after": live.get("after", []),
        }
        return {**props, "domains": found, "settings": [setting], "open_steps": [] if verdict == "accepted" else [step]}


class AppSettings(Resource, module="facebook", name="AppSettings"):
    def __init__(self, name, props, opts=None):
        super().__init__(Shape(), name, {**props, "settings": None, "open_steps": None}, opts)


class LoginRedirect(Resource, module="facebook", name="LoginRedirect"):
    def __init__(self, name, props, opts=None):
        super().__init__(Shape(), name, {**props, "settings": None, "open_steps": None}, opts)


class ConnectorSetup(Resource, module="cyclr", name="ConnectorSetup"):
    def __init__(self, name, props, opts=None):
        super().__init__(Shape(), name, {**props, "settings": None, "open_steps": None}, opts)


class Access(pulumi.ProviderResource):
    def __init__(self, name, version, token):
        config = {"cyclr-connectors:graphVersion": version, "cyclr-connectors:token": token}
        super().__init__("pulumi-python", name, config)


class OAuthConnector(pulumi.ComponentResource):
    """`app`, `redirect` after it, and `setup`, which depends on nothing."""

    def __init__(self, name, domains, access, token):
        super().__init__("cyclr-connectors:index:OAuthConnector", name)
        made = pulumi.ResourceOptions(parent=self, provider=access)
        app = AppSettings(f"{name}-app", {"key": "app", "domains": domains, "password": token}, made)
        after = pulumi.ResourceOptions(parent=self, provider=access, depends_on=[app])
        LoginRedirect(f"{name}-redirect", {"key": "redirect", "domains": ["redirect.example"]}, after)
        setup = {"key": "setup", "domains": ["setup.example"], "secret_version": "03153249db7c"}
        ConnectorSetup(f"{name}-setup", setup, made)
        self.register_outputs({})
