"""One environment whose every secret is a canary, and a run of everything a person or a CI job does with it."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stacks.operations.engine import Engine
from tests.contract.sinks.service import PULL_REQUEST, REPOSITORY
from tests.declared import Environment
from tests.engine import canaries
from tests.engine.canaries import API_SECRET, APP_SECRET, OWN_SECRET, PASSPHRASE, PROPERTY, ROTATED_SECRET
from tests.engine.stack import CONNECTOR_KEY, PATIENCE, STACK, EngineStack
from tests.engine.witness import Echo, Witness
from tests.people import consent
from tests.worlds import APP_ID, CONNECTOR, OBSERVATION, ROOT

CONNECTORS = "cyclr-connectors:connectors"
ENV_NAME = "ACME_APP_SECRET"
PLUGIN = "pulumi-resource-pulumi-python"
VERBOSE = ("-v=9", "--logtostderr")
GRAPH = rf"^facebook GET /v[\d.]+/{APP_ID}$"

ERRORS = {
    "AuthError": (Echo(GRAPH, 400, code=190), Echo(r"^cyclr POST /oauth/token$", 400)),
    "AuthError, link": (
        Echo(r"^facebook POST .*/access_token$", 400, code=101),
        Echo(r"^cyclr GET /connectorauth", 401),
    ),
    "NotFound": (Echo(GRAPH, 404), Echo(r"^cyclr POST .*/signintoken$", 404)),
    "RateLimited": (Echo(GRAPH, 400, code=4), Echo(r"^cyclr GET /v1\.0/account/connectors/", 429)),
    "Rejected": (Echo(GRAPH, 400, code=100), Echo(r"^cyclr GET /v1\.0/account/connectors/", 400)),
    "TransportError": (Echo(GRAPH, 500, code=2), Echo(r"^cyclr GET /v1\.0/account/connectors/", 500)),
}
"""Error class -> vendors that answer with it and repeat all that they were sent."""


@dataclass
class CanaryStack(EngineStack):
    """Stack `sandbox` with another passphrase, other secrets and a plugin whose own stderr is kept."""

    said: dict[str, subprocess.CompletedProcess[str]] = field(default_factory=dict)
    """What was run -> how it ended and what it printed."""
    plugin_said: Path = field(init=False)
    service: str = ""
    """Address of the stand-in of a code-hosting service."""

    def __post_init__(self) -> None:
        super().__post_init__()
        secrets = {"facebookAppSecret": APP_SECRET, "cyclrClientSecret": API_SECRET}
        unsalted = [line for line in self.stack_file.read_text().splitlines() if not line.startswith("encryptionsalt")]
        self.stack_file.write_text("\n".join(unsalted) + "\n")
        self.edit(lambda config: [config.pop(f"cyclr-connectors:{key}") for key in secrets])
        self.env |= {"PULUMI_CONFIG_PASSPHRASE": PASSPHRASE, "TMPDIR": str(self.folder / "tmp")}
        (self.folder / "tmp").mkdir()
        self._keep_plugin_stderr()
        for key, value in secrets.items():
            self.type_secret(key, value)

    def type_secret(self, key: str, value: str) -> None:
        """`pulumi config set --secret`, with the value typed at its prompt."""
        line = ["pulumi", "--non-interactive", "config", "set", "--secret", key, "--stack", STACK]
        line += ["--config-file", str(self.stack_file)]
        subprocess.run(line, cwd=ROOT, env=self.env, input=value, text=True, timeout=PATIENCE, check=True)

    def connector(self, **settings: Any) -> None:
        """Edit the connector in the stack file; None takes a key out."""
        self.edit(lambda config: config[CONNECTORS][CONNECTOR_KEY].update(settings))

    def keep(self, name: str, done: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
        """Keep what a run printed, under a name of its own."""
        assert name not in self.said, name
        self.said[name] = done
        return done

    def run(self, name: str, *arguments: str, succeeds: bool = True) -> subprocess.CompletedProcess[str]:
        """A command of the CLI on this stack."""
        verb, *rest = arguments
        config = verb in ("up", "preview", "refresh", "destroy")
        done = self.pulumi(verb, *rest, "--stack", STACK, config=config, check=False)
        assert (done.returncode == 0) is succeeds, f"{name}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return self.keep(name, done)

    def ours(self, name: str, code: int, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One of our commands, with the exit code that it must have."""
        done = self.keep(name, self.command(*arguments))
        assert done.returncode == code, f"{name}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def reports(self, name: str, code: int) -> None:
        """Both reports in every form, to every place: files, step summary, comment, issue; and a heartbeat."""
        folder = self.folder / "reports"
        folder.mkdir(exist_ok=True)
        self.env |= {
            "GITHUB_API_URL": self.service,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_TOKEN": canaries.HOSTING_TOKEN,
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        }
        to = {kind: (f"--{kind}", str(folder / f"{name}, {kind}")) for kind in ("markdown", "html")}
        files = [*to["markdown"], *to["html"]]
        comment = ("--comment", "--pull-request", str(PULL_REQUEST))
        self.ours(f"preview, {name}", code, "preview", *comment, *files)
        if code == 7:
            self.ours(f"preview --json, {name}", code, "preview", "--json")
        self.ours(f"drift --json, {name}", code, "drift", "--json", "--issue", *files)
        if not code:
            self.ours(f"drift, {name}", 1, "drift", "--heartbeat", f"{self.service}/{canaries.HEARTBEAT}")

    def interrupt(self) -> None:
        """Leave an unfinished create in the state file, as a killed engine does."""
        (file,) = (self.folder / "backend").rglob(f"stacks/*/{STACK}.json")
        document = json.loads(file.read_text())
        latest = document["checkpoint"]["latest"]
        (made,) = [entry for entry in latest["resources"] if "ConnectorInstallation" in entry["type"]]
        latest["pending_operations"] = [{"resource": made, "type": "creating"}]
        file.write_text(json.dumps(document))

    def _keep_plugin_stderr(self) -> None:
        """Put a plugin first on PATH that is the real one with its stderr in a file, which says that it was used."""
        real = shutil.which(PLUGIN, path=self.env["PATH"])
        assert real, f"{PLUGIN} is not on PATH"
        self.plugin_said = self.folder / "plugin-stderr"
        first = self.folder / "bin"
        first.mkdir()
        plugin = first / PLUGIN
        plugin.write_text(
            f'#!/bin/sh\necho "started" >> "{self.plugin_said}"\nexec "{real}" "$@" 2>> "{self.plugin_said}"\n'
        )
        plugin.chmod(0o755)
        self.env["PATH"] = f"{first}:{self.env['PATH']}"


def run_everything(stack: CanaryStack, witness: Witness) -> None:
    """From an app with a refused property to destroy, with every command and every kind of error in between."""
    _first_day(stack, witness)
    _ready(stack)
    _verbose(stack)
    _rotated(stack)
    _typed_in_wrong_places(stack)
    _failing(stack, witness)
    _state_commands(stack)
    stack.run("destroy", "destroy", "--yes", "--skip-preview")


def _first_day(stack: CanaryStack, witness: Witness) -> None:
    """An installation of somebody else's is adopted; the vendor refuses the property, and the closed gate the write."""
    world = stack.world
    world.app(secret=APP_SECRET)
    (client,) = world.state()["cyclr"]["api_clients"]
    world.patch({"cyclr": {"api_clients": [{**client, "client_secret": API_SECRET}]}})
    (release,) = [entry["Id"] for entry in world.state()["cyclr"]["connectors"] if entry["Name"] == CONNECTOR]
    installed = {"Id": 1874, "Name": CONNECTOR, "Connector": release}
    world.patch({"cyclr": {"accounts": [{**world.account(), "connectors": [installed]}]}})
    stack.connector(properties={"ApiKey": PROPERTY})
    stack.ours("check", 0, "check")
    gate = Echo(rf"^facebook POST /v[\d.]+/{APP_ID}$", 403, code=10)
    witness.echoes = [gate, Echo(r"^cyclr POST .*/properties", 400)]
    stack.run("up, first", "up", "--yes", "--skip-preview")
    witness.echoes = []
    stack.ours("steps", 7, "steps")


def _ready(stack: CanaryStack) -> None:
    """People do everything; a consent is given, refused a second time and renewed."""
    Environment(stack.world).people_set_everything()
    stack.world.dashboard(api_access_to_settings=True)
    stack.world.library(client_secret=APP_SECRET)
    stack.ours("attest", 0, "attest", CONNECTOR_KEY, "advanced_access", "--by", "jane@acme.example")
    stack.run("up, verbose", "up", "--yes", *VERBOSE)
    consent(stack.ours("authorize", 0, "authorize").stdout.strip())
    stack.run("up, ready", "up", "--yes", "--skip-preview", "--diff")
    stack.ours("status --json, ready", 0, "status", "--json")
    stack.ours("authorize, refused", 2, "authorize")
    link = stack.ours("authorize --json", 0, "authorize", "--renew", "--yes", "--json").stdout
    consent(json.loads(link)["link"])
    stack.reports("ready", 0)


def _verbose(stack: CanaryStack) -> None:
    stack.run("preview, verbose", "preview", "--diff", *VERBOSE)
    stack.run("preview --json, verbose", "preview", "--json", *VERBOSE)
    stack.run("refresh, verbose", "refresh", "--yes", *VERBOSE)


def _rotated(stack: CanaryStack) -> None:
    """The app secret is reset and moves into an environment variable, first without a value, then with an old one."""
    stack.world.app(secret=ROTATED_SECRET)
    stack.run("up, secret reset", "up", "--yes", succeeds=False)
    stack.edit(lambda config: config.pop("cyclr-connectors:facebookAppSecret"))
    stack.connector(appSecret=f"env:{ENV_NAME}")
    stack.run("up, no value", "up", "--yes", succeeds=False)
    stack.env[ENV_NAME] = ROTATED_SECRET
    stack.reports("rotation declared", 7)
    stack.run("up, rotated", "up", "--yes", "--skip-preview", "--diff")
    stack.ours("status, rotated", 7, "status")
    stack.connector(appSecret=f"env:{ROTATED_SECRET}")
    stack.run("preview, secret as variable", "preview", succeeds=False)
    stack.ours("status, secret as variable", 2, "status")
    stack.connector(appSecret=f"env:{ENV_NAME}")
    attested = ("attest", CONNECTOR_KEY, "client_secret", "--by", "jane@acme.example", "--value", ROTATED_SECRET)
    stack.ours("attest, secret as value", 2, *attested)


def _typed_in_wrong_places(stack: CanaryStack) -> None:
    """In Cyclr's console: a ClientSecret at the installation, and the secret typed where the Client ID belongs."""
    world = stack.world
    whole = world.installation()["Properties"]
    world.change_installation(Properties=[*whole, {"Id": 99, "Name": "ClientSecret", "Value": OWN_SECRET}])
    stack.run("up, own credentials", "up", "--yes", "--skip-preview", "--diff")
    stack.ours("steps, own credentials", 7, "steps", "--json")
    stack.ours("authorize, own credentials", 2, "authorize", "--renew", "--yes")
    world.change_installation(Properties=whole)
    world.library(client_id=ROTATED_SECRET, client_secret=APP_ID)
    stack.run("up, secret as client id", "up", "--yes", "--skip-preview", "--diff")
    stack.ours("status --json, secret as client id", 7, "status", "--json")
    stack.reports("secret as client id", 7)
    stack.ours("authorize, secret as client id", 2, "authorize", "--renew", "--yes")
    world.library(client_id=APP_ID, client_secret=ROTATED_SECRET)


def _failing(stack: CanaryStack, witness: Witness) -> None:
    """Each kind of error, from vendors that repeat all they were sent, in `up`, `preview` and `status`."""
    runs = [("up", "--yes", "--skip-preview"), ("preview", "--diff"), ("refresh", "--yes", "--skip-preview")]
    for number, (kind, echoes) in enumerate(ERRORS.items()):
        witness.echoes = list(echoes)
        stack.run(f"{kind}, {runs[number % 3][0]}", *runs[number % 3], succeeds=False)
        if number % 2:
            stack.ours(f"{kind}, status", 1, "status", *(["--json"] if number % 3 else []))
        else:
            stack.reports(kind, 1)
    witness.echoes = [Echo(r"^cyclr POST .*/signintoken$", 404)]
    stack.run("up, link not found", "up", "--yes", "--skip-preview")
    stack.ours("authorize, NotFound", 1, "authorize", "--renew", "--yes")
    witness.echoes = []
    stack.edit(lambda config: config["cyclr-connectors:cyclr"].update(account="typo"))
    stack.run("up, DeclarationError", "up", "--yes", "--skip-preview", succeeds=False)
    stack.edit(lambda config: config["cyclr-connectors:cyclr"].update(account=OBSERVATION))
    sealed, stack.env["PULUMI_CONFIG_PASSPHRASE"] = stack.env["PULUMI_CONFIG_PASSPHRASE"], "another passphrase"
    stack.ours("status, wrong passphrase", 1, "status")
    stack.env["PULUMI_CONFIG_PASSPHRASE"] = sealed


def _state_commands(stack: CanaryStack) -> None:
    """What shows or mends the state, an interrupted create among it; and the events of one look."""
    exported = stack.run("stack export", "stack", "export").stdout
    stack.run("stack history", "stack", "history", "--json")
    stack.run("stack output --show-secrets", "stack", "output", "--show-secrets", "--json")
    stack.run("stack --show-ids", "stack", "--show-ids", "--show-urns")
    exported_to = stack.folder / "exported.json"
    exported_to.write_text(exported)
    stack.run("stack import", "stack", "import", "--file", str(exported_to))
    stack.interrupt()
    stack.ours("recover", 0, "recover")
    sight = Engine(STACK, stack.stack_file, user=stack.env).look()
    events = json.dumps([vars(event) for event in sight.events], default=vars)
    stack.keep("events of a look", subprocess.CompletedProcess([], 0, events, ""))
