"""The connectors that can be declared."""

from __future__ import annotations

from collections.abc import Mapping

from components.catalogue.facebook_marketing import FACEBOOK_MARKETING
from components.catalogue.spec import ConnectorSpec

CATALOGUE: Mapping[str, ConnectorSpec] = {spec.key: spec for spec in (FACEBOOK_MARKETING,)}
"""Name in a stack file -> what it is."""
