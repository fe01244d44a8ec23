"""docs/on-aws.md as a script: its commands in order in one shell, each block by who runs it, against the doubles.

Shape:  as `tests.engine.guides`; a block of `console deploy` is run by the role of that name, with a token that
        the step fetched which docs/pipelines.md adds to the workflows.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from ruamel.yaml import YAML

from stacks.operations.sandbox_files import Addresses, readdressed
from tests.aws.cloud.account import ACCOUNT, REGION, token
from tests.aws.cloud.client import Cloud
from tests.aws.policies.world import EVERYTHING
from tests.engine import guides
from tests.engine.aws import VALUES, copied
from tests.engine.guides import Shown
from tests.worlds import ROOT, World

PAGE = ROOT / "docs" / "on-aws.md"
PIPELINES = ROOT / "docs" / "pipelines.md"
CLI = ROOT / "tests" / "aws" / "cli"
STACK = "staging"
ADMINISTRATOR = "Administrator"
"""Whose role runs what the page does not give to another."""
BACKEND = f"s3://acme-pulumi-state?region={REGION}"
DIFFERS = {BACKEND: f"{BACKEND}&use_path_style=true"}
"""Lines of the page that are others here."""
_CONSOLE = re.compile(r"^```console ?(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_YAML = re.compile(r"^```yaml\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
_MARK = "=== the command ended with"
_END = re.compile(rf"^{_MARK} (\d+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """Commands of the page, and the role that runs them."""

    role: str
    commands: list[Shown]


class Ended(NamedTuple):
    """What a command printed, and its exit code."""

    output: str
    code: int


def blocks(page: str) -> list[Block]:
    """Every block of commands, in order."""
    found = _CONSOLE.findall(page)
    return [Block(role or ADMINISTRATOR, guides.shown(f"```console\n{text}```")) for role, text in found]


def declared(page: str) -> dict[str, Any]:
    """The page's stack file."""
    (found,) = _yaml(page, "config")
    return found


def addition() -> dict[str, Any]:
    """What the page on pipelines adds to a job: permissions and one step."""
    (found,) = _yaml(PIPELINES.read_text(encoding="utf-8"), "permissions")
    return found


class Job(NamedTuple):
    """Who a workflow is: its environment at GitHub, and the name of its role."""

    environment: str
    role: str

    @property
    def subject(self) -> str:
        """The `sub` of its token, as GitHub makes it for a job in an environment."""
        return f"repo:acme/connectors:environment:{self.environment}"


def jobs() -> dict[str, Job]:
    """Workflow -> who it is, as the page on pipelines has it."""
    rows = re.findall(
        r"^\| ([a-z-]+)\.yml \| `(\w+)`.*\| `(.+?)` \|$", PIPELINES.read_text(encoding="utf-8"), re.MULTILINE
    )
    return {workflow: Job(*found) for workflow, *found in rows}


def agree(said: str, found: Ended) -> bool:
    """Whether the page shows what was printed; ids differ from run to run."""
    return guides.agree(_ID.sub("ID", said), _ID.sub("ID", found.output))


@dataclass(frozen=True)
class Place:
    """Where somebody follows the page: a copy of the program, with doubles of AWS, GitHub's tokens and the vendors."""

    folder: Path
    env: Mapping[str, str]
    cloud: Cloud
    world: World

    def prepare(self, page: str) -> None:
        """The page's stack file, at the addresses of the sandbox, and what the person puts as values."""
        copied(self.folder)
        stack_file = self.folder / "stacks" / f"Pulumi.{STACK}.yaml"
        document = declared(page)
        _at_sandbox(document["config"], self.world)
        with stack_file.open("w") as file:
            YAML().dump(document, file)
        self.cloud.role(ADMINISTRATOR, EVERYTHING)
        (self.folder.parent / "vendors.json").write_text(json.dumps(VALUES))

    def ended(self, page: str) -> list[Ended]:
        """How each command ends, in one shell."""
        with _tokens() as address:
            script = "".join(self._script(block, address) for block in blocks(page))
            done = subprocess.run(
                ["bash", "--noprofile", "--norc"], input=script, cwd=self.folder, env=self._environment(),
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            )  # fmt: skip
        parts = _END.split(done.stdout)
        return [Ended(output.rstrip("\n"), int(code)) for output, code in zip(parts[::2], parts[1::2], strict=False)]

    def _script(self, block: Block, address: str) -> str:
        lines = "".join(f"{_here(each.command)}\necho '{_MARK}' $?\n" for each in block.commands)
        if block.role == ADMINISTRATOR:
            return lines
        (step,) = addition()["steps"]
        job = next(each for each in jobs().values() if each.role.endswith(f"-{block.role}"))
        name = re.sub(r"\$\{\{.*?\}\}", STACK, job.role)
        role = f"{step['env']['ROLE'].rpartition('/')[0]}/{name}"
        temp = self.folder.parent / block.role
        run = {
            "ROLE": role, "RUNNER_TEMP": temp, "GITHUB_ENV": temp / "env", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "a-token",
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{address}/token?sub={job.subject}",
        }  # fmt: skip
        given = "".join(f"export {key}={shlex.quote(str(value))}\n" for key, value in run.items())
        own = "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_REGION AWS_DEFAULT_REGION\n"
        taken = 'mkdir -p "$RUNNER_TEMP"; : > "$GITHUB_ENV"\n' + step["run"] + 'set -a; . "$GITHUB_ENV"; set +a\n'
        return f"(\n{own}{given}{taken}{lines})\n"

    def _environment(self) -> dict[str, str]:
        administrator = self.cloud.credentials_of(f"arn:aws:iam::{ACCOUNT}:role/{ADMINISTRATOR}")
        kept = {name: value for name, value in self.env.items() if name != "PULUMI_CONFIG_PASSPHRASE"}
        return {
            **kept,
            **self.cloud.env(administrator),
            "PATH": f"{CLI}:{self.env['PATH']}",
            "HOME": str(self.folder.parent),
            "PYTHONPATH": str(self.folder),
            "COLUMNS": "120",
            "AWS_ENDPOINT_URL_STS": self.cloud.endpoint,  # for a token the CLI asks no general address
        }


def _yaml(page: str, key: str) -> list[Any]:
    """The blocks of YAML that have this key at their top."""
    return [found for text in _YAML.findall(page) if key in (found := YAML(typ="safe").load(text))]


def _here(command: str) -> str:
    for said, here in DIFFERS.items():
        command = command.replace(said, here)
    return command


def _at_sandbox(config: dict[str, Any], world: World) -> None:
    """The vendors of the page's stack file become those of the sandbox."""
    addresses = Addresses(world.control, world.facebook, world.cyclr_api, world.service_domain)
    sandbox = YAML(typ="safe").load(readdressed(ROOT / "stacks" / "Pulumi.sandbox.yaml", addresses))["config"]
    config["cyclr-connectors:cyclr"].pop("region")
    secret = config["cyclr-connectors:cyclr"]["clientSecret"]
    config["cyclr-connectors:cyclr"].update(sandbox["cyclr-connectors:cyclr"], clientSecret=secret)
    for key in ("serviceDomain", "facebook"):
        config[f"cyclr-connectors:{key}"] = sandbox[f"cyclr-connectors:{key}"]


@contextmanager
def _tokens() -> Iterator[str]:
    """Where a run asks for its token, as GitHub has it; the address that the run is given says who it is."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Tokens)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Tokens(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        known = self.headers["Authorization"] == "bearer a-token"
        claims = {
            "iss": "https://token.actions.githubusercontent.com",
            "aud": asked["audience"][0],
            "sub": asked["sub"][0],
        }
        self.send_response(200 if known else 401)
        self.end_headers()
        self.wfile.write(json.dumps({"value": token(claims)}).encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""
