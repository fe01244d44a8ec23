"""What will end by itself: certificate, Graph version, the age of proofs and attestations. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Risk:
    """One thing with an end, or with an age."""

    what: str
    """`TLS certificate`, `Graph version`, `consent`, `attestation`."""
    subject: str
    """Which one: a host, a version, a connector and its setting."""
    days_left: int | None
    """Days until it ends, negative after; None: it could not be told, and `note` says why."""
    until: str
    """ISO date of the end; empty where there is none."""
    evidence: str
    """`observed`, `proven`, `attested`, or `none`."""
    near: bool
    """Whether it is time to act."""
    note: str
