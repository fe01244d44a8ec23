"""AWS on loopback, as tests hold it: the same whether it runs in this process or in one of its own.

Never:   another address than loopback; settings of the shell in the environment that it hands out
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config

from tests.aws.cloud.account import ACCOUNT, CONTROL, REGION, ROOT, Credentials, Kind, Record, token
from tests.worlds import ROOT as CHECKOUT

NOWHERE = os.devnull
ONCE = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20)
"""A client of a test shows the first answer."""


@cache
def _session() -> boto3.session.Session:
    """One for all: it reads the description of a service once."""
    return boto3.session.Session()


@dataclass(frozen=True)
class Cloud:
    """One AWS account on loopback, empty but for the account itself."""

    endpoint: str

    def env(self, credentials: Credentials | None = None, region: str = REGION) -> dict[str, str]:
        """The environment by which SDKs and the CLI find it, and nothing of another AWS.

        credentials  the account itself by default
        """
        who = credentials or ROOT
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ENDPOINT_URL_STS": self.endpoint,  # the CLI exchanges a token for a role by this one alone
            "AWS_ACCESS_KEY_ID": who.access_key,
            "AWS_SECRET_ACCESS_KEY": who.secret_key,
            **({"AWS_SESSION_TOKEN": who.token} if who.token else {}),
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": NOWHERE,
            "AWS_SHARED_CREDENTIALS_FILE": NOWHERE,
        }

    def client(
        self, service: str, credentials: Credentials | None = None, region: str = REGION, config: Config = ONCE
    ) -> Any:
        """A boto3 client that tries once.

        credentials  the account itself by default
        """
        who = credentials or ROOT
        return _session().client(
            service,
            endpoint_url=self.endpoint,
            config=config,
            region_name=region,
            aws_access_key_id=who.access_key,
            aws_secret_access_key=who.secret_key,
            aws_session_token=who.token or None,
        )

    def reset(self) -> None:
        """Forget everything: an empty account, no enforcement, no faults, no calls."""
        self._ask("POST", "reset")

    def enforce(self) -> None:
        """From now on a call needs a true signature and the right to make it.

        The tags of the keys that are there count from now on, those of a later one only when this is said again.
        """
        self._ask("POST", "enforcement", on=True)

    def relax(self) -> None:
        """From now on anybody may do anything."""
        self._ask("POST", "enforcement", on=False)

    def fault(self, service: str, action: str, kind: Kind, times: int | None = None) -> None:
        """Have calls fail from now on.

        service  as in IAM, such as secretsmanager, kms, s3
        action   an operation of the API, such as GetSecretValue, or `*`
        times    how many calls; all by default
        """
        self._ask("POST", "faults", service=service, action=action, kind=kind, times=times)

    def mend(self) -> None:
        """End all faults."""
        self._ask("DELETE", "faults")

    def calls(self, service: str = "", action: str = "") -> list[Record]:
        """Every call so far, the oldest first; of one service or operation where named."""
        records = [Record(**record) for record in self._ask("GET", "calls")]
        return [item for item in records if service in ("", item.service) and action in ("", item.action)]

    def user(self, name: str, *policies: Mapping[str, object]) -> Credentials:
        """A new user with these policies, and their key."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        for number, policy in enumerate(policies):
            iam.put_user_policy(UserName=name, PolicyName=f"policy-{number}", PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return Credentials(key["AccessKeyId"], key["SecretAccessKey"])

    def role(self, name: str, *policies: Mapping[str, object], trust: Mapping[str, object] | None = None) -> str:
        """The ARN of a new role with these policies; by default only the account itself may assume it."""
        own = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
        document = trust or {"Version": "2012-10-17", "Statement": [own]}
        iam = self.client("iam")
        arn = str(iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document))["Role"]["Arn"])
        for number, policy in enumerate(policies):
            iam.put_role_policy(RoleName=name, PolicyName=f"policy-{number}", PolicyDocument=json.dumps(policy))
        return arn

    def credentials_of(self, role_arn: str, session: str = "session", duration: int = 3600) -> Credentials:
        """Credentials of a role, without asking its trust.

        duration  seconds; zero or less makes credentials that have expired
        """
        return Credentials(**self._ask("POST", "credentials", role_arn=role_arn, session=session, duration=duration))

    def credentials_by_token(self, role_arn: str, claims: Mapping[str, object], session: str = "ci") -> Credentials:
        """Credentials of a role for a token with these claims (iss, aud, sub), as a run of CI gets them.

        Raises:  botocore's ClientError, where the token or the trust of the role does not let it in
        """
        sts = self.client("sts", config=ONCE.merge(Config(signature_version=UNSIGNED)))
        answer = sts.assume_role_with_web_identity(
            RoleArn=role_arn, RoleSessionName=session, WebIdentityToken=token(claims)
        )["Credentials"]
        return Credentials(answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"])

    def _ask(self, method: str, what: str, **body: object) -> Any:
        request = urllib.request.Request(
            f"{self.endpoint}{CONTROL}{what}", method=method, data=json.dumps(body).encode() if body else None
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)


@contextmanager
def running_apart() -> Iterator[Cloud]:
    """AWS in a process of its own, for tests whose process must not hold moto."""
    command = [sys.executable, "-m", "tests.aws.cloud", "--port", "0"]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Cloud(json.loads(process.stdout.readline())["endpoint"])
        finally:
            process.terminate()
