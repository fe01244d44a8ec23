"""The documents and texts made from a look."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from components.verdicts import Evidence, OpenStep, Setting, Verdict
from stacks.operations.renderers import documents, terminal, terminal_reports
from stacks.operations.renderers.text import clean
from stacks.operations.summary.look import Look, Resource
from stacks.operations.summary.steps import ordered
from stacks.operations.summary.survey import Survey
from stacks.operations.summary.verdict import exit_code
from tests.unit.operations.recorded import NAMES, REDIRECT, look

STEP_KEYS = ["connector", "resource", "setting", "value", "where", "verdict", "evidence", "cause", "proof", "after"]
SETTING_KEYS = ["resource", "setting", "declared", "found", "verdict", "evidence", "note"]
EXIT_CODES = {"ready": 0, "not_authorised": 1, "unreachable": 1}
OBSERVED = (Verdict.REFUSED, Evidence.OBSERVED)


def shown(lines) -> str:
    out = io.StringIO()
    console = Console(file=out, width=120)
    for line in lines:
        console.print(line, soft_wrap=True)
    return out.getvalue()


def with_steps(*steps: tuple[str, tuple[str, ...]]) -> Look:
    opened = tuple(OpenStep(label, "v", "https://x", *OBSERVED, "", "", after) for label, after in steps)
    setting = Setting("redirect_uri", "v", None, *OBSERVED)
    resource = Resource("urn:pulumi:dev::p::t::n", REDIRECT, "c", "same", True, settings=(setting,), open_steps=opened)
    return Look("dev", "app-h.cyclr.com", (resource,))


@pytest.mark.parametrize("name", NAMES)
def test_exit_code_is_that_of_the_situation(name: str):
    """Ready is 0, what was not observed is 1 and wins, everything else is 7."""
    assert exit_code(look(name)) == EXIT_CODES.get(name, 7)


@pytest.mark.parametrize("name", NAMES)
def test_status_document_keeps_its_shape(name: str):
    """The promised keys are there in each situation, and every step and setting has all of its own."""
    document = json.loads(json.dumps(documents.status_document(look(name))))

    assert list(document)[:5] == ["environment", "service_domain", "ready", "attested", "connectors"]
    assert set(document) <= {*list(document)[:5], "not_observed", "not_applied"}
    for connector in document["connectors"]:
        assert list(connector) == ["name", "ready", "open_steps", "settings"]
        assert all(list(step) == STEP_KEYS for step in connector["open_steps"])
        assert all(list(setting) == SETTING_KEYS for setting in connector["settings"])


def test_status_document_names_what_was_not_observed():
    """Each resource that could not be looked at comes with its class and error."""
    document = documents.status_document(look("not_authorised"))
    classes = {each["resource"]: each["class"] for each in document["not_observed"]}

    assert classes == {"facebook.AppSettings": "not authorised", REDIRECT: "unreachable"}


def test_steps_document_has_only_what_is_open():
    """The checklist of a ready environment is empty, that of a first day has each step with its place."""
    assert documents.steps_document(look("ready")) == {"environment": "dev", "open_steps": []}
    assert [step["resource"] for step in documents.steps_document(look("first_day"))["open_steps"]] == [
        "facebook.AppSettings",
        REDIRECT,
        "cyclr.ConnectorSetup",
    ]


@pytest.mark.parametrize(
    ("steps", "order"),
    [
        pytest.param([("a", ()), ("b", ())], "ab", id="as-they-come"),
        pytest.param([("a", ("b",)), ("b", ())], "ba", id="after-the-one-it-needs"),
        pytest.param([("a", ("c",)), ("b", ()), ("c", ("b",))], "bca", id="chain"),
        pytest.param([("a", ("gone",)), ("b", ())], "ab", id="what-is-done-does-not-count"),
        pytest.param([("a", ("b",)), ("b", ("a",)), ("c", ())], "cab", id="circle-comes-last"),
        pytest.param([("a", ("a",)), ("b", ())], "ab", id="itself"),
    ],
)
def test_steps_come_in_the_order_of_after(steps, order: str):
    """A step stands behind the open ones it waits for, and otherwise where it was."""
    assert "".join(step.setting for step in ordered(with_steps(*steps))) == order


@pytest.mark.parametrize("name", NAMES)
def test_status_text_says_the_verdict_first_and_the_attested_number_beside_it(name: str):
    """The first line is the verdict in words; beside `READY` stands how much of it is attested."""
    first = shown(terminal.status(look(name))).splitlines()[0]

    assert first.startswith("dev: ")
    assert first.startswith("dev: READY") is (name == "ready")
    if name == "ready":
        assert "1 of 3 settings attested" in first


def test_status_text_shows_value_link_and_proof_of_each_step():
    """What a person needs for a step is there without another command."""
    text = shown(terminal.status(look("first_day")))

    for needed in ("Domains of redirect: redirect.example", "https://vendor.example/domains", "the file says so"):
        assert needed in text


def test_steps_text_numbers_what_comes_first():
    """A step that waits names the number of the one it waits for."""
    text = shown(terminal.steps(look("first_day")))

    assert "1. [ ] Domains of app" in text
    assert "step 1 (Domains of app)" in text


def test_status_text_prints_each_note():
    """Documented limits stand with the evidence."""
    assert "attested by jane@acme.example on 2026-11-02" in shown(terminal.status(look("ready")))


@pytest.mark.parametrize("hostile", ["[red]x[/red]", "\x1b[31mx", "a\rb"])
def test_text_obeys_no_value(hostile: str):
    """Markup and control characters in a value are shown, not obeyed."""
    plain = with_steps(("a", ()))
    setting = Setting("redirect_uri", hostile, hostile, *OBSERVED, hostile)
    text = shown(terminal.status(replace(plain, resources=(replace(plain.resources[0], settings=(setting,)),))))

    assert "\x1b" not in text
    assert "\r" not in text
    assert clean(hostile) in text


def test_text_says_in_words_what_colour_says():
    """Without colour the verdicts can still be told apart."""
    text = shown(terminal.status(look("first_day")))

    assert "REFUSED (observed)" in text
    assert "accepted (attested)" in shown(terminal.status(look("ready")))


FORGED = "Acme\n::error title=x::forged\nsandbox: READY: a customer can connect ##[error]x"


def test_value_never_begins_a_line():
    """A value with line ends cannot forge a verdict, nor an order to the runner of a job; it stays on its line."""
    step = OpenStep(FORGED, FORGED, FORGED, *OBSERVED, FORGED, FORGED)
    plain = with_steps()
    (resource,) = plain.resources
    setting = Setting("name", FORGED, FORGED, Verdict.REFUSED, Evidence.OBSERVED)
    survey = Survey("dev", replace(plain, resources=(replace(resource, settings=(setting,), open_steps=(step,)),)))

    for text in (terminal.status(survey.look), terminal_reports.drift([survey]), terminal_reports.preview([survey])):
        lines = shown(text).splitlines()

        assert not [each for each in lines[1:] if each.startswith("sandbox:")]
        assert not [each for each in lines if each.lstrip().startswith("::") or "##[" in each]
        assert any("forged" in each for each in lines)
