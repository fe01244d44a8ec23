"""What is news in a report on an environment, and what is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stacks.operations.summary.identities import endings, identities
from stacks.operations.summary.survey import Survey
from tests.unit.operations import recorded
from tests.unit.operations import situations as at
from tests.unit.operations.golden import RISKS

BROKEN = Survey("staging", None, error=at.FOUR_PARTS)


def news(*resources, **facts) -> frozenset[str]:
    """What is told of one connector with these resources."""
    return identities(at.survey(at.connector(*resources), **facts))


def test_news_stays_while_nothing_that_matters_changes():
    """Neither the duration, nor the words of an error, a cause or the engine, nor a day less is news."""
    step = at.open_(at.stands(at.REDIRECT))

    assert news(step) == news(at.open_(at.stands(at.REDIRECT), cause="trace AbC"), seconds=3.2, diff="x")
    assert news(at.unseen(at.stands(at.APP), "trace a")) == news(at.unseen(at.stands(at.APP), "trace b"))
    assert identities(BROKEN) == identities(replace(BROKEN, error=f"{BROKEN.error} trace b"))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(at.changed(at.stands(at.APP), drifted=True, name="b"), id="value"),
        pytest.param(at.changed(at.stands(at.APP), name="a"), id="class"),
        pytest.param(at.changed(at.stands(at.APP), drifted=True, website_url="a"), id="setting"),
        pytest.param(at.stands(at.APP), id="gone"),
        pytest.param(at.unseen(at.stands(at.APP)), id="not-seen"),
    ],
)
def test_news_changes_with_the_findings(other):
    """Another value, class, setting or number of findings is news."""
    assert news(at.changed(at.stands(at.APP), drifted=True, name="a")) != news(other)


def test_news_changes_with_a_value_that_no_update_would_write():
    """A declared step with another value is another finding, although nothing changes in the plan."""
    step = at.open_(at.stands(at.REDIRECT))
    other = replace(step, settings=tuple(replace(each, declared="https://b.example/") for each in step.settings))

    assert news(step) != news(other)


def test_what_is_about_to_end_is_news_of_its_own():
    """A risk that has come near, and one that is over, are news; a day less is none, and none of it is drift."""
    ready = at.survey(at.connector(), risks=RISKS)
    over = replace(ready, risks=(replace(RISKS[0], days_left=-1), *RISKS[1:]))

    assert endings(ready)
    assert endings(ready) == endings(replace(ready, risks=(replace(RISKS[0], days_left=11), *RISKS[1:])))
    assert endings(ready) != endings(over)
    assert endings(at.survey(at.connector())) == frozenset()
    assert identities(ready) == identities(over)


def test_news_tells_what_is_hidden():
    """Another resource that cannot be seen is news."""
    assert news(at.unseen(at.stands(at.APP))) != news(at.unseen(at.stands(at.SETUP)))


def test_news_of_recorded_looks_differ():
    """No two recorded situations that need different work look the same."""
    found = [identities(Survey("dev", recorded.look(name))) for name in recorded.NAMES]

    assert len(set(found)) == len(found)
