"""An account with two environments, whose roles have the policies that the command makes, as tests find it.

The other environment is named so that the first one's name begins its own: a pattern that is too wide would match.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from components.aws import policies
from stacks.settings_aws import ROLES
from tests.aws.cloud.account import ACCOUNT, REGION, Credentials
from tests.aws.cloud.client import Cloud
from tests.unit.operations.policies import declared

OWN, OTHER = "staging", "staging-2"
PROJECT = "cyclr-connectors"
ISSUER = declared.ISSUER
SUBJECTS = {
    "preview": "repo:acme/connectors:pull_request",
    "deploy": f"repo:acme/connectors:environment:{OWN}",
    "drift": "repo:acme/connectors:environment:look",
}
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
"""What somebody attaches to a role in a hurry."""
SEES_PARAMETERS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["ssm:Get*", "ssm:Describe*", "ssm:List*"], "Resource": "*"}],
}
"""What AWS's own AmazonSSMReadOnlyAccess says, and many roles have: their values are left to the keys."""
SHARED = f"{OTHER}/shared"
"""A secret whose policy lets the whole account read it, and whose key has no mark."""
CANARY = "canary-app-secret-4711"


@dataclass
class World:
    """The account, and what in it is whose."""

    cloud: Cloud
    state_key: str = ""
    zone: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    """Environment -> the key of its secret; "": a key without a mark."""
    sealed: dict[str, bytes] = field(default_factory=dict)
    """Environment -> what the state's key encrypted in its context."""
    topics: dict[str, str] = field(default_factory=dict)
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Role -> kind -> document, of the first environment."""
    credentials: dict[str, Credentials] = field(default_factory=dict)

    def client(self, role: str, service: str) -> Any:
        """A client with the rights of a role."""
        return self.cloud.client(service, self.credentials[role])


def made(cloud: Cloud, folder: Path) -> World:
    """Both environments, the roles of the first one, and IAM switched on."""
    world = World(cloud)
    _shared(world)
    for environment in (OWN, OTHER):
        _environment(world, environment)
    cloud.client("secretsmanager").create_secret(Name=f"{OWN}/facebook-2")  # nobody's
    cloud.client("secretsmanager").create_secret(Name=f"{OWN}/common")  # under the key that AWS manages
    cloud.client("kms").create_alias(AliasName=policies.alias(OWN, "kept"), TargetKeyId=world.keys[OWN])
    world.keys[""] = cloud.client("kms").create_key()["KeyMetadata"]["KeyId"]
    _share(world)
    aws = declared.full(
        OWN,
        access=declared.access(OWN, stateKey=world.state_key),
        serviceDomainRecord={"zoneId": world.zone, "target": "custom.cyclr.com"},
    )
    for name in ("new", "made", "common"):
        aws["secrets"][f"{OWN}/{name}"] = aws["secrets"][f"{OWN}/facebook"]
    world.documents = declared.documents(folder, OWN, declared.content(OWN, aws))
    for role in ROLES:
        arn = cloud.role(f"{OWN}-{role}", world.documents[role]["permissions"], trust=world.documents[role]["trust"])
        world.credentials[role] = cloud.credentials_by_token(arn, claims(role))
        broad = cloud.role(f"{OWN}-{role}-broad", world.documents[role]["permissions"], EVERYTHING)
        world.credentials[f"broad {role}"] = cloud.credentials_of(broad)
        seeing = cloud.role(f"{OWN}-{role}-seeing", world.documents[role]["permissions"], SEES_PARAMETERS)
        world.credentials[f"seeing {role}"] = cloud.credentials_of(seeing)
    cloud.enforce()
    return world


def claims(role: str, **changes: str) -> Mapping[str, str]:
    """What the token of a run of this role says."""
    return {"iss": f"https://{ISSUER}", "aud": "sts.amazonaws.com", "sub": SUBJECTS[role], **changes}


def own_tag(environment: str, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """The mark of an environment."""
    return [{key: policies.ENVIRONMENT_TAG, value: environment}]


def _shared(world: World) -> None:
    cloud = world.cloud
    cloud.client("s3").create_bucket(Bucket=declared.BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    cloud.client("s3").put_object(Bucket=declared.BUCKET, Key=".pulumi/meta.yaml", Body=b"version: 1")
    world.state_key = cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    route53 = cloud.client("route53")
    while not world.zone.startswith("Z"):  # as AWS's ids do; those of moto 5.2 begin with any sign
        zone = route53.create_hosted_zone(Name="acme.example", CallerReference=secrets.token_hex(8))
        world.zone = zone["HostedZone"]["Id"].rpartition("/")[2]
    cloud.client("iam").create_open_id_connect_provider(
        Url=f"https://{ISSUER}", ClientIDList=["sts.amazonaws.com", "https://other"], ThumbprintList=["a" * 40]
    )


def _share(world: World) -> None:
    """Whoever may not read this secret is kept from it by its key alone, which leaves that to IAM."""
    store = world.cloud.client("secretsmanager")
    store.create_secret(Name=SHARED, KmsKeyId=world.keys[""], SecretString=CANARY)
    everybody = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "secretsmanager:GetSecretValue"}
    mine = {**everybody, "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}}
    store.put_resource_policy(SecretId=SHARED, ResourcePolicy=policies.text({"Statement": [mine]}))


def _environment(world: World, environment: str) -> None:
    cloud, kms = world.cloud, world.cloud.client("kms")
    for key in (f"stacks/{PROJECT}/{environment}.json", f"locks/organization/{PROJECT}/{environment}/1.json"):
        cloud.client("s3").put_object(Bucket=declared.BUCKET, Key=f".pulumi/{key}", Body=b"{}")
    context = {"stack": environment}
    world.sealed[environment] = kms.encrypt(KeyId=world.state_key, Plaintext=b"state", EncryptionContext=context)[
        "CiphertextBlob"
    ]
    own = policies.key_policy(ACCOUNT, REGION)
    # The other's key leaves everything to IAM, and its secret has no policy: what is refused, our documents refuse.
    named = {"Policy": policies.text(own)} if environment == OWN else {}
    key = kms.create_key(Tags=own_tag(environment, "TagKey", "TagValue"), **named)["KeyMetadata"]["KeyId"]
    world.keys[environment] = key
    store = cloud.client("secretsmanager")
    store.create_secret(Name=f"{environment}/facebook", KmsKeyId=key, Tags=own_tag(environment))
    store.put_secret_value(SecretId=f"{environment}/facebook", SecretString=json.dumps({"appSecret": CANARY}))
    parameter = {"Name": f"/{environment}/cyclr", "Value": CANARY, "Type": "SecureString"}
    cloud.client("ssm").put_parameter(**parameter, KeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    sns = cloud.client("sns")
    world.topics[environment] = sns.create_topic(Name=policies.topic(environment), Tags=own_tag(environment))[
        "TopicArn"
    ]
