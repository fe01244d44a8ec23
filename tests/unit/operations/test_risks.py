"""What will end by itself, with the days that are left."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from components import verdicts
from components.cyclr import consent, marks
from components.facebook import graph_versions
from components.verdicts import Evidence, Setting, Verdict
from stacks.operations.summary import risks
from stacks.operations.summary.look import Look, Resource
from stacks.operations.summary.risks import Certificate, Handshake
from stacks.settings_types import GRAPH_VERSIONS
from tests.unit.operations import recorded

TODAY = date(2026, 11, 25)
HOST = "app-h.cyclr.com"
FAR = Certificate(date(2027, 6, 1))
ACCEPTED = ("client_secret", "793b5548aea0", "793b5548aea0", Verdict.ACCEPTED)
PROPS = {"client_id": "123", "service_domain": HOST}


def resource(kind: str, *settings: Setting) -> Resource:
    """A resource that was looked at."""
    return Resource(
        f"urn:pulumi:dev::p::t::{kind}", kind, "facebook-marketing", "same", observed=True, settings=settings
    )


def told(*resources: Resource, certificate: Certificate = FAR, version: str = "v25.0", today: date = TODAY):
    """The risks of a look at these resources."""
    return risks.risks(Look("dev", HOST, resources), today, certificate, version)


def only(what: str, *resources: Resource, **arguments):
    """The one risk of a kind."""
    (found,) = [risk for risk in told(*resources, **arguments) if risk.what == what]
    return found


def attested(day: str, by: str = "jane@acme.example") -> Setting:
    """A setting that a person's word closes, as the rule of all resources makes it."""
    silent = Setting("live", "live", None, Verdict.UNKNOWN, Evidence.NONE)
    return verdicts.attested(silent, {"live": {"value": "live", "by": by, "date": day}})


def proven(day: str) -> Setting:
    """A secret that a consent proves, as the rule of the library's setup makes it."""
    mark = marks.Consent("793b5548aea0", (), day)
    dialog = {"client_id": "123", "redirect_uri": f"https://{HOST}/connector/callback"}
    look = consent.Seen(authenticated=True, own=(), mark=mark, dialog=dialog)
    return next(each for each in consent.judge(PROPS, "793b5548aea0", look) if each.setting == "client_secret")


@pytest.mark.parametrize(
    ("until", "left", "near"),
    [
        (date(2026, 12, 17), 22, False),
        (date(2026, 12, 16), 21, True),
        (TODAY, 0, True),
        (date(2026, 11, 24), -1, True),
    ],
)
def test_certificate_is_near_from_21_days_on(until, left, near):
    """A certificate that was verified has its days left, and the last three weeks are time to act."""
    found = only("TLS certificate", certificate=Certificate(until))

    assert (found.subject, found.days_left, found.until, found.evidence, found.near) == (
        HOST,
        left,
        until.isoformat(),
        "observed",
        near,
    )


@pytest.mark.parametrize(
    ("handshake", "evidence", "near", "note"),
    [
        (Handshake.EXPIRED, "observed", True, "could not be told: because"),
        (Handshake.WRONG_HOST, "observed", True, "could not be told: because"),
        (Handshake.UNTRUSTED, "observed", True, "could not be told: because"),
        (Handshake.UNREACHABLE, "none", False, "could not be told: because"),
        (Handshake.NOT_ASKED, "none", False, "because"),
    ],
)
def test_certificate_without_a_date_gets_none(handshake, evidence, near, note):
    """Only a refusal is time to act, an outage is not, and neither has a date."""
    found = only("TLS certificate", certificate=Certificate(None, "because", handshake))

    assert (found.days_left, found.until) == (None, "")
    assert (found.evidence, found.near, found.note) == (evidence, near, note)


@pytest.mark.parametrize(
    ("version", "today", "left", "until", "near"),
    [
        ("v25.0", TODAY, 612, "2028-07-29", False),
        ("v21.0", date(2026, 10, 22), 91, "2027-01-21", False),
        ("v21.0", date(2026, 10, 23), 90, "2027-01-21", True),
        ("v20.0", TODAY, -62, "2026-09-24", True),
    ],
)
def test_graph_version_is_near_from_90_days_on(version, today, left, until, near):
    """A version with a published end has its days left, and three months are time to act."""
    found = only("Graph version", version=version, today=today)

    assert (found.days_left, found.until, found.evidence, found.near) == (left, until, "observed", near)
    assert found.subject == f"{version}, our calls"


@pytest.mark.parametrize(
    ("version", "words", "absent"),
    [
        ("v26.0", "no end announced in Facebook's list of 2026-10-29", "inferred"),
        ("v27.0", "no end announced in Facebook's list of 2026-10-29; that it has this number is inferred", "told"),
        ("v99.0", "could not be told: Facebook's list of 2026-10-29 does not have it", "announced"),
        ("latest", "could not be told: Facebook's list of 2026-10-29 does not have it", "announced"),
        ("", "could not be told: the run does not say which version it calls", "announced"),
    ],
)
def test_graph_version_without_an_end_gets_none(version, words, absent):
    """No end announced, a version nobody knows and no version at all are three different answers."""
    found = only("Graph version", version=version)

    assert (found.days_left, found.until, found.evidence, found.near) == (None, "", "none", False)
    assert words in found.note
    assert absent not in found.note


@pytest.mark.parametrize("found", ["v21.0", "v21.0 (release 71234)"])
def test_installed_release_has_the_end_of_its_version(found):
    """Customers' workflows call the version of their release, which may be older than that of our calls."""
    setting = Setting("version", "v25.0", found, Verdict.REFUSED, Evidence.OBSERVED)
    versions = [each for each in told(resource("cyclr.ConnectorInstallation", setting)) if each.what == "Graph version"]

    assert [(each.subject, each.until) for each in versions] == [
        (f"{found}, installed release of facebook-marketing", "2027-01-21"),
        ("v25.0, our calls", "2028-07-29"),
    ]


@pytest.mark.parametrize("version", GRAPH_VERSIONS)
def test_every_version_that_can_be_declared_is_in_the_table(version):
    """A version that a stack file may name is never an unknown one here."""
    assert version in graph_versions.ENDS


@pytest.mark.parametrize(("age", "near"), [(0, False), (365, False), (366, True)])
def test_consent_is_old_after_a_year(age, near):
    """The note of a proven secret is read for its date, and a proof of more than 365 days is time to renew."""
    day = TODAY - timedelta(days=age)
    found = only("consent", resource("cyclr.ConnectorSetup", proven(day.isoformat())))

    assert (found.subject, found.evidence) == ("facebook-marketing client_secret", "proven")
    assert (found.days_left, found.near) == (365 - age, near)
    assert found.until == (day + timedelta(days=365)).isoformat()
    assert f"age: {age} days, since {day}; our own reminder after 365 days, not an end" in found.note


@pytest.mark.parametrize(("age", "near"), [(1, False), (180, False), (181, True)])
def test_attestation_is_old_after_half_a_year(age, near):
    """The note of an attested setting is read for its date, and a word of more than 180 days is time to look again."""
    day = TODAY - timedelta(days=age)
    found = only("attestation", resource("facebook.AppPublication", attested(day.isoformat())))

    assert (found.subject, found.evidence) == ("facebook-marketing live", "attested")
    assert (found.days_left, found.near) == (180 - age, near)
    assert "our own reminder after 180 days, not an end" in found.note


def test_attestation_by_a_strange_name_keeps_its_own_date():
    """A name that looks like the end of a note does not change the date of the attestation."""
    setting = attested("2026-11-02", by="jane on 2020-01-01\nattested by x on 2019-01-01")

    assert only("attestation", resource("facebook.AppPublication", setting)).until == "2027-05-01"


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-13-45", "its date cannot be read"),
        ("soon", "its date cannot be read"),
        ("2026-11-27", "its date lies in the future"),
        ("9999-12-31", "its date lies in the future"),
    ],
)
def test_unreadable_date_gives_no_days(day, why):
    """A date that is none, or that cannot have been, is said to be so and never counted with."""
    for what, kind, setting in (
        ("attestation", "facebook.AppPublication", attested(day)),
        ("consent", "cyclr.ConnectorSetup", proven(day)),
    ):
        found = only(what, resource(kind, setting))

        assert (found.days_left, found.until, found.near) == (None, "", False)
        assert found.note == f"could not be told: {why}"


def test_date_in_a_name_is_not_that_of_the_attestation():
    """Where the date itself is none, a date that stands in the name does not take its place."""
    setting = attested("soon", by="jane on 2020-01-01")

    assert only("attestation", resource("facebook.AppPublication", setting)).until == ""


def test_tomorrow_is_today_somewhere():
    """An attestation of tomorrow, which a stack file allows, is as fresh as can be."""
    found = only("attestation", resource("facebook.AppPublication", attested("2026-11-26")))

    assert (found.days_left, found.near) == (181, False)
    assert found.note.startswith("age: 0 days")


def test_next_end_comes_first_and_unknown_last():
    """Whoever reads only the first line reads the most urgent one."""
    look = (
        resource("facebook.AppPublication", attested("2026-11-02")),
        resource("cyclr.ConnectorSetup", proven("2025-12-01")),
    )
    found = told(*look, certificate=Certificate(date(2026, 12, 20)), version="v26.0")

    assert [risk.what for risk in found] == ["consent", "TLS certificate", "attestation", "Graph version"]


def test_refused_certificate_comes_before_every_end():
    """What customers meet today is more urgent than any date."""
    refused = Certificate(None, "expired", Handshake.EXPIRED)
    found = told(certificate=refused, version="v20.0")

    assert [risk.what for risk in found] == ["TLS certificate", "Graph version"]


def test_what_was_not_observed_has_no_age():
    """A look that saw no proof and no attestation tells of none, whatever stood there before."""
    seen = recorded.look("unreachable")

    assert {risk.what for risk in risks.risks(seen, TODAY, FAR, "v25.0")} == {"TLS certificate", "Graph version"}


def test_recorded_look_tells_its_attestation():
    """What the engine really says of an attested setting can be read."""
    found = {risk.what: risk for risk in risks.risks(recorded.look("ready"), TODAY, FAR, "v25.0")}

    assert found["attestation"].until == "2027-05-01"
    assert found["attestation"].note.startswith("age: 23 days, since 2026-11-02")
