"""The life of an environment on AWS, run once: what each step printed, left at AWS and sent to the vendors."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.engine.aws import BUCKET, CONFIG_KEYS, SECRET, STACK, STATE, CloudStack, Steps
from tests.people import consent

AWS_SM = (f"aws-sm:{SECRET}#app_secret", f"aws-sm:{SECRET}#cyclr")
CONFIG = ("config:facebookAppSecret", "config:cyclrClientSecret")


class Step(NamedTuple):
    """One command, and what there was after it."""

    done: subprocess.CompletedProcess[str]
    writes: list[str]
    """Calls that changed something at the vendors."""
    resources: dict[str, str]
    """Name -> type, of the state."""
    document: dict[str, Any]
    """The one environment of a report with --json."""
    moved: bool
    """Whether the state is another one, to the byte."""
    read: int
    """How often AWS was asked for a secret's value."""

    @property
    def said(self) -> str:
        """Both streams."""
        return f"{self.done.stdout}\n{self.done.stderr}"


@dataclass
class Journey(Steps):
    """The steps so far, and what people put and took between them."""

    steps: dict[str, Step] = field(default_factory=dict)
    versions: list[str] = field(default_factory=list)
    """Of the secret's values, in the order that they were put."""
    container: dict[str, Any] = field(default_factory=dict)
    """The container, after a repair and after destroy."""

    def step(self, name: str, run: Callable[[], subprocess.CompletedProcess[str]]) -> None:
        """Run a command, and keep what there is to know of it."""
        self.stack.world.forget_requests()
        before, read = self.stack.state(), self._read()
        done = run()
        document = json.loads(done.stdout)["environments"][0] if done.stdout.startswith("{") else {}
        after = self.stack.state()
        facts = (self.stack.world.writes(), self.stack.resources(), document, after != before, self._read() - read)
        self.steps[name] = Step(done, *facts)

    def report(self, name: str, command: str) -> None:
        """A report of ours."""
        self.step(name, lambda: self.stack.command(command, "--json"))

    def _read(self) -> int:
        return len(self.stack.cloud.calls("secretsmanager", "GetSecretValue"))

    def put(self) -> None:
        """A person puts the value once more: another version of it."""
        self.versions.append(self.stack.put())


def travelled(stack: CloudStack) -> Journey:
    """From an empty account to destroy and back."""
    journey = Journey(stack)
    _first_day(journey)
    _another_version(journey)
    _changed_by_others(journey)
    _deleted_by_others(journey)
    _destroyed(journey)
    _moved(journey)
    return journey


def _first_day(journey: Journey) -> None:
    stack = journey.stack
    stack.cloud.fault("secretsmanager", "PutResourcePolicy", "denied")
    journey.up("unprotected")
    stack.cloud.mend()
    journey.up("containers")
    journey.put()
    stack.people()
    journey.up("connector")
    journey.step("authorize", lambda: stack.command("authorize"))
    consent(journey.steps["authorize"].done.stdout.strip())
    journey.up("consent")
    _older(stack)
    journey.preview("preview, ready")
    journey.report("report, ready", "preview")


def _older(stack: CloudStack) -> None:
    """The state as it would be of a key that somebody made without a word on the check of its policy."""
    s3, where = stack.cloud.client("s3"), {"Bucket": BUCKET, "Key": STATE}
    document = json.loads(stack.state())
    (key,) = (each for each in document["checkpoint"]["latest"]["resources"] if each["type"] == "aws:kms/key:Key")
    for part in ("inputs", "outputs"):
        assert key[part]["bypassPolicyLockoutSafetyCheck"] is True
        key[part]["bypassPolicyLockoutSafetyCheck"] = False
    s3.put_object(**where, Body=json.dumps(document))


def _another_version(journey: Journey) -> None:
    journey.put()
    journey.preview("preview, version")
    journey.report("report, version", "preview")
    journey.up("version")


def _changed_by_others(journey: Journey) -> None:
    """Somebody at AWS changes the description, adds a tag and lets everybody read."""
    secrets = journey.stack.cloud.client("secretsmanager")
    secrets.update_secret(SecretId=SECRET, Description="Mine")
    secrets.tag_resource(SecretId=SECRET, Tags=[{"Key": "owner", "Value": "me"}])
    policy = json.loads(secrets.get_resource_policy(SecretId=SECRET)["ResourcePolicy"])
    policy["Statement"].pop()
    secrets.put_resource_policy(SecretId=SECRET, ResourcePolicy=json.dumps(policy))
    journey.report("drift, changed", "drift")
    journey.up("repair")
    journey.container["repaired"] = container(journey.stack)


def _deleted_by_others(journey: Journey) -> None:
    journey.stack.cloud.client("secretsmanager").delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True)
    journey.report("drift, deleted", "drift")
    journey.preview("preview, deleted")
    journey.up("made again")
    journey.put()
    journey.up("back")


def _destroyed(journey: Journey) -> None:
    stack = journey.stack
    journey.step("destroy", lambda: stack.pulumi("destroy", "--yes", "--skip-preview", "--stack", STACK, check=False))
    journey.container["destroyed"] = container(stack)
    journey.up("taken back")
    journey.preview("preview, taken back")
    journey.container["taken back"] = container(stack)


def _moved(journey: Journey) -> None:
    """The same values move into the encrypted config and back."""
    for key, value in CONFIG_KEYS.items():
        journey.stack.type_secret(key, value)
    journey.stack.refer(*CONFIG)
    journey.up("to config")
    journey.stack.refer(*AWS_SM)
    journey.preview("preview, to AWS")
    journey.up("to AWS")


def container(stack: CloudStack) -> dict[str, Any]:
    """What stands at AWS of the container, with the version of its value; without one, where that is to be deleted."""
    secrets, kms = stack.cloud.client("secretsmanager"), stack.cloud.client("kms")
    described = secrets.describe_secret(SecretId=SECRET)
    key = kms.describe_key(KeyId=described["KmsKeyId"])["KeyMetadata"]
    policy = secrets.get_resource_policy(SecretId=SECRET).get("ResourcePolicy", "{}")
    return {
        "arn": described["ARN"],
        "description": described["Description"],
        "tags": {each["Key"]: each["Value"] for each in described["Tags"]},
        "policy": json.loads(policy),
        "key": (key["KeyId"], key["KeyState"]),
        "aliases": [each["AliasName"] for each in kms.list_aliases(KeyId=key["KeyId"])["Aliases"]],
        "version": "" if "DeletedDate" in described else secrets.get_secret_value(SecretId=SECRET)["VersionId"],
    }
