"""The marks in an installation's Description."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cyclr import marks
from components.cyclr.marks import Consent

DIGITS = st.text("0123456789abcdef", min_size=12, max_size=12)
SCOPES = st.lists(st.from_regex(r"[a-z_.:/]{1,12}", fullmatch=True), unique=True).map(sorted).map(tuple)
CONSENT = st.builds(Consent, DIGITS, SCOPES, st.dates().map(str))
DESCRIPTION = st.none() | st.text(max_size=40)
STACK = st.from_regex(r"[A-Za-z0-9._-]{1,20}", fullmatch=True)

ONE = Consent("03153249db7c", ("ads_read", "email"), "2026-11-02")
TEXT = "[cyclr-connectors: consent under fingerprint 03153249db7c, scopes ads_read,email, date 2026-11-02]"


def test_consent_mark_has_its_final_spelling():
    """Marks live at the vendor for years, so their spelling is final."""
    assert marks.with_consent(None, ONE) == TEXT


def test_created_mark_has_its_final_spelling():
    """The same holds for the mark of what we made."""
    assert marks.created_by("staging") == "[cyclr-connectors: made by stack staging]"


@given(DESCRIPTION, CONSENT)
def test_consent_comes_back_as_it_was_written(description, consent):
    """Whatever stood there: the mark that was written is the mark that is read."""
    assert marks.read_consent(marks.with_consent(description, consent)) == consent


@given(DESCRIPTION, CONSENT, CONSENT)
def test_consent_mark_takes_the_place_of_the_earlier(description, first, second):
    """There is one mark at most, the last."""
    twice = marks.with_consent(marks.with_consent(description, first), second)

    assert marks.read_consent(twice) == second


@given(st.text(max_size=40), CONSENT)
def test_consent_mark_keeps_other_text(description, consent):
    """What a person wrote there stays."""
    assert description.strip() in marks.with_consent(description, consent)


@given(STACK, CONSENT)
def test_consent_mark_keeps_the_created_mark(stack, consent):
    """What we made stays known as ours after a consent."""
    assert marks.is_made_by(stack, marks.with_consent(marks.created_by(stack), consent))


@given(DESCRIPTION, CONSENT)
def test_consent_mark_does_not_make_it_ours(description, consent):
    """An installation that we adopted may carry a consent and is still never removed by us."""
    assert not marks.is_made_by("staging", marks.with_consent(description, consent))


@pytest.mark.parametrize(
    "edited",
    [
        None,
        "",
        "Acme's connector",
        TEXT[:-1],
        TEXT[1:],
        TEXT.upper(),
        TEXT.replace("03153249db7c", "03153249db7"),
        TEXT.replace("03153249db7c", "03153249DB7C"),
        TEXT.replace(", date 2026-11-02", ""),
        TEXT.replace("2026-11-02", "2 November"),
        TEXT.replace("ads_read,email", "ads_read, email"),
        TEXT.replace("consent", "Consent"),
        f"{TEXT} {TEXT}",
    ],
    ids=lambda text: repr(text)[:60],
)
def test_edited_mark_is_none(edited):
    """A mark that somebody touched or doubled proves nothing."""
    assert marks.read_consent(edited) is None


@given(st.integers(0, len(TEXT) - 1))
def test_shortened_mark_is_none(position):
    """A mark without one of its characters is none, or one without scopes to the letter: never another secret's."""
    read = marks.read_consent(TEXT[:position] + TEXT[position + 1 :])

    assert read is None or (read.fingerprint, read.date) == (ONE.fingerprint, ONE.date)


@pytest.mark.parametrize(
    "description",
    [None, "", "staging", "[cyclr-connectors: made by stack staging-2]", "[cyclr-connectors: made by stack ]", TEXT],
    ids=lambda text: repr(text)[:50],
)
def test_installation_without_our_mark_is_not_ours(description):
    """Only what carries the mark of this very stack is ever removed."""
    assert not marks.is_made_by("staging", description)


@given(STACK, STACK)
def test_installation_of_another_stack_is_not_ours(mine, other):
    """Two stacks on one account keep their hands off each other's installations."""
    assert marks.is_made_by(mine, marks.created_by(other)) is (mine == other)
