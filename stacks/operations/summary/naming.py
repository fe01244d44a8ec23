"""What a resource is and whose it is, from its URN. Pure.

Shape:  `facebook.AppSettings` of ours; `aws.kms.Key` of Pulumi's package aws; of a provider or component the last part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stacks.operations.summary import observed

STACK_TYPE = "pulumi:pulumi:Stack"
CONNECTOR_TYPE = "cyclr-connectors:index:OAuthConnector"
AWS_COMPONENTS = "cyclr-connectors:aws:"
"""How the types of components at AWS start: they group resources, and what there is to say these say."""
SEVERAL = ("aws.cloudwatch.MetricAlarm",)
"""Kinds of which one component has more than one."""
AWS_ACCESS = "aws"
"""Kind of the provider that leads to AWS."""


def kind_of(urn: str) -> str:
    """`facebook.AppSettings` from `...pulumi-python:dynamic/facebook:AppSettings::name`."""
    type_ = observed.type_of(urn)
    if type_.startswith(observed.DYNAMIC):
        return type_.removeprefix(observed.DYNAMIC).replace(":", ".")
    if type_.startswith(observed.AWS):
        return f"aws.{type_.removeprefix(observed.AWS).partition('/')[0]}.{type_.rpartition(':')[2]}"
    return type_.rpartition(":")[2]


def is_aws(kind: str) -> bool:
    """Whether a resource of this kind stands for something at AWS."""
    return kind.startswith(f"{AWS_ACCESS}.")


def holder(kind: str) -> str:
    """Who has what a resource of this kind stands for, as a sentence says it."""
    return "AWS" if is_aws(kind) else "the vendor"


def connector_of(urn: str, parents: Mapping[str, str]) -> str:
    """The name of the connector, or at AWS of the component, that a resource belongs to, else its own."""
    for ancestor in _ancestors(urn, parents):
        if observed.type_of(ancestor) == CONNECTOR_TYPE or observed.type_of(ancestor).startswith(AWS_COMPONENTS):
            return observed.name(ancestor)
    return observed.name(urn)


def own(kind: str, urn: str) -> str:
    """What tells a resource from the others of its kind in one component, to be put behind its kind."""
    return f" {observed.name(urn)}" if kind in SEVERAL else ""


def whole(kind: str, urn: str) -> str:
    """A resource as a whole: its kind, and which of several."""
    return kind + own(kind, urn)


def said(urn: str) -> str:
    """A resource as a sentence names it: at AWS the parts of a component share its name."""
    kind = kind_of(urn)
    if kind == AWS_ACCESS:
        return "access to AWS"
    return f"{kind} {observed.name(urn)}" if is_aws(kind) else observed.name(urn)


def only_groups(urn: str) -> bool:
    """Whether it is the stack, or a component at AWS."""
    type_ = observed.type_of(urn)
    return type_ == STACK_TYPE or type_.startswith(AWS_COMPONENTS)


def _ancestors(urn: str, parents: Mapping[str, str]) -> Iterator[str]:
    seen: set[str] = set()
    while urn and urn not in seen:
        seen.add(urn)
        yield urn
        urn = parents.get(urn, "")
