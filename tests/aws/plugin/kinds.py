"""What the provider knows of each type of resource beyond the SDK's table, as data.

Source: the schemas of the Terraform provider that pulumi_aws 7 is made of, from knowledge: the SDK says neither what
        is immutable, nor what AWS fills in, nor which calls are made. None of it was observed on AWS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from tests.aws.plugin.arguments import own_type
from tests.aws.plugin.calls import Account
from tests.aws.plugin.comparison import Same
from tests.aws.plugin.values import Props

Problems = Iterator[tuple[str, str]]


def _no_rules(_inputs: Props) -> Problems:
    yield from ()


def _nothing_more(_account: Account, _identity: str, _inputs: Props) -> None:
    """Most resources are made by one call."""


@dataclass(frozen=True)
class Kind:
    """One type of resource."""

    noun: str
    create: Callable[[Account, Props], str]
    """Makes it, by one call, and gives its id."""
    read: Callable[[Account, str, Props], Props | None]
    """Everything that AWS tells of it by its id; None when it is gone. The state so far is for what an id lacks."""
    update: Callable[[Account, str, Props, Props, frozenset[str]], None]
    """Takes the id, the state, the inputs, and the names of what differs."""
    delete: Callable[[Account, str, Props], None]
    served: frozenset[str]
    """The inputs that the stand-in puts into practice; any other is refused, never ignored."""
    finish: Callable[[Account, str, Props], None] = _nothing_more
    """What is left to do once it is made."""
    immutable: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    """What AWS does not tell: the state holds it as it was declared."""
    computed: frozenset[str] = frozenset()
    """Inputs that AWS fills in where they are not declared; that is no difference."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """What the provider declares where the program does not."""
    same: Mapping[str, Same] = field(default_factory=dict)
    """When two values that differ in writing mean the same."""
    rules: Callable[[Props], Problems] = _no_rules
    """What the provider refuses before it asks AWS."""
    name_prefix: str | None = ""
    """Of a name that the provider makes up; None where it makes up none."""


_MODULES = {
    "aws:kms/alias:Alias": "kms",
    "aws:kms/key:Key": "kms",
    "aws:secretsmanager/secret:Secret": "secretsmanager",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "secretsmanager",
    "aws:route53/record:Record": "route53",
    "aws:sns/topic:Topic": "sns",
    "aws:sns/topicSubscription:TopicSubscription": "sns",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "cloudwatch",
}
TOKENS = tuple(_MODULES)


def kind(token: str) -> Kind | None:
    """The kind of a type, None when the stand-in does not serve it; only its service's module is imported."""
    token = own_type(token)
    if token not in _MODULES:
        return None
    module = import_module(f"tests.aws.plugin.{_MODULES[token]}")
    kinds: Mapping[str, Kind] = module.KINDS
    return kinds[token]
