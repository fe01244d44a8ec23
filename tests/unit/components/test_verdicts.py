"""Verdicts, a person's word on them, and what is left to do."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import verdicts
from components.verdicts import Evidence, OpenStep, Setting, Verdict

WORD = {"value": "live", "by": "jane@acme.example", "date": "2026-11-02"}
SILENT = [Verdict.INCONCLUSIVE, Verdict.UNKNOWN]
OBSERVED = [Verdict.ACCEPTED, Verdict.REFUSED]


def setting(verdict, name="live", declared="live"):
    """A setting of that verdict."""
    evidence = Evidence.NONE if verdict in SILENT else Evidence.OBSERVED
    return Setting(name, declared, None, verdict, evidence, "a note")


STEP = OpenStep(
    "App Mode", "live", "https://x.example/", Verdict.REFUSED, Evidence.INFERRED, "why", "proof", ("First",)
)


@pytest.mark.parametrize("verdict", SILENT)
def test_attestation_counts_where_observation_is_silent(verdict):
    """A person's word closes what cannot be observed."""
    closed = verdicts.attested(setting(verdict), {"live": WORD})

    assert (closed.verdict, closed.evidence) == (Verdict.ACCEPTED, Evidence.ATTESTED)


@pytest.mark.parametrize("verdict", OBSERVED)
def test_observation_wins_over_attestation(verdict):
    """What was observed stands, whatever a person says: an observed refusal above all."""
    assert verdicts.attested(setting(verdict), {"live": WORD}) == setting(verdict)


@pytest.mark.parametrize("verdict", Verdict)
def test_attestation_of_another_value_is_void(verdict):
    """An attestation is about the value that was declared when it was made."""
    word = {"live": {**WORD, "value": "development"}}

    assert verdicts.attested(setting(verdict), word) == setting(verdict)


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("words", [{}, {"advanced_access": WORD}, {"live": "live"}], ids=["none", "other", "no-entry"])
def test_attestation_of_another_setting_is_void(verdict, words):
    """A word on one setting says nothing of another."""
    assert verdicts.attested(setting(verdict), words) == setting(verdict)


def test_attestation_always_shows_by_whom_and_when():
    """An attested setting is never shown without the person and the day."""
    assert verdicts.attested(setting(Verdict.UNKNOWN), {"live": WORD}).note == (
        "attested by jane@acme.example on 2026-11-02"
    )


@pytest.mark.parametrize(("verdict", "stands"), list(zip(Verdict, [True, False, False, False], strict=True)))
def test_only_accepted_stands(verdict, stands):
    """Nothing that was not accepted counts as done."""
    assert verdicts.stands(setting(verdict)) is stands


@pytest.mark.parametrize(
    ("each", "steps", "ready"),
    [
        ([Verdict.ACCEPTED], [], True),
        ([Verdict.ACCEPTED, Verdict.REFUSED], [], False),
        ([Verdict.ACCEPTED, Verdict.INCONCLUSIVE], [], False),
        ([Verdict.ACCEPTED, Verdict.UNKNOWN], [], False),
        ([Verdict.ACCEPTED], [STEP], False),
        ([], [], False),
    ],
    ids=["all-accepted", "refused", "inconclusive", "unknown", "open-step", "nothing-looked-at"],
)
def test_ready_needs_every_setting_and_no_step(each, steps, ready):
    """Ready is said only of what was looked at and stands."""
    plain = verdicts.outputs([setting(verdict) for verdict in each], steps)

    assert verdicts.is_ready(plain["settings"], plain["open_steps"]) is ready


@given(st.lists(st.sampled_from(Verdict)))
def test_ready_is_never_said_of_a_setting_that_does_not_stand(each):
    """No mix of verdicts hides one that is not accepted."""
    plain = verdicts.outputs([setting(verdict) for verdict in each], [])
    all_stand = bool(each) and all(verdict is Verdict.ACCEPTED for verdict in each)

    assert verdicts.is_ready(plain["settings"], plain["open_steps"]) is all_stand


def test_attested_settings_are_counted():
    """The number of settings that rest on a word alone is known."""
    each = [verdicts.attested(setting(verdict), {"live": WORD}) for verdict in Verdict]

    assert verdicts.count_attested(verdicts.outputs(each, [])["settings"]) == len(SILENT)


def test_open_step_has_the_documented_keys():
    """An open step is the same object in the state, the outputs and every report."""
    (plain,) = verdicts.outputs([], [STEP])["open_steps"]

    assert plain == {
        "setting": "App Mode",
        "value": "live",
        "where": "https://x.example/",
        "verdict": "refused",
        "evidence": "inferred",
        "cause": "why",
        "proof": "proof",
        "after": ["First"],
    }


def test_outputs_are_plain_json():
    """What the engine stores comes back equal: no tuples, no enums."""
    plain = verdicts.outputs([setting(Verdict.ACCEPTED)], [STEP])

    assert json.loads(json.dumps(plain)) == plain
    assert {type(value) for entry in plain["settings"] for value in entry.values()} <= {str, type(None)}


def test_proof_by_a_word_is_a_command_once_the_connector_is_known():
    """A step that only a person's word closes shows the whole command that writes it."""
    step = {"setting": "App Mode", "proof": verdicts.attestation("live", "staging"), "after": []}
    (shown,) = verdicts.reported("facebook-marketing", [("facebook.AppPublication", step)])
    proof = shown["proof"]

    assert "cyclr-connectors attest -s staging facebook-marketing live --by" in proof
    assert verdicts.ANY_CONNECTOR not in proof


@pytest.mark.parametrize(
    ("after", "shown"),
    [
        ([], []),
        (["one", "closed"], ["one"]),
        ([verdicts.EVERY_OTHER], ["one", "two"]),
        (["one", verdicts.EVERY_OTHER], ["one", "two"]),
    ],
    ids=["none", "a closed step is no longer named", "every other step", "both"],
)
def test_reported_after_names_open_steps_alone(after, shown):
    """What a report lists under `after` are labels of steps that are open, in their order."""
    steps = [{"setting": name, "proof": "", "after": []} for name in ("one", "two")]
    last = {"setting": "last", "proof": "", "after": after}

    reported = verdicts.reported("facebook-marketing", [("facebook.AppSettings", step) for step in [*steps, last]])

    assert reported[-1]["after"] == shown


INFERRED = Setting("live", "live", "live", Verdict.ACCEPTED, Evidence.INFERRED, "why")


def test_customer_s_consent_makes_the_mode_observed():
    """A mode that was inferred is observed once somebody without a role has signed in and the token lives."""
    seen = verdicts.corroborated(INFERRED, verdicts.CUSTOMER)

    assert (seen.verdict, seen.evidence) == (Verdict.ACCEPTED, Evidence.OBSERVED)
    assert "without a role" in seen.note


@pytest.mark.parametrize(
    ("one", "by"),
    [
        (INFERRED, verdicts.ROLE),
        (INFERRED, ""),
        (replace(INFERRED, setting="redirect_uri"), verdicts.CUSTOMER),
        (replace(INFERRED, verdict=Verdict.REFUSED), verdicts.CUSTOMER),
        (replace(INFERRED, verdict=Verdict.INCONCLUSIVE, evidence=Evidence.NONE), verdicts.CUSTOMER),
        (replace(INFERRED, evidence=Evidence.ATTESTED), verdicts.CUSTOMER),
    ],
    ids=["somebody-with-a-role", "nobody-told", "another-setting", "refused", "inconclusive", "attested"],
)
def test_consent_never_changes_a_verdict(one, by):
    """That somebody could sign in once decides nothing that was not accepted, and replaces no person's word."""
    assert verdicts.corroborated(one, by) == one
