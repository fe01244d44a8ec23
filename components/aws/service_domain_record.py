"""ServiceDomainRecord: the CNAME by which a service domain of one's own leads to Cyclr. Wiring only.

A record that is no longer declared stays, since customers come through it; the next run takes it back if it is as
declared. Ours with another target is drift, whoever put it there: records have no mark of their own.
Never: a record is overwritten that stood there before ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_aws import route53

from components.aws import adoption

TYPE = "cyclr-connectors:aws:ServiceDomainRecord"


@dataclass(frozen=True)
class ServiceDomainRecordArgs:
    """The record's declaration, canonical."""

    domain: str
    zone_id: str
    target: str
    ttl: int
    """Seconds."""


class ServiceDomainRecord(pulumi.ComponentResource):
    """One CNAME."""

    fqdn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        args: ServiceDomainRecordArgs,
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the record under `name`, or take it back.

        Raises: as `adoption.record`.
        """
        standing = adoption.record(args.domain, args.zone_id, args.target, args.ttl, pulumi.get_stack())
        super().__init__(TYPE, name, {}, opts)
        record = route53.Record(
            f"{name}-record",
            name=args.domain,
            type="CNAME",
            zone_id=args.zone_id,
            records=[args.target],
            ttl=args.ttl,
            allow_overwrite=False,
            opts=pulumi.ResourceOptions(
                parent=self,
                provider=provider,
                retain_on_delete=True,
                import_=standing.record,
                hooks=adoption.refusal(f"name {args.domain}", standing.refused),
            ),
        )
        self.fqdn = record.fqdn
        self.register_outputs({"fqdn": self.fqdn})
