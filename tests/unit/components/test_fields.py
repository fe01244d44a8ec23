"""The tables of inputs: what each kind takes, and how faults are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import fields, secrets
from components.facebook.app_rules import FIELDS
from components.fields import Fault, Input

ATTESTATION = {"value": "live", "by": "jane@acme.example", "date": "2026-11-02"}

GOOD = {
    "text": ["x", "two words"],
    "app_id": ["1234567890123456", "0"],
    "host": ["app-h.cyclr.com", "localhost:8703"],
    "hosts": [[], ["a.example"], ["a.example", "b.example"]],
    "texts": [[], ["ads_management", "email"]],
    "url": ["https://app-h.cyclr.com/", "http://localhost:8703/connector/callback"],
    "email": ["jane@acme.example"],
    "reference": ["config:facebookAppSecret", "env:APP_SECRET"],
    "flag": [True, False],
    "properties": [{}, {"Region": "eu"}],
    "attestation": [ATTESTATION],
    "attestations": [{}, {"live": ATTESTATION}],
}
BAD = {
    "text": ["", "  ", 7.0, ["x"]],
    "app_id": ["", "12a", 1234567890123456.0, "12 3", "١٢", "²"],
    "host": ["", "https://a.example", "A.example", "a.example.", 1.0, "a.example:443"],
    "hosts": ["a.example", ["A.example"], ["b.example", "a.example"], ["a.example", "a.example"], [7.0]],
    "texts": ["email", ["b", "a"], ["a", "a"], [""], [1.0]],
    "url": ["", "a.example", "https://a.example", "HTTPS://a.example/", "https://a.example/#top", 1.0],
    "email": ["", "jane", "jane@acme", "a b@acme.example", "a@b@acme.example", 1.0],
    "reference": ["", "hunter2hunter2", "config:", "config:a b", "env:1A", "vault:x", "aws-ssm:x", None, 7.0],
    "flag": ["true", 1.0, "yes"],
    "properties": [["x"], {"Region": 1.0}, {"ClientId": "x"}, {"ClientSecret": "x"}],
    "attestation": ["live", {}, {**ATTESTATION, "note": "x"}, {**ATTESTATION, "by": " "}, {**ATTESTATION, "date": 1.0}],
    "attestations": ["live", {"live": "yes"}, {"live": {**ATTESTATION, "date": "2 November 2026"}}],
}
BAD_DATES = ["2026-13-01", "2026-00-10", "2026-11-32", "2026-1-2", "02.11.2026", "2026-11-02T00:00:00Z", "2026-11-02\n"]
CANARY = "canary-5a5ad0b0c0de"


def cases(table):
    """Each kind with each of its values."""
    return [pytest.param(kind, value, id=f"{kind}-{value!r:.40}") for kind, values in table.items() for value in values]


def never_unknown(_):
    """Everything is known."""
    return False


def faults_of(kind, value):
    """The faults of one required input."""
    return fields.faults([Input("x", kind, "", required=True)], {"x": value}, never_unknown)


def test_every_kind_is_in_both_tables_of_this_file():
    """A new kind of input needs values that it takes and values that it refuses."""
    assert fields.CHECKS.keys() == GOOD.keys() == BAD.keys()


@pytest.mark.parametrize(("kind", "value"), cases(GOOD))
def test_input_takes_a_good_value(kind, value):
    """A value of its kind is no fault."""
    assert faults_of(kind, value) == []


@pytest.mark.parametrize(("kind", "value"), cases(BAD))
def test_input_refuses_a_bad_value(kind, value):
    """A value of another kind is exactly one fault."""
    assert len(faults_of(kind, value)) == 1


@pytest.mark.parametrize("date", BAD_DATES)
def test_attestation_date_is_a_day(date):
    """A date that is no quoted day is refused, and the reason shows one."""
    assert "2026-11-02" in fields.attestation_fault({**ATTESTATION, "date": date})


def test_canonical_form_is_told():
    """Who writes another spelling is told the one to write."""
    assert faults_of("host", "APP-H.cyclr.com.")[0].reason == "x must be in its canonical form: app-h.cyclr.com"


def test_credentials_are_no_properties():
    """A client secret among the properties is refused by name, not by value."""
    (fault,) = faults_of("properties", {"ClientId": "7", "ClientSecret": CANARY})

    assert "ClientId, ClientSecret" in fault.reason
    assert CANARY not in fault.reason


def test_all_faults_come_at_once():
    """Every fault of every input is told in one go."""
    table = [Input(kind, kind, "", required=True) for kind in fields.CHECKS]
    found = fields.faults(table, {kind: BAD[kind][0] for kind in fields.CHECKS}, never_unknown)

    assert len(found) == len(table)


def test_fault_names_its_property():
    """The engine shows a fault beside the input that has it."""
    assert faults_of("flag", "yes") == [Fault("x", "x must be true or false")]


@pytest.mark.parametrize("required", [True, False], ids=["required", "optional"])
def test_missing_input_is_a_fault_only_where_required(required):
    """An optional input may be left out."""
    found = fields.faults([Input("x", "text", "", required=required)], {}, never_unknown)

    assert found == ([Fault("x", "x is missing")] if required else [])


@pytest.mark.parametrize("kind", fields.CHECKS)
def test_unknown_value_passes(kind):
    """A value that is not known before the update is judged when it is."""
    unknown = object()
    table = [Input("x", kind, "", required=True, choices=("a", "b"))]

    assert fields.faults(table, {"x": unknown}, lambda value: value is unknown) == []


@pytest.mark.parametrize(("value", "count"), [("api", 0), ("console", 1), (1.0, 1)], ids=["listed", "other", "number"])
def test_choices_are_the_only_values(value, count):
    """An input with choices takes nothing else."""
    table = [Input("managed_by", "text", "", choices=("api", "dashboard"))]

    assert len(fields.faults(table, {"managed_by": value}, never_unknown)) == count


@pytest.mark.parametrize("text", [CANARY, f"{CANARY}:x", f"config:{CANARY}!", f"vault:{CANARY}", f"aws-ssm:{CANARY}"])
def test_reference_fault_shows_neither_property_nor_text(text):
    """The engine prints the value of a named property, and what is no reference is most likely the secret itself."""
    (fault,) = faults_of("reference", text)

    assert fault.property == ""
    assert CANARY not in fault.reason


def test_reference_fault_still_says_which_input():
    """Without a property the reason must name the input."""
    assert faults_of("reference", "x")[0].reason.startswith("x: ")


def test_missing_reference_shows_no_property():
    """The same holds when it is missing."""
    assert fields.faults([Input("x", "reference", "", required=True)], {}, never_unknown) == [
        Fault("", "x: is missing")
    ]


@given(st.text(min_size=12))
def test_reference_fault_never_quotes_any_text(text):
    """Whatever stands where a reference should: it is not quoted."""
    assert all(text not in fault.reason for fault in faults_of("reference", f"{text}\x00"))


@pytest.mark.parametrize(
    ("kind", "one", "other", "alike"),
    [
        ("text", "Acme", "Acme", True),
        ("text", "Acme", "acme", False),
        ("text", None, "", True),
        ("url", "https://a.example", "https://A.example/", True),
        ("url", "https://a.example/x", "https://a.example/x/", False),
        ("url", "not a url", "not a url", True),
        ("url", None, "https://a.example/", False),
        ("hosts", ["b.example", "a.example"], ["A.example", "b.example"], True),
        ("hosts", ["a.example"], [], False),
    ],
    ids=lambda value: str(value)[:24],
)
def test_same_compares_meaning_not_spelling(kind, one, other, alike):
    """Two spellings of a setting are one; two values are not."""
    assert fields.same(kind, one, other) is alike


@pytest.mark.parametrize("empty", [None, ""], ids=["null", "empty"])
def test_from_app_leaves_out_what_is_not_set(empty):
    """A setting that Facebook shows empty is not set."""
    assert fields.from_app(FIELDS, {"website_url": empty, "name": "Acme"}) == {"name": "Acme", "app_domains": []}


def test_from_app_uses_our_names():
    """Graph's spelling of every field becomes ours."""
    answer = {entry.read: [entry.name] if entry.kind == "hosts" else entry.name for entry in FIELDS}

    assert fields.from_app(FIELDS, answer) == {
        entry.name: [entry.name] if entry.kind == "hosts" else entry.name for entry in FIELDS
    }


def test_from_app_domains_are_a_canonical_set():
    """Facebook's order and capitals are no difference."""
    found = fields.from_app(FIELDS, {"app_domains": ["B.example", "a.example", "b.example"]})

    assert found["app_domains"] == ["a.example", "b.example"]


def test_reference_forms_are_told():
    """Who wrote no reference is told how one looks."""
    assert secrets.FORMS in faults_of("reference", "x")[0].reason
