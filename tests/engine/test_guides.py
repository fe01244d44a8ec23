"""The guides walk a newcomer through both daily uses: their commands run as written, and their output is real."""

from __future__ import annotations

import pytest

from tests.engine import guides

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]


@pytest.mark.parametrize("page", guides.GUIDES, ids=lambda page: page.stem)
def test_guide_shows_what_its_commands_print(page, tmp_path, pulumi_env):
    """Each command of a guide, run in order by somebody new, prints what the page shows below it."""
    commands = guides.shown(page.read_text(encoding="utf-8"))
    copy, base = guides.made_in(tmp_path / "checkout", pulumi_env)
    try:
        outputs = guides.printed(commands, copy, base)
    finally:
        copy.done(["make", "stop"])

    wrong = [
        f"$ {each.command}\n{output}"
        for each, output in zip(commands, outputs, strict=True)
        if not guides.agree(each.output, output)
    ]
    assert commands
    assert wrong == [], "write what is printed now with: python -m tests.engine.guides"
