"""What will end by itself: certificate, Graph version, the age of proofs and attestations. Pure.

Units:  days; every date is one of UTC.
Never:  a date that nobody has seen. What could not be told has none, and the note says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from components.facebook.graph_versions import AS_OF, ENDS, INFERRED
from components.verdicts import Evidence, Setting
from stacks.operations.summary.look import Look, Resource

CERTIFICATE, GRAPH, CONSENT, ATTESTATION = "TLS certificate", "Graph version", "consent", "attestation"
"""What can end or grow old."""

CERTIFICATE_NEAR = 21
"""Certificates are commonly renewed by a machine a month before their end: one that is nearer was not."""
GRAPH_NEAR = 90
"""A new release of a connector has to be made, approved and rolled out to each installation by then."""
CONSENT_AGE = 365
"""A secret typed into the library after the consent is not seen: once a year is often enough to look again."""
ATTESTATION_AGE = 180
"""A person's word grows old sooner than a proof: nothing at all would show that it is no longer true."""

REMINDER = "our own reminder after {limit} days, not an end"

_ATTESTED = re.compile(r"attested by .+ on (\d{4}-\d\d-\d\d)", re.DOTALL)
_CONSENTED = re.compile(r"consent completed after the mark of (\d{4}-\d\d-\d\d)\b")
_VERSION = re.compile(r"v\d+\.\d+\b")


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


class Handshake(StrEnum):
    """How the question for a certificate ended."""

    VERIFIED = "verified"
    EXPIRED = "expired"
    WRONG_HOST = "wrong host"
    UNTRUSTED = "untrusted"
    """It does not verify for another reason: its issuer, its first day, its form."""
    UNREACHABLE = "unreachable"
    """No handshake came about, which says nothing of the certificate."""
    NOT_ASKED = "not asked"


REFUSED = (Handshake.EXPIRED, Handshake.WRONG_HOST, Handshake.UNTRUSTED)
"""A certificate was served, and no browser would take it either."""


@dataclass(frozen=True)
class Certificate:
    """The certificate that a host serves, as far as it was seen."""

    until: date | None
    """Its last day; None unless it was verified."""
    problem: str = ""
    """Why there is no date."""
    handshake: Handshake = Handshake.VERIFIED


def risks(look: Look, today: date, certificate: Certificate, graph_version: str) -> tuple[Risk, ...]:
    """Everything with an end, the next first; what could not be told comes last, a refused certificate before all."""
    found = [_certificate(look.service_domain, today, certificate), *_versions(look, today, graph_version)]
    found += [risk for each in look.resources for risk in _aged(each, today)]
    return tuple(sorted(found, key=_urgency))


def attested_on(note: str) -> date | None:
    """The day in the note of an attested setting, which `components.verdicts.attested` makes."""
    return _day(_ATTESTED.fullmatch(note))


def consented_on(note: str) -> date | None:
    """The day of the mark in the note of a proven secret, which `components.cyclr.consent.judge` makes."""
    return _day(_CONSENTED.match(note))


def _urgency(risk: Risk) -> tuple[bool, int, str, str]:
    unknown = risk.days_left is None
    return (unknown and not risk.near, -(10**6) if risk.days_left is None else risk.days_left, risk.what, risk.subject)


def _certificate(host: str, today: date, served: Certificate) -> Risk:
    if served.until is not None:
        left = (served.until - today).days
        return _ending(CERTIFICATE, host, served.until, left, "served on port 443 and verified")
    refused = served.handshake in REFUSED
    note = served.problem if served.handshake is Handshake.NOT_ASKED else f"could not be told: {served.problem}"
    evidence = Evidence.OBSERVED if refused else Evidence.NONE
    return Risk(CERTIFICATE, host or "no service domain", None, "", str(evidence), refused, note)


def _versions(look: Look, today: date, ours: str) -> Iterator[Risk]:
    """Of the Graph API that we call, and of each installed release: customers' workflows call that one."""
    yield _version(ours, "our calls", today)
    for each in look.resources:
        found = [entry.found for entry in each.settings if entry.setting == "version" and entry.found]
        for installed in found if each.kind == "cyclr.ConnectorInstallation" else ():
            yield _version(str(installed), f"installed release of {each.connector}", today)


def _version(version: str, of: str, today: date) -> Risk:
    match = _VERSION.match(version)
    known, subject = match.group() if match else "", f"{version or 'unknown version'}, {of}"
    end, source = ENDS.get(known), f"Facebook's list of {AS_OF}"
    if end is not None:
        return _ending(GRAPH, subject, end, (end - today).days, source)
    if not version:
        note = "could not be told: the run does not say which version it calls"
    elif known not in ENDS:
        note = f"could not be told: {source} does not have it"
    else:
        note = f"no end announced in {source}" + ("; that it has this number is inferred" if known in INFERRED else "")
    return Risk(GRAPH, subject, None, "", str(Evidence.NONE), False, note)


def _aged(resource: Resource, today: date) -> Iterator[Risk]:
    for setting in resource.settings:
        if setting.evidence is Evidence.ATTESTED:
            yield _age(_Aging(ATTESTATION, attested_on(setting.note), ATTESTATION_AGE), resource, setting, today)
        elif setting.evidence is Evidence.PROVEN:
            yield _age(_Aging(CONSENT, consented_on(setting.note), CONSENT_AGE), resource, setting, today)


class _Aging(NamedTuple):
    what: str
    since: date | None
    limit: int


def _age(aging: _Aging, resource: Resource, setting: Setting, today: date) -> Risk:
    what, since, limit = aging
    subject, evidence = f"{resource.connector} {setting.setting}", str(setting.evidence)
    if since is None or since > today + timedelta(days=1):  # it is tomorrow somewhere
        why = "its date lies in the future" if since else "its date cannot be read"
        return Risk(what, subject, None, "", evidence, False, f"could not be told: {why}")
    age, until = max(0, (today - since).days), since + timedelta(days=limit)
    note = f"age: {age} {'day' if age == 1 else 'days'}, since {since}; {REMINDER.format(limit=limit)}"
    return Risk(what, subject, (until - today).days, until.isoformat(), evidence, age > limit, note)


def _ending(what: str, subject: str, until: date, left: int, note: str) -> Risk:
    near = left <= (CERTIFICATE_NEAR if what == CERTIFICATE else GRAPH_NEAR)
    return Risk(what, subject, left, until.isoformat(), str(Evidence.OBSERVED), near, note)


def _day(found: re.Match[str] | None) -> date | None:
    try:
        return date.fromisoformat(found.group(1)) if found else None
    except ValueError:
        return None
