"""What an installation at Cyclr means against its declaration: which one is ours, which release, what is open. Pure.

Source: Cyclr's manual on installing connectors; an API test suite for field names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from components import errors, verdicts
from components.cyclr import marks
from components.secrets import fingerprint
from components.verdicts import Evidence, OpenStep, Setting, Verdict

INCOMPLETE = "Installation"
UPGRADE = "Upgrade"
OFFER = "Connector Library"
ANY_RELEASE = "a release that can be installed"
NOT_LISTED = "the library shows no release of it at all, although it is installed here"
WITHDRAWN = "the library has no release of it that a customer can install"
OLDER = "customers get {newest}, whose Setup may be one of its own: this installation shows nothing of it"


def find(installations: Sequence[Mapping[str, Any]], connector: str, stack: str) -> dict[str, Any] | None:
    """The installation to adopt: the one that this stack made, else the oldest of that connector."""
    same = [entry for entry in installations if (entry.get("Connector") or {}).get("Name") == connector]
    same.sort(key=lambda entry: (not marks.is_made_by(stack, entry.get("Description")), entry["Id"]))
    return dict(same[0]) if same else None


def pick(releases: Sequence[Mapping[str, Any]], props: Mapping[str, Any]) -> int:
    """The id of the release to install: the declared version, else the newest approved one.

    Raises: DeclarationError, when there is none.
    """
    wanted = props.get("version")
    found = newest(releases, props["connector"], wanted or "")
    if found is not None:
        return int(found["Id"])
    versions = ", ".join(sorted({str(entry.get("Version")) for entry in releases})) or "none"
    raise errors.DeclarationError(
        f"Cyclr's library has no {props['connector']}{f' {wanted}' if wanted else ''} that can be installed",
        where="version of the connector in the stack file",
        why=f"approved and not a draft: no such release (versions there: {versions})",
        fix="correct version, or add the connector to the Connector Library in Cyclr's console",
    )


def newest(releases: Sequence[Mapping[str, Any]], connector: str, version: str = "") -> Mapping[str, Any] | None:
    """The release that an installation gets: the newest approved one, of the version if there is one. None: no such.

    A deprecated one only where there is no other.
    """
    usable = [entry for entry in releases if entry.get("Name") == connector and _is_approved(entry)]
    if version:
        usable = [entry for entry in usable if entry.get("Version") == version]
    current = [entry for entry in usable if entry.get("ReleaseStatus") != "Deprecated"]
    return max(
        current or usable, key=lambda entry: (_natural(str(entry.get("Version") or "")), entry["Id"]), default=None
    )


def judge_release(
    releases: Sequence[Mapping[str, Any]], connector: str, version: str, live: Mapping[str, Any]
) -> list[Setting]:
    """Whether the installation is of the release that customers get; nothing to say where it is.

    Another one proves nothing about theirs: it is not known whether Setup belongs to the entry or to each release, and
    several releases may bear one version.
    """
    theirs, installed = newest(releases, connector, version), live.get("Connector") or {}
    if theirs is None:
        seen = (Verdict.REFUSED, Evidence.OBSERVED, WITHDRAWN)
        silent = (Verdict.INCONCLUSIVE, Evidence.NONE, NOT_LISTED)
        return [Setting("version", version or ANY_RELEASE, version_of(live), *(seen if releases else silent))]
    if str(theirs.get("Id")) == str(installed.get("Id")):
        return []
    newer = f"{theirs.get('Version') or connector} (release {theirs['Id']})"
    found = f"{version_of(live) or connector} (release {installed.get('Id')})"
    note = OLDER.format(newest=newer)
    return [Setting("version", version or newer, found, Verdict.INCONCLUSIVE, Evidence.NONE, note)]


def as_declared(props: Mapping[str, Any]) -> dict[str, Any]:
    """What is declared, kept beside what stands; property values only as fingerprints: they may be credentials."""
    properties = {name: fingerprint(value, name) for name, value in (props.get("properties") or {}).items()}
    return {"version": props.get("version") or "", "properties": properties}


def judge(connector: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> list[Setting]:
    """The installation itself, its release and the names of its declared properties that hold what was declared."""
    settings = [_observed("connector", connector, (live.get("Connector") or {}).get("Name"))]
    if declared["version"]:
        settings.append(_observed("version", declared["version"], version_of(live)))
    if declared["properties"]:
        there = {name: fingerprint(value, name) for name, value in values_of(live).items()}
        names = sorted(declared["properties"])
        right = [name for name in names if there.get(name) == declared["properties"][name]]
        settings.append(_observed("properties", names, right))
    return settings


def unsure(setting: Setting) -> Setting:
    """The setting after a write whose end was not seen: properties that differed before prove nothing now."""
    if setting.setting != "properties" or verdicts.stands(setting):
        return setting
    return replace(setting, verdict=Verdict.INCONCLUSIVE, evidence=Evidence.NONE, note="the write was cut short")


def open_steps(
    console_url: str, props: Mapping[str, Any], settings: Sequence[Setting], incomplete: str
) -> list[OpenStep]:
    """The upgrade that only the console can do, and a create that was cut short."""
    steps = []
    place = f"Accounts > {props['account']} > {props['connector']}"
    for setting in settings:
        if setting.note in (WITHDRAWN, NOT_LISTED):
            steps.append(_offer_step(console_url, props["connector"], setting))
        elif setting.setting == "version" and not verdicts.stands(setting):
            steps.append(
                OpenStep(
                    UPGRADE,
                    str(setting.declared),
                    console_url,
                    setting.verdict,
                    setting.evidence,
                    f"installed is {setting.found}; {setting.note or 'the API cannot upgrade'} ({place} > Upgrade)",
                    f"the installation shows {setting.declared}",
                )
            )
    if incomplete:
        steps.append(
            OpenStep(
                INCOMPLETE,
                props["connector"],
                console_url,
                Verdict.INCONCLUSIVE,
                Evidence.NONE,
                f"incomplete: {incomplete}",
                "the next pulumi up reads the installation whole",
            )
        )
    return steps


def _offer_step(console_url: str, connector: str, setting: Setting) -> OpenStep:
    return OpenStep(
        OFFER,
        str(setting.declared),
        console_url,
        setting.verdict,
        setting.evidence,
        f"{setting.note} (Connectors > Connector Library > {connector})",
        "the library shows an approved release that is no draft",
    )


def version_of(live: Mapping[str, Any]) -> str:
    """Release version of an installation; empty where the connector has none."""
    return str((live.get("Connector") or {}).get("Version") or "")


def values_of(live: Mapping[str, Any]) -> dict[str, str]:
    """Property name -> value."""
    return {str(entry.get("Name")): str(entry.get("Value") or "") for entry in live.get("Properties") or []}


def ids_of(live: Mapping[str, Any]) -> dict[str, int | None]:
    """Ids of properties by name, as spelled and in lower case: Cyclr may hold `baseurl` for `BaseUrl`.

    A PUT then gives it our spelling.
    """
    there = [(str(entry.get("Name")), entry.get("Id")) for entry in live.get("Properties") or []]
    return {**{name.lower(): number for name, number in there}, **dict(there)}


def _observed(setting: str, declared: Any, found: Any) -> Setting:
    verdict = Verdict.ACCEPTED if declared == found else Verdict.REFUSED
    return Setting(setting, declared, found, verdict, Evidence.OBSERVED)


def _is_approved(release: Mapping[str, Any]) -> bool:
    """Drafts show Status Approved as well; ReleaseStatus is the truth where it is present."""
    return release.get("Status") == "Approved" and release.get("ReleaseStatus", "Live") != "Draft"


def _natural(version: str) -> list[tuple[int, str]]:
    """v9 before v10."""
    return [(int(digits or 0), text) for text, digits in re.findall(r"(\D*)(\d*)", version)]
