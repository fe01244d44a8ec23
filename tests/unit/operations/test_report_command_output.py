"""What `preview` and `drift` print of recorded looks: the text for a person, the document for a program."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.errors import ConnectorError
from stacks.operations.renderers import report_documents, terminal_reports
from stacks.operations.sinks import stdout
from stacks.operations.summary.survey import Survey
from tests.unit.operations import report_commands, reports
from tests.unit.operations import situations as at
from tests.unit.operations.recorded import NAMES, refused
from tests.unit.operations.report_commands import FAILURES, installed, run

PLAN = "1 resource would change"
HEADS = {
    "preview": {
        "ready": "IN SYNC: a customer can connect through app-h.cyclr.com; 1 attested",
        "drifted": f"DRIFTED: {PLAN}, 1 open step; 0 attested",
        "first_day": f"NOT APPLIED: {PLAN}, 3 open steps; 0 attested",
        "missing": f"DRIFTED: {PLAN}; 0 attested",
        "not_applied": f"NOT APPLIED: {PLAN}; 0 attested",
        "removed": "NOT APPLIED: 3 resources would change, 1 danger; 0 attested",
        "unreachable": "NOT OBSERVED: 2 unreachable; 0 attested",
        "broken": "NOT OBSERVED: nothing was looked at",
        "wrong": "NOT OBSERVED: nothing was asked of any vendor",
    },
    "drift": {
        "ready": "IN SYNC: a customer can connect through app-h.cyclr.com; 1 attested",
        "drifted": "DRIFTED: 1 drifted, 1 open step; 0 attested",
        "first_day": "NOT APPLIED: 1 not applied, 3 open steps; 0 attested",
        "missing": "DRIFTED: 1 missing; 0 attested",
        "not_applied": "NOT APPLIED: 1 not applied; 0 attested",
        "not_authorised": "NOT OBSERVED: 1 not authorised, 1 unreachable, 1 open step; 0 attested",
        "unreachable": "NOT OBSERVED: 2 unreachable; 0 attested",
        "broken": "NOT OBSERVED: nothing was looked at",
        "wrong": "NOT OBSERVED: nothing was asked of any vendor",
    },
}
CASES = [(command, name, line) for command, lines in HEADS.items() for name, line in lines.items()]
BOTH = pytest.mark.parametrize("command", ["preview", "drift"])
ENVIRONMENT = ["environment", "service_domain", "verdict", "attested", "seconds"]
PLANNED = ["changes", "unchanged", "plan_complete", "consequences", "open_steps", "not_observed"]
FOUND = ["findings", "risks"]
LEAVES = [at.deleted(each) for each in at.connector(name="google-ads")]
KEYS = {
    "finding": "connector resource urn setting class evidence expected found customer repair where cause",
    "change": "connector resource urn operation setting before after drifted missing exclusive unseen kept by_hand",
    "consequence": "connector level what advice",
    "step": "connector resource setting value where verdict evidence cause proof after",
    "risk": "what subject days_left until evidence near note",
}


@pytest.fixture
def recordings(monkeypatch):
    """What the engine shows in these tests."""
    return installed(monkeypatch)


@pytest.fixture
def call(recordings, capsys):
    """Call a command."""

    def called(*arguments):
        return run(capsys, *arguments)

    return called


def printed(capsys, lines) -> str:
    """Lines as they come to stdout."""
    capsys.readouterr()
    stdout.text(lines)
    return capsys.readouterr().out


@pytest.mark.parametrize(("command", "stack", "said"), CASES, ids=[f"{command}-{name}" for command, name, _ in CASES])
def test_text_begins_with_the_verdict(call, command, stack, said):
    """The first line is the environment, its verdict and what it comes to, each number with its right word."""
    assert call(command, "-s", stack).out.splitlines()[0] == f"{stack}: {said}"


def test_text_of_drift_shows_each_finding_with_its_repair(call):
    """A finding is its class, both values, the evidence, why, what a customer notices, and a repair to copy."""
    lines = call("drift", "-s", "drifted").out.splitlines()

    assert lines[1:11] == [
        "  DRIFTED  domains   facebook-marketing, facebook.AppSettings",
        "    expected: app.example, found: evil.example (observed)",
        "    why:      changed at the vendor since the last update",
        "    customer: nothing",
        "    repair:   pulumi up -s drifted --run-program",
        "  OPEN STEP  Domains of app   facebook-marketing, facebook.AppSettings",
        "    expected: app.example (observed)",
        "    why:      nobody typed it",
        "    customer: nothing",
        "    repair:   Domains of app: app.example",
    ]
    assert lines[11].split() == ["https://vendor.example/domains"]


def test_text_of_drift_shows_what_was_not_observed_with_its_error(call):
    """What was not looked at says so with the vendor's error, and shows neither a value nor a customer's view of it."""
    ran = call("drift", "-s", "unreachable")

    first = ran.out.partition("  UNREACHABLE  ")[2].partition("  UNREACHABLE  ")[0]
    assert first.splitlines() == [
        "facebook.AppSettings   facebook-marketing",
        "    why:      app could not be read",
        "                where: GET /app",
        "                why:   the vendor said no",
        "                fix:   ask again",
        "    customer: not known: it was not looked at",
        "    repair:   look again when it can be reached: cyclr-connectors drift -s unreachable",
    ]
    assert "not reached because facebook-marketing-app failed" in ran.out
    assert "expected:" not in ran.out
    assert "DRIFTED" not in ran.out


def test_text_of_preview_shows_what_would_change_and_what_is_left(call):
    """A change is both values and whether the vendor left it; what stays is counted; a step has its value and link."""
    lines = call("preview", "-s", "drifted").out.splitlines()

    assert lines[4:] == [
        "  update facebook.AppSettings of facebook-marketing: domains evil.example => app.example"
        " (changed at the vendor since the last update)",
        "  2 unchanged",
        "  step 1: Domains of app: app.example",
        "    https://vendor.example/domains",
    ]


def test_text_of_preview_puts_dangers_before_changes(call):
    """Dangers stand right under the verdict, in words; a change names its connector; no secret is shown."""
    lines = call("preview", "-s", "removed").out.splitlines()

    assert lines[1].startswith("  DANGER: facebook-marketing: The connector leaves this environment")
    assert lines[6] == "  delete facebook.AppSettings of facebook-marketing: domains app.example => -"
    assert lines[8] == "  delete facebook.AppSettings of facebook-marketing: password [secret] => -"
    assert lines[-1] == "  delete OAuthConnector of facebook-marketing"


def test_text_of_preview_says_what_is_gone_at_the_vendor(call):
    """What is made again because the vendor lost it does not read like something new."""
    lines = call("preview", "-s", "missing").out.splitlines()
    made = [each for each in lines if each.startswith("  create ")]

    assert made
    assert all(each.endswith(" (gone at the vendor)") for each in made)


def test_text_of_preview_shows_what_was_not_observed_with_its_error(call):
    """A preview that could not look says at what and why, and never that nothing would change."""
    ran = call("preview", "-s", "not_authorised")

    assert (
        "  NOT AUTHORISED  facebook.AppSettings   facebook-marketing\n    why:      app could not be read\n" in ran.out
    )
    assert "  UNREACHABLE  facebook.LoginRedirect   facebook-marketing\n" in ran.out
    assert "nothing would change" not in ran.out


@BOTH
@pytest.mark.parametrize("stack", FAILURES)
def test_text_shows_why_nothing_was_looked_at(call, command, stack):
    """Where nothing was looked at, the four parts of the error stand under the verdict and nothing else does."""
    lines = call(command, "-s", stack).out.splitlines()

    assert lines[1:] == [f"  {line}" for line in str(FAILURES[stack]).splitlines()]


def test_text_shows_environments_in_the_order_asked_for(call):
    """Each environment has its part, in the order in which they were named, whichever was done first."""
    ran = call("drift", "-s", "ready", "-s", "broken", "-s", "drifted")

    heads = [line.partition(":")[0] for line in ran.out.splitlines() if not line.startswith(" ")]
    assert heads == ["ready", "broken", "drifted"]


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        pytest.param([at.open_(at.stands(at.SETUP))], "OPEN STEPS: nothing would change, 1 open step; 0", id="step"),
        pytest.param(at.moved(), "4 resources would change, 1 danger; 0", id="danger"),
        pytest.param([*at.moved(), *LEAVES], "9 resources would change, 2 dangers; 0", id="dangers"),
        pytest.param(at.first_deployment(), "5 resources would change; 0", id="component-is-none"),
    ],
)
def test_text_of_preview_counts_as_people_do(capsys, resources, said):
    """One is singular, several are plural, none has words; a connector is counted by its parts alone."""
    resources = resources if len(resources) > 1 else at.connector(*resources)
    first = printed(capsys, terminal_reports.preview([at.survey(resources)])).splitlines()[0]

    assert first.endswith(f"{said} attested")


@pytest.mark.parametrize("report", [terminal_reports.preview, terminal_reports.drift])
def test_one_refusal_of_several_resources_is_told_once(capsys, report):
    """Each resource that it keeps from being looked at is named, and the error follows once."""
    texts = [printed(capsys, report([Survey("dev", refused(*whys))])) for whys in (("so", "so"), ("so", "otherwise"))]

    assert [text.count("NOT AUTHORISED") for text in texts] == [2, 2]
    assert [text.count("where: ") for text in texts] == [1, 2]


@pytest.mark.parametrize("text", ["\x1b[31mred\x1b[0m", "a\rb", "\x07\x9b2J", "[red]x[/red]", "\u202eevil\u202c"])
@pytest.mark.parametrize("report", [terminal_reports.preview, terminal_reports.drift])
def test_text_obeys_no_value(capsys, report, text):
    """No control character of a value, a name or an error reaches the terminal, and markup is shown as it stands."""
    blind = replace(reports.blind(), environment=text, error=text)
    out = printed(capsys, report([reports.hostile(text), blind]))

    assert [each for each in out if not each.isprintable() and each != "\n"] == []
    assert "[red]" in out or "[red]" not in text


@pytest.mark.parametrize("name", NAMES)
def test_document_of_drift_keeps_its_shape(call, name):
    """The promised keys are there in each situation, in their order, and no others; no secret is shown."""
    (environment,) = call("drift", "-s", name, "--json").environments

    assert list(environment) == [*ENVIRONMENT, *FOUND]
    assert all(list(each) == KEYS["finding"].split() for each in environment["findings"])
    assert all(list(each) == KEYS["risk"].split() for each in environment["risks"])
    assert environment["risks"]
    assert bool(environment["findings"]) is (environment["verdict"] != "in sync")


@pytest.mark.parametrize("name", NAMES)
def test_document_of_preview_keeps_its_shape(call, name):
    """The promised keys are there in each situation, in their order, and no others."""
    (environment,) = call("preview", "-s", name, "--json").environments

    assert list(environment) == [*ENVIRONMENT, *PLANNED]
    lists = {"changes": "change", "consequences": "consequence", "open_steps": "step", "not_observed": "finding"}
    for key, kind in lists.items():
        assert all(list(each) == KEYS[kind].split() for each in environment[key]), key
    assert bool(environment["not_observed"]) is (environment["verdict"] == "not observed")


def test_document_of_drift_holds_the_finding(call):
    """A finding of a program is the one that a person reads, with plain values."""
    (environment,) = call("drift", "-s", "drifted", "--json").environments
    drifted, step = environment["findings"]

    assert (drifted["class"], drifted["setting"], drifted["evidence"]) == ("drifted", "domains", "observed")
    assert (drifted["expected"], drifted["found"]) == (["app.example"], ["evil.example"])
    assert (drifted["resource"], drifted["connector"]) == ("facebook.AppSettings", "facebook-marketing")
    assert drifted["repair"] == "pulumi up -s drifted --run-program"
    assert (step["class"], step["where"]) == ("open step", "https://vendor.example/domains")
    assert environment["verdict"] == "drifted"


def test_document_of_preview_holds_the_plan(call):
    """What changes, what it means, what is left and what stays are the same facts as in the text."""
    (environment,) = call("preview", "-s", "drifted", "--json").environments

    (change,) = environment["changes"]
    assert (change["before"], change["after"], change["drifted"]) == (["evil.example"], ["app.example"], True)
    assert [each["level"] for each in environment["consequences"]] == ["notice"]
    assert [each["setting"] for each in environment["open_steps"]] == ["Domains of app"]
    assert (environment["unchanged"], environment["not_observed"]) == (2, [])


def test_document_of_preview_names_what_was_not_observed(call):
    """Only what was not looked at is listed as such; an open step beside it is not."""
    (environment,) = call("preview", "-s", "not_authorised", "--json").environments

    classes = {each["resource"]: each["class"] for each in environment["not_observed"]}
    assert classes == {"facebook.AppSettings": "not authorised", "facebook.LoginRedirect": "unreachable"}
    assert "the vendor said no" in environment["not_observed"][0]["cause"]


def test_document_of_preview_names_what_the_engine_passed_over():
    """A resource that nobody looked at is listed also where no error says why."""
    passed = replace(at.stands(at.SETUP), observed=False, settings=())
    (environment,) = report_documents.preview([at.survey(at.connector(passed))])["environments"]

    assert [each["resource"] for each in environment["not_observed"]] == [at.SETUP]
    assert environment["verdict"] == "not observed"


@BOTH
def test_document_has_an_error_only_where_nothing_was_looked_at(call, command):
    """`error` is there for environments without a look, and these list nothing that a look would have shown."""
    stacks = ["unreachable", "broken", "ready", "wrong"]
    ran = call(command, *[each for stack in stacks for each in ("-s", stack)], "--json")

    assert [each["environment"] for each in ran.environments] == stacks
    assert {each["environment"]: each["error"] for each in ran.environments if "error" in each} == {
        stack: str(failure) for stack, failure in FAILURES.items()
    }
    unseen = [each for each in ran.environments if "error" in each]
    assert {each["verdict"] for each in unseen} == {"not observed"}
    assert not [each[key] for each in unseen for key in (*PLANNED, *FOUND) if each.get(key)]


@BOTH
def test_document_holds_text_as_it_is(call, command, monkeypatch):
    """A text from outside is data in the document: nothing of it is lost, and it forges nothing."""
    hostile = ConnectorError('"}]} \x1b[31m é \u202e', where="w", why="y", fix="f")
    monkeypatch.setitem(report_commands.FAILURES, "broken", hostile)
    ran = call(command, "-s", "broken", "--json")

    assert ran.environments[0]["error"] == str(hostile)
    assert "\x1b" not in ran.out
