"""The optional part `aws:` of a stack file: what the environment keeps at AWS, and who may do what there.

Shape, Raises, Never: as in `stacks.settings_model`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from components import derive
from stacks.settings_types import Email, Host, Settings

ROLES = ("preview", "deploy", "drift")
"""Who runs this package at AWS: a pull request, a deployment, a scheduled look."""


def _like(pattern: str, reason: str) -> Callable[[str], str]:
    matches = re.compile(pattern, re.ASCII).fullmatch

    def check(value: str) -> str:
        if not matches(value):
            raise ValueError(reason)
        return value

    return check


def _some(value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise ValueError("must be a list of texts, with at least one")
    return tuple(value)


def _canonical(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(derive.canonical_set(values))


GITHUB = "token.actions.githubusercontent.com"
"""Who signs the tokens of every run on GitHub, whosesoever; an enterprise may have a path of its own behind it."""

_account = _like(r"\d{12}", "must be the 12 digits of an AWS account, in quotes")
_role = _like(
    r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/[\w+=,.@/-]+", "must be the ARN of a role: arn:aws:iam::ACCOUNT:role/NAME"
)
_subject = _like(r"\S+", "must be a subject of the identity provider, as its tokens have it: a text without spaces")
_region = _like(r"[a-z]{2}(-[a-z]+)+-\d", "must be a region of AWS, e.g. eu-west-1")
_secret = _like(r"[A-Za-z0-9/_+=.@-]{1,505}", "is no name for a secret: letters, digits and /_+=.@- only")
_zone = _like(r"Z[A-Z0-9]{1,31}", "must be the id of a hosted zone, e.g. Z0123456789ABCDEFGHIJ")
_key = _like(
    r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+",
    "must be the ARN of a key: arn:aws:kms:REGION:ACCOUNT:key/ID",
)
_bucket = _like(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "must be the name of a bucket")
_folder = _like(
    r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*", "must be a folder as in s3://BUCKET/FOLDER: letters, digits and /._- only"
)
_namespace = _like(r"(?!AWS/)[A-Za-z0-9._#:/-]{1,255}", "must be a namespace of metrics, which never starts with AWS/")
_metric = _like(
    r"(?!Findings$)[A-Za-z0-9._#:-]{1,255}", "must be the name of a metric, other than Findings, which is taken"
)
_issuer = _like(
    r"[a-z0-9-]+(\.[a-z0-9-]+)+(/[\w./-]+)?", "must be the address of the identity provider without https://"
)


def _count(low: int, high: int) -> Callable[[int], int]:
    def check(value: int) -> int:
        if not low <= value <= high:
            raise ValueError(f"must be a number from {low} to {high}")
        return value

    return check


_Role = Annotated[str, AfterValidator(str.strip), AfterValidator(_role)]
_Subject = Annotated[str, AfterValidator(str.strip), AfterValidator(_subject)]
Roles = Annotated[tuple[_Role, ...], BeforeValidator(_some), AfterValidator(_canonical)]
Subjects = Annotated[tuple[_Subject, ...], BeforeValidator(_some), AfterValidator(_canonical)]
SecretName = Annotated[str, AfterValidator(_secret)]


class SecretContainerSettings(Settings):
    """A secret that the stack makes and people fill."""

    readers: Roles = Field(
        description="The roles that may read its value: ARNs, of the same account. Nobody else can, whatever their own"
        " policy says.",
        examples=["arn:aws:iam::123456789012:role/ROLE"],
    )


class ServiceDomainRecordSettings(Settings):
    """The CNAME of a service domain of one's own."""

    zone_id: Annotated[str, AfterValidator(_zone)] = Field(
        description="The hosted zone of Route 53 that the service domain lies in.", examples=["Z0123456789ABCDEFGHIJ"]
    )
    target: Host = Field(description="The instance of Cyclr that it must point to.", examples=["my.cyclr.com"])
    ttl: Annotated[int, AfterValidator(_count(30, 86_400))] = Field(
        300, description="Seconds that an answer may be kept.", examples=[300]
    )


class DriftAlarmSettings(Settings):
    """Who hears that an environment differs, or that nobody looked."""

    email: Email = Field(description="Who is told.", examples=["ops@acme.example"])
    namespace: Annotated[str, AfterValidator(_namespace)] = Field(
        "CyclrConnectors", description="Namespace of the heartbeat's metric.", examples=["CyclrConnectors"]
    )
    metric: Annotated[str, AfterValidator(_metric)] = Field(
        "Looked", description="The heartbeat's metric.", examples=["Looked"]
    )
    hours: Annotated[int, AfterValidator(_count(1, 24))] = Field(
        12, description="How long nothing may be heard before it is an alarm.", examples=[12]
    )


class SubjectSettings(Settings):
    """Which runs may take which role: the `sub` of their tokens."""

    preview: Subjects = Field(description="Pull requests.", examples=["repo:acme/connectors:environment:look"])
    deploy: Subjects = Field(description="Deployments.", examples=["repo:acme/connectors:environment:staging"])
    drift: Subjects = Field(description="Scheduled looks.", examples=["repo:acme/connectors:environment:drift"])


class AccessSettings(Settings):
    """What the policies of the three roles are made from; see `cyclr-connectors policies`."""

    state_bucket: Annotated[str, AfterValidator(_bucket)] = Field(
        description="The bucket that holds the state.", examples=["acme-pulumi-state"]
    )
    state_folder: Annotated[str, AfterValidator(_folder)] = Field(
        "",
        description="The folder in that bucket, where the address of the state has one: s3://BUCKET/FOLDER.",
        examples=["pulumi"],
    )
    state_key: Annotated[str, AfterValidator(_key)] = Field(
        description="The key that encrypts the secrets in the state: its ARN.",
        examples=["arn:aws:kms:eu-west-1:123456789012:key/KEY-ID"],
    )
    identity_provider: Annotated[str, AfterValidator(_issuer)] = Field(
        GITHUB,
        description="Who signs the tokens of the runs. The audience is always sts.amazonaws.com.",
        examples=[GITHUB],
    )
    subjects: SubjectSettings = Field(
        description="Which runs may take which role: the `sub` of their tokens, in GitHub's repo:OWNER/NAME:..."
        " A * or ? stands for other signs, but never in what says whose run it is."
    )

    def secrets_provider(self, stack: str) -> str:
        """What the CLI is told of the key: where it is, and the stack's name, which the policies ask for."""
        region, name = self.state_key.split(":")[3], stack.rpartition("/")[2]
        return f"awskms:///{self.state_key}?region={region}&context_stack={name}"


class AwsSettings(Settings):
    """What one environment keeps at AWS."""

    account: Annotated[str, AfterValidator(_account)] = Field(
        description="The account, in quotes; a run that reaches another one is refused.", examples=["123456789012"]
    )
    region: Annotated[str, AfterValidator(_region)] = Field(description="The region.", examples=["eu-west-1"])
    secrets: dict[SecretName, SecretContainerSettings] = Field(
        default_factory=dict, description="Secrets that the stack makes, by their names in Secrets Manager."
    )
    service_domain_record: ServiceDomainRecordSettings | None = Field(
        None, description="The CNAME of a service domain of your own."
    )
    drift_alarm: DriftAlarmSettings | None = Field(None, description="The alarm on findings and on missing looks.")
    access: AccessSettings | None = Field(None, description="What the policies of the three roles are made from.")
