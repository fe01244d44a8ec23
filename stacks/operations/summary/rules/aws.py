"""What changes of an environment's resources at AWS lead to. Pure.

Putting back what somebody changed there is told by the rule on drift.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stacks.operations.summary.changes import CREATE, DELETE, REPLACE, UPDATE
from stacks.operations.summary.look import FORGET
from stacks.operations.summary.rules.facts import Facts, Said

RECORD, SECRET, POLICY = "aws.route53.Record", "aws.secretsmanager.Secret", "aws.secretsmanager.SecretPolicy"
KEY = "aws.kms.Key"
ALARMS = ("aws.cloudwatch.MetricAlarm", "aws.sns.Topic", "aws.sns.TopicSubscription")
_LEADS = ("name", "records", "type", "zoneId")


def record(facts: Facts) -> Iterator[Said]:
    """The one resource at AWS that customers meet."""
    if next(facts.all(RECORD, by=(DELETE,)), None):
        yield Said(
            True,
            "The DNS record of the service domain is deleted: customers can neither connect nor sign in there.",
            "Move the service domain first; delete the record when nobody uses it any more.",
        )
    changed = next((each for each in facts.all(RECORD, *_LEADS) if not each.drifted), None)
    if changed:
        yield Said(
            True,
            f"The DNS record of the service domain changes ({changed.setting}). Customers can connect and sign in only "
            "while it leads where Cyclr says.",
            "Compare with the target that Cyclr gave for this domain before the update.",
        )


def readers(facts: Facts) -> Iterator[Said]:
    """Who may read a secret."""
    if any(not each.drifted for each in facts.all(POLICY, "policy", by=(UPDATE, REPLACE))):
        yield Said(
            False,
            "Who may read the secret at AWS changes.",
            "Compare with the readers in the stack file: each look and each update needs one of them.",
        )


def keys(facts: Facts) -> Iterator[Said]:
    """Who may do what with the key of a secret: the role of deployments cannot change that, also not back."""
    if facts.find(KEY, "policy", by=(UPDATE,)):
        yield Said(
            False,
            "The policy of a key changes, which the role of deployments may not do: its update ends in an error there.",
            "Let an administrator, whose role has kms:PutKeyPolicy, run the update.",
        )


def alarms(facts: Facts) -> Iterator[Said]:
    """Who is told: the role of deployments makes alarms, and takes none away."""
    if any(next(facts.all(kind, by=(DELETE, REPLACE)), None) for kind in ALARMS):
        yield Said(
            False,
            "An alarm or who hears of it goes, which the role of deployments may not do: its update ends in an error "
            "there.",
            "Let an administrator run the update, whose role may delete alarms, topics and subscriptions.",
        )


def containers(facts: Facts) -> Iterator[Said]:
    """What becomes of a secret that the stack made."""
    if next(facts.all(SECRET, by=(FORGET,)), None):
        yield Said(
            False,
            "The secret is declared no more. It stays at AWS with its value, and nobody looks at it.",
            "Delete it there by hand once nothing refers to it.",
        )
    if next(facts.all(SECRET, by=(DELETE,)), None):
        yield Said(True, "The secret is deleted at AWS, with its value.", "Make sure that nothing refers to it.")
    if any(not each.drifted for each in facts.all(SECRET, by=(CREATE, REPLACE))):
        yield Said(
            False,
            "A secret is made at AWS, without a value: until somebody puts one the app secret cannot be read, and the "
            "update stops before the connector.",
            "Put its value right after the update, then run the update again.",
        )


RULES: tuple[Callable[[Facts], Iterator[Said]], ...] = (record, readers, keys, alarms, containers)
