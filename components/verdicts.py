"""What was observed of a setting, on what evidence, and the open step that is left when it does not stand.

Shape:  `Setting` and `OpenStep` become plain dicts in a resource's outputs (keys as in their fields; an empty `cause`
        stands as ""), so they are the same object in the state, the stack outputs and every report.
Never:  a timestamp of ours, a counter or an order that depends on the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

ANY_CONNECTOR = "CONNECTOR"
"""Stands in a proof for the connector's name, which a resource does not know."""


EVERY_OTHER = "every other step"
"""Stands in `after` of the step that tries everything at once."""

CUSTOMER, ROLE = "customer", "role"
"""Who gave a consent that stands and lives: somebody without, or with a role on the app."""


class Verdict(StrEnum):
    """What the observation said."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    INCONCLUSIVE = "inconclusive"
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    """Why we believe the verdict."""

    OBSERVED = "observed"
    PROVEN = "proven"
    INFERRED = "inferred"
    ATTESTED = "attested"
    NONE = "none"
    """Nothing speaks for it: the verdict is `unknown` or `inconclusive`."""


@dataclass(frozen=True)
class Setting:
    """One setting of a resource: what is declared, what was found, and what that means."""

    setting: str
    """The input's name, or the name an attestation uses."""
    declared: Any
    found: Any
    """None where the vendor does not show it."""
    verdict: Verdict
    evidence: Evidence
    note: str = ""
    """What the evidence rests on, or its limit; for `attested`: by whom and when."""


@dataclass(frozen=True)
class OpenStep:
    """A setting that we cannot write and whose verdict is neither accepted nor attested."""

    setting: str
    """The label that the vendor's page uses."""
    value: str
    """To be typed or chosen to the letter."""
    where: str
    """A link."""
    verdict: Verdict
    evidence: Evidence
    cause: str
    proof: str
    """What will tick it off."""
    after: tuple[str, ...] = ()
    """Labels of the steps that come first; a resource may name steps that turn out not to be open."""


def attested(setting: Setting, attestations: Mapping[str, Any]) -> Setting:
    """The setting, closed by a person's word where observation had none and the word is about the declared value."""
    entry = attestations.get(setting.setting)
    silent = setting.verdict in (Verdict.INCONCLUSIVE, Verdict.UNKNOWN)
    if not isinstance(entry, Mapping) or not silent or entry.get("value") != setting.declared:
        return setting
    note = f"attested by {entry.get('by')} on {entry.get('date')}"
    return replace(setting, verdict=Verdict.ACCEPTED, evidence=Evidence.ATTESTED, note=note)


def corroborated(setting: Setting, consent_by: str) -> Setting:
    """The app's mode, seen as a customer sees it: whoever has no role signs in to a live app alone.

    It lifts the evidence, never the verdict: that the app went back to Development after the consent shows elsewhere,
    or not at all.
    """
    if setting.setting != "live" or setting.evidence is not Evidence.INFERRED or not stands(setting):
        return setting
    if consent_by != CUSTOMER:
        return setting
    note = f"{setting.note}; a consent by somebody without a role on the app lives"
    return replace(setting, evidence=Evidence.OBSERVED, note=note)


def attestation(setting: str, environment: str) -> str:
    """The proof of a step that only a person's word can close, with the command that writes it."""
    return f"an attestation: cyclr-connectors attest -s {environment} {ANY_CONNECTOR} {setting} --by YOU@YOUR.COMPANY"


def reported(connector: str, steps: Sequence[tuple[str, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """A connector's open steps (resource, step) as every output and report shows them.

    `after` then names open steps alone.
    """
    labels = [str(step["setting"]) for _, step in steps]
    shown = []
    for resource, step in steps:
        first = labels if EVERY_OTHER in step["after"] else step["after"]
        after = [label for label in labels if label in first and label != step["setting"]]
        proof = str(step["proof"]).replace(ANY_CONNECTOR, connector)
        shown.append({"connector": connector, "resource": resource, **step, "proof": proof, "after": after})
    return shown


def stands(setting: Setting) -> bool:
    """Whether nothing is left to do for it."""
    return setting.verdict is Verdict.ACCEPTED


def outputs(settings: Iterable[Setting], steps: Iterable[OpenStep]) -> dict[str, list[dict[str, Any]]]:
    """The two outputs that every resource has."""
    return {
        "settings": [_plain(setting) for setting in settings],
        "open_steps": [_plain(step) for step in steps],
    }


def is_ready(settings: Sequence[Mapping[str, Any]], open_steps: Sequence[Mapping[str, Any]]) -> bool:
    """Whether every setting stands and no step is open."""
    return not open_steps and bool(settings) and all(entry["verdict"] == Verdict.ACCEPTED for entry in settings)


def count_attested(settings: Iterable[Mapping[str, Any]]) -> int:
    """How many settings rest on a person's word alone."""
    return sum(entry["evidence"] == Evidence.ATTESTED for entry in settings)


def _plain(item: Setting | OpenStep) -> dict[str, Any]:
    """A dict without None (the engine drops those) and with lists for tuples."""
    plain = {key: str(value) if isinstance(value, StrEnum) else value for key, value in asdict(item).items()}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()}
