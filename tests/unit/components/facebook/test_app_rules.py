"""What a declaration means against what stands at Facebook."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import errors
from components.facebook import app_rules
from components.facebook.app_rules import CLOSED, FIELDS, GATE, OPEN, Found
from components.facebook.app_settings import INPUTS
from components.verdicts import Evidence, Verdict

A, B, C = "a.example", "b.example", "c.example"
BASE = {"app_id": "1", "app_secret": "config:key", "app_secret_version": "0" * 12, "app_domains": [A]}
DASHBOARD = "https://developers.facebook.com"
SETTINGS = f"{DASHBOARD}/apps/1/settings"

DOMAINS = st.lists(st.sampled_from([A, B, C]), unique=True).map(sorted)
TEXT = st.sampled_from(["Acme", "Other"])
URL = st.sampled_from(["https://a.example/", "https://b.example/x"])
FIELD = {"url": URL, "hosts": DOMAINS, "text": TEXT}
DECLARED = st.fixed_dictionaries(
    {"app_domains": DOMAINS, "exclusive_app_domains": st.booleans()},
    optional={entry.name: FIELD[entry.kind] for entry in FIELDS if entry.kind != "hosts"},
).map(lambda declared: {**BASE, **declared})
LIVE = st.fixed_dictionaries(
    {"app_domains": DOMAINS},
    optional={entry.name: FIELD[entry.kind] for entry in FIELDS if entry.kind != "hosts"},
)


def found(live, gate=OPEN, cause="", dropped=()):
    """What stands, as a look leaves it."""
    return Found(live, gate, cause, list(dropped))


def steps(props, there):
    """The open steps of a declaration."""
    return app_rules.open_steps(DASHBOARD, props, there, app_rules.judge(props, there.live))


REQUESTS = {
    "nothing-differs": ({}, {"app_domains": [A]}, {}),
    "domain-missing": ({}, {"app_domains": []}, {"app_domains": [A]}),
    "others-go-along": ({}, {"app_domains": [B]}, {"app_domains": [A, B]}),
    "others-alone-are-left": ({}, {"app_domains": [A, B]}, {}),
    "exclusive-removes-others": ({"exclusive_app_domains": True}, {"app_domains": [A, B]}, {"app_domains": [A]}),
    "undeclared-field-is-left": ({}, {"app_domains": [A], "name": "Other"}, {}),
    "name-differs": ({"name": "Acme"}, {"app_domains": [A], "name": "acme"}, {"app_name": "Acme"}),
    "name-missing": ({"name": "Acme"}, {"app_domains": [A]}, {"app_name": "Acme"}),
    "url-spelled-otherwise": (
        {"website_url": "https://a.example/"},
        {"app_domains": [A], "website_url": "https://A.example"},
        {},
    ),
    "url-differs": (
        {"deauthorize_callback_url": "https://a.example/x"},
        {"app_domains": [A], "deauthorize_callback_url": "https://a.example/x/"},
        {"deauth_callback_url": "https://a.example/x"},
    ),
}


@pytest.mark.parametrize(("declared", "live", "request_"), REQUESTS.values(), ids=REQUESTS)
def test_request_holds_only_what_is_declared_and_differs(declared, live, request_):
    """Nothing undeclared is written, cleared or removed; nothing that stands is written again."""
    assert app_rules.to_request({**BASE, **declared}, live) == request_


def applied(props, live):
    """What stands at Facebook after the write."""
    request = app_rules.to_request(props, live)
    return {**live, **{entry.name: request[entry.write] for entry in FIELDS if entry.write in request}}


@given(DECLARED, LIVE)
def test_request_makes_the_declaration_stand(props, live):
    """After the write nothing is left to write: a second run does nothing."""
    assert app_rules.to_request(props, applied(props, live)) == {}


@given(DECLARED, LIVE)
def test_request_keeps_domains_of_others(props, live):
    """A domain that nobody declared stays, unless that was declared too."""
    kept = set(live["app_domains"]) <= set(applied(props, live)["app_domains"])

    assert kept or props["exclusive_app_domains"]


@given(DECLARED, LIVE)
def test_request_and_verdicts_agree(props, live):
    """What would be written is exactly what is refused."""
    refused = {entry.setting for entry in app_rules.judge(props, live) if entry.verdict is Verdict.REFUSED}
    written = {entry.name for entry in FIELDS if entry.write in app_rules.to_request(props, live)}

    assert refused == written


@given(DECLARED, LIVE)
def test_every_declared_field_is_judged(props, live):
    """One verdict for each declared field, none for another."""
    judged = [entry.setting for entry in app_rules.judge(props, live)]

    assert judged == [entry.name for entry in FIELDS if entry.name in props]


@given(DECLARED, LIVE)
def test_inputs_as_read_differ_exactly_where_something_is_wrong(props, live):
    """The engine's own field diff shows a difference where a declared value does not stand, and only there."""
    read = app_rules.as_inputs(props, live)
    missing = {entry.name for entry in FIELDS if entry.name in props and read.get(entry.name) != props[entry.name]}
    refused = {entry.setting for entry in app_rules.judge(props, live) if entry.verdict is Verdict.REFUSED}

    assert missing == refused


@given(DECLARED, LIVE)
def test_inputs_as_read_add_no_field(props, live):
    """A field that nobody declared is not ours, whatever stands there."""
    assert app_rules.as_inputs(props, live).keys() <= props.keys()


@pytest.mark.parametrize(
    ("exclusive", "note"), [(False, "not declared, kept: b.example, c.example"), (True, "")], ids=["kept", "exclusive"]
)
def test_undeclared_domains_are_named_where_they_are_kept(exclusive, note):
    """A domain that nobody declared is reported as kept, but not where it is to be removed."""
    (domains,) = app_rules.judge({**BASE, "exclusive_app_domains": exclusive}, {"app_domains": [A, B, C]})

    assert domains.note == note


def test_open_gate_leaves_no_step():
    """What the API can write is the next run's work, not a person's."""
    assert steps({**BASE, "name": "Acme"}, found({"app_domains": []})) == []


def test_closed_gate_is_one_step_with_toggle_and_values():
    """The step names the switch with its link and, as the other way, every value to type with its link."""
    (step,) = steps(
        {**BASE, "name": "Acme", "app_domains": [A, B]}, found({"app_domains": [A]}, CLOSED, "closed to the API")
    )

    assert (step.setting, step.value, step.where) == (GATE, "Yes", f"{SETTINGS}/advanced/")
    assert step.cause == (
        f"closed to the API. Or type them at {SETTINGS}/basic/ : Display name: Acme; App domains: a.example, b.example"
    )


def test_closed_gate_is_no_step_when_nothing_differs():
    """A switch that nothing depends on is nobody's work."""
    assert steps(BASE, found({"app_domains": [A]}, CLOSED, "closed")) == []


def test_dashboard_gives_a_step_for_each_difference():
    """Declared as managed by the dashboard: each value that differs is to be typed."""
    props = {**BASE, "managed_by": "dashboard", "name": "Acme", "website_url": "https://a.example/"}
    there = found({"app_domains": [], "name": "Acme"})

    assert [(step.setting, step.value) for step in steps(props, there)] == [
        ("App domains", A),
        ("Site URL", "https://a.example/"),
    ]


def test_dropped_domain_is_a_step_that_names_it():
    """A domain that Facebook confirmed and dropped is not written for ever in silence."""
    (step,) = steps({**BASE, "name": "Acme"}, found({"app_domains": [], "name": "Other"}, dropped=[A]))

    assert (step.setting, step.verdict) == ("App domains", Verdict.REFUSED)
    assert "dropped a.example in silence" in step.cause


@given(DECLARED, LIVE, st.sampled_from([OPEN, CLOSED]), st.booleans(), st.lists(st.sampled_from([A, B]), unique=True))
def test_every_step_is_observed_and_refused(props, live, gate, dashboard, dropped):
    """A step about the app's settings rests on what was read."""
    props = {**props, "managed_by": "dashboard" if dashboard else "api"}
    there = app_rules.settled(props, found(live, gate, "closed", dropped))

    assert {(step.verdict, step.evidence) for step in steps(props, there)} <= {(Verdict.REFUSED, Evidence.OBSERVED)}


SETTLED = {
    "still-closed": ({}, found({"app_domains": []}, CLOSED, "why"), found({"app_domains": []}, CLOSED, "why")),
    "nothing-left": ({}, found({"app_domains": [A]}, CLOSED, "why"), found({"app_domains": [A]})),
    "dropped-came": ({}, found({"app_domains": [A]}, dropped=[A]), found({"app_domains": [A]})),
    "dropped-still": ({}, found({"app_domains": []}, dropped=[A]), found({"app_domains": []}, dropped=[A])),
    "open": ({}, found({"app_domains": []}), found({"app_domains": []})),
}


@pytest.mark.parametrize(("declared", "before", "after"), SETTLED.values(), ids=SETTLED)
def test_traces_of_an_earlier_write_go_when_they_no_longer_matter(declared, before, after):
    """A gate or a drop is remembered only while something depends on it."""
    assert app_rules.settled({**BASE, **declared}, before) == after


@pytest.mark.parametrize(
    ("why", "certain"),
    [
        (f"HTTP 403, code 10, trace AbC: (#10) {app_rules.GATE_SENTENCE}. Go to ...", True),
        ("HTTP 403, code 10, trace AbC: (#10) Niet toegestaan", False),
    ],
    ids=["known-sentence", "other-sentence"],
)
def test_gate_cause_claims_no_more_than_the_answer_does(why, certain):
    """Code 10 is the general permission code too: only the known sentence makes the gate certain."""
    cause = app_rules.gate_cause(errors.AuthError("no", where="", why=why, fix=""))

    assert ("most likely" not in cause) is certain
    assert ("IP Allowlist" in cause) is not certain


def test_undeclared_fields_are_none():
    """A field that is no longer declared is not ours, even where a state still holds a value."""
    fields = app_rules.undeclared({"declared": {"app_domains": [A], "name": "Acme"}})

    assert fields == {entry.name: None for entry in FIELDS if entry.name not in ("app_domains", "name")}


def test_every_writable_field_is_an_input():
    """What the table can write, somebody can declare."""
    assert {entry.name for entry in FIELDS} <= {entry.name for entry in INPUTS}


@pytest.mark.parametrize("entry", FIELDS, ids=lambda entry: entry.name)
def test_field_is_spelled_as_facebook_spells_it(entry):
    """Field and parameter are those of the reference of Application; only the name is written as `app_name`."""
    spelled = {"name": ("name", "app_name"), "deauthorize_callback_url": ("deauth_callback_url",) * 2}

    assert (entry.read, entry.write) == spelled.get(entry.name, (entry.name, entry.name))
