"""Reports that are too long: what goes first, what stays, and that nothing is cut in its middle."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from stacks.operations.renderers import drift_markdown, plan_markdown
from stacks.operations.renderers.shortening import Block, Rank, document, shorten, units
from stacks.operations.summary.survey import Survey
from tests.unit.operations import situations as at

pytestmark = pytest.mark.proof

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
POINTER = "The full text is in the step summary."
FEW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LINES = st.lists(st.text("ab🚀", min_size=1, max_size=60), max_size=30).map(tuple)
RANKS = st.sampled_from([each for each in Rank if each < Rank.VERDICT])
BLOCKS = st.lists(st.builds(Block, RANKS, st.text("cd🚀", max_size=90), LINES, st.just("lines")), max_size=12)
VERDICT = Block(Rank.VERDICT, "## " + "long " * 90, short="## short")
DIFF = "  ~ name: a => b\n" * 40


def utf16(text: str) -> int:
    """Characters as most services count them: one beyond the basic plane is two."""
    return sum(1 + (ord(each) > 0xFFFF) for each in text)


def environments(count: int = 3) -> list[Survey]:
    """Dangers, many rows, steps, failures, long diffs."""
    return [
        at.survey(at.many(count), "calm", diff=DIFF),
        at.survey(
            [*at.moved(), *at.many(count), *at.another_app(), at.access("update", graphUrl="https://evil.example")],
            "dangerous",
            diff=DIFF,
        ),
        at.survey(at.connector(at.open_(at.stands(at.REDIRECT)), at.unseen(at.stands(at.APP))), "unseen", diff=DIFF),
        Survey("broken", None, error=at.HOSTILE * count),
    ]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BLOCKS, st.integers(min_value=200, max_value=4000))
def test_shortened_document_is_within_the_limit_and_says_so(blocks: list[Block], limit: int):
    """Whatever the blocks, the limit holds in both ways to count, the verdict stays, and the reader is told."""
    found = shorten([VERDICT, *blocks], limit, POINTER)

    assert max(len(found), utf16(found)) <= limit
    assert found.startswith("## ")
    if units(document([VERDICT, *blocks])) > limit:
        assert POINTER in found
    else:
        assert found == document([VERDICT, *blocks])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BLOCKS, st.integers(min_value=200, max_value=4000))
def test_shortened_document_consists_of_whole_lines(blocks: list[Block], limit: int):
    """Every line of it stands in the full document, or tells what was left out."""
    full = set(document([VERDICT, *blocks]).split("\n"))
    extra = [line for line in shorten([VERDICT, *blocks], limit, POINTER).split("\n") if line not in full]

    assert [line for line in extra if not line.startswith(("**Shortened", "- … and ", "## short"))] == []


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BLOCKS, st.integers(min_value=200, max_value=4000))
def test_less_important_blocks_go_first(blocks: list[Block], limit: int):
    """A block lost something only where nothing of a lesser rank is left whole that came to less."""
    distinct = [Block(each.rank, f"{number} {each.head}", each.items, each.noun) for number, each in enumerate(blocks)]
    found = shorten([VERDICT, *distinct], limit, POINTER)
    lost = [each.rank for each in distinct if f"\n{each.text}\n" not in found]
    gone = [each.rank for each in distinct if f"\n{each.head}\n" not in found]

    assert not lost or all(rank in gone for rank in [each.rank for each in distinct if each.rank < max(lost)])


@pytest.mark.parametrize("limit", [0, 1, 11])
def test_limit_without_any_room_gives_nothing_cut(limit: int):
    """Where not even a word fits there is nothing, rather than a part of one."""
    assert shorten([Block(Rank.VERDICT, "## " + "x" * 100), Block(Rank.ROWS, "rows")], limit) == ""


def test_rows_that_were_left_out_are_counted():
    """A shortened table says how many rows are missing, as a row of its own."""
    block = Block(Rank.ROWS, "head", tuple(f"| {number} |" for number in range(50)), "changes", row="| {} |")
    found = shorten([Block(Rank.VERDICT, "## v"), block], 200)
    kept = [line for line in found.split("\n") if line.startswith("| ") and "more" not in line]

    assert 0 < len(kept) < 50
    assert found.rstrip().endswith(f"| … and {50 - len(kept)} more changes |")


@FEW
@given(st.integers(min_value=500, max_value=9000), st.integers(min_value=1, max_value=60))
def test_report_within_any_limit_is_whole_markdown(limit: int, count: int):
    """From 500 characters on: within the limit, with verdict and pointer, every fence and fold closed, tables whole."""
    for render in (plan_markdown.render, drift_markdown.render):
        source = render(environments(count), limit, POINTER)
        found = PARSER.parse(source)
        ends = [token for token in found if token.type == "fence"]

        assert utf16(source) <= limit
        assert source.startswith("## ")
        assert (POINTER in source) is (units(render(environments(count))) > limit)
        assert all(source.split("\n")[token.map[1] - 1].startswith("```") for token in ends if token.map)
        assert source.count("<details>") - sum(token.content.count("<details>") for token in ends) == sum(
            token.content.strip() == "</details>" for token in found if token.type == "html_block"
        )
        assert not [token for token in found if token.type == "html_inline"]


def test_dangers_outlive_everything_but_the_verdict():
    """As room gets scarce, diffs go first, then notices, steps and rows; dangers are told where nothing else is."""
    surveys = environments()
    full = plan_markdown.render(surveys)
    marks = {
        "diff": "<details>",
        "steps": "- [ ] ",
        "rows": "| Display name |",
        "errors": "```text",
        "dangers": "⚠️ **DANGER**",
        "verdict": "## ⚠️ ",
    }
    assert all(mark in full for mark in marks.values())

    last = {
        name: min(limit for limit in range(500, units(full) + 101, 100) if mark in plan_markdown.render(surveys, limit))
        for name, mark in marks.items()
    }
    order = [last[name] for name in ("verdict", "dangers", "errors", "rows", "diff")]
    assert order == sorted(order)
    assert last["dangers"] == 500
    assert last["steps"] <= last["diff"]


def test_many_dangerous_environments_fit_into_little():
    """Where not even a line for each danger has room, the verdict still counts them."""
    surveys = [at.survey(at.moved(), f"environment-{number}") for number in range(30)]
    text = plan_markdown.render(surveys, 500, POINTER)

    assert units(text) <= 500
    assert text.startswith("## ⚠️ 30 dangers: ")


def test_report_that_fits_is_not_shortened():
    """With room enough the report is the full one, and nothing is said of shortening."""
    surveys = environments()
    full = plan_markdown.render(surveys)

    assert plan_markdown.render(surveys, units(full), POINTER) == full
    assert "Shortened" not in full


def test_issue_is_within_the_limit_of_the_service():
    """However much was found, the body of an issue can be posted."""
    resources = [each for each in at.many(900) if each.planned != "same"]
    title, body = drift_markdown.issue(at.survey(resources, "x" * 400), POINTER)

    assert units(body) <= drift_markdown.ISSUE_LIMIT
    assert "**Shortened**" in body
    assert len(title) < 256
