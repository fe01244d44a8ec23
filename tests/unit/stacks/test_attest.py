"""cyclr-connectors attest: a person's word, written into the stack file for review."""

from __future__ import annotations

import json
import stat

import pytest
from click.testing import CliRunner

from components.errors import DeclarationError
from stacks import stack_file
from stacks.operations.attest import command
from tests.unit.stacks.test_stack_edit import COMMENTED, PLACES, difference
from tests.unit.stacks.texts import CANARY, VALID, app, but

NAME = "facebook-marketing"
BY = ("--by", "jane@acme.example", "--date", "2025-11-02")
ENTRY = '{value: live, by: jane@acme.example, date: "2025-11-02"}'


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(stack_file, "FOLDER", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "Pulumi.staging.yaml"


@pytest.fixture
def attest(file):
    """Runs the command on a text; gives the text afterwards and what was printed."""

    def attest(text: str, *arguments: str):
        file.write_bytes(text.encode())
        ran = CliRunner().invoke(command, ["-s", "staging", NAME, *arguments], catch_exceptions=True)
        if ran.exception and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        return file.read_bytes().decode(), ran

    return attest


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("text", [VALID, COMMENTED], ids=["plain", "commented"])
def test_attestation_only_adds_lines(attest, text, newline):
    """Comments, order, quotes and line ends stay: the difference is the added lines."""
    text = text.replace("\n", newline)

    after, ran = attest(text, "live", *BY)

    assert ran.exit_code == 0
    assert difference(text, after) == ["+       attestations:\n", f"+         live: {ENTRY}\n"]
    assert after.count("\r\n") == (after.count("\n") if newline == "\r\n" else 0)


DECLARED = {
    "redirect_uri": "https://app-h.cyclr.com/connector/callback",
    "live": "live",
    "advanced_access": "granted",
    "client_id": "1234567890123456",
}


@pytest.mark.parametrize(("key", "value"), DECLARED.items(), ids=DECLARED)
def test_value_is_the_declared_one(attest, key, value):
    """Where it can be told without a secret, the attested value is the declared one."""
    attest(VALID, key, *BY)

    found = stack_file.read(stack_file.FOLDER / "Pulumi.staging.yaml")
    assert (found.problems, found.notes) == ([], [])
    assert found.settings is not None
    attested = found.settings.connectors[NAME].attestations[key]
    assert (attested.value, attested.by, attested.date) == (value, "jane@acme.example", "2025-11-02")


def test_fingerprint_is_given_by_hand(attest):
    """The fingerprint of a secret is attested as given, since nothing is decrypted."""
    after, ran = attest(VALID, "client_secret", *BY, "--value", "03153249db7c")

    assert ran.exit_code == 0
    assert 'client_secret: {value: "03153249db7c", ' in after


@pytest.mark.parametrize("text", [VALID, COMMENTED, *(text for text, _ in PLACES.values())])
def test_remove_undoes_attest_to_the_byte(attest, text):
    """What attest added, --remove takes out: the file is what it was."""
    written, _ = attest(text, "advanced_access", *BY)
    restored, ran = attest(written, "advanced_access", "--remove")

    assert written != text
    assert restored == text
    assert "is taken out" in ran.stdout


def test_same_attestation_again_writes_nothing(attest, file):
    """Attesting the same twice leaves the file untouched."""
    written, _ = attest(VALID, "live", *BY)
    again, ran = attest(written, "live", *BY)

    assert again == written
    assert "nothing was written" in ran.stdout


def test_newer_attestation_replaces_the_older(attest):
    """There is one attestation of a setting, the last one, in the place of the former."""
    text = app("attestations:", "  live:", "    value: live", "    by: joe", "    date: '2025-01-01'", "scopes: [a]")

    after, _ = attest(text, "live", *BY)

    assert f"        live: {ENTRY}\n      scopes: [a]\n" in after
    assert "joe" not in after


def test_broken_attestation_can_be_replaced(attest):
    """A fault of the very attestation that is written does not stand in the way."""
    after, ran = attest(app("attestations: {live: {value: yes, by: joe, date: 2025-01-01}}"), "live", *BY)

    assert ran.exit_code == 0
    assert f"attestations: {{live: {ENTRY}}}" in after


REFUSED = {
    "unknown key": (VALID, ("lvie", *BY), "nearest one is live"),
    "no e-mail": (VALID, ("live", "--by", "Jane"), "e-mail"),
    "date that is none": (VALID, ("live", "--by", "a@b.example", "--date", "2025-02-30"), "day like"),
    "short date": (VALID, ("live", "--by", "a@b.example", "--date", "2025-2-3"), "day like"),
    "future": (VALID, ("live", "--by", "a@b.example", "--date", "2999-01-01"), "nobody can have seen"),
    "value that is not declared": (VALID, ("client_id", *BY, "--value", "99"), "counts only for the declared value"),
    "secret without fingerprint": (VALID, ("client_secret", *BY), "--value"),
    "secret itself": (VALID, ("client_secret", *BY, "--value", CANARY), "fingerprint"),
    "broken file": (but(("account:", "acount:")), ("live", *BY), "cyclr.acount is not a known key"),
    "no YAML": (VALID + "\t", ("live", *BY), "is no YAML"),
}


@pytest.mark.parametrize(("text", "arguments", "words"), REFUSED.values(), ids=REFUSED)
def test_refused_attestation_leaves_the_file(attest, file, text, arguments, words):
    """What cannot count, or comes upon a broken file, is refused with its reason; the file stays."""
    with pytest.raises(DeclarationError) as refusal:
        attest(text, *arguments)

    assert words in str(refusal.value)
    assert CANARY not in str(refusal.value)
    assert file.read_text() == text


def test_unknown_connector_is_refused_with_the_nearest(attest, file):
    """A connector that the file does not declare is refused, and the nearest is named."""
    file.write_text(VALID)

    ran = CliRunner().invoke(command, ["-s", "staging", "facebook", "live", *BY])

    assert isinstance(ran.exception, DeclarationError)
    assert "nearest one is facebook-marketing" in str(ran.exception)


@pytest.mark.parametrize("arguments", [(), ("--by", "a@b.example", "--remove")], ids=["neither", "both"])
def test_by_or_remove_is_needed(attest, arguments):
    """Who has seen it is named, or the attestation taken out."""
    assert attest(VALID, "live", *arguments)[1].exit_code == 2


def test_json_says_what_was_written(attest):
    """With --json stdout is one document."""
    _, ran = attest(VALID, "live", *BY, "--json")

    assert json.loads(ran.stdout) == {
        "stack": "staging",
        "file": "Pulumi.staging.yaml",
        "connector": NAME,
        "key": "live",
        "attestation": {"value": "live", "by": "jane@acme.example", "date": "2025-11-02"},
        "changed": True,
    }


def test_result_says_what_comes_next(attest):
    """A person learns that the file is to be reviewed, and what applies it."""
    _, ran = attest(VALID, "live", *BY)

    assert "git diff Pulumi.staging.yaml" in ran.stdout
    assert "pulumi up -s staging" in ran.stdout


def test_mode_mark_and_neighbours_stay(attest, file):
    """The file keeps its mode and its byte order mark, and nothing is left beside it."""
    file.write_text("")
    file.chmod(0o640)

    after, _ = attest("\ufeff" + VALID, "live", *BY)

    assert after.startswith("\ufeff")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert list(file.parent.iterdir()) == [file]


def test_failed_write_leaves_the_old_file(attest, file, monkeypatch):
    """If the new file cannot take the old one's place, the old one stands and nothing is left beside it."""

    def full(*_):
        raise OSError(28, "no space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(DeclarationError, match="cannot be written"):
        attest(VALID, "live", *BY)

    assert file.read_text() == VALID
    assert list(file.parent.iterdir()) == [file]
