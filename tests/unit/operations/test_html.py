"""The HTML report as text: what it holds, what it never holds."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stacks.operations.renderers import html, picture
from stacks.operations.summary import findings
from stacks.operations.summary.consequences import Level
from stacks.operations.summary.survey import Survey
from tests.unit.operations import recorded, reports

TEMPLATES = Path(html.__file__).parent / "templates"
CSS = (TEMPLATES / "report.css").read_text(encoding="utf-8")
SIGNS = (TEMPLATES / "signs.svg").read_text(encoding="utf-8")
WORDS = [
    *(("mark", str(word)) for word in picture.Mark),
    *(("state", str(word)) for word in findings.State),
    *(("class", str(word)) for word in findings.Class),
    *(("level", str(word)) for word in Level),
]
TONES = ("accepted", "inferred", "attested", "refused", "missing", "inconclusive", "unknown", "unseen")
LOADING = ("src", "href", "srcset", "poster", "data", "action", "background", "xlink:href", "style")
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=http://evil.example/x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><script>alert(1)</script>",
    "</pre></code></title><iframe src=//evil.example>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "<!-- -->\x1b[31m\u202etxt\x00",
]


class Page(HTMLParser):
    """A report, taken apart."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.words, self.attributes = list[str](), list[str](), list[tuple[str, str, str]]()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data):
        if self.tags[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    @property
    def classes(self) -> set[str]:
        return {word for _, name, value in self.attributes if name == "class" for word in value.split()}


def page(*surveys: Survey) -> Page:
    return Page(html.render(surveys, "Drift"))


def flat(value: object) -> str:
    """A value, or an error with its lines, as the words of a page have it."""
    shown = html.clean(value) if isinstance(value, str) else html.value(value)
    return " ".join(shown.split())


SITUATIONS = {name: Survey("dev", recorded.look(name)) for name in recorded.NAMES}
SITUATIONS |= {name: each[0] for name, each in reports.every().items() if name != "hostile"}


@pytest.mark.parametrize("survey", SITUATIONS.values(), ids=SITUATIONS)
def test_report_tells_everything_of_each_finding(survey: Survey):
    """Setting, class, what was expected and found, what a customer notices, repair and link of each stand there."""
    shown = page(survey)

    assert survey.environment in shown.text
    for finding in survey.findings:
        for said in (
            finding.setting or finding.resource,
            finding.kind,
            finding.customer,
            finding.repair,
            finding.where,
        ):
            assert " ".join(str(said).split()) in shown.text
        for found in (finding.expected, finding.found):
            assert found is None or flat(found) in shown.text
        assert " ".join(finding.cause.split()) in shown.text
        assert not finding.where or ("a", "href", finding.where) in shown.attributes


@pytest.mark.parametrize("survey", SITUATIONS.values(), ids=SITUATIONS)
def test_report_tells_changes_steps_risks_and_failures(survey: Survey):
    """What the update would do, what a person must do, what ends and what could not be looked at stand there."""
    text = page(survey).text

    for change in survey.changes:
        assert change.operation in text
        assert change.after is None or flat(change.after) in text
    for consequence in survey.consequences:
        assert flat(consequence.what) in text
    for step in survey.steps:
        assert step.setting in text
        assert flat(step.proof) in text
    for risk in survey.risks:
        assert risk.subject in text
        assert html.days(risk) in text
    for resource in survey.look.not_observed:
        assert flat(resource.failure.error) in text


def test_dangers_stand_before_the_table_of_changes():
    """Whoever reads on sees what cuts customers off first."""
    text = page(reports.drifted()).text

    assert reports.drifted().consequences
    assert text.index(flat(reports.drifted().consequences[0].what)) < text.index("Operation From To")


def test_overview_leads_to_each_environment_the_worst_first():
    """Every row of the overview is a link to its section, and what was not observed comes before everything."""
    surveys = reports.every()["mixed"]
    shown = page(*surveys)
    anchors = [value for tag, name, value in shown.attributes if (tag, name) == ("a", "href") and value[0] == "#"]
    ids = [value for _, name, value in shown.attributes if name == "id"]

    assert anchors == [f"#environment-{number}" for number in range(1, 5)]
    assert set(anchors) <= {f"#{name}" for name in ids}
    assert len(ids) == len(set(ids))
    assert "4 environments: 1 not observed, 2 drifted, 1 in sync." in shown.text


@pytest.mark.parametrize("survey", [reports.blind(), reports.wrong()], ids=["blind", "wrong"])
def test_environment_without_a_look_has_nothing_green(survey: Survey):
    """Where nothing was looked at the report says so with the error, and holds no word or class of what stands."""
    shown = page(survey)

    assert flat(survey.error) in shown.text
    assert "not observed" in shown.text
    assert not {"mark-accepted", "mark-inferred", "mark-attested", "state-in-sync"} & shown.classes
    assert "accepted" not in shown.text
    assert "No finding" not in shown.text


def test_look_in_which_everything_failed_has_nothing_green():
    """A look that reached no vendor colours no node and counts no environment as in sync."""
    shown = page(reports.survey("dev", *map(reports.failed, reports.KINDS)))

    assert not {"mark-accepted", "mark-inferred", "mark-attested", "state-in-sync"} & shown.classes
    assert "accepted" not in shown.text


@pytest.mark.parametrize("survey", [reports.unreachable(), reports.drifted(), reports.undecided()])
def test_only_what_is_in_sync_is_called_so(survey: Survey):
    """Neither a word nor a class of being in sync stands in the report of anything else."""
    shown = page(survey)

    assert "state-in-sync" not in shown.classes
    assert "in sync" not in shown.text


def test_attested_setting_is_named_as_such_with_who_and_when():
    """A person's word stands with its name and day among what the look did not see."""
    text = page(reports.ready()).text

    assert "attested advanced_access of facebook.AppPublication: attested by jane@acme.example on 2026-09-03" in text
    assert "1 attested" in text


SHAPED = ("a", "code", "text")
"""What a value may change: an address is a link or not, and a node's value has up to two lines."""


def built(shown: Page) -> tuple[list[str], list[tuple[str, str]]]:
    """The elements and attributes of a page that no value may change."""
    names = [(tag, name) for tag, name, _ in shown.attributes if tag not in SHAPED]
    return [tag for tag in shown.tags if tag not in SHAPED], names


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_value_makes_no_markup(text: str):
    """A value in any field adds no element, no attribute and no class to the page of a harmless one."""
    harmless, shown = page(reports.hostile("harmless")), page(reports.hostile(text))

    assert built(shown) == built(harmless)
    assert shown.classes == harmless.classes
    assert {name for tag, name, _ in shown.attributes if tag in SHAPED} <= {"href", "rel", "class", "x", "y"}
    assert not {"script", "iframe", "img", "object", "embed", "form", "base"} & set(shown.tags)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_value_leads_nowhere_else(text: str):
    """A link leads to the address that its text shows, or there is none; control characters are gone from the page."""
    shown = page(reports.hostile(text))
    addresses = [value for tag, name, value in shown.attributes if tag == "a" and name == "href"]

    assert all(value in ("#environment-1", f'https://evil.example/"><{text}') for value in addresses)
    assert not set("\x00\x1b\u202e") & set(html.render([reports.hostile(text)], text))


@given(st.text(min_size=1).filter(lambda text: not text.isidentifier()))  # a setting's name would have rules of its own
@settings(max_examples=25)
def test_any_value_makes_no_markup(text: str):
    """Whatever a value is, the page has the elements that it has without it."""
    assert built(page(reports.hostile(text))) == built(page(reports.hostile("harmless")))


@pytest.mark.parametrize("surveys", reports.every().values(), ids=reports.every())
def test_report_loads_nothing(surveys: list[Survey]):
    """No script, no style or picture from elsewhere, a policy that forbids them, and links that tell nobody."""
    text = html.render(surveys, "Drift")
    shown = Page(text)
    loading = {(tag, value) for tag, name, value in shown.attributes if name in LOADING and not value.startswith("#")}
    rels = [value for tag, name, value in shown.attributes if (tag, name) == ("a", "rel")]

    assert "<script" not in text
    assert {tag for tag, _ in loading} <= {"a"}
    assert all(re.match(r"https?://", value) for _, value in loading)
    assert rels == ["noreferrer noopener"] * len([each for each in shown.attributes if each[:2] == ("a", "rel")])
    assert len(rels) == len([value for tag, name, value in shown.attributes if tag == "a" and name == "href"]) - len(
        surveys
    )
    assert "url(" not in CSS
    assert "@import" not in CSS
    assert any(value.startswith("default-src 'none'; style-src 'unsafe-inline'") for _, _, value in shown.attributes)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        ("http://localhost:8700/", "http://localhost:8700/"),
        ("javascript:alert(1)", ""),
        ("JavaScript://a.example/%0aalert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("//a.example/x", ""),
        ("https://", ""),
        ("https://[", ""),
        ("https://a.example/\nx", ""),
        ("cyclr-connectors authorize", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links(url: str, address: str):
    """What a browser would not open as a page of the web stays text."""
    assert html.address(url) == address


@pytest.mark.parametrize(("group", "word"), WORDS, ids=[f"{group}-{word}" for group, word in WORDS])
def test_every_word_has_a_tone_and_a_sign(group: str, word: str):
    """No verdict, state, class or level is drawn without a colour of its group and a shape of its own."""
    assert re.search(rf"\.{html.token(word, group)}[,\s]", CSS)
    assert f'id="{html.token(word, "sign")}"' in SIGNS


def schemes() -> dict[str, dict[str, str]]:
    """Scheme -> name -> colour, as the style sheet sets them."""
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks)
    return {"light": light, "dark": dark}


def channels(colour: str) -> list[float]:
    """Linear red, green and blue of a colour."""
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one: str, other: str) -> float:
    """The ratio that the Web Content Accessibility Guidelines define."""
    bright, dim = sorted(
        (sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), channels(each), strict=True)))
        for each in (one, other)
    )[::-1]
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_of_text_have_contrast(scheme: str):
    """Every colour of text, in the picture too, reaches 4.5 to 1 on each ground that it stands on."""
    colours = schemes()[scheme]
    pairs = [(text, ground) for text in ("ink", "quiet", "link") for ground in ("paper", "card", "sunk")]
    pairs += [(tone, ground) for tone in TONES for ground in ("card", f"{tone}-tint")]
    weak = {pair: round(ratio, 2) for pair in pairs if (ratio := contrast(*(colours[each] for each in pair))) < 4.5}

    assert not weak


def test_what_was_not_observed_is_dashed():
    """A grey box could look like a green one to some eyes, so its outline differs too."""
    assert re.search(r"\.mark-not-observed \.box[^{]*\{ stroke-dasharray", CSS)
    assert re.search(r"\.mark-not-observed\.badge[^{]*\{ border-style: dashed", CSS)


def test_both_schemes_set_the_same_colours():
    """No colour of one scheme is left as it is in the other."""
    assert set(schemes()["light"]) == set(schemes()["dark"])


BLIND = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""How a dichromat sees linear red, green and blue: the matrices of Machado, Oliveira and Fernandes (2009)."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", BLIND)
def test_standing_and_failing_differ_without_a_colour_sense(scheme: str, kind: str):
    """What was accepted looks unlike what was refused or is missing, whichever cones an eye lacks."""
    colours = schemes()[scheme]

    def seen(name: str) -> list[float]:
        parts = channels(colours[name])
        return [max(0.0, sum(a * b for a, b in zip(row, parts, strict=True))) ** (1 / 2.4) for row in BLIND[kind]]

    for other in ("refused", "missing"):
        apart = sum((one - two) ** 2 for one, two in zip(seen("accepted"), seen(other), strict=True)) ** 0.5

        assert apart > 0.1, other


@pytest.mark.parametrize(
    ("left", "said"), [(0, "0 days left"), (1, "1 day left"), (-3, "ended 3 days ago"), (None, "not known")]
)
def test_days_left_are_told_in_words(left: int | None, said: str):
    """A date that passed and one that nobody knows are told apart from one that is near."""
    assert html.days(reports.Risk("TLS certificate", "x", left, "", "none", False, "")) == said
