"""What the project relies on: secrets outlive mistakes, no foreign record is overwritten, little is sent."""

from __future__ import annotations

import pytest

from tests.aws.plugin.calls import Refusal
from tests.aws.plugin.cases import ALARM, KEY, RECORD, SECRET, TOPIC, alarm, policy, put_record, zone

WRITES = ("Create", "Put", "Update", "Tag", "Untag", "Set", "Enable", "Disable", "Delete", "Change", "Schedule")


def writes(cloud, since=0):
    """The operations since then that change something."""
    return [record.action for record in cloud.calls()[since:] if record.action.startswith(WRITES)]


@pytest.mark.parametrize(
    ("resource", "changes", "sent"),
    [
        ((SECRET, {"name": "a", "description": "b"}), {"description": "c"}, ["UpdateSecret"]),
        ((SECRET, {"name": "a"}), {"tags": {"a": "b"}}, ["TagResource"]),
        ((SECRET, {"name": "a", "tags": {"a": "b"}}), {"tags": {}}, ["UntagResource"]),
        ((SECRET, {"name": "a"}), {"recoveryWindowInDays": 7}, []),
        ((SECRET, {"name": "a"}), {"policy": policy("*")}, ["PutResourcePolicy"]),
        ((KEY, {}), {"description": "a"}, ["UpdateKeyDescription"]),
        ((KEY, {}), {"isEnabled": False}, ["DisableKey"]),
        ((TOPIC, {"name": "a", "tags": {"a": "b"}}), {"displayName": "a"}, ["SetTopicAttributes"]),
        ((ALARM, alarm()), {"tags": {"environment": "prod"}}, ["TagResource"]),
        ((ALARM, alarm()), {"threshold": 2}, ["PutMetricAlarm"]),
    ],
    ids=lambda value: value[0].rpartition(":")[2] if isinstance(value, tuple) else "-".join(value),
)
def test_update_sends_only_what_changed(aws, cloud, resource, changes, sent):
    """No call writes what is right already."""
    token, inputs = resource
    made = aws.made(token, **inputs)
    before = len(cloud.calls())

    aws.changed(made, **changes)

    assert writes(cloud, before) == sent


@pytest.mark.parametrize(("window", "kept"), [(7, True), (30, True), (0, False)])
def test_deleted_secret_can_be_recovered_for_as_long_as_declared(aws, cloud, window, kept):
    """A secret is scheduled for deletion with its window, and only 0 takes it away at once."""
    aws.delete(aws.made(SECRET, name="fb-dev", recoveryWindowInDays=window))

    described = cloud.client("secretsmanager").list_secrets(IncludePlannedDeletion=True)["SecretList"]

    assert bool(described) is kept
    assert all((each["DeletedDate"] - each["LastChangedDate"]).days in (window - 1, window) for each in described)


def test_name_of_a_scheduled_secret_is_taken(aws):
    """AWS does not give the name of a secret again before it is gone."""
    aws.delete(aws.made(SECRET, name="fb-dev"))

    with pytest.raises(Refusal, match="InvalidRequestException"):
        aws.made(SECRET, name="fb-dev")


def test_secret_scheduled_by_somebody_is_gone(aws, cloud):
    """A look finds no secret that somebody is deleting."""
    made = aws.made(SECRET, name="fb-dev")
    cloud.client("secretsmanager").delete_secret(SecretId=made.identity)

    assert aws.seen(made) is None


def test_key_scheduled_by_somebody_is_gone(aws, cloud):
    """A look finds no key that somebody is deleting."""
    made = aws.made(KEY)
    cloud.client("kms").schedule_key_deletion(KeyId=made.identity)

    assert aws.seen(made) is None


def test_key_is_deleted_after_its_window(aws, cloud):
    """A key stays for the days that were declared."""
    made = aws.made(KEY, deletionWindowInDays=7)
    aws.delete(made)

    told = cloud.client("kms").describe_key(KeyId=made.identity)["KeyMetadata"]

    assert (told["DeletionDate"] - told["CreationDate"]).days in (6, 7)


def record(zone_id, **changes):
    """A CNAME of the project."""
    inputs = {"zoneId": zone_id, "name": "app.example.com", "type": "CNAME", "ttl": 300, "records": ["app-h.cyclr.com"]}
    return inputs | changes


@pytest.mark.parametrize("value", ["app-h.cyclr.com", "elsewhere.example"], ids=["same", "other"])
def test_foreign_record_is_not_overwritten(aws, value):
    """A record that exists is refused in AWS's words, whatever its value."""
    zone_id = zone(aws)
    put_record(aws, zone_id, value)

    with pytest.raises(Refusal, match=r"creating Route 53 Record \(app.example.com\): .* but it already exists"):
        aws.made(RECORD, **record(zone_id))


def test_record_beside_an_alias_name_is_refused(aws):
    """A name with a CNAME has no other record."""
    zone_id = zone(aws)
    put_record(aws, zone_id, "elsewhere.example")

    with pytest.raises(Refusal, match="conflicts with other records"):
        aws.made(RECORD, **record(zone_id, type="A", records=["192.0.2.1"]))


def test_allowed_overwrite_takes_a_record_over(aws):
    """Only who says so overwrites."""
    zone_id = zone(aws)
    put_record(aws, zone_id, "elsewhere.example")

    made = aws.made(RECORD, **record(zone_id, allowOverwrite=True))

    assert aws.seen(made).outputs["records"] == ["app-h.cyclr.com"]


def test_short_name_is_of_its_zone(aws):
    """A name without its zone is the same record, and stays as it was written."""
    made = aws.made(RECORD, **record(zone(aws), name="app"))

    assert made.outputs["fqdn"] == "app.example.com"
    assert aws.seen(made) == made
