"""stacks.stack_edit: one attestation written into a text, and everything else left as it is."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stacks import stack_edit, stack_yaml
from tests.unit.stacks.texts import VALID, app, but

NAME = "facebook-marketing"
ENTRY = {"value": "live", "by": "jane@acme.example", "date": "2025-11-02"}
COMMENTED = but(
    ("      appName: Acme Ads\n", "      appName:   'Acme Ads'   # the name\n\n      # the end of it\n\n"),
    ("  cyclr-connectors:facebookAppSecret:", "\n  # secrets\n  cyclr-connectors:facebookAppSecret:"),
)


def difference(before: str, after: str) -> list[str]:
    """Added and removed lines."""
    lines = difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return [line.replace("\r", "") for line in lines if line[0] in "+-"]


PLACES = {
    "another one": (
        app("attestations:", "  # seen", "  live: {value: live, by: joe, date: '2025-01-01'} # then"),
        ['+         advanced_access: {value: granted, by: jane@acme.example, date: "2025-11-02"}\n'],
    ),
    "wider indentation": (
        app("attestations:", "    live:", "        value: live", "        by: joe", "        date: '2025-01-01'"),
        ['+           advanced_access: {value: granted, by: jane@acme.example, date: "2025-11-02"}\n'],
    ),
}


@pytest.mark.parametrize(("text", "added"), PLACES.values(), ids=PLACES)
def test_second_attestation_is_one_more_line(text, added):
    """A further attestation stands beside the first, as that one is indented."""
    after = stack_edit.attest(text, NAME, "advanced_access", {**ENTRY, "value": "granted"})

    assert difference(text, after) == added


FLOW = {
    "attestations": app("attestations: {client_id: {value: '1234567890123456', by: joe, date: '2025-01-01'} }  # c"),
    "no attestations": app("attestations: {}  # none yet"),
    "connector": but(
        (
            VALID[VALID.index("\n      appId") : VALID.index("\n  cyclr-connectors:cyclrClientSecret")],
            ' {appId: "1234567890123456", appSecret: config:facebookAppSecret, appName: "Acme, Ads" }  # all',
        )
    ),
}


@pytest.mark.parametrize("text", FLOW.values(), ids=FLOW)
def test_flow_style_is_edited_and_restored(text):
    """A file in flow style is edited in place, and taking the attestation out gives the same settings again."""
    written = stack_edit.attest(text, NAME, "live", ENTRY)
    restored = stack_edit.remove(written, NAME, "live")

    assert 'live: {value: live, by: jane@acme.example, date: "2025-11-02"}' in written
    assert len(written.splitlines()) == len(text.splitlines())
    assert written.count("#") == text.count("#")
    assert _declared(restored) == _declared(text)


def _declared(text: str) -> dict[str, object]:
    connector = stack_yaml.read(text).value["config"]["cyclr-connectors:connectors"][NAME]
    return {key: value for key, value in connector.items() if value}


@settings(max_examples=60, deadline=None)
@given(value=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_any_value_survives_the_file(value):
    """Whatever is attested, the file says it back, or the edit is not taken."""
    entry = {"value": value, "by": "a@b.example", "date": "2025-11-02"}

    after = stack_edit.attest(VALID, NAME, "live", entry)

    declared = stack_yaml.read(after).value["config"]["cyclr-connectors:connectors"][NAME]
    assert declared["attestations"] == {"live": entry}
