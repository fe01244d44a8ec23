"""What stands at AWS under the name of a service domain: taken back if it is as declared, refused if it is not."""

from __future__ import annotations

import boto3
import pytest

from components.aws import adoption, hosted_zones
from components.aws.adoption import Standing
from components.errors import DeclarationError, NotFound, TransportError
from tests.unit.components.aws.conftest import portal

ENVIRONMENT = "staging"
DOMAIN, TARGET = "connect.acme.example", "custom.cyclr.com"


@pytest.fixture
def zone(account):
    """A hosted zone, and how a record is put into it."""
    client = boto3.client("route53")
    answer = client.create_hosted_zone(Name="acme.example", CallerReference="1")
    zone_id = answer["HostedZone"]["Id"].rpartition("/")[2]

    def put(name=DOMAIN, kind="CNAME", value=TARGET, ttl=300):
        change = {"Name": name, "Type": kind, "TTL": ttl, "ResourceRecords": [{"Value": value}]}
        batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": change}]}
        client.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch=batch)

    put.zone_id = zone_id
    return put


def find(zone, domain=DOMAIN):
    """What stands of the record."""
    return adoption.record(domain, zone.zone_id, TARGET, 300, ENVIRONMENT)


@pytest.mark.parametrize("operation", ["GetHostedZone", "ListResourceRecordSets"])
def test_page_of_somebody_between_tells_nothing_of_a_record(zone, monkeypatch, operation):
    """As for a container."""
    portal(monkeypatch, operation)

    with pytest.raises(TransportError, match="something else than AWS answered"):
        find(zone)


@pytest.mark.parametrize("domain", ["connect.other.example", "connect.notacme.example", "notacme.example", "example"])
def test_domain_outside_of_the_zone_is_refused(zone, domain):
    """AWS would take it for a name under the zone's own; the error names both, in four parts."""
    with pytest.raises(DeclarationError, match=f"^{domain} is no name of hosted zone {zone.zone_id}\n") as caught:
        find(zone, domain)

    assert "that zone is acme.example" in caught.value.why
    assert "zoneId" in caught.value.fix


def test_top_of_the_zone_is_refused(zone):
    """AWS takes no CNAME there, and what stands there already is nothing to declare or remove."""
    with pytest.raises(DeclarationError, match=f"^acme.example is the name of hosted zone {zone.zone_id}") as caught:
        find(zone, "acme.example")

    assert "no CNAME" in caught.value.why
    assert "connect.acme.example" in caught.value.fix


def test_private_zone_is_refused(account):
    """It would hold the record, and no customer would find it; the error says how to find the public one."""
    client = boto3.client("route53")
    network = {"VPCRegion": "eu-west-1", "VPCId": "vpc-0123456789abcdef0"}
    answer = client.create_hosted_zone(
        Name="acme.example", CallerReference="2", VPC=network, HostedZoneConfig={"PrivateZone": True}
    )
    zone_id = answer["HostedZone"]["Id"].rpartition("/")[2]

    with pytest.raises(DeclarationError, match=f"^Hosted zone {zone_id} is private\n") as caught:
        adoption.record(DOMAIN, zone_id, TARGET, 300, ENVIRONMENT)

    assert "list-hosted-zones-by-name --dns-name acme.example" in caught.value.fix


@pytest.mark.parametrize("told", [{}, {"Config": {}}, {"Config": {"Comment": "ours", "PrivateZone": False}}], ids=str)
@pytest.mark.parametrize("name", ["acme.example.", "ACME.example"])
def test_public_zone_above_the_domain_is_taken(told, name):
    """A zone is a public one unless AWS says otherwise, also where it says nothing of it."""
    hosted_zones.check(DOMAIN, "Z0000000000000", {"Name": name, **told}, "stack staging")


def test_zone_that_is_not_there_is_told_so(zone):
    """A wrong id is no request that AWS does not understand, and not a matter of the region."""
    zone.zone_id = "Z0000000000000"

    with pytest.raises(NotFound, match="AWS has no hosted zone Z0000000000000") as caught:
        find(zone)

    assert "aws route53 list-hosted-zones" in str(caught.value)
    assert "AWS_REGION" not in str(caught.value)


def test_record_as_declared_is_taken_back(zone):
    """A record that is exactly the declared one is ours or as good as ours."""
    zone()

    assert find(zone) == Standing(record=f"{zone.zone_id}_{DOMAIN}_CNAME")


def test_record_that_is_not_there_is_made(zone):
    """The next name of the zone is no record of this one."""
    zone("other.acme.example")

    assert find(zone) == Standing()


ABOUT_IT = {
    "target": ({"value": "Elsewhere.example."}, "declare target elsewhere.example and ttl 300"),
    "ttl": ({"ttl": 60}, f"declare target {TARGET} and ttl 60"),
    "address": ({"kind": "A", "value": "192.0.2.1"}, "take serviceDomainRecord out"),
    "delegation": ({"kind": "NS"}, "take serviceDomainRecord out"),
}
"""What stands there instead -> what to do, of which each can be done."""


@pytest.mark.parametrize("name", ABOUT_IT)
def test_record_that_differs_is_never_overwritten(zone, name):
    """Another CNAME, or a record of another kind, is neither imported nor a reason to stop before it is known whose."""
    other, fix = ABOUT_IT[name]
    zone(**other)
    found = find(zone)

    assert found == Standing(refused=found.refused)
    assert found.refused.what == f"{DOMAIN} has other records already ({other.get('kind', 'CNAME')})"
    assert fix in found.refused.fix


def test_one_of_several_records_is_never_taken_over(zone, account):
    """A CNAME that answers some of the customers alone is not the declared one, though it leads where that does."""
    change = {"Name": DOMAIN, "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": TARGET}]}
    weighted = {**change, "SetIdentifier": "some", "Weight": 1}
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": weighted}]}
    boto3.client("route53").change_resource_record_sets(HostedZoneId=zone.zone_id, ChangeBatch=batch)

    found = find(zone)

    assert found == Standing(refused=found.refused)
    assert "take serviceDomainRecord out" in found.refused.fix
