"""The report as pictures, for the documents: `python -m tests.browser.screenshots` writes them anew.

Nothing compares them pixel by pixel: fonts differ from machine to machine.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from stacks.operations.renderers import html
from stacks.operations.summary.survey import Survey
from tests.browser.conftest import QUIET
from tests.unit.operations import reports

FOLDER = Path(__file__).parents[2] / "docs/images"
WIDTHS = {"phone": (360, 800), "desk": (1280, 900)}
"""Name -> width and height of the window, in CSS pixels."""
SCHEMES = ("light", "dark")
TITLE = "Drift"


def shown() -> list[Survey]:
    """What the pictures show: one environment that drifted, one that is in sync."""
    return [reports.drifted("production"), reports.ready("staging")]


def opened(browser: Browser, file: Path, width: str, scheme: str) -> Page:
    """A report in a window of that width and scheme; close its context afterwards."""
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    page = browser.new_context(viewport=size, color_scheme=scheme).new_page()
    page.goto(file.as_uri())
    return page


def written(surveys: list[Survey], file: Path) -> Path:
    """The report as a file."""
    file.write_text(html.render(surveys, TITLE), encoding="utf-8")
    return file


def take(browser: Browser, folder: Path) -> list[Path]:
    """One picture of the report for each width and scheme."""
    report, pictures = written(shown(), folder / "report.html"), []
    for width in WIDTHS:
        for scheme in SCHEMES:
            page = opened(browser, report, width, scheme)
            pictures.append(folder / f"report-{width}-{scheme}.png")
            page.screenshot(path=pictures[-1])
            page.context.close()
    report.unlink()
    return pictures


def main() -> None:
    """Writes the pictures into the documents."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        take(browser, FOLDER)
        browser.close()


if __name__ == "__main__":
    main()
