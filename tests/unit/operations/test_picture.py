"""The picture of an environment as nodes and edges."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.verdicts import Evidence, OpenStep, Setting, Verdict
from stacks.operations.renderers import picture
from stacks.operations.renderers.picture import APP, INSTALLATION, LIBRARY, NODES, REDIRECT, SERVICE_DOMAIN, Mark, Node
from stacks.operations.summary.survey import Survey
from tests.unit.operations import recorded, reports


def node(survey: Survey, kind: str, chain: int = 0) -> Node:
    """One node of a picture."""
    return next(each for each in picture.chains(survey)[chain].nodes if each.kind == kind)


def marks(survey: Survey) -> dict[str, str]:
    """Node -> its word, of the first connector."""
    return {each.kind: str(each.mark) for each in picture.chains(survey)[0].nodes}


@pytest.mark.parametrize(
    ("verdict", "evidence", "word"),
    [
        pytest.param(Verdict.ACCEPTED, Evidence.OBSERVED, Mark.ACCEPTED, id="observed"),
        pytest.param(Verdict.ACCEPTED, Evidence.PROVEN, Mark.ACCEPTED, id="proven"),
        pytest.param(Verdict.ACCEPTED, Evidence.INFERRED, Mark.INFERRED, id="inferred"),
        pytest.param(Verdict.ACCEPTED, Evidence.ATTESTED, Mark.ATTESTED, id="attested"),
        pytest.param(Verdict.ACCEPTED, Evidence.NONE, Mark.UNKNOWN, id="accepted-on-nothing"),
        pytest.param(Verdict.REFUSED, Evidence.INFERRED, Mark.REFUSED, id="refused"),
        pytest.param(Verdict.INCONCLUSIVE, Evidence.NONE, Mark.INCONCLUSIVE, id="inconclusive"),
        pytest.param(Verdict.UNKNOWN, Evidence.NONE, Mark.UNKNOWN, id="unknown"),
    ],
)
def test_mark_is_the_verdict_with_the_evidence_that_it_stands_on(verdict, evidence, word):
    """What stands says on what evidence; on none it is unknown."""
    assert picture.mark(Setting("live", "live", None, verdict, evidence)) is word


def test_chain_of_a_ready_environment_stands_node_by_node():
    """Each node carries the weakest word of the settings behind it, and its value as declared."""
    chain = picture.chains(reports.ready())[0]

    assert marks(reports.ready()) == {
        SERVICE_DOMAIN: "accepted",
        REDIRECT: "accepted",
        APP: "attested",
        LIBRARY: "accepted",
        INSTALLATION: "accepted",
    }
    assert [each.value for each in chain.nodes] == [
        reports.DOMAIN,
        reports.URI,
        f"Acme Ads {reports.APP_ID}",
        "Facebook Marketing API v25.0",
        "account Observer",
    ]
    assert all(edge.whole for edge in chain.edges)


def test_refused_setting_makes_its_node_refused_and_breaks_its_edges():
    """A node is as bad as the worst of its settings, says of how many, and is joined by broken edges."""
    chain = picture.chains(reports.drifted())[0]

    assert [str(each.mark) for each in chain.nodes] == ["accepted", "refused", "refused", "accepted", "accepted"]
    assert node(reports.drifted(), APP).share == "1 of 4"
    assert [edge.whole for edge in chain.edges] == [False, False, False, True]


def test_what_was_not_looked_at_is_never_shown_as_standing():
    """A failed look leaves its nodes not observed, whatever the state remembers of them."""
    assert marks(reports.unreachable()) == {
        SERVICE_DOMAIN: "accepted",
        REDIRECT: "not observed",
        APP: "not observed",
        LIBRARY: "accepted",
        INSTALLATION: "accepted",
    }


@pytest.mark.parametrize("kind", reports.KINDS)
@pytest.mark.parametrize(
    "facts",
    [{"failure": reports.Failure("unreachable", "x")}, {"observed": False}, {"missing": True}],
    ids=["failed", "unread", "missing"],
)
def test_settings_of_a_resource_that_was_not_seen_count_for_nothing(kind: str, facts):
    """Settings that a resource still carries are no verdict where this look did not read it."""
    survey = reports.survey("dev", reports.resource(kind, **facts))
    home = node(survey, picture.HOMES[kind])

    assert home.mark in (Mark.NOT_OBSERVED, Mark.MISSING)


def test_service_domain_is_not_observed_without_the_setup_that_shows_it():
    """The domain is seen through the library entry's authorise link alone."""
    survey = reports.survey("dev", reports.resource(reports.SETUP, observed=False, missing=True))

    assert (node(survey, LIBRARY).mark, node(survey, SERVICE_DOMAIN).mark) == (Mark.MISSING, Mark.NOT_OBSERVED)


def test_node_says_that_some_of_it_was_not_observed():
    """A refusal that was seen does not hide that the rest was not."""
    app = next(each for each in reports.drifted().look.resources if each.kind == reports.APP)
    shown = node(reports.survey("dev", app, reports.failed(reports.PUBLICATION)), APP)

    assert (shown.mark, shown.share) == (Mark.REFUSED, "1 of 3, some not observed")


def test_open_step_without_a_setting_keeps_its_node_from_standing():
    """A step that no setting names is as open in the picture as in the list."""
    step = OpenStep("Upgrade", "v25.0", "https://x.example", *reports.PROVES_NOTHING, "", "")
    survey = reports.survey("dev", reports.resource(reports.INSTALLATION, open_steps=(step,)))

    assert node(survey, INSTALLATION).mark is Mark.INCONCLUSIVE


def test_resource_without_any_verdict_is_unknown():
    """Looked at and silent is not accepted."""
    assert node(reports.survey("dev", reports.resource(reports.REDIRECT, settings=())), REDIRECT).mark is Mark.UNKNOWN


def test_every_connector_has_a_chain_of_its_own():
    """What is wrong with one connector does not show in another's picture."""
    survey = reports.undecided()

    assert [chain.connector for chain in picture.chains(survey)] == [reports.CONNECTOR, "google-ads"]
    assert node(survey, INSTALLATION).mark is Mark.MISSING
    assert node(survey, APP).mark is Mark.INCONCLUSIVE
    assert node(survey, APP, 1).mark is Mark.ATTESTED


def test_nothing_looked_at_has_no_picture():
    """Without a look there is nothing to draw."""
    assert picture.chains(reports.blind()) == ()


@pytest.mark.parametrize("name", recorded.NAMES)
def test_recorded_look_has_every_node_once_and_none_overlaps(name: str):
    """Whatever the engine told, each connector's chain is whole, from the top down, and says each verdict in words."""
    for chain in picture.chains(Survey("dev", recorded.look(name))):
        ends = [(each.top, each.top + each.height) for each in chain.nodes]

        assert tuple(each.kind for each in chain.nodes) == NODES
        assert all(end < top for (_, end), (top, _) in pairwise(ends))
        assert ends[-1][1] == chain.height
        assert [f"{each.kind} {each.value}: {each.mark}." in chain.told for each in chain.nodes] == [True] * len(NODES)


def test_settings_that_no_look_showed_are_not_observed():
    """A connector of which the engine told only some resources has no word for the others."""
    assert marks(Survey("dev", recorded.look("ready")))[INSTALLATION] == "not observed"


def test_previous_redirect_uri_stands_in_the_same_node():
    """During a move both addresses are shown, and one that is refused shows."""
    refused = replace(reports.settings(reports.REDIRECT)[0], verdict=Verdict.REFUSED)
    old = reports.resource(reports.REDIRECT, declared={"redirect_uri": "https://old.example/cb"}, settings=(refused,))
    survey = reports.ready()
    moved = replace(survey, look=replace(survey.look, resources=(*survey.look.resources, old)))

    assert node(moved, REDIRECT).value == f"{reports.URI}, https://old.example/cb"
    assert node(moved, REDIRECT).mark is Mark.REFUSED


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("", (), id="nothing"),
        pytest.param("app-h.cyclr.com", ("app-h.cyclr.com",), id="short"),
        pytest.param(reports.URI, ("https://app-h.cyclr.com/", "connector/callback"), id="at-a-slash"),
        pytest.param("x" * 40, ("x" * 31, "x" * 9), id="anywhere"),
        pytest.param("x" * 90, ("x" * 31, "x" * 30 + "…"), id="ellipsis"),
        pytest.param("語" * 40, ("語" * 15, "語" * 15 + "…"), id="wide"),
    ],
)
def test_long_value_is_fitted_into_two_lines(text: str, lines):
    """A value breaks where an address can break, and ends in an ellipsis where it is too long."""
    assert picture.fitted(text) == lines


@given(st.text())
def test_fitted_lines_never_exceed_the_node(text: str):
    """Whatever a value is, it takes two lines of the node's width at most."""
    lines = picture.fitted(text)

    assert len(lines) <= 2
    assert all(picture._head(line, picture._COLUMNS) == line for line in lines)
