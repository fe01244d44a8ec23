"""Which value takes away that another one must be named, and why: then the report is right without it.

Shape:  (the hiding value or phase, the hidden ones, why). A value is `setting value`; a setting alone means each of
        its values; a phase means every world of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.truth.report import Report
from tests.truth.scenes import Row
from tests.truth.settings import FACEBOOK, FIRST_DAY

WRITTEN = ("display name", "App Domains", "Site URL")
THROUGH_INSTALLATION = "ConnectorSetup.installation"

HIDES: Sequence[tuple[str, tuple[str, ...], str]] = (
    (FIRST_DAY, ("library Scopes fewer",), "undeclared scopes are what the first consent asked for"),
    (FIRST_DAY, ("word on App Mode given",), "on the first day no other word stands in the state"),
    (f"API access to settings open, {FIRST_DAY}", WRITTEN, "the first up writes them"),
    (f"API access to settings open with 2FA, {FIRST_DAY}", WRITTEN, "the first up writes them, unless 2FA stops it"),
    ("strict mode off", ("redirect list missing",), "with an empty list the whole App Domain passes"),
    ("mark missing", ("library Scopes",), "the mark held the scopes to compare with"),
    (
        "App Secret in all places but Cyclr new",
        ("App Secret reset",),
        "the declaration holds the secret that Facebook has",
    ),
)

BLINDS: Sequence[tuple[set[str], tuple[str, str], tuple[str, ...], str]] = (
    (
        {"App Domains wrong", "API access to settings open", FIRST_DAY},
        ("facebook", "domain_must_match_site"),
        FACEBOOK,
        "Facebook refuses every write while a domain that nobody declared does not match the Site URL",
    ),
    (
        {"App Domains wrong", "API access to settings open with 2FA", FIRST_DAY},
        ("facebook", "domain_must_match_site"),
        FACEBOOK,
        "the same",
    ),
)
"""What only together, and with a switch, keeps resources from being looked at, and why."""


def is_hidden(row: Row, key: str, value: str) -> bool:
    """Whether another value of the row takes away that this one must be named."""
    present = _present(row)
    return any(hider in present and {key, f"{key} {value}"} & set(hidden) for hider, hidden, _ in HIDES)


def blinded(row: Row) -> set[str]:
    """Resources that the row's values together may keep from being looked at."""
    present = _present(row)
    return {
        kind for values, switch, kinds, _ in BLINDS if values <= present and switch in row.under.sides for kind in kinds
    }


def cannot_be_seen(report: Report, name: str) -> bool:
    """Whether the report says that it could not see what the name stands for."""
    kind = name.partition(".")[0].partition(":")[0]
    through = kind == "ConnectorSetup" and THROUGH_INSTALLATION in report.named
    return through or kind in report.unseen or kind in report.gone


def _present(row: Row) -> set[str]:
    values = {row.phase, *(f"{key} {value.name}" for key, value in row.changed)}
    return values | {f"{name}, {row.phase}" for name in values}
