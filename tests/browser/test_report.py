"""The HTML report in a real browser: what axe finds, what it loads, how it fits, what a keyboard reaches."""

from __future__ import annotations

import struct
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import screenshots
from tests.browser.screenshots import SCHEMES, WIDTHS, opened, written
from tests.unit.operations import reports

pytestmark = pytest.mark.browser

REPORTS = reports.every()
SMALLEST, LARGEST = 12, 150_000
"""CSS pixels of text; bytes of a picture in the documents."""
WITHOUT_OPTIONAL = {"resultTypes": ["violations", "incomplete"]}


@pytest.fixture(params=REPORTS)
def report(request, tmp_path) -> Path:
    """A report as a file."""
    return written(REPORTS[request.param], tmp_path / "report.html")


@pytest.fixture(params=WIDTHS)
def width(request) -> str:
    """Phone or desk."""
    return request.param


@pytest.fixture
def show(chromium, width):
    """Opens a report with every fold open, and closes it afterwards."""
    pages = []

    def open_(file: Path, scheme: str = "light"):
        pages.append(opened(chromium, file, width, scheme))
        pages[-1].eval_on_selector_all("details", "all => all.forEach(each => each.open = true)")
        return pages[-1]

    yield open_
    for page in pages:
        page.context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_no_violation(show, report: Path, scheme: str):
    """Every rule of axe-core holds, in both schemes and at both widths."""
    found = Axe().run(show(report, scheme), options=WITHOUT_OPTIONAL)
    rules = {rule["id"]: [node["html"][:200] for node in rule["nodes"]] for rule in found.response["violations"]}

    assert rules == {}


def test_axe_sees_what_is_wrong(show, tmp_path):
    """The check above can fail: it names a picture without a text and text without contrast."""
    file = tmp_path / "wrong.html"
    file.write_text('<html><body><img src="x"><p style="color: #aaa; background: #fff">pale</p></body></html>')
    found = {rule["id"] for rule in Axe().run(show(file)).response["violations"]}

    assert {"image-alt", "color-contrast", "html-has-lang"} <= found


def test_report_asks_for_nothing(chromium, width, report: Path):
    """Opened from a file, the report makes no request but for itself, and its own policy refuses nothing of it."""
    asked, said = [], []
    context = chromium.new_context()
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(report.as_uri())
    page.wait_for_load_state("networkidle")
    context.close()

    assert asked == [report.as_uri()]
    assert said == []


def test_page_never_scrolls_sideways(show, report: Path):
    """Nothing is wider than the window, with every fold open, however long a value is."""
    page = show(report)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    cut = page.evaluate(
        """() => [...document.querySelectorAll("main *")]
          .filter(each => !each.closest("svg, pre, thead"))
          .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
          .map(each => each.outerHTML.slice(0, 120))"""
    )

    assert wide == 0
    assert cut == []


def test_text_of_the_picture_is_large_enough(show, report: Path):
    """The picture scales with the window, and its text stays at twelve CSS pixels or more."""
    sizes = show(report).evaluate(
        """() => [...document.querySelectorAll(".picture text")]
          .map(each => parseFloat(getComputedStyle(each).fontSize) * each.getScreenCTM().a)"""
    )

    assert all(size >= SMALLEST for size in sizes)


def test_text_of_the_picture_stays_in_its_node(show, report: Path):
    """No line of a node is wider than the node."""
    outside = show(report).evaluate(
        """() => [...document.querySelectorAll(".node text")]
          .filter(each => each.getBBox().x + each.getBBox().width > each.ownerSVGElement.width.baseVal.value)
          .map(each => each.textContent)"""
    )

    assert outside == []


def test_keyboard_reaches_links_folds_and_scrolled_text(show, tmp_path):
    """Every link, fold and box that scrolls is reached with the tab key, in the order of the page."""
    page = show(written(REPORTS["mixed"], tmp_path / "report.html"))
    selector = "a[href], summary, pre[tabindex]"
    wanted = page.eval_on_selector_all(selector, "all => all.map(each => each.outerHTML)")
    reached = []
    for _ in wanted:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.outerHTML"))

    assert len(wanted) > len(REPORTS["mixed"])
    assert reached == wanted


def test_box_that_scrolls_is_a_named_region(show, tmp_path):
    """Whatever is wider than its box can be focused and says what it is, in every browser."""
    page = show(written(REPORTS["drifted"], tmp_path / "report.html"))
    boxes = page.evaluate(
        """() => [...document.querySelectorAll("main *")]
          .filter(each => each.scrollWidth > each.clientWidth && getComputedStyle(each).overflowX === "auto")
          .map(each => [each.tabIndex, each.getAttribute("role"), each.getAttribute("aria-label")])"""
    )

    assert boxes == [[0, "region", "The engine's own diff of production"]]


def test_overview_leads_to_its_environment(show, tmp_path):
    """Choosing an environment in the overview brings its section into view."""
    page = show(written(REPORTS["mixed"], tmp_path / "report.html"))
    page.get_by_role("link", name="staging").press("Enter")
    page.wait_for_function("location.hash === '#environment-4'")

    assert page.get_by_role("heading", name="staging", level=2).is_visible()


def test_reader_is_told_headings_tables_and_pictures(show, tmp_path):
    """The tree that a screen reader gets has one title, headings without gaps, named tables and described pictures."""
    page = show(written(REPORTS["mixed"], tmp_path / "report.html"))
    levels = page.eval_on_selector_all("h1, h2, h3, h4, h5", "all => all.map(each => +each.tagName[1])")
    pictures = page.get_by_role("img", name="Picture of facebook-marketing").all()

    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(pictures) == len(REPORTS["mixed"])
    assert page.get_by_role("table", name="Overview").get_by_role("columnheader").count() == 5
    assert page.get_by_role("table", name="Overview").get_by_role("rowheader").count() == len(REPORTS["mixed"])
    assert "Redirect URI https://app-h.cyclr.com/connector/callback: refused." in page.content()


def test_pictures_for_the_documents_can_be_taken(chromium, tmp_path):
    """The documented command makes a picture of each width and scheme, in its size and small enough to be committed."""
    pictures = screenshots.take(chromium, tmp_path)
    sizes = [struct.unpack(">II", picture.read_bytes()[16:24]) for picture in pictures]

    assert sizes == [size for size in WIDTHS.values() for _ in SCHEMES]
    assert all(picture.stat().st_size < LARGEST for picture in pictures)
    assert len({picture.read_bytes() for picture in pictures}) == len(pictures)
    assert {picture.name for picture in pictures} == {each.name for each in screenshots.FOLDER.glob("report-*.png")}
