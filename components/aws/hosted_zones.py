"""Whether a hosted zone can hold the record of a service domain so that customers are led by it. Pure.

Source: Route 53's developer guide, read in November 2026: a private zone answers in the networks (VPCs) that it is
        associated with; no CNAME can stand at the top of a zone, which has records of its own there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.errors import DeclarationError

OTHER_ZONE = (
    "name one that is there, under zoneId (to see them: aws route53 list-hosted-zones), or take serviceDomainRecord out"
    " of the stack file"
)
"""What to do about a zone that is missing."""


def check(domain: str, zone_id: str, zone: Mapping[str, Any], where: str) -> None:
    """Passes for a public zone that `domain` lies in, below its top.

    Shape:  zone as GetHostedZone answers it; without `Config` it is a public one
    Raises: DeclarationError.
    """
    name = str(zone["Name"]).rstrip(".").lower()
    if domain == name:
        raise DeclarationError(
            f"{domain} is the name of hosted zone {zone_id} itself",
            where=where,
            why="no CNAME can stand at the top of a zone",
            fix=f"agree with Cyclr on a service domain below it, e.g. connect.{domain}, and declare that; or take "
            "serviceDomainRecord out of the stack file",
        )
    # AWS would take another name for one under the zone's own, as DOMAIN.ZONE.
    if not domain.endswith(f".{name}"):
        raise DeclarationError(
            f"{domain} is no name of hosted zone {zone_id}",
            where=where,
            why=f"that zone is {name}, and holds only names that end in it",
            fix=f"name the zone that {domain} lies in, under zoneId; or mend serviceDomain",
        )
    if zone.get("Config", {}).get("PrivateZone"):
        raise DeclarationError(
            f"Hosted zone {zone_id} is private",
            where=where,
            why=f"it answers in its own networks alone; customers, who look {domain} up anywhere, never hear of it",
            fix=f"name the public zone that {domain} lies in, under zoneId; to see which of them are: "
            f"aws route53 list-hosted-zones-by-name --dns-name {name}",
        )
