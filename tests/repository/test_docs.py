"""The documents say what the code does."""

import re
from fnmatch import fnmatch

import pytest
from click.testing import CliRunner

from stacks.operations.main import group
from tests.worlds import ROOT
from tools import reference

PROOFS = ROOT / "tests/README.md"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", PROOFS, *sorted((ROOT / "docs").rglob("*.md"))]
COMMAND = re.compile(r"cyclr-connectors ([a-z]+)((?: --?[a-z-]+| [^\s`|;&#]+)*)")


def test_reference_page_equals_the_code():
    """docs/reference.md is what the generator writes now; if not, run `.venv/bin/python -m tools.reference`."""
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_documents_exist_with_their_flags(page):
    """Every command of ours that a page shows exists, with each flag that it is shown with."""
    for name, rest in COMMAND.findall(page.read_text(encoding="utf-8")):
        shown = CliRunner().invoke(group, [name, "--help"])

        assert shown.exit_code == 0, f"{page.name}: {name}"
        for flag in re.findall(r"(?<=\s)(--[a-z-]+|-[a-z])(?=\s|$)", rest):
            assert flag in shown.output, f"{page.name}: {name} {flag}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page):
    """Every relative link of a page names a file that exists."""
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_proofs_name_tests_that_exist():
    """Every test file that the list of proofs names is there, wherever its folder is."""
    there = [str(path) for path in (ROOT / "tests").rglob("test_*.py")]
    named = re.findall(r"`([a-z_/]*test_[a-z_*]+\.py)`", PROOFS.read_text(encoding="utf-8"))

    assert named
    assert [name for name in named if not any(fnmatch(path, f"*/{name}") for path in there)] == []
