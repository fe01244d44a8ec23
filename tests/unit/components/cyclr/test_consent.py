"""The decision table of a connector's setup: what the dialog shows, and what a consent proves."""

from __future__ import annotations

import itertools

import pytest

from components.cyclr import consent, marks
from components.cyclr.consent import Seen
from components.cyclr.marks import Consent
from components.inspectors import TokenFacts
from components.verdicts import Evidence, Verdict

APP, DOMAIN = "1234567890123456", "app-h.cyclr.com"
URI = f"https://{DOMAIN}/connector/callback"
DECLARED, OTHER = "03153249db7c", "258499e710e0"
PROPS = {"client_id": APP, "service_domain": DOMAIN}
RIGHT = {"client_id": APP, "redirect_uri": URI, "scope": "email,ads_read"}
MARK = Consent(DECLARED, ("ads_read", "email"), "2026-11-02")
OTHER_MARK = Consent(OTHER, ("ads_read", "email"), "2026-11-02")

OBSERVED, NONE, PROVEN = Evidence.OBSERVED, Evidence.NONE, Evidence.PROVEN
ACCEPTED, REFUSED, INCONCLUSIVE, UNKNOWN = Verdict


def judged(look, fingerprint=DECLARED, **props):
    """The settings by name."""
    return {setting.setting: setting for setting in consent.judge({**PROPS, **props}, fingerprint, look)}


# name -> (authenticated, own credentials, mark, dialog), (verdict, evidence, part of the note)
SECRET_TABLE = {
    "marked-and-authenticated": ((True, (), MARK, RIGHT), (ACCEPTED, PROVEN, "the mark of 2026-11-02")),
    "marked-and-authenticated-bounced": ((True, (), MARK, {}), (ACCEPTED, PROVEN, "not seen until the next consent")),
    "not-authenticated": ((False, (), None, RIGHT), (UNKNOWN, NONE, consent.NOT_YET)),
    "not-authenticated-marked": ((False, (), MARK, RIGHT), (UNKNOWN, NONE, consent.NOT_YET)),
    "not-authenticated-page": ((False, (), None, None), (UNKNOWN, NONE, consent.NOT_YET)),
    "authenticated-unmarked": ((True, (), None, RIGHT), (INCONCLUSIVE, NONE, consent.UNPROVEN)),
    "authenticated-unmarked-bounced": ((True, (), None, {}), (INCONCLUSIVE, NONE, consent.UNPROVEN)),
    "authenticated-other-mark": ((True, (), OTHER_MARK, RIGHT), (INCONCLUSIVE, NONE, consent.UNPROVEN)),
    "own-id": ((True, ("ClientId",), MARK, RIGHT), (INCONCLUSIVE, NONE, "has its own ClientId:")),
    "own-secret": ((True, ("ClientSecret",), MARK, RIGHT), (INCONCLUSIVE, NONE, "has its own ClientSecret:")),
    "own-both": ((True, ("ClientId", "ClientSecret"), MARK, RIGHT), (INCONCLUSIVE, NONE, "ClientId and ClientSecret")),
    "own-not-authenticated": ((False, ("ClientId",), None, RIGHT), (INCONCLUSIVE, NONE, "has its own ClientId:")),
    "other-client-id": ((True, (), MARK, {**RIGHT, "client_id": "7"}), (REFUSED, OBSERVED, consent.DIALOG)),
    "other-redirect": ((True, (), MARK, {**RIGHT, "redirect_uri": f"{URI}/"}), (REFUSED, OBSERVED, consent.DIALOG)),
    "other-scopes": ((True, (), MARK, {**RIGHT, "scope": "email"}), (REFUSED, OBSERVED, consent.DIALOG)),
    "empty-library": ((True, (), MARK, None), (REFUSED, OBSERVED, consent.DIALOG)),
}


@pytest.mark.parametrize(("look", "expected"), SECRET_TABLE.values(), ids=SECRET_TABLE)
def test_secret_is_judged_by_the_table(look, expected):
    """The verdict on the secret is the one that the design's table gives."""
    secret = judged(Seen(*look))["client_secret"]
    verdict, evidence, note = expected

    assert (secret.verdict, secret.evidence) == (verdict, evidence)
    assert note in secret.note


CLIENT_ID_TABLE = {
    "declared": ((False, (), None, RIGHT), (ACCEPTED, OBSERVED, APP)),
    "other": ((False, (), None, {**RIGHT, "client_id": "7"}), (REFUSED, OBSERVED, "7")),
    "empty": ((False, (), None, {**RIGHT, "client_id": ""}), (REFUSED, OBSERVED, "")),
    "page": ((False, (), None, None), (REFUSED, OBSERVED, None)),
    "bounced": ((True, (), None, {}), (INCONCLUSIVE, NONE, None)),
    "own": ((False, ("ClientId",), None, RIGHT), (INCONCLUSIVE, NONE, APP)),
    "own-other": ((False, ("ClientId",), None, {**RIGHT, "client_id": "7"}), (INCONCLUSIVE, NONE, "7")),
    "own-page": ((False, ("ClientId",), None, None), (REFUSED, OBSERVED, None)),
}


@pytest.mark.parametrize(("look", "expected"), CLIENT_ID_TABLE.values(), ids=CLIENT_ID_TABLE)
def test_client_id_is_judged_by_what_the_dialog_shows(look, expected):
    """Only the library's own client id, seen in the dialog, is accepted."""
    shown = judged(Seen(*look))["client_id"]

    assert (shown.verdict, shown.evidence, shown.found) == expected


REDIRECT_TABLE = {
    "declared": ((False, (), None, RIGHT), (ACCEPTED, OBSERVED)),
    "slash": ((False, (), None, {**RIGHT, "redirect_uri": f"{URI}/"}), (REFUSED, OBSERVED)),
    "http": ((False, (), None, {**RIGHT, "redirect_uri": URI.replace("https", "http")}), (REFUSED, OBSERVED)),
    "missing": ((False, (), None, {"client_id": APP}), (REFUSED, OBSERVED)),
    "page": ((False, (), None, None), (UNKNOWN, NONE)),
    "bounced": ((True, (), None, {}), (INCONCLUSIVE, NONE)),
    "own": ((False, ("ClientId",), None, RIGHT), (ACCEPTED, OBSERVED)),
}


@pytest.mark.parametrize(("look", "expected"), REDIRECT_TABLE.values(), ids=REDIRECT_TABLE)
def test_redirect_uri_is_judged_to_the_letter(look, expected):
    """The redirect URI that Cyclr sends is compared as Facebook compares it."""
    shown = judged(Seen(*look))["redirect_uri"]

    assert (shown.verdict, shown.evidence) == expected


# name -> declared scopes, mark, scopes of the dialog, verdict (None: not judged)
SCOPES_TABLE = {
    "not-declared-no-mark": (None, None, "email", None),
    "declared": (["ads_read", "email"], None, "email,ads_read", ACCEPTED),
    "declared-with-spaces": (["ads_read", "email"], None, "email ads_read", ACCEPTED),
    "declared-twice-in-dialog": (["email"], None, "email,email", ACCEPTED),
    "one-missing": (["ads_read", "email"], None, "email", REFUSED),
    "one-more": (["email"], None, "email,ads_read", REFUSED),
    "none-in-dialog": (["email"], None, "", REFUSED),
    "marked": (None, MARK, "ads_read,email", ACCEPTED),
    "marked-other": (None, MARK, "ads_read", REFUSED),
    "declared-wins-over-mark": (["email"], MARK, "email", ACCEPTED),
    "marked-without-scopes": (None, Consent(DECLARED, (), "2026-11-02"), "email", None),
}


@pytest.mark.parametrize(("declared", "mark", "scope", "verdict"), SCOPES_TABLE.values(), ids=SCOPES_TABLE)
def test_scopes_are_judged_against_the_declared_or_the_marked(declared, mark, scope, verdict):
    """Scopes count as a set; without declared ones those of the proof count, without both none are judged."""
    settings = judged(Seen(False, (), mark, {**RIGHT, "scope": scope}), scopes=declared)

    assert (settings["scopes"].verdict if "scopes" in settings else None) is verdict


WORLDS = list(
    itertools.product(
        [True, False],
        [(), ("ClientId",), ("ClientSecret",)],
        [None, MARK, OTHER_MARK],
        [None, {}, RIGHT, {**RIGHT, "client_id": "7"}, {**RIGHT, "redirect_uri": "x"}, {**RIGHT, "scope": "x"}],
        [None, ["ads_read", "email"], ["other"]],
    )
)


@pytest.mark.parametrize("authenticated", [True, False], ids=["authenticated", "not-authenticated"])
def test_secret_is_accepted_only_with_a_matching_proof(authenticated):
    """In no world is the secret accepted without an authenticated consent under its own mark in the library's name."""
    accepted = [
        (own, mark, dialog)
        for there, own, mark, dialog, scopes in WORLDS
        if there is authenticated
        and judged(Seen(there, own, mark, dialog), scopes=scopes)["client_secret"].verdict is ACCEPTED
    ]

    assert bool(accepted) is authenticated
    assert all(own == () and mark == MARK and dialog in (RIGHT, {}) for own, mark, dialog in accepted)


def test_accepted_is_never_said_of_something_else_than_the_declared():
    """Whatever is accepted because it was observed is what was found."""
    for there, own, mark, dialog, scopes in WORLDS:
        for setting in judged(Seen(there, own, mark, dialog), scopes=scopes).values():
            assert setting.verdict is not ACCEPTED or setting.found == setting.declared


def test_silent_verdicts_have_no_evidence():
    """Where nothing speaks for a verdict, no evidence is shown beside it."""
    for there, own, mark, dialog, scopes in WORLDS:
        for setting in judged(Seen(there, own, mark, dialog), scopes=scopes).values():
            assert (setting.evidence is NONE) is (setting.verdict in (INCONCLUSIVE, UNKNOWN))


def test_marked_secret_is_no_longer_proven_after_a_rotation():
    """Another declared secret needs another consent."""
    assert judged(Seen(True, (), MARK, RIGHT), fingerprint=OTHER)["client_secret"].verdict is INCONCLUSIVE


def test_look_reads_an_installation():
    """A look holds whether it is authenticated, which credentials it has of its own, and its mark."""
    live = {
        "Authenticated": True,
        "Description": marks.with_consent("Acme", MARK),
        "Properties": [
            {"Name": "ClientSecret", "Value": "canary-5a5ad0b0c0de"},
            {"Name": "ClientId", "Value": ""},
            {"Name": "Region", "Value": "eu"},
        ],
    }

    assert consent.seen(live, RIGHT) == Seen(True, ("ClientSecret",), MARK, RIGHT)


@pytest.mark.parametrize(
    "live", [{}, {"Properties": None, "Description": None, "Authenticated": "yes"}], ids=["empty", "odd"]
)
def test_look_takes_nothing_for_granted(live):
    """An installation without these fields is not authenticated and has nothing of its own."""
    assert consent.seen(live, None) == Seen(False, (), None, None)


def test_look_never_holds_a_property_value():
    """Values of properties may be credentials; only their names are looked at."""
    live = {"Properties": [{"Name": "ClientSecret", "Value": "canary-5a5ad0b0c0de"}]}

    assert "canary-5a5ad0b0c0de" not in repr(consent.seen(live, None))


@pytest.mark.parametrize(
    ("text", "scopes"),
    [("", []), ("email", ["email"]), ("b,a", ["a", "b"]), ("b a", ["a", "b"]), (" b, a,,a ", ["a", "b"])],
)
def test_scopes_are_split_as_vendors_join_them(text, scopes):
    """Commas and spaces separate scopes; order and repetition mean nothing."""
    assert consent.split_scopes(text) == scopes


OURS = TokenFacts(is_ours=True, lives=True, scopes=("ads_read", "email"), has_role=False)
DEAD = TokenFacts(is_ours=True, cause="code 190/460")
STRANGER = TokenFacts(is_ours=False)


@pytest.mark.parametrize(
    ("token", "expected", "note"),
    [
        (OURS, (ACCEPTED, PROVEN), "lives and grants ads_read, email"),
        (DEAD, (ACCEPTED, PROVEN), "no longer lives (code 190/460)"),
        (STRANGER, (INCONCLUSIVE, NONE), consent.FOREIGN),
        (None, (ACCEPTED, PROVEN), "mark of 2026-11-02; a secret"),
    ],
    ids=["ours", "dead", "of-another-app", "not-shown"],
)
def test_token_of_the_consent_is_heard(token, expected, note):
    """A token of another app takes the proof away; a dead one of ours is told and changes nothing for customers."""
    secret = judged(Seen(True, (), MARK, RIGHT, token))["client_secret"]

    assert (secret.verdict, secret.evidence) == expected
    assert note in secret.note


@pytest.mark.parametrize(
    ("mark", "token", "by"),
    [
        (MARK, OURS, "customer"),
        (MARK, TokenFacts(is_ours=True, lives=True, has_role=True), "role"),
        (MARK, TokenFacts(is_ours=True, lives=True), ""),
        (MARK, DEAD, ""),
        (MARK, STRANGER, ""),
        (MARK, None, ""),
        (OTHER_MARK, OURS, ""),
    ],
    ids=["customer", "role", "roles-not-told", "dead", "foreign", "not-shown", "unproven"],
)
def test_who_consented_is_told_of_a_living_proof_alone(mark, token, by):
    """Only a proven consent whose token lives says who gave it."""
    look = Seen(True, (), mark, RIGHT, token)

    assert consent.consent_by(look, consent.judge(PROPS, DECLARED, look)) == by


@pytest.mark.parametrize(
    ("value", "token"),
    [
        ('{"AccessToken": "EAA1"}', "EAA1"),
        ("{}", ""),
        ('{"AccessToken": null}', ""),
        ("[]", ""),
        ("not json", ""),
        (None, ""),
        (7, ""),
    ],
)
def test_access_token_is_read_where_it_is_shown(value, token):
    """Whatever AuthValue holds, a token is read from it or there is none."""
    assert consent.access_token({"AuthValue": value}) == token
