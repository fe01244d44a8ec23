"""Marks on what is the environment's own: which ones deploy is refused to put there, and to take away.

Shape: kind of resource -> service, and how its client puts one mark and takes one away
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from components.aws import policies
from tests.aws.cloud.account import ACCOUNT, REGION
from tests.aws.policies.acts import PREFIX, Calls
from tests.aws.policies.world import OTHER, OWN, World

Put = Callable[[Any, World, str, str], object]
Take = Callable[[Any, World, str], object]

SECRET = f"{OWN}/facebook"
ALARM = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{PREFIX}-{OWN}-findings"
KINDS: Mapping[str, tuple[str, Put, Take]] = {
    "key": (
        "kms",
        lambda kms, w, name, value: kms.tag_resource(KeyId=w.keys[OWN], Tags=[{"TagKey": name, "TagValue": value}]),
        lambda kms, w, name: kms.untag_resource(KeyId=w.keys[OWN], TagKeys=[name]),
    ),
    "secret": (
        "secretsmanager",
        lambda sm, _, name, value: sm.tag_resource(SecretId=SECRET, Tags=[{"Key": name, "Value": value}]),
        lambda sm, _, name: sm.untag_resource(SecretId=SECRET, TagKeys=[name, "team"]),
    ),
    "topic": (
        "sns",
        lambda sns, w, name, value: sns.tag_resource(ResourceArn=w.topics[OWN], Tags=[{"Key": name, "Value": value}]),
        lambda sns, w, name: sns.untag_resource(ResourceArn=w.topics[OWN], TagKeys=[name]),
    ),
    "alarm": (
        "cloudwatch",
        lambda cw, _, name, value: cw.tag_resource(ResourceARN=ALARM, Tags=[{"Key": name, "Value": value}]),
        lambda cw, _, name: cw.untag_resource(ResourceARN=ALARM, TagKeys=["team", name]),
    ),
}


def _putting(put: Put, name: str, value: str) -> Callable[[Any, World], object]:
    return lambda client, world: put(client, world, name, value)


def _taking(take: Take, name: str) -> Callable[[Any, World], object]:
    return lambda client, world: take(client, world, name)


NEVER_MARKED: Calls = {
    f"{what} {kind}": (service, call)
    for kind, (service, put, take) in KINDS.items()
    for what, call in {
        "puts another mark on its": _putting(put, "team", "x"),
        "takes the environment's mark off its": _taking(take, policies.ENVIRONMENT_TAG),
        "takes the key's mark off its": _taking(take, policies.KEY_TAG),
    }.items()
}
"""What no other policy gives either."""
MARKS_DENIED: Calls = {
    **NEVER_MARKED,
    **{
        f"gives away its {kind}": (service, _putting(put, policies.ENVIRONMENT_TAG, OTHER))
        for kind, (service, put, _) in KINDS.items()
    },
}
