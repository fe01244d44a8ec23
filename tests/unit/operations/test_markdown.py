"""Values from outside in Markdown, read by a real parser: they say what they say and do nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from stacks.operations.renderers import drift_markdown, markdown, plan_markdown
from stacks.operations.summary.risks import Risk
from stacks.operations.summary.survey import Survey
from tests.unit.operations import situations as at
from tests.unit.operations.golden import NAMES, text

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
PIECES = (
    *("`", "``", "```", "~~~", "\\", "|", "\\|", "\n", "\n\n", " ", "    ", "\t", "\r", "\x00", "\x1b[31m", "\ud800"),
    *("<", ">", "&", "&lt;", "<b>", "</details>", "<!--", "-->", "[", "]", "(", ")", "![", "](https://evil.example)"),
    *(
        "https://evil.example",
        "http://a",
        "www.evil.example",
        "@octocat",
        "@",
        "a@b.example",
        "#1",
        "#",
        "o/r#3",
        "GH-2",
    ),
    *(
        "*",
        "**",
        "_",
        "~~",
        "$",
        "$$",
        ":tada:",
        ":",
        "- ",
        "1. ",
        "1)",
        "> ",
        "# ",
        "=",
        "---",
        "[ ]",
        "!",
        "'",
        '"',
        ".",
    ),
    *("[x]: https://evil.example", "\u202e", "\u200b", "\ufeff", "0123456789abcdef", "é", "日本", "🚀", "word"),
)
HOSTILE = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=14).map("".join)
LIVELY = re.compile(r"://|www\.|@|#\d|GH-\d|:[\w+-]+:|(?<!\\)\$|\b[0-9a-f]{7,64}\b", re.IGNORECASE)
"""What a service makes a link, a mention, a reference, an emoji or a formula of, outside of code."""
OURS = {"<details><summary>What the engine says</summary>", "</details>"}
EVERYWHERE = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WHOLE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def tokens(source: str) -> Iterator[Token]:
    """Every token, those within lines too."""
    for token in PARSER.parse(source):
        yield token
        yield from token.children or ()


def shape(source: str) -> list[str]:
    """The blocks that a text is made of."""
    return [f"{token.type} {token.tag} {token.level}" for token in PARSER.parse(source)]


def shown(source: str) -> str:
    """What a reader sees."""
    return "".join(token.content for token in tokens(source) if token.type in ("text", "code_inline", "text_special"))


def told(line: str) -> str:
    """What a reader should see of a value: one line, nothing that cannot be printed."""
    return markdown.clean(line)


def does_nothing(source: str, links: tuple[str, ...] = ()) -> None:
    """No HTML but ours, no image, no link but these, nothing that comes alive."""
    found = list(tokens(source))

    assert not [token for token in found if token.type == "html_inline"]
    assert {line for token in found if token.type == "html_block" for line in token.content.split("\n") if line} <= OURS
    assert not [token for token in found if token.type == "image"]
    hrefs = [str(token.attrGet("href")) for token in found if token.type == "link_open"]
    assert [href for href in hrefs if not href.startswith(("https://", "http://"))] == []
    assert len(hrefs) <= len(links)
    text_only = [token.content for token in found if token.type == "text"]
    assert not [part for part in text_only if LIVELY.search(part.replace("$", ""))]


@EVERYWHERE
@example("`a`@b")
@example("``` `` `")
@example("\\|`")
@given(HOSTILE)
def test_code_shows_the_value_to_the_letter(value: str):
    """Whatever the value, a reader sees it, as code, and nothing else comes out of it."""
    source = f"x {markdown.code(value)} y"

    assert shown(source) == f"x {told(value)} y"
    assert (
        "".join(token.content for token in tokens(source) if token.type == "text").replace("|", "").strip("xy ") == ""
    )
    does_nothing(source)


@EVERYWHERE
@example("`a`@b `c``d`")
@example("a `` b ` c")
@example("1. x")
@example("- x")
@example("@`x`bob")
@given(HOSTILE)
def test_escaped_prose_does_nothing(value: str):
    """Prose from outside makes no list, heading, link, mention, emoji, formula or HTML, wherever it stands."""
    for source in (markdown.escape(value), f"- {markdown.escape(value)}", f"x {markdown.escape(value)}"):
        does_nothing(source)
    assert shape(f"- {markdown.escape(value)}x") == shape("- x")


@EVERYWHERE
@example("`` $ ` $")
@given(HOSTILE)
def test_escaped_prose_has_no_formula(value: str):
    """A dollar sign outside of code is escaped, so that no service makes a formula of it."""
    source = markdown.escape(value)
    rest = re.sub(r"\\[\\`*_\[\]~$]|(`+)(?!`).*?(?<!`)\1(?!`)", "", source)

    assert "$" not in rest


@pytest.mark.parametrize(
    "prose",
    ["one of: not in the list; it's off", "a_b*c [d] ~e~ <f> & g|h", "1. first", "x: 1 - 2", "\\ back", "50% + $5!"],
)
def test_escaped_prose_reads_the_same(prose: str):
    """What is no danger is shown as it was written."""
    assert shown(markdown.escape(prose)) == prose


def test_escaped_prose_quotes_commands_and_addresses_as_code():
    """A quoted command, an address and a fingerprint are code, the punctuation around them is not."""
    assert markdown.escape("run `up` (see https://x.example/a), by a@b.example: 03153249db7c.") == (
        "run `up` (see `https://x.example/a`), by `a@b.example`: `03153249db7c`."
    )


@EVERYWHERE
@given(st.lists(HOSTILE, min_size=2, max_size=3), HOSTILE)
def test_table_keeps_its_cells(values: list[str], prose: str):
    """A row has as many cells as it was given, each with its own content."""
    cells = [*map(markdown.code, values), markdown.escape(prose), markdown.value(values)]
    found = list(PARSER.parse("\n".join((markdown.head(*"abcde"[: len(cells)]), markdown.row(cells)))))

    assert sum(token.type == "td_open" for token in found) == len(cells)
    assert sum(token.type == "tr_open" for token in found) == 2
    contents = [token for token in found if token.type == "inline"][len(cells) :]
    for value, token in zip(values, contents, strict=False):
        assert "".join(child.content for child in token.children or ()).strip() == told(value).strip()


@EVERYWHERE
@given(HOSTILE)
def test_fence_cannot_be_closed_from_within(value: str):
    """Everything up to the end of the text is one block of code."""
    found = PARSER.parse(f"{markdown.fence(value)}\n\nafter")

    assert [token.type for token in found] == ["fence", "paragraph_open", "inline", "paragraph_close"]


@EVERYWHERE
@given(HOSTILE)
@example('https://x.example/a)b> "c&lt;')
@example("javascript:alert(1)")
@example("https://x.example@evil.example/")
@example("http://[x")
def test_link_leads_to_the_web_or_is_none(url: str):
    """Only an http(s) address becomes a link, percent-encoded and without a user name; anything else is code."""
    for each in (url, f"https://x.example/{url}"):
        source = f"({markdown.link('open', each)})"
        hrefs = [str(token.attrGet("href")) for token in tokens(source) if token.type == "link_open"]

        assert len(hrefs) == markdown.is_link(each)
        assert all(re.fullmatch(r"https?://[!-~]+", href) for href in hrefs)
        assert not {token.type for token in tokens(source)} & {"image", "html_inline"}


@pytest.mark.parametrize(
    "url",
    ["", "javascript:alert(1)", "data:text/html,x", "//x.example", "https://a@b.example", "https://", "ftp://a.b"],
)
def test_address_that_nobody_should_follow_is_no_link(url: str):
    """Other schemes, no host, or a user name that looks like a host."""
    assert not markdown.is_link(url)


def test_invisible_characters_are_made_visible():
    """Characters that turn, hide or control text are replaced, in values as in prose and fences."""
    for render in (markdown.code, markdown.escape, markdown.fence):
        assert not re.search(
            "[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff\x00-\x09\x0b-\x1f\x7f-\x9f]", render(at.HOSTILE)
        )


def test_long_value_is_cut_and_says_how_long_it_is():
    """A cell stays readable, and of two long values that differ late the difference is shown."""
    one, other = "a" * 1000, "a" * 999 + "b"

    assert markdown.value(one) == f"`{'a' * markdown.LONGEST}` … (1000 characters in all)"
    assert markdown.pair(one, other)[0] != markdown.pair(one, other)[1]
    assert markdown.pair("a", None) == ("`a`", markdown.NOTHING)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], ""),
        (["a"], "`a`"),
        (["a", "b"], "`a` and `b`"),
        (list("abcd"), "`a`, `b`, `c` and `d`"),
        (list("abcde"), "`a`, `b`, `c` and 2 more"),
    ],
)
def test_names_are_joined_as_people_do(names: list[str], expected: str):
    """Few are named, of many the first ones."""
    assert markdown.named(names) == expected


def environment(word: str) -> list[Survey]:
    """Two environments with the word in every place that is not ours."""
    app = at.changed(at.stands(at.APP), name=word, before__name=f"was {word}", description=word)
    step = at.open_(
        at.stands(at.REDIRECT), setting=word, value=word, where=f"https://x.example/{word}", cause=word, proof=word
    )
    lost = at.unseen(at.stands(at.PUBLICATION), f"{word}\n  where: {word}", word)
    resources = [replace(each, connector=word) for each in at.connector(app, step, lost)]
    risks = (Risk(word, word, 3, word, word, True, word),)
    return [at.survey(resources, word, risks=risks, diff=f"x{word}"), Survey("b", None, error=f"x{word}")]


@WHOLE
@example("x:x")
@given(HOSTILE.map(lambda text: f"x{text}x"))
def test_report_keeps_its_shape_whatever_it_tells(word: str):
    """A report with a hostile word in every place has the blocks, cells and links of one with a harmless word."""
    for render in (plan_markdown.render, drift_markdown.render, lambda surveys: drift_markdown.issue(surveys[0])[1]):
        source, harmless = render(environment(word)), render(environment("xyx"))

        assert shape(source) == shape(harmless)
        does_nothing(source, links=("step", "step"))


@pytest.mark.parametrize("name", NAMES)
def test_golden_report_does_nothing_but_tell(name: str):
    """Of all situations none has HTML but the fold, an image, or a link elsewhere than to a step."""
    source = text(name).replace(": https://github.example/acme/ads/actions/runs/7", "")
    source = source.split("\n", 1)[1] if source.startswith("title: ") else source

    does_nothing(source, links=("step",) * 9)
