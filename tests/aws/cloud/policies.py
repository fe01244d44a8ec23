"""Policies of identities and of resources, and who of them lets a request in: a pure evaluator.

An explicit Deny beats every Allow, and what nobody allows is denied. A policy of a resource lets a principal of its own
account in by itself where it names that principal; where it names the account it only leaves the word to the policies
of identities. A KMS key and a role's trust must speak: without them the policies of identities count for nothing.
Source:  IAM's user guide, "Policy evaluation logic"; KMS developer guide, "Key policies" (default key policy)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from tests.aws.cloud.conditions import Context, Unjudgeable, filled, hold, is_arn_like, is_like, listed

ELEMENTS = {
    *("Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition"),
}


class Verdict(Enum):
    """How the question was decided, in the words of AWS's messages."""

    ALLOWED = ""
    DENIED_BY_IDENTITY = "with an explicit deny in an identity-based policy"
    DENIED_BY_RESOURCE = "with an explicit deny in a resource-based policy"
    NOT_ALLOWED_BY_IDENTITY = "because no identity-based policy allows the {action} action"
    NOT_ALLOWED_BY_RESOURCE = "because no resource-based policy allows the {action} action"
    NOT_ALLOWED_BY_SESSION = "because no session policy allows the {action} action"


@dataclass(frozen=True)
class Principal:
    """Who asks, and what their own policies say."""

    arn: str
    names: frozenset[str]
    """Every ARN by which a policy can name them: the role and the session, or the provider of a token."""
    account: str
    policies: tuple[str, ...] = ()
    session_policy: str | None = None
    is_root: bool = False
    """The account itself: no policy of its own can take anything from it."""


@dataclass(frozen=True)
class Need:
    """One right that a call takes."""

    action: str
    resource: str
    """An ARN, or `*` where the action knows no resource."""
    context: Context = field(default_factory=dict)
    policy: str | None = None
    """The resource's own policy."""
    policy_must_speak: bool = False
    """Whether nobody is let in without that policy: KMS keys and the trust of roles."""
    refusal: tuple[str, str] | None = None
    """Code and text of the answer, where it is not the usual one: the caller sees another service's refusal."""


def decide(principal: Principal, need: Need) -> Verdict:
    """Whether a principal may do what a call needs.

    Raises:  Unjudgeable, for a policy that is not known here
    """
    own = {effect for text in principal.policies for effect, _ in _speaking(text, need)}
    if "Deny" in own:
        return Verdict.DENIED_BY_IDENTITY
    own_allow = "Allow" in own or principal.is_root
    direct, delegated = False, False
    for effect, named in _speaking(need.policy, need, principal):
        if effect == "Deny":
            return Verdict.DENIED_BY_RESOURCE
        direct, delegated = direct or named, True
    if not direct and need.policy_must_speak and not delegated:
        return Verdict.NOT_ALLOWED_BY_RESOURCE
    if not direct and not own_allow:
        return Verdict.NOT_ALLOWED_BY_IDENTITY
    if principal.session_policy and {"Allow"} != {effect for effect, _ in _speaking(principal.session_policy, need)}:
        return Verdict.NOT_ALLOWED_BY_SESSION
    return Verdict.ALLOWED


def statements(document: str) -> list[Mapping[str, object]]:
    """The statements of a policy document.

    Raises:  Unjudgeable, for one that IAM would not have taken
    """
    content = json.loads(document)
    found = content.get("Statement")
    found = [found] if isinstance(found, dict) else found or []
    for statement in found:
        if unknown := statement.keys() - ELEMENTS:
            raise Unjudgeable(f"the element {min(unknown)} is not known here")
        if statement.get("Effect") not in ("Allow", "Deny"):
            raise Unjudgeable("a statement is without Effect")
        if ("Action" in statement) is ("NotAction" in statement):
            raise Unjudgeable("a statement needs either Action or NotAction")
    return found


def _speaking(document: str | None, need: Need, principal: Principal | None = None) -> Iterator[tuple[str, bool]]:
    """The effect of every statement that is about this need, and whether it names the principal and not the account."""
    for statement in statements(document) if document else ():
        named = _names(statement, principal)
        if (
            named is not None
            and _about_action(statement, need.action)
            and _about_resource(statement, need, is_of_resource=principal is not None)
            and hold(_mapping(statement.get("Condition")), need.context)
        ):
            yield str(statement["Effect"]), named


def _names(statement: Mapping[str, object], principal: Principal | None) -> bool | None:
    """Whether a statement names this principal, or only its account; None where it is about others.

    The policy of an identity names nobody: it is about whom it is attached to.
    """
    if principal is None:
        if "Principal" in statement:
            raise Unjudgeable("the policy of an identity has a Principal")
        return False
    named = statement.get("Principal")
    if named is None:
        raise Unjudgeable("the policy of a resource has no Principal")
    by_kind = {"AWS": named} if named == "*" else _mapping(named)
    everybody = "*" in listed(by_kind.get("AWS", []))
    texts = {text for kind in ("AWS", "Federated") for text in listed(by_kind.get(kind, []))}
    if any("*" in text and text != "*" for text in texts):
        raise Unjudgeable("a Principal with a wildcard inside is no principal to IAM")
    if everybody or texts & principal.names:
        return not principal.is_root or everybody
    accounts = {principal.account, f"arn:aws:iam::{principal.account}:root"}
    return False if texts & accounts and "AWS" in by_kind else None


def _about_action(statement: Mapping[str, object], action: str) -> bool:
    patterns = listed(statement.get("Action", statement.get("NotAction")))
    return _any_like((text.lower() for text in patterns), action.lower()) is ("Action" in statement)


def _about_resource(statement: Mapping[str, object], need: Need, *, is_of_resource: bool) -> bool:
    if "Resource" not in statement and "NotResource" not in statement:
        if is_of_resource:
            return True  # a trust policy has none, for it stands at its resource
        raise Unjudgeable("the policy of an identity has no Resource")
    patterns = [filled(text, need.context) for text in listed(statement.get("Resource", statement.get("NotResource")))]
    if need.resource.startswith("arn:"):
        matches = any(is_arn_like(pattern, need.resource) for pattern in patterns)
    else:
        matches = "*" in patterns
    return matches is ("Resource" in statement)


def _any_like(patterns: Iterable[str], text: str) -> bool:
    return any(is_like(pattern, text) for pattern in patterns)


def _mapping(value: object) -> Mapping[str, Mapping[str, object]]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unjudgeable("a statement has an element of another form")
    return value
