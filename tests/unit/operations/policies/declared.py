"""Stack files of environments at AWS, from which policies are made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from stacks.operations.policies.command import command

ACCOUNT, REGION = "123456789012", "eu-west-1"
STATE_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0000aaaa-11bb-22cc-33dd-444444eeeeee"
BUCKET = "acme-pulumi-state"
ISSUER = "token.actions.githubusercontent.com"


def access(stack: str, **changes: Any) -> dict[str, Any]:
    """Who runs an environment."""
    subjects = {
        "preview": ["repo:acme/connectors:pull_request"],
        "deploy": [f"repo:acme/connectors:environment:{stack}"],
        "drift": ["repo:acme/connectors:environment:look", "repo:acme/connectors:ref:refs/heads/*"],
    }
    return {"stateBucket": BUCKET, "stateKey": STATE_KEY, "subjects": subjects, **changes}


def full(stack: str, **changes: Any) -> dict[str, Any]:
    """Everything that `aws:` can hold."""
    readers = [f"arn:aws:iam::{ACCOUNT}:role/{stack}-{role}" for role in ("deploy", "drift")]
    return {
        "account": ACCOUNT,
        "region": REGION,
        "secrets": {f"{stack}/facebook": {"readers": readers}},
        "serviceDomainRecord": {"zoneId": "Z0123456789ABCDEFGHIJ", "target": "custom.cyclr.com"},
        "driftAlarm": {"email": "ops@acme.example"},
        "access": access(stack),
        **changes,
    }


def bare(stack: str, **changes: Any) -> dict[str, Any]:
    """An environment that keeps its state at AWS and nothing else."""
    return {"account": ACCOUNT, "region": REGION, "access": access(stack), **changes}


def content(stack: str, aws: Mapping[str, Any] | None, app: str = "", cyclr: str = "") -> dict[str, Any]:
    """A stack file; its secrets are at AWS unless others are named."""
    config: dict[str, Any] = {
        "serviceDomain": f"{stack}.acme.example",
        "cyclr": {
            "region": "eu",
            "clientId": "00000000-0000-0000-0000-000000000000",
            "clientSecret": cyclr or f"aws-ssm:/{stack}/cyclr",
            "account": "00000000-0000-0000-0000-000000000001",
        },
        "connectors": {
            "facebook-marketing": {
                "appId": "1234567890123456",
                "appSecret": app or f"aws-sm:{stack}/facebook#appSecret",
                "appName": "Acme Ads",
                "privacyPolicyUrl": "https://acme.example/privacy",
            }
        },
        **({"aws": aws} if aws else {}),
    }
    return {"config": {f"cyclr-connectors:{key}": value for key, value in config.items()}}


def write(folder: Path, stack: str, document: Mapping[str, Any]) -> Path:
    """The stack file; JSON is YAML."""
    path = folder / f"Pulumi.{stack}.yaml"
    path.write_text(json.dumps(document))
    return path


def run(folder: Path, stack: str, document: Mapping[str, Any], *more: str) -> Result:
    """The command, for a stack file of this content."""
    path = write(folder, stack, document)
    return CliRunner().invoke(command, ["-s", stack, "--config-file", str(path), *more])


def documents(folder: Path, stack: str, document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Role -> kind -> document."""
    done = run(folder, stack, document, "--json")
    assert done.exit_code == 0, done.exception or done.output
    return json.loads(done.stdout)["roles"]
