"""What a report may say of a world in which the customer met what they met; every breach in words."""

from __future__ import annotations

from collections.abc import Iterator

from tests.truth.behaviour import DEFAULT
from tests.truth.hides import THROUGH_INSTALLATION, blinded, cannot_be_seen, is_hidden
from tests.truth.report import NOT_OBSERVED, NOT_READY, READY
from tests.truth.scenes import Result
from tests.truth.settings import FIRST_DAY, REDIRECT, Value

RIGHT = "ready, connects"
FAILING = "not ready, fails"
OPEN = "not ready, connects, something is inconclusive"
DIFFERS = "not ready, connects, but not as declared"
UNSEEN = "not observed"
LIMIT = "ready, fails: documented limit"
WRONG = "ready, fails"
CLASSES = (RIGHT, FAILING, OPEN, DIFFERS, UNSEEN, LIMIT)


def class_of(result: Result) -> str:
    """Which kind of row it is."""
    verdict, connects = result.report.verdict, result.met.connected
    if verdict == NOT_OBSERVED:
        return UNSEEN
    if verdict == READY:
        return RIGHT if connects else LIMIT if limits(result) else WRONG
    if not connects:
        return FAILING
    return OPEN if result.report.is_open else DIFFERS


def limits(result: Result) -> list[str]:
    """The documented limits that the row rests on, by the evidence that its report shows."""
    return [value.limit for _, value in result.row.changed if value.limit and _rests(result, value)]


def breaches(result: Result) -> list[str]:
    """Everything that the report says and should not, or does not say and should."""
    rules = (_green, _red, _unseen, _named, _refused, _outage, _customer, _drift)
    return [f"{result.row}: {breach}" for rule in rules for breach in rule(result)]


def _green(result: Result) -> Iterator[str]:
    """A green answer means that a customer can connect."""
    if class_of(result) == WRONG:
        yield f"ready, but the customer met: {result.met.what}"


def _red(result: Result) -> Iterator[str]:
    """Never "not ready" where the customer connects, everything is as declared and nothing was inconclusive."""
    report = result.report
    if report.verdict != NOT_READY or not result.met.connected or result.row.under.clouds:
        return
    if not any(value.names for _, value in result.row.changed):
        yield f"not ready, but the customer connects and all is right; named: {sorted(report.named)}"


def _unseen(result: Result) -> Iterator[str]:
    """What was not looked at has a cause in the world."""
    causes = {*result.row.under.blinds, *blinded(result.row)}
    for _, value in result.row.changed:
        causes |= {*value.unseen, *value.blinds}
        if result.row.phase == FIRST_DAY:
            causes |= set(value.unmade)
    without = {kind: why for kind, why in result.report.unseen.items() if kind not in causes}
    if without:
        yield f"not looked at without a cause: {without}"


def _named(result: Result) -> Iterator[str]:
    """Each setting that was changed is named, unless another one hides it or its limit is printed beside it."""
    for key, value in result.row.changed:
        hidden = is_hidden(result.row, key, value.name) or _rests(result, value)
        seen = any(name in result.report.named or cannot_be_seen(result.report, name) for name in value.names)
        if value.names and not seen and not hidden:
            yield f"{key} is not named, but: {sorted(result.report.named)}"


def _refused(result: Result) -> Iterator[str]:
    """Nothing is called wrong that is right."""
    explained = {name for _, value in result.row.changed for name in (*value.names, *value.also)}
    wrong = result.report.refused - explained
    gone = {kind for kind in result.report.gone if kind not in explained}
    if wrong or gone:
        yield f"called wrong without a cause: {sorted(wrong | gone)}"


def _outage(result: Result) -> Iterator[str]:
    """A vendor that refuses us is not observed: never gone, refused or accepted."""
    must = {*result.row.under.blinds, *(kind for _, value in result.row.changed for kind in value.unseen)}
    hidden = {
        kind for key, value in result.row.changed if is_hidden(result.row, key, value.name) for kind in value.unseen
    }
    seen = must - hidden - set(result.report.unseen)
    if THROUGH_INSTALLATION in result.report.named:
        seen -= {"ConnectorSetup"}  # it needs no more of the vendor than that the installation is gone
    if seen:
        yield f"looked at although the vendor refuses us: {sorted(seen)}"


def _customer(result: Result) -> Iterator[str]:
    """Under the defaults each value does to a customer what the table says of it."""
    if result.row.under != DEFAULT or len(result.row.changed) != 1:
        return
    ((_, value),) = result.row.changed
    if value.fails == result.met.connected:
        yield f"the customer should {'fail' if value.fails else 'connect'}, but met: {result.met.what}"


def _drift(result: Result) -> Iterator[str]:
    """`drift` says in sync of what is ready, not observed of what was not, and drifted of nothing that is right."""
    said, verdict = result.report.drift, result.report.verdict
    if not said:
        return
    if (said == "in sync") != (verdict == READY) or (said == "not observed") != (verdict == NOT_OBSERVED):
        yield f"{verdict}, but drift says {said}"
    if said == "drifted" and not any(value.names for _, value in result.row.changed):
        yield f"drift says {said}, but nothing was changed; named: {sorted(result.report.named)}"


def _rests(result: Result, value: Value) -> bool:
    """Whether the report rests on evidence that may be wrong, where no look shows better."""
    setting, evidence = value.rests_on
    if value.shown_unless and result.row.under.other(value.shown_unless) is None:
        refused = {"LoginRedirect", *REDIRECT} & result.report.named
        if not refused:
            return False
    return result.report.verdicts.get(setting) == ("accepted", evidence)
