"""AWS as a process of its own, and as the real CLI's backend."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.aws.cloud.account import REGION
from tests.aws.cloud.asked import allow, policy
from tests.aws.cloud.client import running_apart
from tests.aws.cloud.server import running
from tests.engine.environment import engine_environment

PROJECT = "name: states\nruntime: python\n"
PROGRAM = "import pulumi\npulumi.export('kept', pulumi.Config().require_secret('kept'))\n"


def test_environment_points_nowhere_else(cloud):
    """What a process gets names loopback and leaves no way to another account."""
    env = cloud.env()

    assert env["AWS_ENDPOINT_URL"] == cloud.endpoint
    assert cloud.endpoint.startswith("http://127.0.0.1:")
    assert env["AWS_REGION"] == env["AWS_DEFAULT_REGION"] == REGION
    assert env["AWS_CONFIG_FILE"] == env["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert env["AWS_EC2_METADATA_DISABLED"] == "true"


def test_one_process_holds_one_account(cloud):
    """A second AWS in the same process would share the first one's world, and is refused."""
    assert cloud.calls() == []

    with pytest.raises(RuntimeError), running():
        pass


@pytest.mark.engine
def test_cli_keeps_its_state_with_scoped_rights(tmp_path):
    """The CLI keeps a stack in S3 and its secrets under KMS, signing as it does, with rights for just that."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "__main__.py").write_text(PROGRAM)
    with running_apart() as cloud:
        s3, kms = cloud.client("s3"), cloud.client("kms")
        s3.create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket="state", VersioningConfiguration={"Status": "Enabled"})
        key = kms.create_key()["KeyMetadata"]["Arn"]
        objects = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
        context = {"StringEquals": {"kms:EncryptionContext:stack": "dev"}}
        rights = policy(
            allow("s3:ListBucket", "arn:aws:s3:::state"),
            allow(objects, "arn:aws:s3:::state/.pulumi/*"),
            allow(["kms:Encrypt", "kms:Decrypt"], key, Condition=context),
        )
        cloud.enforce()
        env = {**engine_environment(tmp_path), **cloud.env(cloud.credentials_of(cloud.role("deploy", rights)))}
        env["PULUMI_BACKEND_URL"] = f"s3://state?region={REGION}&use_path_style=true"

        def pulumi(*arguments):
            line = ["pulumi", "--non-interactive", *arguments]
            done = subprocess.run(line, cwd=folder, env=env, capture_output=True, text=True, check=False)
            return done.returncode, done.stdout + done.stderr

        provider = f"awskms:///{key}?region={REGION}&context_stack="
        foreign = pulumi("stack", "init", "other", "--secrets-provider", provider + "prod")
        runs = [
            pulumi("stack", "init", "dev", "--secrets-provider", provider + "dev"),
            pulumi("config", "set", "--secret", "kept", "canary-value", "--stack", "dev"),
            pulumi("up", "--yes", "--skip-preview", "--stack", "dev"),
            pulumi("preview", "--expect-no-changes", "--stack", "dev"),
        ]
        refused = {(call.service, call.action) for call in cloud.calls() if call.status == 403 or call.error}
        bodies = [
            s3.get_object(Bucket="state", Key=item["Key"], VersionId=item["VersionId"])["Body"].read()
            for item in s3.list_object_versions(Bucket="state")["Versions"]
        ]

    assert [code for code, _ in runs] == [0, 0, 0, 0], runs
    assert foreign[0] != 0
    assert refused == {("kms", "Encrypt")}
    assert bodies
    assert not [body for body in bodies if b"canary-value" in body]
