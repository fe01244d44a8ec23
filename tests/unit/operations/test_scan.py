"""Which values in a stack file are secrets, and that none of them is printed."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from stacks.operations.scan import command, scan_text
from tests.unit.stacks.texts import VALID, app, but, config, cyclr, top
from tests.worlds import ROOT

APP_SECRET = "5a5ad0b0c0de5a5ad0b0c0de5a5ad0b0"
CYCLR_TOKEN = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
USER_TOKEN = "EAAJ0kZC9kQ5sBAN1ZAZBx3hZCmZBq7yTzUO"
APP_TOKEN = f"1234567890123456|{APP_SECRET}"
NATURAL = "correct-horse-battery-staple"
VALUES = (APP_SECRET, APP_SECRET.upper(), CYCLR_TOKEN, USER_TOKEN, APP_TOKEN, NATURAL)

CAUGHT = {
    "app secret as appSecret": (
        but(("config:facebookAppSecret", APP_SECRET)),
        "connectors.facebook-marketing.appSecret",
    ),
    "any text as appSecret": (but(("config:facebookAppSecret", NATURAL)), "connectors.facebook-marketing.appSecret"),
    "number as appSecret": (but(("config:facebookAppSecret", "12345678")), "connectors.facebook-marketing.appSecret"),
    "any text as clientSecret": (but(("config:cyclrClientSecret", NATURAL)), "cyclr.clientSecret"),
    "app secret behind config:": (
        but(("config:facebookAppSecret", "config:" + APP_SECRET.replace("5a", "aa", 1))),
        "connectors.facebook-marketing.appSecret",
    ),
    "app secret behind env:": (
        but(("config:facebookAppSecret", "env:" + APP_SECRET)),
        "connectors.facebook-marketing.appSecret",
    ),
    "app secret beside appSecret": (app(f"clientToken: {APP_SECRET}"), "connectors.facebook-marketing.clientToken"),
    "upper case": (app(f"note: {APP_SECRET.upper()}"), "connectors.facebook-marketing.note"),
    "in quotes": (app(f'note: "{APP_SECRET}"'), "connectors.facebook-marketing.note"),
    "inside a text": (app(f"note: it is {APP_SECRET}, keep it"), "connectors.facebook-marketing.note"),
    "comment behind a value": (
        but(("config:facebookAppSecret", f"config:facebookAppSecret  # {APP_SECRET}")),
        "connectors.facebook-marketing.appSecret",
    ),
    "comment of its own": (f"# was {APP_SECRET}\n{VALID}", "a comment"),
    "commented out": (app(f"# appSecret: {APP_SECRET}"), "a comment"),
    "user token": (app(f"note: {USER_TOKEN}"), "connectors.facebook-marketing.note"),
    "app token": (app(f'note: "{APP_TOKEN}"'), "connectors.facebook-marketing.note"),
    "app token in an address": (
        app(f"siteUrl: https://acme.example/?access_token={APP_TOKEN.replace('|', '%7C')}"),
        "connectors.facebook-marketing.siteUrl",
    ),
    "Cyclr token": (cyclr(f"note: {CYCLR_TOKEN}"), "cyclr.note"),
    "plain key that is referenced": (but(("\n    secure: v1:dHdv", f" {NATURAL}")), "facebookAppSecret"),
    "app secret as plain key": (but(("\n    secure: v1:dHdv", f" {APP_SECRET}")), "facebookAppSecret"),
    "typed under secure": (but(("v1:dHdv", NATURAL)), "facebookAppSecret.secure"),
    "number under secure": (but(("v1:dHdv", "12345678")), "facebookAppSecret.secure"),
    "under secure in braces": (but(("\n    secure: v1:dHdv", f" {{secure: {NATURAL}}}")), "facebookAppSecret.secure"),
    "under secure in the next line": (
        but(("secure: v1:dHdv", f"secure:\n      {NATURAL}")),
        "facebookAppSecret.secure",
    ),
    "under secure of another project": (config(f"aws:secretKey: {{secure: {NATURAL}}}"), "aws:secretKey.secure"),
    "under secure, inside": (config(f"other:list: [{{a: {{secure: {NATURAL}}}}}]"), "other:list[0].a.secure"),
    "app secret under secure": (but(("v1:dHdv", APP_SECRET)), "facebookAppSecret.secure"),
    "key of another project": (config(f"aws:secretKey: {CYCLR_TOKEN}"), "aws:secretKey"),
    "outside config": (top(f"note: {APP_SECRET}"), "note"),
    "as a property": (app("properties:", f"  ClientSecret: {NATURAL}"), None),
    "in a list": (app(f"scopes: [ads_read, {APP_SECRET}]"), None),
    "in a text of several lines": (app("note: >-", "  the secret is", f"  {APP_SECRET}"), None),
    "as a key": (app(f"{APP_SECRET}: it"), None),
    "no YAML": (f"config: [\n  {APP_SECRET}\n", "the file"),
}

LEFT_ALONE = {
    "valid": VALID,
    "fingerprint": app(
        "attestations:", '  client_secret: {value: "03153249db7c", by: jane@acme.example, date: "2026-11-02"}'
    ),
    "environment variable": but(("config:facebookAppSecret", "env:FACEBOOK_APP_SECRET")),
    "guid": cyclr('note: "00000000-0000-0000-0000-000000000001"'),
    "ciphertext of Pulumi Cloud": but(("v1:dHdv", "AAABAMcGzCo+/5Wd0TrFVNkmHqfh3GOqNvV7bQx1YJgYUy3ZxQ==")),
    "ciphertext in several lines": but(("secure: v1:dHdv", "secure: >-\n      v1:dHdv:b25l")),
    "what the example has": but(("v1:dHdv", "REPLACE-with-pulumi-config-set")),
    "secure among other keys": config("other:tls: {secure: required, host: acme.example}"),
    "secure that is yes or nothing": config("other:tls: {secure: true}", "other:more: {secure: }"),
    "mapping under secure": config("other:tls: {secure: {mode: required}}"),
    "secure that leads to itself": config("other:tls: &tls {secure: *tls}"),
    "long text of letters": app("note: " + "z" * 32),
    "more than a secret": app("note: " + "a" * 33),
    "commit": app("note: 5fda3b95a4ea91299a34e894583c3862153e4b97"),
    "long key that is referenced": but(("config:facebookAppSecret", "config:facebook.app-secret")),
    "salt like a token": but(("v1:c2FsdA==:v1:c2FsdA==", f"v1:{USER_TOKEN}=:v1:c2FsdA==")),
    "encryptedkey like a token": top(f"encryptedkey: {USER_TOKEN}"[:-1] + "x:" + "=="),
    "ciphertext like a token": but(("v1:dHdv", f"v1:{USER_TOKEN}:/{USER_TOKEN}==")),
    "ciphertext in braces": but(("\n    secure: v1:dHdv", f' {{secure: "v1:{USER_TOKEN}:dHdv"}}')),
    "key of a cloud": top(f"secretsprovider: awskms:///arn:aws:kms:eu-west-1:111122223333:key/mrk-{APP_SECRET}"),
    "word with EAA": app("note: EAAST-of-everything"),
    "encrypted where a reference belongs": but(("config:facebookAppSecret", "{secure: v1:dHdv}")),
    "no text": "",
    "no mapping": "- a\n",
}


def scanned(tmp_path, text, *arguments):
    """Exit code and output of `scan` on a text."""
    file = tmp_path / "Pulumi.staging.yaml"
    file.write_text(text)
    done = CliRunner().invoke(command, [str(file), *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.mark.parametrize(("text", "key"), CAUGHT.values(), ids=CAUGHT)
def test_plain_secret_is_named_and_not_shown(tmp_path, text, key):
    """A plain secret is exit code 2 with file, line, key and the way to mend it, and the value is printed nowhere."""
    code, said = scanned(tmp_path, text)
    document = scanned(tmp_path, text, "--json")[1]
    (found,) = json.loads(document)["files"][0]["secrets"]

    assert code == 2
    assert f"Pulumi.staging.yaml:{found['line']}: {found['key']} " in said
    assert "\n  fix: " in said
    assert key in (None, found["key"])
    assert [value for value in VALUES if value.lower() in (said + document).lower()] == []


@pytest.mark.parametrize(("text", "_key"), CAUGHT.values(), ids=CAUGHT)
def test_line_is_the_one_with_the_secret(tmp_path, text, _key):
    """The line that is named is the one to change."""
    (found,) = scan_text(text, tmp_path / "Pulumi.staging.yaml")
    line = text.splitlines()[found.line - 1].lower()

    assert any(value.lower().replace("|", "%7c") in line or value.lower() in line for value in VALUES) or (
        "12345678" in line or APP_SECRET.replace("5a", "aa", 1) in line
    )


@pytest.mark.parametrize("text", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_is_no_plain_secret_is_left_alone(tmp_path, text):
    """References, fingerprints, ids, salts and encrypted values are no findings, whatever is inside a ciphertext."""
    assert scanned(tmp_path, text) == (0, "1 file: no secret found.\n")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_file_that_is_no_utf8_is_not_called_clean(tmp_path, encoding):
    """What cannot be read is exit code 2 and says so, whatever stands in it; a mark before UTF-8 is none of that."""
    file = tmp_path / "Pulumi.staging.yaml"
    file.write_bytes(f"# für\n{VALID}".encode(encoding))
    done = CliRunner().invoke(command, [str(file)])

    assert done.exit_code == 2
    assert "Pulumi.staging.yaml:1: the file cannot be read: it is no UTF-8 text" in done.output
    file.write_bytes(f"# für\n{VALID}".encode("utf-8-sig"))
    assert CliRunner().invoke(command, [str(file)]).exit_code == 0


@pytest.mark.parametrize("sign", [">-", "|"])
def test_text_of_several_lines_under_secure_is_seen(tmp_path, sign):
    """A text that begins below its key is named by the line in which its value begins."""
    (found,) = scan_text(
        but(("secure: v1:dHdv", f"secure: {sign}\n      {NATURAL}\n      and more")), tmp_path / "Pulumi.staging.yaml"
    )

    assert (found.line, found.key) == (19, "facebookAppSecret.secure")


def test_a_secret_typed_under_secure_names_the_command_for_its_key(tmp_path):
    """The key that holds the plain text is the one that the command encrypts anew."""
    _, said = scanned(tmp_path, but(("v1:dHdv", NATURAL)))

    assert "cannot be an encrypted value" in said
    assert f"--config-file {tmp_path}/Pulumi.staging.yaml --secret facebookAppSecret\n" in said


def test_every_secret_of_a_file_is_named_in_order(tmp_path):
    """All lines with a secret are named at once, in their order, in each of several files."""
    text = f"# {CYCLR_TOKEN}\n" + but(
        ("config:cyclrClientSecret", NATURAL), ("\n    secure: v1:dHdv", f" {APP_SECRET}")
    )
    first, second = tmp_path / "Pulumi.one.yaml", tmp_path / "Pulumi.two.yaml"
    for file in (first, second):
        file.write_text(text)

    done = CliRunner().invoke(command, [str(first), str(second)])

    named = [line.split(": ")[0].rpartition("/")[2] for line in done.output.splitlines() if not line.startswith("  ")]
    lines = [number for number, line in enumerate(text.splitlines(), 1) if any(value in line for value in VALUES)]
    assert done.exit_code == 2
    assert named == [f"{file.name}:{number}" for file in (first, second) for number in lines]


def test_the_fix_is_a_command_of_the_files_own_stack(tmp_path):
    """What mends it can be pasted: it names the stack, and the file where that is not the stack's own."""
    _, said = scanned(tmp_path, app(f"note: {APP_SECRET}"))

    assert f"pulumi config set -s staging --config-file {tmp_path}/Pulumi.staging.yaml --secret KEY" in said


def test_committed_stack_files_hold_no_plain_secret():
    """The sandbox's stack file and the example pass, named or found."""
    names = sorted(str(path) for path in (ROOT / "stacks").glob("Pulumi.*.yaml"))

    for arguments in (names, []):
        done = CliRunner().invoke(command, arguments)
        assert (done.exit_code, done.output) == (0, f"{len(names)} files: no secret found.\n")
    assert any(name.endswith("Pulumi.sandbox.yaml") for name in names)


def test_a_file_that_is_missing_is_wrong_usage():
    """A file that does not exist is exit code 2 and no silence."""
    done = CliRunner().invoke(command, ["no/such/Pulumi.dev.yaml"])

    assert done.exit_code == 2
    assert "does not exist" in done.output
