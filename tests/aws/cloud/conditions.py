"""The Condition element of a policy statement, as IAM judges it.

An operator or a key that is not known here raises `Unjudgeable`: a test double that guesses would let a policy pass
that AWS refuses.
Shape:   context maps a key in lower case to its values; a key that the request does not carry is absent
Source:  IAM's user guide, "Condition operators" and "Conditions with multiple context keys or values"
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

Context = Mapping[str, tuple[str, ...]]

ABSENT_IS_KNOWN = re.compile(
    r"""aws:(sourcearn|sourceaccount|sourceorgid|tagkeys|requesttag/.+)
      | kms:(encryptioncontext:.+|encryptioncontextkeys|viaservice|requestalias|resourcealiases
            |schedulekeydeletionpendingwindowindays|bypasspolicylockoutsafetycheck)
      | s3:(prefix|delimiter|max-keys|versionid|x-amz-server-side-encryption(-aws-kms-key-id)?)
      | secretsmanager:(versionstage|versionid|secretid|name|kmskeyid|recoverywindowindays|forcedeletewithoutrecovery
            |blockpublicpolicy)
      | ssm:(overwrite|recursive)
      | sns:(protocol|endpoint)
      | cloudwatch:namespace
      | route53:changeresourcerecordsets(normalizedrecordnames|recordtypes|actions)
      | [a-z0-9.-]+\.[a-z]{2,}(/[\w./-]+)?:(aud|sub|amr)""",
    re.VERBOSE,
)
"""Keys that a request carries where it has such a thing, so that their absence says something.

Of the tags of a resource this is known only where somebody looked: then the context holds the prefix, with a slash."""


class Unjudgeable(Exception):
    """A policy or a call that this double does not know how to judge."""


def hold(condition: Mapping[str, Mapping[str, object]], context: Context) -> bool:
    """Whether every test of a Condition holds.

    Raises:  Unjudgeable, for an operator or key that is not known here
    """
    return all(
        _test(operator, key, listed(wanted), context)
        for operator, keys in condition.items()
        for key, wanted in keys.items()
    )


def listed(value: object) -> list[str]:
    """What a policy may spell as one value or as a list; JSON's booleans and numbers are texts to IAM."""
    values = value if isinstance(value, list) else [value]
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in values]


def is_like(pattern: str, text: str) -> bool:
    """Whether a text matches a pattern with `*` and `?`."""
    return _compiled(pattern).fullmatch(text) is not None


def is_arn_like(pattern: str, arn: str) -> bool:
    """Whether an ARN matches a pattern, each of the six parts by itself.

    Raises:  Unjudgeable, for a pattern that is no ARN: IAM does not take such a policy
    """
    if pattern == "*":
        return True
    wanted, found = pattern.split(":", 5), arn.split(":", 5)
    if len(wanted) != 6 or wanted[0] != "arn":
        raise Unjudgeable(f"{pattern} is no ARN")
    return len(found) == 6 and all(map(is_like, wanted, found))


def filled(pattern: str, context: Context) -> str:
    """A pattern with its policy variables replaced.

    Raises:  Unjudgeable, for a variable that the request does not answer with one value
    """

    def value(found: re.Match[str]) -> str:
        values = context.get(found[1].lower(), ())
        if len(values) != 1:
            raise Unjudgeable(f"the policy variable {found[0]} is not known here")
        return values[0]

    return re.sub(r"\$\{([^}]*)\}", value, pattern)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(sign) or re.escape(sign) for sign in pattern), re.DOTALL)


def _equal(wanted: str, found: str) -> bool:
    return wanted == found


def _equal_ignoring_case(wanted: str, found: str) -> bool:
    return wanted.lower() == found.lower()


MATCHERS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": _equal,
    "StringEqualsIgnoreCase": _equal_ignoring_case,
    "StringLike": is_like,
    "ArnEquals": is_arn_like,
    "ArnLike": is_arn_like,
    "Bool": _equal_ignoring_case,
    "NumericEquals": lambda wanted, found: float(found) == float(wanted),
    "NumericLessThan": lambda wanted, found: float(found) < float(wanted),
    "NumericLessThanEquals": lambda wanted, found: float(found) <= float(wanted),
    "NumericGreaterThan": lambda wanted, found: float(found) > float(wanted),
    "NumericGreaterThanEquals": lambda wanted, found: float(found) >= float(wanted),
}
NEGATIONS = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
}


def _test(operator: str, key: str, wanted: Sequence[str], context: Context) -> bool:
    found = _values(key, context)
    if operator == "Null":
        return any((text.lower() == "true") is (found is None) for text in wanted)
    quantifier, _, plain = operator.rpartition(":")
    optional, plain = plain.endswith("IfExists"), plain.removesuffix("IfExists")
    negated, plain = plain in NEGATIONS, NEGATIONS.get(plain, plain)
    if plain not in MATCHERS or quantifier not in ("", "ForAllValues", "ForAnyValue"):
        raise Unjudgeable(f"the operator {operator} is not known here")
    if found is None:
        return optional or quantifier == "ForAllValues" or (negated and not quantifier)
    if not quantifier and len(found) > 1:
        raise Unjudgeable(f"{key} has several values: {operator} needs ForAllValues or ForAnyValue")
    patterns = [filled(text, context) for text in wanted]
    matches = [any(MATCHERS[plain](pattern, value) for pattern in patterns) is not negated for value in found]
    return all(matches) if quantifier == "ForAllValues" else any(matches)


def _values(key: str, context: Context) -> tuple[str, ...] | None:
    """What the request carries; an empty list counts as absent, as it does in IAM."""
    name = key.lower()
    told = any(prefix.endswith("/") and name.startswith(prefix) for prefix in context)
    if name not in context and not told and not ABSENT_IS_KNOWN.fullmatch(name):
        raise Unjudgeable(f"the condition key {key} is not known here")
    return context.get(name) or None
