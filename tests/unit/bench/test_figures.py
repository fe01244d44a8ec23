"""The table and the document of the bench."""

import pytest

from tests.bench.figures import BY_KEY, FIGURES, Measured, document, goal, table, verdict

RESULTS = {figure.key: Measured(figure.goal or 1.0, 0.5, 2.0, 3) for figure in FIGURES}


def test_every_figure_has_a_name_of_its_own():
    """No two figures share a key or a row."""
    assert len(BY_KEY) == len({figure.what for figure in FIGURES}) == len(FIGURES)


@pytest.mark.parametrize(
    ("value", "says"), [(1.39, "met"), (1.4, "met"), (1.41, "NOT met")], ids=["below", "exact", "above"]
)
def test_a_goal_is_met_up_to_its_value(value, says):
    """The verdict is about the figure itself, not about its rounding or its spread."""
    assert verdict(BY_KEY["noop"], Measured(value, 0, 9, 5)) == says


def test_a_goal_of_none_is_a_goal():
    """Zero writes are demanded, not merely told."""
    assert goal(BY_KEY["look_writes"]) == "at most 0 writes"
    assert verdict(BY_KEY["look_writes"], Measured.counted(1)) == "NOT met"


def test_a_figure_without_a_goal_has_no_verdict():
    """What is only told is neither met nor missed."""
    assert verdict(BY_KEY["sandbox"], Measured.counted(9999)) == ""


def test_the_table_has_a_row_for_each_figure():
    """Every figure is shown, in order, with its goal, its value and its spread."""
    lines = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table(RESULTS).splitlines()]

    assert [cells[:2] for cells in lines[2:]] == [[figure.what, goal(figure)] for figure in FIGURES]
    assert lines[2][2:] == ["1.40 times", "0.50 to 2.00", "met"]


def test_the_table_is_even():
    """Columns stand below each other on a terminal."""
    assert len({len(line) for line in table(RESULTS).splitlines()}) == 1


def test_the_table_needs_every_figure():
    """A figure that was not taken is an error and not left out."""
    with pytest.raises(KeyError):
        table({"noop": RESULTS["noop"]})


def test_the_document_holds_what_the_table_shows():
    """A program finds each figure with its goal, value, spread, number of samples and verdict."""
    whole = document(RESULTS, {"cores": 2})

    assert whole["machine"] == {"cores": 2}
    assert [entry["key"] for entry in whole["figures"]] == list(BY_KEY)
    assert whole["figures"][0] == {
        "key": "noop",
        "what": FIGURES[0].what,
        "unit": "times",
        "goal": 1.4,
        "value": 1.4,
        "low": 0.5,
        "high": 2.0,
        "samples": 3,
        "verdict": "met",
    }
