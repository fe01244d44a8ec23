"""A real browser: Debian's Chromium, driven by Playwright, with no address to reach but loopback."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.declared import Environment
from tests.worlds import running_sandbox

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""Chromium calls home without these, and a test must not depend on the answer."""


@pytest.fixture(scope="module")
def chromium():
    """One browser for the tests of a file.

    Playwright keeps an event loop running in this thread, and later files of this worker start loops of their own.
    """
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium runs these tests")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A fresh page without cookies; a script error on it fails the test."""
    context = chromium.new_context()
    page = context.new_page()
    broken = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    yield page
    context.close()
    assert broken == []


@pytest.fixture(scope="session")
def running_world():
    """A sandbox for all browser tests of this worker."""
    with running_sandbox() as world:
        yield world


@pytest.fixture
def environment(running_world):
    """One environment whose world is at its first day."""
    running_world.first_day()
    Environment.forget_tokens()
    return Environment(running_world)
