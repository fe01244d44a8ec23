"""Worlds that never come to rest, as data: what such a world repeats, once in each run.

Everything else must come to rest in one run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from tests.contract.convergence.consoles import RELEASES
from tests.contract.convergence.declarations import KEY, loopback
from tests.contract.convergence.explained import INSTALLATION, SENSITIVE, Before, Write

APP_WRITE = r"POST /v25\.0/\d+"


class Excuse(NamedTuple):
    """Why a world does not come to rest."""

    stands: Callable[[Before, Mapping[str, Any], Mapping[str, Any]], bool]
    """Told from what a run starts from, the app's dashboard and the vendor's behaviour."""
    repeats: str
    """The call that each run repeats, as a pattern."""


def _drops(before: Before, behaviour: Mapping[str, Any]) -> bool:
    suffixes = behaviour["dropped_domain_suffixes"]
    return any(f".{domain}".endswith(f".{suffix}") for domain in before.domains for suffix in suffixes)


def _strangers(before: Before) -> bool:
    return loopback(before.world) != before.vendors["cyclr"]["service_domain"] and "127.0.0.1" in before.domains


EXCUSES = {
    "the app is closed to the API": Excuse(lambda _, app, __: not app["api_access_to_settings"], APP_WRITE),
    "our address may not change settings": Excuse(
        lambda _, app, __: app["update_settings_ip_allowlist"] == ["203.0.113.7"], APP_WRITE
    ),
    "two factors are wanted": Excuse(
        lambda _, app, rules: app["require_2fa_reauthorization"] and rules["two_factor_blocks_api_writes"], APP_WRITE
    ),
    "a native app's token is refused": Excuse(lambda _, app, __: app["native_or_desktop"], APP_WRITE),
    "a declared domain belongs to no address of the app": Excuse(
        lambda _, __, rules: rules["domain_must_match_site"], APP_WRITE
    ),
    "a declared domain is no public host": Excuse(lambda before, _, __: _strangers(before), APP_WRITE),
    "a declared domain is dropped in silence": Excuse(lambda before, _, rules: _drops(before, rules), APP_WRITE),
    "a declared property is shown masked": Excuse(
        lambda before, _, __: (
            before.vendors["cyclr"]["behaviour"]["sensitive_values"] == "masked"
            and SENSITIVE in before.declaration["properties"]
        ),
        r"PUT /v1\.0/account/connectors/\w+/properties/ID",
    ),
    "the connector has no such property": Excuse(
        lambda before, _, __: "Unknown" in before.declaration["properties"], r"POST /v1\.0/connectors/\d+/install"
    ),
}
"""The last one and every refusal say so: the resource fails, or has an open step."""


def unexcused(before: Before, writes: Sequence[Write]) -> list[Write]:
    """The writes of a second run that nothing explains; each excuse explains one."""
    dashboard, behaviour = before.app["dashboard"], before.vendors["facebook"]["behaviour"]
    patterns = {excuse.repeats for excuse in EXCUSES.values() if excuse.stands(before, dashboard, behaviour)}
    left = list(writes)
    for pattern in patterns:
        explained = next((write for write in left if re.fullmatch(pattern, write.call)), None)
        if explained:
            left.remove(explained)
    return left


def restless(before: Before) -> set[str]:
    """Resources whose difference stands after a run, so that the next one updates them again, with or without a write.

    A write that the vendor does not take, settings that a person types, and a release that only the console upgrades.
    """
    own, version = before.own(), before.declaration["version"]
    upgrade = own is not None and version is not None and RELEASES[own["Connector"]][0] != version
    masked = EXCUSES["a declared property is shown masked"].stands(before, {}, {})
    app = {f"{KEY}-app"} if before.differing() else set()
    return app | ({INSTALLATION} if upgrade or masked else set())
