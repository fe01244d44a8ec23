"""Every switch of what is not known about the vendors, on both sides, and the mixtures that pairs are seen under.

Source:  `stacks/sandbox/schema.py`; `test_coverage.py` finds a switch that is missing here or has a side too few.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.truth.settings import CYCLR

Behaviour = Mapping[tuple[str, str], Any]
"""(vendor, switch) -> value, for the switches that are not on their default."""


@dataclass(frozen=True)
class Side:
    """A value of a switch other than the default."""

    value: Any
    blinds: tuple[str, ...] = ()
    """Resources that cannot be looked at with it; such a side comes after ready, and with no other one."""
    clouds: bool = False
    """Whether a look stays inconclusive with it although everything is right."""


TOKENS_END = CYCLR
"""What a token that ends at once, or an address that is refused, keeps from being looked at."""

FACEBOOK_SIDES: Mapping[str, tuple[Side, ...]] = {
    "dropped_domain_suffixes": (Side([]), Side(["localhost"])),
    "domain_must_match_site": (Side(True),),
    "unknown_parameters_ignored": (Side(True),),
    "user_token_may_write": (Side(True),),
    "two_factor_blocks_api_writes": (Side(True),),
    "write_gate_status": (Side(200),),
    "update_ip_refusal_code": (Side(200),),
    "unset_fields_are_null": (Side(True),),
    "wrong_secret_token_code": (Side(101), Side(1)),
    "app_token_needs_proof": (Side(False),),
    "server_ip_refusal_code": (Side(10),),
    "secret_error_status": (Side(500),),
    "retired_versions": (Side("refused"),),
    "user_token_seconds": (Side(3600), Side(0)),
    "code_seconds": (Side(60),),
    "usage": (Side({"call_count": 95}),),
    "redirect_check_before_secret": (Side(True),),
    "loopback_in_development": (Side(False),),
    "app_domain_needed": (Side(False),),
    "propagation_seconds": (Side(600),),
    "dialog_error_when_signed_out": (Side(False),),
    "development_page": (Side("app_not_set_up"),),
    "login_for_business": (Side(True),),
    "dashboard_domain_must_match_site": (Side(False),),
    "publish_needs_prerequisites": (Side(True),),
    "business_login_forgets_redirects": (Side(True),),
    "authorise_link_on_authenticated": (Side("bounces", clouds=True), Side("drops_consent", clouds=True)),
    "auth_value_readable": (Side(False),),
}
CYCLR_SIDES: Mapping[str, tuple[Side, ...]] = {
    "approved_ips": (Side(["127.0.0.1"]),),
    "ip_restrictions": (Side(["127.0.0.0/8"]), Side(["10.0.0.1"], blinds=TOKENS_END)),
    "api_token_seconds": (Side(60), Side(0, blinds=TOKENS_END)),
    "token_error_status": (Side(401),),
    "catalogue_needs_account": (Side(False),),
    "unknown_connector_name": (Side("404"),),
    "setup_belongs_to": (Side("release"),),
    "null_install_body_status": (Side(500),),
    "name_in_use_status": (Side(409),),
    "put_properties": (Side("replaces"),),
    "post_existing_property": (Side("updates"),),
    "sensitive_values": (Side("masked"),),
    "blocked_method_status": (Side(404),),
    "default_page_size": (Side(1),),
    "maximum_page_size": (Side(1),),
    "sign_in_token_seconds": (Side(60), Side(0, blinds=("ConnectorSetup",))),
    "account_credentials_win": (Side(False),),
    "default_scopes": (Side("ads_read,leads_retrieval"),),
}
SIDES: Mapping[tuple[str, str], tuple[Side, ...]] = {
    **{("facebook", key): sides for key, sides in FACEBOOK_SIDES.items()},
    **{("cyclr", key): sides for key, sides in CYCLR_SIDES.items()},
}


@dataclass(frozen=True)
class Assignment:
    """One world's switches."""

    name: str
    sides: Mapping[tuple[str, str], Side]
    """Those that are not on their default."""

    def patch(self) -> dict[str, Any]:
        """The switches, as a patch of a state."""
        found: dict[str, Any] = {"facebook": {"behaviour": {}}, "cyclr": {"behaviour": {}}}
        for (vendor, key), side in self.sides.items():
            found[vendor]["behaviour"][key] = side.value
        return found

    @property
    def blinds(self) -> frozenset[str]:
        """Resources that cannot be looked at."""
        return frozenset(kind for side in self.sides.values() for kind in side.blinds)

    @property
    def clouds(self) -> bool:
        """Whether nothing can be ready."""
        return any(side.clouds for side in self.sides.values())

    def other(self, key: str, vendor: str = "facebook") -> Any:
        """The value of a switch that is not on its default; None for one that is."""
        side = self.sides.get((vendor, key))
        return side.value if side else None


DEFAULT = Assignment("default", {})


def single() -> list[Assignment]:
    """Every switch on each of its other sides, alone; the default first."""
    alone = [
        Assignment(f"{key}={side.value}", {(vendor, key): side})
        for (vendor, key), sides in SIDES.items()
        for side in sides
    ]
    return [DEFAULT, *alone]


def couples(count: int, seed: int) -> list[tuple[Assignment, Assignment]]:
    """Mixtures of all switches in couples: what is on its default in one is not in the other."""
    chance = random.Random(seed)
    return [_couple(chance, number) for number in range(1, count + 1)]


def _couple(chance: random.Random, number: int) -> tuple[Assignment, Assignment]:
    halves: tuple[dict[tuple[str, str], Side], ...] = ({}, {})
    for key, sides in SIDES.items():
        halves[chance.randrange(2)][key] = chance.choice(_ordinary(sides))
    one, other = halves
    return Assignment(f"mixture {number}", one), Assignment(f"mixture {number} turned", other)


def _ordinary(sides: Sequence[Side]) -> list[Side]:
    return [side for side in sides if not side.blinds]
