"""Topics and their subscriptions. AWS gives an existing topic to who creates it again, so no name is ever taken."""

from __future__ import annotations

from tests.aws.plugin.calls import Account, found, retagged, tag_list, tags_of, unless
from tests.aws.plugin.comparison import same_document, same_policy
from tests.aws.plugin.kinds import Kind
from tests.aws.plugin.secretsmanager import json_rules
from tests.aws.plugin.values import Props

GONE = ("NotFound", "NotFoundException")
_TOPIC = {"displayName": "DisplayName", "kmsMasterKeyId": "KmsMasterKeyId", "policy": "Policy"}
_SUBSCRIPTION = {"filterPolicy": "FilterPolicy", "rawMessageDelivery": "RawMessageDelivery"}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value or "")


def _create_topic(account: Account, inputs: Props) -> str:
    wanted = {theirs: inputs[ours] for ours, theirs in _TOPIC.items() if inputs.get(ours)}
    tags = {"Tags": tag_list(inputs["tags"])} if inputs.get("tags") else {}
    client = account.client("sns", inputs.get("region"))
    return str(client.create_topic(Name=inputs["name"], Attributes=wanted, **tags)["TopicArn"])


def _read_topic(account: Account, identity: str, state: Props) -> Props | None:
    client = account.client("sns", state.get("region"))
    answer = found(client.get_topic_attributes, *GONE, TopicArn=identity)
    if answer is None:
        return None
    attributes = answer["Attributes"]
    tags = tags_of(client.list_tags_for_resource(ResourceArn=identity)["Tags"])
    return {
        "arn": attributes["TopicArn"],
        "name": identity.rpartition(":")[2],
        "owner": attributes["Owner"],
        "region": state.get("region", account.region),
        "tags": tags,
        "tagsAll": tags,
        **{ours: attributes.get(theirs, "") for ours, theirs in _TOPIC.items()},
    }


def _update_topic(account: Account, identity: str, state: Props, inputs: Props, changed: frozenset[str]) -> None:
    client = account.client("sns", state.get("region"))
    for ours, theirs in _TOPIC.items():
        if ours in changed:
            value = _text(inputs.get(ours))
            client.set_topic_attributes(TopicArn=identity, AttributeName=theirs, AttributeValue=value)
    if "tags" in changed:
        gone, new = retagged(state.get("tags"), inputs.get("tags"))
        if gone:
            client.untag_resource(ResourceArn=identity, TagKeys=gone)
        if new:
            client.tag_resource(ResourceArn=identity, Tags=tag_list(new))


def _delete_topic(account: Account, identity: str, state: Props) -> None:
    with unless(*GONE):
        account.client("sns", state.get("region")).delete_topic(TopicArn=identity)


def _create_subscription(account: Account, inputs: Props) -> str:
    wanted = {theirs: _text(inputs[ours]) for ours, theirs in _SUBSCRIPTION.items() if inputs.get(ours)}
    answer = account.client("sns", inputs.get("region")).subscribe(
        TopicArn=inputs["topic"],
        Protocol=inputs["protocol"],
        Endpoint=inputs["endpoint"],
        Attributes=wanted,
        ReturnSubscriptionArn=True,  # else who has not confirmed yet has no ARN
    )
    return str(answer["SubscriptionArn"])


def _read_subscription(account: Account, identity: str, state: Props) -> Props | None:
    client = account.client("sns", state.get("region"))
    answer = found(client.get_subscription_attributes, *GONE, SubscriptionArn=identity)
    if answer is None:
        return None
    attributes = answer["Attributes"]
    return {
        "arn": attributes["SubscriptionArn"],
        "confirmationWasAuthenticated": attributes.get("ConfirmationWasAuthenticated") == "true",
        "endpoint": attributes["Endpoint"],
        "filterPolicy": attributes.get("FilterPolicy", ""),
        "ownerId": attributes["Owner"],
        "pendingConfirmation": attributes.get("PendingConfirmation") == "true",
        "protocol": attributes["Protocol"],
        "rawMessageDelivery": attributes.get("RawMessageDelivery") == "true",
        "region": state.get("region", account.region),
        "topic": attributes["TopicArn"],
    }


def _update_subscription(account: Account, identity: str, state: Props, inputs: Props, changed: frozenset[str]) -> None:
    client = account.client("sns", state.get("region"))
    for ours, theirs in _SUBSCRIPTION.items():
        if ours in changed:
            value = _text(inputs.get(ours))
            client.set_subscription_attributes(SubscriptionArn=identity, AttributeName=theirs, AttributeValue=value)


def _delete_subscription(account: Account, identity: str, state: Props) -> None:
    with unless(*GONE):
        account.client("sns", state.get("region")).unsubscribe(SubscriptionArn=identity)


KINDS = {
    "aws:sns/topic:Topic": Kind(
        noun="SNS Topic",
        create=_create_topic,
        read=_read_topic,
        update=_update_topic,
        delete=_delete_topic,
        served=frozenset({"name", "region", "tags", *_TOPIC}),
        immutable=frozenset({"name", "region"}),
        computed=frozenset({"policy", "region"}),
        same={"policy": same_policy},
        rules=json_rules,
    ),
    "aws:sns/topicSubscription:TopicSubscription": Kind(
        noun="SNS Topic Subscription",
        create=_create_subscription,
        read=_read_subscription,
        update=_update_subscription,
        delete=_delete_subscription,
        served=frozenset({"topic", "protocol", "endpoint", "confirmationTimeoutInMinutes", "endpointAutoConfirms"})
        | {"region", *_SUBSCRIPTION},
        immutable=frozenset({"topic", "protocol", "endpoint", "region"}),
        unread=frozenset({"confirmationTimeoutInMinutes", "endpointAutoConfirms"}),
        computed=frozenset({"region"}),
        defaults={"confirmationTimeoutInMinutes": 1, "endpointAutoConfirms": False, "rawMessageDelivery": False},
        same={"filterPolicy": same_document},
        name_prefix=None,
    ),
}
