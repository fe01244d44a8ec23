"""The page about speed shows what the bench takes."""

from tests.bench.chain import CHAIN
from tests.bench.figures import COLUMNS, FIGURES, goal
from tests.worlds import ROOT

PAGE = ROOT / "docs" / "performance.md"


def test_the_page_has_the_rows_of_the_bench():
    """The page's table has each figure with its goal, in order; if not, paste a new run of `make bench`."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {COLUMNS[0]} "))
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[start:]]

    assert cells[0] == [*COLUMNS]
    assert [row[:2] for row in cells[2 : 2 + len(FIGURES)]] == [[figure.what, goal(figure)] for figure in FIGURES]


def test_the_page_shows_a_measured_value_in_each_row():
    """No row of the page is without the figure of the run that it shows."""
    text = PAGE.read_text()
    rows = [line for figure in FIGURES for line in text.splitlines() if line.startswith(f"| {figure.what} ")]

    assert len(rows) == len(FIGURES)
    assert all(row.strip("|").split(" | ")[2].strip()[0].isdigit() for row in rows)


def test_the_page_tells_the_chain():
    """The page explains each call of the chain that the bench counts, in order."""
    rows = [line.strip("|").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| `")]

    assert [row[1].strip() for row in rows if len(row) == 2] == [link.why for link in CHAIN]
