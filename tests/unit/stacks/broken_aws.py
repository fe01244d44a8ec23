"""Stack files with faults in the part `aws:`, and for each the whole set of problems, as in `broken`."""

from __future__ import annotations

import json
from typing import Any

from tests.unit.stacks.broken import Broken, one
from tests.unit.stacks.texts import CANARY, app, but, config

ACCOUNT = "210987654321"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/0000"
"""Of the state."""
GITLAB = "gitlab.com"
OURS = "repo:acme/connectors"
SUBJECTS = {
    "preview": ["repo:acme/connectors:pull_request"],
    "deploy": ["repo:acme/connectors:environment:staging"],
    "drift": ["repo:acme/connectors:ref:refs/heads/*"],
}
RECORD = "aws.serviceDomainRecord"
REAL = ("cyclr.api", "facebook.graphUrl", "facebook.wwwUrl", "facebook.dashboardUrl")
"""The vendors' addresses of the valid text, which are no sandbox's."""
CONTAINER = 'aws.secrets["acme/staging/vendors"]'
DEPLOY = "aws.access.subjects.deploy"
NO_REPOSITORY, ANYBODYS = "must begin with repo:OWNER/NAME:", "runs of others may take the role"


def aws(**parts: Any) -> str:
    """The valid text with a part `aws:`."""
    declared = {"account": ACCOUNT, "region": "eu-west-1", **parts}
    return config(f"cyclr-connectors:aws: {json.dumps(declared)}")


def access(subjects: Any = None, **parts: Any) -> str:
    """The valid text with these subjects, all others as they should be."""
    merged = {**SUBJECTS, **subjects} if isinstance(subjects, dict) else subjects
    told = {} if subjects is None else {"subjects": merged}
    return aws(access={"stateBucket": "acme-state", "stateKey": KEY, **told, **parts})


def deploy(*subjects: str, **parts: Any) -> str:
    """The valid text with these subjects of deployments."""
    return access({"deploy": list(subjects)}, **parts)


def container(content: Any) -> str:
    """The valid text with one secret that the stack makes."""
    return aws(secrets={"acme/staging/vendors": content})


def record(domain: str, target: str = "my.cyclr.com") -> str:
    """The valid text with the record of this service domain."""
    declared = aws(serviceDomainRecord={"zoneId": "Z0123456789ABCDEFGHIJ", "target": target})
    return but((": app-h.cyclr.com", f": {domain}"), text=declared)


def role(account: str) -> str:
    """A role of an account."""
    return f"arn:aws:iam::{account}:role/reader"


AWS = {
    "secret without readers": one(
        container({}), f"{CONTAINER}.readers", f"--path --plaintext '{CONTAINER}.readers[0]' arn:aws:iam::"
    ),
    "readers as a text": one(
        container({"readers": CANARY}),
        f"{CONTAINER}.readers",
        f"--path '{CONTAINER}.readers'; pulumi config set",
    ),
    "secret as a text": one(container(CANARY), CONTAINER, f"--path '{CONTAINER}'; pulumi config set"),
    "reader of another account": one(
        container({"readers": [role(ACCOUNT), role("123456789012")]}),
        f"{CONTAINER}.readers[1]",
        f"readers[1]' arn:aws:iam::{ACCOUNT}:role/ROLE",
    ),
    "reader of an account that is none": one(
        aws(account="12", secrets={"acme/x": {"readers": [role("123456789012")]}}), "aws.account", "12 digits"
    ),
    "no subjects": one(access(), "aws.access.subjects", f"{DEPLOY}[0]' repo:acme/connectors:environment:staging; "),
    "subjects as a text": one(access(CANARY), "aws.access.subjects", "--path aws.access.subjects; pulumi config set"),
    "subject as a text": one(access({"deploy": CANARY}), DEPLOY, f"--path {DEPLOY}; pulumi config set"),
    "subject with a space": one(deploy("repo:acme/connectors: *"), f"{DEPLOY}[0]", "a text without spaces"),
    "no subject": one(access({"deploy": []}), DEPLOY, "with at least one"),
    "subject as a number": one(
        access({"deploy": [SUBJECTS["deploy"][0], 5]}), f"{DEPLOY}[1]", f"--path '{DEPLOY}[1]' repo:acme/connectors:"
    ),
    "two readers that are none": Broken(
        container({"readers": [role(ACCOUNT), CANARY, "*"]}),
        tuple((f"{CONTAINER}.readers[{number}]", f"readers[{number}]' arn:") for number in (1, 2)),
    ),
    "any subject": one(deploy("*"), f"{DEPLOY}[0]", NO_REPOSITORY),
    "any repository": one(deploy("repo:*"), f"{DEPLOY}[0]", NO_REPOSITORY),
    "beginning of a subject": one(deploy("r*"), f"{DEPLOY}[0]", NO_REPOSITORY),
    "environment of any repository": one(
        deploy(SUBJECTS["deploy"][0], "repo:*:environment:staging"),
        f"{DEPLOY}[1]",
        f"--path '{DEPLOY}[1]' repo:acme/connectors:environment:staging",
    ),
    "any repository of an owner": one(deploy("repo:acme/*:environment:staging"), f"{DEPLOY}[0]", NO_REPOSITORY),
    "any owner of a repository": one(deploy("repo:acm?/connectors:pull_request"), f"{DEPLOY}[0]", NO_REPOSITORY),
    "beginning of a repository": one(deploy("repo:acme/connectors*"), f"{DEPLOY}[0]", NO_REPOSITORY),
    "subject of no repository": one(deploy("environment:staging"), f"{DEPLOY}[0]", NO_REPOSITORY),
    "repository without a run": one(deploy("repo:acme/connectors:"), f"{DEPLOY}[0]", NO_REPOSITORY),
    "any repository of an enterprise": one(
        deploy("repo:*", identityProvider="token.actions.githubusercontent.com/acme"), f"{DEPLOY}[0]", NO_REPOSITORY
    ),
    "pull requests deploy": one(deploy("repo:acme/connectors:pull_request"), f"{DEPLOY}[0]", "pull requests"),
    "all runs of a repository deploy": one(deploy("repo:acme/connectors:*"), f"{DEPLOY}[0]", "pull requests"),
    "pull requests look for drift": one(
        access({"drift": ["repo:acme/connectors:pull_req?est"]}), "aws.access.subjects.drift[0]", "pull requests"
    ),
    "previews deploy": one(
        access({"preview": [f"{OURS}:environment:look"], "deploy": [f"{OURS}:environment:*"]}),
        f"{DEPLOY}[0]",
        "also lets the runs of preview take this role",
    ),
    "any namespace of a cluster": one(
        deploy("system:serviceaccount:*:deploy", identityProvider=GITLAB), f"{DEPLOY}[0]", ANYBODYS
    ),
    "identity provider with a dot behind it": one(
        access({}, identityProvider="token.actions.githubusercontent.com."),
        "aws.access.identityProvider",
        "must be the address of the identity provider",
    ),
    "folder that is an address": one(
        access({}, stateFolder="s3://acme/team"), "aws.access.stateFolder", "must be a folder as in s3://BUCKET/FOLDER"
    ),
    "any project elsewhere": one(deploy("project_path:*", identityProvider=GITLAB), f"{DEPLOY}[0]", ANYBODYS),
    "some project elsewhere": one(
        deploy("project_path:ac?e/x:ref:main", identityProvider=GITLAB), f"{DEPLOY}[0]", f"{DEPLOY}[0]' SUBJECT"
    ),
    "subjects for all roles": Broken(
        access({name: ["*"] for name in SUBJECTS}),
        tuple((f"aws.access.subjects.{name}[0]", NO_REPOSITORY) for name in SUBJECTS),
    ),
    "record of a sandbox's domain": Broken(
        record("LOCALHOST:8703"), (*((key, "real address") for key in REAL), (RECORD, f"--path {RECORD}"))
    ),
    "record of Cyclr's domain": one(record("' Acme-h.Cyclr.com. '"), RECORD, "of Cyclr's own, whose record Cyclr"),
    "record of Cyclr's domain in the EU": one(record("acme-h.eu.cyclr.com"), RECORD, f"--path {RECORD}; or"),
    "record of Cyclr's domain in the UK": one(record("acme-h.cyclr.uk"), RECORD, "the domain of your own"),
    "record of Cyclr's domain to itself": one(record("my.cyclr.com"), RECORD, "of Cyclr's own"),
    "record that leads to itself": one(
        record("Connect.acme.example", "connect.ACME.example."), f"{RECORD}.target", f"{RECORD}.target my.cyclr.com"
    ),
    "record of a domain with a port": one(record("connect.acme.example:8443"), "serviceDomain", "bare host name"),
    "parameter without a slash": one(
        but(("config:facebookAppSecret", "aws-ssm:facebook#key")),
        "connectors.facebook-marketing.appSecret",
        "a parameter has no #JSON_KEY; run: pulumi config set",
    ),
    "secret with a space": one(
        but(("config:cyclrClientSecret", "aws-sm:acme staging")),
        "cyclr.clientSecret",
        "--path --plaintext cyclr.clientSecret aws-sm:NAME",
    ),
}  # fmt: skip
"""Faults that the program finds as well."""

VALID = {
    "subject of a repository": deploy("repo:acme/connectors:environment:staging"),
    "runs of a repository": access({"preview": [f"{OURS}:*"]}),
    "branches of a repository": deploy("repo:acme/connectors:ref:refs/heads/release-?"),
    "repository by name and number": deploy("repo:acme@1234/connectors@5678:environment:staging"),
    "exact subject elsewhere": deploy("project_path:acme/connectors:ref_type:branch:ref:main", identityProvider=GITLAB),
    "account of a namespace": deploy("system:serviceaccount:acme:*", identityProvider=GITLAB),
    "preview and drift by one environment": access(
        {key: ["repo:acme/connectors:environment:look"] for key in ("preview", "drift")}
    ),
    "folder of the state": access({}, stateFolder="team/pulumi"),
    "branches of a project elsewhere": deploy("project_path:acme/connectors:ref:*", identityProvider=GITLAB),
    "runs of a project elsewhere": deploy("org/0000/project/1111/user/*", identityProvider="oidc.example/org/0000"),
    "short subject elsewhere": deploy("deployer", identityProvider="login.acme.example"),
    "readers of the account": container({"readers": [role(ACCOUNT)]}),
    "record of a domain of one's own": record("connect.acme.example"),
    "record of a domain that ends alike": record("connect.mycyclr.com"),
    "record that leads to a domain above": record("connect.acme.example", "acme.example"),
    "secret of a connector": app().replace("config:facebookAppSecret", "aws-sm:acme/staging#appSecret"),
}  # fmt: skip
"""Parts `aws:` without a fault."""
