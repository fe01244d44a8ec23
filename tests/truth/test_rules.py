"""The rules of the table find what they are there for: a report that lies breaks one."""

from __future__ import annotations

import pytest

from tests.truth import rules
from tests.truth.customer import Met
from tests.truth.pages import broken
from tests.truth.report import Report
from tests.truth.scenes import Result, Row

CONNECTED, FAILED = Met(True, "connected"), Met(False, "URL Blocked")
RIGHT = {"LoginRedirect.redirect_uri": ("accepted", "observed"), "ConnectorSetup.client_secret": ("accepted", "proven")}
REFUSED = {**RIGHT, "LoginRedirect.redirect_uri": ("refused", "observed")}


def breaches(row: Row, report: Report, met: Met) -> str:
    """What the rules say, as one text."""
    return "; ".join(rules.breaches(Result(row, report, met)))


@pytest.mark.parametrize(
    ("row", "report", "met", "breach"),
    [
        (broken("redirect list missing"), Report(RIGHT), FAILED, "ready, but the customer met: URL Blocked"),
        (broken(), Report(REFUSED), CONNECTED, "not ready, but the customer connects and all is right"),
        (broken(), Report(REFUSED), CONNECTED, "called wrong without a cause: ['LoginRedirect.redirect_uri']"),
        (broken(), Report(RIGHT, gone=["ConnectorInstallation"]), CONNECTED, "called wrong without a cause"),
        (broken(), Report(RIGHT, unseen={"AppSettings": "why"}), CONNECTED, "not looked at without a cause"),
        (broken("redirect list missing"), Report(RIGHT), FAILED, "redirect list is not named"),
        (broken("App Secret reset"), Report(REFUSED), FAILED, "looked at although the vendor refuses us"),
        (
            broken("API credentials deleted"),
            Report(RIGHT, gone=["ConnectorInstallation"]),
            CONNECTED,
            "looked at although",
        ),
        (broken("display name wrong"), Report(RIGHT), FAILED, "the customer should connect"),
        (broken("redirect list missing"), Report(REFUSED), CONNECTED, "the customer should fail"),
        (broken("library Client Secret wrong"), Report({}), FAILED, "ready, but the customer met"),
    ],
    ids=[
        "green lie",
        "red lie",
        "false refusal",
        "false loss",
        "blind without cause",
        "unnamed",
        "outage refused",
        "outage gone",
        "harmless",
        "needed",
        "limit without its evidence",
    ],
)
def test_report_that_lies_breaks_a_rule(row, report, met, breach):
    """Each way to be wrong about a customer is found, in words that say which."""
    assert breach in breaches(row, report, met)


@pytest.mark.parametrize(
    ("row", "report", "met", "kind"),
    [
        (broken(), Report(RIGHT), CONNECTED, rules.RIGHT),
        (broken("redirect list missing"), Report(REFUSED), FAILED, rules.FAILING),
        (broken("display name wrong"), Report(RIGHT, differing=["AppSettings.name"]), CONNECTED, rules.DIFFERS),
        (broken("library Client Secret wrong"), Report(RIGHT), FAILED, rules.LIMIT),
    ],
    ids=["right", "failing", "differs", "limit"],
)
def test_report_that_tells_the_truth_breaks_none(row, report, met, kind):
    """What a report may say of a world is left in peace, and has its class."""
    assert breaches(row, report, met) == ""
    assert rules.class_of(Result(row, report, met)) == kind
