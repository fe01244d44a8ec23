"""Reports of several environments as documents for programs: `preview --json` and `drift --json`. Pure.

Shape:  one object; a finding, a change, an open step and a risk are the same objects in every report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from stacks.operations.summary.findings import STATES, Finding, State
from stacks.operations.summary.survey import Survey


def drift(surveys: Sequence[Survey]) -> dict[str, Any]:
    """`drift --json`."""
    return {"environments": [_environment(each) | _found(each) for each in surveys]}


def preview(surveys: Sequence[Survey]) -> dict[str, Any]:
    """`preview --json`."""
    return {"environments": [_environment(each) | _planned(each) for each in surveys]}


def _environment(survey: Survey) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "environment": survey.environment,
        "service_domain": survey.look.service_domain if survey.look else "",
        "verdict": str(survey.state),
        "attested": survey.look.attested if survey.look else 0,
        "seconds": survey.seconds,
    }
    return facts | ({"error": survey.error} if survey.error else {})


def _found(survey: Survey) -> dict[str, Any]:
    return {
        "findings": [_finding(each) for each in survey.findings],
        "risks": [asdict(each) for each in survey.risks],
    }


def _planned(survey: Survey) -> dict[str, Any]:
    return {
        "changes": [asdict(each) for each in survey.changes],
        "unchanged": survey.unchanged,
        "plan_complete": survey.look is not None and survey.look.plan_complete,
        "consequences": [asdict(each) | {"level": str(each.level)} for each in survey.consequences],
        "open_steps": [asdict(each) for each in survey.steps],
        "not_observed": [_finding(each) for each in survey.findings if STATES[each.kind] is State.NOT_OBSERVED],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    facts = asdict(finding)
    kind = facts.pop("kind")
    return {key: facts.pop(key) for key in ("connector", "resource", "urn", "setting")} | {"class": str(kind)} | facts
