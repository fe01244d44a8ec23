"""What a connector of the catalogue is: data, with a source beside each value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ConnectorSpec:
    """One connector of Cyclr's library that signs customers in with an OAuth app of ours."""

    key: str
    """Its name in a stack file."""
    cyclr_name: str
    """`Name` of its entry in Cyclr's Connector Library."""
