"""No secret is in plain text anywhere after a run of everything, whatever the vendors repeat and people mistype."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from tests.contract.sinks.service import StandIn, running
from tests.engine import canaries, left
from tests.engine.canaries import DECLARED, PROPERTY, leaks
from tests.engine.canary_stack import ERRORS, CanaryStack, run_everything
from tests.engine.environment import end_orphans, engine_environment
from tests.engine.stack import STACK
from tests.engine.witness import Witness, watched_sandbox

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]  # the first test waits for the run of everything

KINDS = {
    "client_secret",
    "property",
    "appsecret_proof",
    "input_token",
    "code",
    "Facebook token",
    "Cyclr access token",
    "sign-in token",
    "user access token in AuthValue",
}
"""Everything secret that must have crossed the line, or this run of everything was none."""
PHRASES = {
    "AuthError": "does not authorise us",
    "NotFound": "has no such object",
    "RateLimited": "asks us to wait for longer than a run may last",
    "Rejected": "refuses the request",
    "TransportError": "gave no usable answer",
}
COPIES = ("preview --json, verbose", "stack history", "events of a look")
"""The runs whose documents hold a copy of the stack file."""
LINKS = ("authorize", "authorize --json")
"""The runs that print a one-time link: the one permitted place of a sign-in token, one of its own."""

IN_STATE = {"app secret", "API secret", "declared property"}
"""Those that the config holds: ciphertext in the state."""
SEALED = {name: value for name, value in DECLARED.items() if value != PROPERTY}
"""Those that the stack file must not hold: a declared property stands there in plain text, as is documented."""


class Done(NamedTuple):
    """What is left of a run of everything."""

    stack: CanaryStack
    witness: Witness
    requests: list[dict[str, Any]]
    posted: dict[str, str]
    """What stands in the pull request and the issues of the stand-in."""

    @property
    def canaries(self) -> Mapping[str, str]:
        """Every secret: those that were declared, and those that the vendors issued meanwhile."""
        issued = {name: value for name, value in self.witness.canaries().items() if value not in DECLARED.values()}
        return {**DECLARED, **issued}

    def found_in(self, texts: Mapping[str, str]) -> dict[str, list[str]]:
        """Place -> the secrets that stand there."""
        known = self.canaries
        return {place: found for place, text in texts.items() if (found := leaks(text, known))}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    """One environment from the first day to destroy, every secret in it a canary."""
    folder = tmp_path_factory.mktemp("canaries")
    with running() as standing, watched_sandbox() as (world, witness):
        stack = CanaryStack(world, engine_environment(folder), folder, service=standing.url)
        run_everything(stack, witness)
        yield Done(stack, witness, world.requests(), texts_at(standing))
    end_orphans(folder)


def texts_at(standing: StandIn) -> dict[str, str]:
    """Every comment and issue that the stand-in holds, and all that it was sent."""
    world = standing.world
    comments = {f"comment {key}": str(comment["body"]) for key, comment in world.comments.items()}
    issues = {f"issue {key}": f"{item['title']} {item['body']}" for key, item in world.items.items()}
    return comments | issues


def files(done: Done, *folders: str) -> dict[str, str]:
    """The files below these folders of the run, as texts."""
    return left.files(done.stack.folder, *folders)


def without_config(text: str) -> str:
    """A document of the CLI without its copy of the stack file, which is judged as the stack file is."""
    document = json.loads(text)
    copies = [entry for entry in walked(document) if isinstance(entry.get("config"), dict)]
    assert copies
    for entry in copies:
        assert leaks(json.dumps(entry.pop("config")), SEALED) == []
    return json.dumps(document)


def walked(document: Any) -> Iterator[dict[str, Any]]:
    """Every object in a document."""
    if isinstance(document, dict):
        yield document
    for entry in document.values() if isinstance(document, dict) else document if isinstance(document, list) else ():
        yield from walked(entry)


def printed(done: Done) -> dict[str, str]:
    """What every command printed, on both streams."""
    texts = {}
    for name, run in done.stack.said.items():
        copies = name in COPIES
        texts[f"{name}, stdout"] = without_config(run.stdout) if copies else run.stdout
        texts[f"{name}, stderr"] = run.stderr
    return texts


def test_run_of_everything_moved_every_secret(done):
    """Every kind of secret crossed the line, so that what follows is not said of a run without secrets."""
    moved = set(done.witness.secrets)

    assert done.witness.kinds >= KINDS
    assert {canaries.APP_SECRET, canaries.ROTATED_SECRET, canaries.API_SECRET, canaries.PROPERTY} <= moved


@pytest.mark.parametrize("kind", ERRORS)
def test_every_kind_of_error_was_met(done, kind):
    """Each class of error was raised by a vendor that repeats what it was sent, and its text reached the user."""
    texts = [run.stdout + run.stderr for name, run in done.stack.said.items() if name.startswith(f"{kind}, ")]

    phrase = PHRASES[kind.partition(",")[0]]
    assert any(phrase in " ".join(text.split()) for text in texts), texts
    assert any("[secret]" in text for text in texts), "the vendor's echo was not shown at all"


def test_nothing_printed_holds_a_secret(done):
    """No command of the CLI or of ours prints a secret in any spelling, but for the link of `authorize`."""
    texts = printed(done)
    for name in LINKS:
        texts.pop(f"{name}, stdout")

    assert done.found_in(texts) == {}


@pytest.mark.parametrize("name", LINKS)
def test_authorize_prints_a_sign_in_token_and_nothing_else(done, name):
    """The link of `authorize` holds the one sign-in token that was made for it, and no other secret is beside it."""
    text = done.stack.said[name].stdout
    if name.endswith("--json"):
        text = json.loads(text)["link"]
    (found,) = leaks(text, done.witness.canaries())

    assert found.startswith("sign-in token ")
    assert leaks(text, DECLARED) == []
    assert done.stack.said[name].stdout.count("token=") == 1


def test_backend_holds_no_secret(done):
    """State, backups and history hold none, the stack file's own plain text in the history apart."""
    texts = files(done, "backend")
    histories = [name for name in texts if name.endswith(".history.json")]
    texts |= {name: without_config(texts[name]) for name in histories}

    assert len(histories) > 5
    assert [name for name in texts if "/backups/" in name]
    assert done.found_in(texts) == {}


def test_engine_keeps_no_secret_elsewhere(done):
    """The engine's home and its temporary files hold none that can be read there; its logs of runs are encrypted."""
    texts = files(done, "home", "tmp")

    assert any("/logs/pulumi-" in name and '"msg":"' in text for name, text in texts.items())
    assert any("/workspaces/" in name and STACK in text for name, text in texts.items())
    assert done.found_in(texts) == {}


def test_encrypted_logs_of_the_engine_hold_what_the_state_does_and_no_more(done):
    """Opened by what opens the state's secrets, they hold inputs that are ciphertext there, and no vendor's token."""
    logs = left.encrypted_logs(done.stack.folder / "home")
    found = done.found_in(left.opened(logs, done.stack.pulumi))

    assert len(logs) > 30
    assert {name.partition(" (")[0] for each in found.values() for name in each} == IN_STATE


@pytest.mark.parametrize("place", ["home/planted.gz", "tmp/planted", "home/logs/API_SECRET"])
def test_search_finds_a_planted_secret(done, place):
    """A secret is found in a packed file, in a plain one, and in the name of one, wherever the engine puts files."""
    path = done.stack.folder / place.replace("API_SECRET", canaries.OWN_SECRET.encode().hex())
    path.write_bytes(gzip.compress(canaries.OWN_SECRET.encode()) if path.suffix else canaries.OWN_SECRET.encode())
    found = done.found_in(files(done, "home", "tmp"))
    path.unlink()

    assert {name.partition(" (")[0] for each in found.values() for name in each} == {"own ClientSecret"}


def test_plugin_prints_no_secret(done):
    """The provider process itself writes none to its own stderr."""
    text = done.stack.plugin_said.read_text()

    assert text.count("started") > 10
    assert done.found_in({"stderr": text}) == {}


def test_request_log_masks_every_secret(done):
    """The sandbox's request log shows every call, and no secret in any."""
    paths = [entry["path"] for entry in done.requests]

    assert [path for path in paths if "access_token=" in path]
    assert [path for path in paths if "input_token=" in path]
    assert [path for path in paths if "/connectorauth/" in path]
    assert done.found_in({"log": json.dumps(done.requests)}) == {}


def test_reports_hold_no_secret(done):
    """No comment, issue, step summary, Markdown or HTML holds a secret, whatever the look behind it met."""
    texts = files(done, "reports") | done.posted
    kinds = {name.rpartition(", ")[2] for name in texts}

    assert kinds >= {"markdown", "html", "reports/summary.md"}
    assert [name for name in texts if name.startswith("comment ")]
    assert [text for name, text in texts.items() if name.startswith("issue ") and "could not be looked at" in text]
    assert any("app secret, version" in text for text in texts.values())
    assert done.found_in(texts) == {}


def test_stack_file_holds_only_encrypted_secrets(done):
    """The stack file names references and holds ciphertext; declared properties alone are plain, as documented."""
    text = done.stack.stack_file.read_text()
    config = YAML().load(text)["config"]

    assert list(config["cyclr-connectors:cyclrClientSecret"]) == ["secure"]
    assert leaks(text, {name: value for name, value in done.canaries.items() if value != PROPERTY}) == []


def test_state_encrypts_what_the_providers_need(done):
    """In the state the provider's secrets and declared properties are ciphertext, as inputs and as outputs."""
    resources = json.loads(done.stack.said["stack export"].stdout)["deployment"]["resources"]
    (access,) = [entry for entry in resources if entry["type"] == "pulumi:providers:pulumi-python"]
    (installed,) = [entry for entry in resources if entry["type"].endswith(":ConnectorInstallation")]
    sealed = [value for key, value in access["inputs"].items() if ":secret." in key]
    sealed += [installed["inputs"]["properties"], installed["outputs"]["properties"]]

    assert len(sealed) == 3
    assert ["ciphertext" in value for value in sealed] == [True] * 3


def test_stored_providers_hold_no_secret(done):
    """What the state holds of each provider is a short pickle that names its class and nothing else."""
    resources = json.loads(done.stack.said["stack export"].stdout)["deployment"]["resources"]
    pickles = {
        entry["urn"]: base64.b64decode(entry["inputs"]["__provider"]).decode("latin-1")
        for entry in resources
        if "__provider" in entry.get("inputs", {})
    }

    assert len(pickles) == 5
    assert done.found_in(pickles) == {}
    assert max(map(len, pickles.values())) < 120


def test_outputs_hold_no_secret_even_when_asked(done):
    """`stack output --show-secrets` has nothing to show that it did not show before."""
    text = done.stack.said["stack output --show-secrets"].stdout

    assert set(json.loads(text)) == {"service_domain", "ready", "attested", "open_steps"}
    assert done.found_in({"outputs": text}) == {}
