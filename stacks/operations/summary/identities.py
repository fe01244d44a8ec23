"""What makes one report on an environment another than the last: an issue is written only when these change. Pure.

Never: what changes from run to run by itself: a duration, a day less, the trace in an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from stacks.operations.summary.findings import STATES, State
from stacks.operations.summary.survey import Survey


def identities(survey: Survey) -> frozenset[str]:
    """Each thing that a reader would call news. Of what was not looked at that is the place and the class alone."""
    return frozenset(json.dumps(each, sort_keys=True, default=str) for each in _facts(survey))


def _facts(survey: Survey) -> Iterator[list[Any]]:
    if survey.look is None:
        yield ["nothing was looked at", survey.error.partition("\n")[0]]
        return
    unseen = survey.state is State.NOT_OBSERVED
    for each in survey.findings:
        hidden = STATES[each.kind] is State.NOT_OBSERVED
        if hidden:
            yield [each.urn, str(each.kind)]
        elif not unseen:
            yield [each.urn, each.setting, str(each.kind), each.evidence, each.expected, each.found]
    if not unseen:
        told = {(each.urn, each.setting) for each in survey.findings}
        changes = [each for each in survey.changes if (each.urn, each.setting) not in told]
        yield from ([each.urn, each.operation, each.setting, each.before, each.after] for each in changes)


def endings(survey: Survey) -> frozenset[str]:
    """What is about to end, with its day, and whether it has ended; empty where nothing is near."""
    near = [each for each in survey.risks if each.near]
    facts = ([each.what, each.subject, each.until, (each.days_left or 0) < 0] for each in near)
    return frozenset(json.dumps(each) for each in facts)
