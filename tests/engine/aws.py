"""Stack `sandbox` as a team on AWS has it: state in S3, its key in KMS, secrets in Secrets Manager, all on loopback.

The project is a copy of the program and of our commands, whose Pulumi.yaml names the stand-in of the aws plugin.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from stacks.operations.sandbox_files import Addresses, readdressed
from tests.aws.cloud.account import ACCOUNT, REGION
from tests.aws.cloud.client import Cloud, running_apart
from tests.declared import Environment
from tests.engine.environment import end_orphans, engine_environment
from tests.engine.stack import CONNECTOR_KEY, PATIENCE, STACK, EngineStack
from tests.worlds import API_SECRET, APP_SECRET, ROOT, World, running_sandbox

BUCKET = "state"
BACKEND = f"s3://{BUCKET}?region={REGION}&use_path_style=true"
STATE = f".pulumi/stacks/cyclr-connectors/{STACK}.json"
LOCKS = f".pulumi/locks/organization/cyclr-connectors/{STACK}/"
SECRET = "acme/sandbox/vendors"
"""One secret with an entry for each vendor."""
READER = "deploy"
VALUES = {"app_secret": APP_SECRET, "cyclr": API_SECRET}
CONFIG_KEYS = {"facebookAppSecret": APP_SECRET, "cyclrClientSecret": API_SECRET}
PLUGIN = ROOT / "tests" / "aws" / "plugin"
PROJECT = "cyclr-connectors"


@dataclass
class CloudStack(EngineStack):
    """The environment, declared with its container and never deployed."""

    cloud: Cloud
    project: Path = field(init=False)
    provider: str = field(init=False)
    """The secrets provider: a key of KMS, with the stack as its encryption context."""

    def __post_init__(self) -> None:
        self.project = copied(self.folder / "project")
        self.env = {
            **self.env,
            **self.cloud.env(),
            "PULUMI_BACKEND_URL": BACKEND,
            "PYTHONPATH": str(self.project),
        }
        del self.env["PULUMI_CONFIG_PASSPHRASE"]
        key = prepared(self.cloud)
        self.provider = f"awskms:///{key}?region={REGION}&context_stack={STACK}"
        self.stack_file = self.project / "stacks" / f"Pulumi.{STACK}.yaml"
        declare(self.stack_file, self.world)
        self.pulumi("stack", "init", STACK, "--secrets-provider", self.provider, config=False)

    def put(self, values: Mapping[str, str] = VALUES) -> str:
        """Put a value as a person does; its version."""
        answer = self.cloud.client("secretsmanager").put_secret_value(SecretId=SECRET, SecretString=json.dumps(values))
        return str(answer["VersionId"])

    def type_secret(self, key: str, value: str) -> None:
        """`pulumi config set --secret`, with the value typed at its prompt."""
        line = ["pulumi", "--non-interactive", "config", "set", "--secret", key, "--stack", STACK]
        line += ["--config-file", str(self.stack_file)]
        subprocess.run(line, cwd=self.project, env=self.env, input=value, text=True, timeout=PATIENCE, check=True)

    def refer(self, app_secret: str, cyclr: str) -> None:
        """Other references in the stack file."""
        self.edit(
            lambda config: (
                config[f"{PROJECT}:connectors"][CONNECTOR_KEY].update(appSecret=app_secret),
                config[f"{PROJECT}:cyclr"].update(clientSecret=cyclr),
            )
        )

    def state(self) -> bytes:
        """The state, to the byte."""
        found: bytes = self.cloud.client("s3").get_object(Bucket=BUCKET, Key=STATE)["Body"].read()
        return found

    def resources(self) -> dict[str, str]:
        """Name -> type of everything that the state holds."""
        latest = json.loads(self.state())["checkpoint"]["latest"]
        return {each["urn"].rpartition("::")[2]: each["type"] for each in latest.get("resources", ())}

    def locks(self) -> list[dict[str, Any]]:
        """The locks on the stack: whose they are, and since when."""
        s3 = self.cloud.client("s3")
        keys = [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET, Prefix=LOCKS).get("Contents", ())]
        return [json.loads(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()) for key in keys]

    def deploy(self) -> None:
        """From an empty container to a deployed connector, whose app the API may change."""
        self.up(check=False)
        self.put()
        self.world.dashboard(api_access_to_settings=True)
        self.up()

    def people(self) -> None:
        """What people do before a consent can be asked for; App Mode is their word, for nobody saw it change."""
        Environment(self.world).people_set_everything()
        self.world.dashboard(api_access_to_settings=True)
        for key in ("live", "advanced_access"):
            assert self.command("attest", CONNECTOR_KEY, key, "--by", "jane@acme.example").returncode == 0

    def _run(self, line: list[str], *, check: bool) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            line, cwd=self.project, env=self.env, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert not check or done.returncode == 0, f"{line[:3]}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done


@dataclass
class Steps(ABC):
    """What is done with an environment on AWS, one command a step."""

    stack: CloudStack

    @abstractmethod
    def step(self, name: str, run: Callable[[], subprocess.CompletedProcess[str]]) -> None:
        """Run a command, and keep what there is to know of it."""

    def up(self, name: str) -> None:
        """One update, whatever comes of it."""
        self.step(name, lambda: self.stack.up(check=False))

    def preview(self, name: str) -> None:
        """The CLI's own preview, which ends in 7 where something would change."""
        line = ("preview", "--diff", "--expect-no-changes", "--stack", STACK)
        self.step(name, lambda: self.stack.pulumi(*line, check=False))


def copied(folder: Path) -> Path:
    """The program and our commands in a folder, for a project that starts the stand-in of the aws plugin."""
    ignored = shutil.ignore_patterns("__pycache__", "Pulumi.*.yaml")
    for name in ("components", "stacks"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copy(ROOT / "__main__.py", folder)
    yaml = YAML()
    document = yaml.load((ROOT / "Pulumi.yaml").read_text())
    document["plugins"] = {"providers": [{"name": "aws", "path": str(PLUGIN)}]}
    del document["runtime"]["options"]
    with (folder / "Pulumi.yaml").open("w") as file:
        yaml.dump(document, file)
    return folder


def prepared(cloud: Cloud) -> str:
    """The ARN of the key for the state's secrets, in an account with a versioned bucket and the role of the reader."""
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    cloud.role(READER)
    return str(cloud.client("kms").create_key()["KeyMetadata"]["Arn"])


def declare(stack_file: Path, world: World) -> None:
    """The sandbox's stack file with its secrets at AWS."""
    addresses = Addresses(world.control, world.facebook, world.cyclr_api, world.service_domain)
    yaml = YAML()
    document = yaml.load(readdressed(ROOT / "stacks" / "Pulumi.sandbox.yaml", addresses))
    document.pop("encryptionsalt")
    config = document["config"]
    for key in CONFIG_KEYS:
        config.pop(f"{PROJECT}:{key}")
    config[f"{PROJECT}:connectors"][CONNECTOR_KEY]["appSecret"] = f"aws-sm:{SECRET}#app_secret"
    config[f"{PROJECT}:cyclr"]["clientSecret"] = f"aws-sm:{SECRET}#cyclr"
    config[f"{PROJECT}:aws"] = {
        "account": ACCOUNT,
        "region": REGION,
        "secrets": {SECRET: {"readers": [f"arn:aws:iam::{ACCOUNT}:role/{READER}"]}},
        "driftAlarm": {"email": "ops@acme.example"},
    }
    with stack_file.open("w") as file:
        yaml.dump(document, file)


@contextmanager
def running_cloud_stack(folder: Path) -> Iterator[CloudStack]:
    """Both vendors, AWS and the environment, in processes of their own."""
    with running_sandbox() as world, running_apart() as cloud:
        try:
            yield CloudStack(world, engine_environment(folder), folder, cloud)
        finally:
            end_orphans(folder)


def said(done: subprocess.CompletedProcess[Any]) -> str:
    """Both streams, for what must or must not be in either."""
    return f"{done.stdout}\n{done.stderr}"
