"""One environment on the real engine: state in a bucket, secrets at AWS, and every run by the role whose job it is."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from stacks.operations.sandbox_files import Addresses, readdressed
from stacks.settings_aws import ROLES
from tests.aws.cloud.account import REGION, ROOT, Credentials
from tests.aws.cloud.client import Cloud
from tests.aws.plugin.project import PROVIDERS
from tests.aws.policies.world import ISSUER, OWN, claims
from tests.unit.operations.policies import declared
from tests.worlds import API_SECRET, APP_SECRET, World
from tests.worlds import ROOT as CHECKOUT

COMMAND = str(Path(sys.executable).with_name("cyclr-connectors"))
PATIENCE = 120
"""Seconds after which a run has failed."""
FOLDER = "team/pulumi"
"""Where in the bucket the state lies."""
LOCKS = f"{FOLDER}/.pulumi/locks/organization/cyclr-connectors/{OWN}"
PROGRAM = ("__main__.py", "Pulumi.yaml", "components", "stacks")


@dataclass
class Jobs:
    """A copy of the program with its stack, and the credentials of its roles."""

    cloud: Cloud
    vendors: World
    env: Mapping[str, str]
    folder: Path
    credentials: dict[str, Credentials] = field(default_factory=lambda: {"administrator": ROOT})

    def prepare(self) -> None:
        """What an administrator does once: bucket, key, provider of tokens, roles, and the empty stack."""
        self._copy()
        cloud, bucket = self.cloud, declared.BUCKET
        cloud.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        cloud.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        key = cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
        content = self._declare(key)
        cloud.client("iam").create_open_id_connect_provider(
            Url=f"https://{ISSUER}", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["a" * 40]
        )
        documents = declared.documents(self.folder, OWN, content)
        for role in ROLES:
            arn = cloud.role(f"{OWN}-{role}", documents[role]["permissions"], trust=documents[role]["trust"])
            self.credentials[role] = cloud.credentials_by_token(arn, claims(role))
        cloud.enforce()
        provider = f"awskms:///{key}?region={REGION}&context_stack={OWN}"
        done = self.pulumi("administrator", "stack", "init", OWN, "--secrets-provider", provider)
        assert done.returncode == 0, done.stdout + done.stderr

    def pulumi(self, role: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of the CLI, by a role."""
        return self._run(role, ["pulumi", "--non-interactive", *arguments])

    def command(self, role: str, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One of our commands, by a role."""
        return self._run(role, [COMMAND, name, "-s", OWN, *arguments])

    def put_values(self) -> None:
        """What people put: the app secret into the container that the stack made."""
        self.cloud.client("secretsmanager").put_secret_value(
            SecretId=f"{OWN}/facebook", SecretString=json.dumps({"appSecret": APP_SECRET})
        )

    def versions(self) -> list[tuple[str, str]]:
        """Every version of everything in the bucket."""
        found = self.cloud.client("s3").list_object_versions(Bucket=declared.BUCKET)
        return [
            (each["Key"], each["VersionId"]) for kind in ("Versions", "DeleteMarkers") for each in found.get(kind, ())
        ]

    @contextmanager
    def without(self, part: str) -> Iterator[None]:
        """The stack file without a part of `aws:`, for a while."""
        file, yaml = self.folder / "stacks" / f"Pulumi.{OWN}.yaml", YAML()
        before = file.read_text()
        document = yaml.load(before)
        del document["config"]["cyclr-connectors:aws"][part]
        with file.open("w") as changed:
            yaml.dump(document, changed)
        yield
        file.write_text(before)

    def leave_lock(self) -> None:
        """What an engine leaves that was killed on another machine."""
        lock = {"pid": 1, "username": "runner", "hostname": "elsewhere", "timestamp": "2026-11-25T14:00:00Z"}
        self.cloud.client("s3").put_object(Bucket=declared.BUCKET, Key=f"{LOCKS}/left.json", Body=json.dumps(lock))

    def locks(self) -> list[str]:
        """The locks of the stack."""
        found = self.cloud.client("s3").list_objects_v2(Bucket=declared.BUCKET, Prefix=f"{LOCKS}/")
        return [each["Key"] for each in found.get("Contents", ())]

    def refused(self, role: str) -> set[str]:
        """The calls of a role that IAM refused, as far as it was told who it is."""
        own = f":assumed-role/{OWN}-{role}/"
        return {
            f"{each.service}:{each.action}"
            for each in self.cloud.calls()
            if own in each.principal and each.status in (400, 403) and "Denied" in each.error
        }

    def _copy(self) -> None:
        for name in PROGRAM:
            source = CHECKOUT / name
            if source.is_dir():
                shutil.copytree(source, self.folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, self.folder / name)
        (self.folder / ".venv").symlink_to(sys.prefix)
        with (self.folder / "Pulumi.yaml").open("a") as project:
            project.write(f"plugins: {json.dumps(PROVIDERS)}\n")

    def _declare(self, key: str) -> dict[str, Any]:
        vendors = self.vendors
        addresses = Addresses(vendors.control, vendors.facebook, vendors.cyclr_api, vendors.service_domain)
        yaml = YAML()
        sandbox = yaml.load(readdressed(CHECKOUT / "stacks" / "Pulumi.sandbox.yaml", addresses))["config"]
        cyclr, connectors = sandbox["cyclr-connectors:cyclr"], sandbox["cyclr-connectors:connectors"]
        cyclr["clientSecret"] = f"aws-ssm:/{OWN}/cyclr"
        connectors["facebook-marketing"]["appSecret"] = f"aws-sm:{OWN}/facebook#appSecret"
        aws = declared.full(OWN, access=declared.access(OWN, stateKey=key, stateFolder=FOLDER))
        del aws["serviceDomainRecord"]  # the sandbox's service domain lies in no zone
        kept = {name: value for name, value in sandbox.items() if not isinstance(value, dict) or "secure" not in value}
        content = {"config": {**kept, "cyclr-connectors:aws": aws}}
        with (self.folder / "stacks" / f"Pulumi.{OWN}.yaml").open("w") as file:
            yaml.dump(content, file)
        self.cloud.client("ssm").put_parameter(
            Name=f"/{OWN}/cyclr",
            Value=API_SECRET,
            Type="SecureString",
            KeyId=self.cloud.client("kms").create_key()["KeyMetadata"]["KeyId"],
        )
        return content

    def _run(self, role: str, line: list[str]) -> subprocess.CompletedProcess[str]:
        backend = f"s3://{declared.BUCKET}/{FOLDER}?region={REGION}&use_path_style=true"
        env = {
            **self.env,
            **self.cloud.env(self.credentials[role]),
            "PULUMI_BACKEND_URL": backend,
            "PYTHONPATH": str(self.folder),
        }
        return subprocess.run(
            line, cwd=self.folder, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
