"""stacks.stack_file: a stack file read and judged as a whole."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stacks import stack_file
from stacks.settings_aws import (
    AccessSettings,
    AwsSettings,
    DriftAlarmSettings,
    SecretContainerSettings,
    ServiceDomainRecordSettings,
    SubjectSettings,
)
from stacks.settings_connector import ConnectorSettings
from stacks.settings_model import CyclrSettings, EnvironmentSettings, FacebookSettings
from tests.unit.stacks.broken import CATALOGUE, Broken
from tests.unit.stacks.broken_aws import AWS as BROKEN_AWS
from tests.unit.stacks.broken_aws import KEY, access
from tests.unit.stacks.broken_aws import VALID as VALID_AWS
from tests.unit.stacks.texts import CANARY, VALID, app, but, config, top

KEYS = "|".join(
    field.alias
    for model in (EnvironmentSettings, CyclrSettings, FacebookSettings, ConnectorSettings)
    for field in model.model_fields.values()
)
OPTION = re.compile(rf"^ +# +((cyclr-connectors:)?({KEYS}|SomeProperty|\w+_\w+|live):( .*)?)$", re.MULTILINE)
"""A commented setting of the example."""

ON_AWS = re.compile(r"^  # cyclr-connectors:aws:\n(  # .*\n)+", re.MULTILINE)
AWS = (
    AwsSettings,
    SecretContainerSettings,
    ServiceDomainRecordSettings,
    DriftAlarmSettings,
    AccessSettings,
    SubjectSettings,
)
HIDDEN = "unless the imported environment supplies it"


@pytest.fixture
def judged(tmp_path):
    def judge(text: str) -> stack_file.StackFile:
        file = tmp_path / "Pulumi.staging.yaml"
        file.write_bytes(text.encode())
        return stack_file.read(file)

    return judge


@pytest.mark.parametrize("broken", (CATALOGUE | BROKEN_AWS).values(), ids=CATALOGUE | BROKEN_AWS)
def test_broken_file_gets_all_of_its_problems_and_no_others(judged, broken: Broken):
    """Each broken stack file gets exactly its problems, at once, each with what mends it and none with a secret."""
    found = judged(broken.text)

    assert sorted(problem.key for problem in found.problems) == sorted(key for key, _ in broken.problems)
    assert found.settings is None
    for key, words in broken.problems:
        assert any(words in problem.text() for problem in found.problems if problem.key == key), (key, words)
    for problem in found.problems + found.notes:
        assert problem.fix
        assert problem.line
        assert CANARY not in problem.text()


@pytest.mark.parametrize("text", VALID_AWS.values(), ids=VALID_AWS)
def test_part_on_aws_that_says_whose_run_it_is_has_no_problem(judged, text: str):
    """Subjects that belong to one repository or project, and readers of the account itself, are taken as they are."""
    found = judged(text)

    assert found.problems == []
    assert found.settings is not None


def test_broken_catalogue_is_not_small():
    """The catalogue stays at its promised size."""
    assert len(CATALOGUE) >= 35


def test_faults_of_every_kind_are_named_together(judged):
    """A fault of the file, of a value, of a name and between two settings do not hide one another."""
    text = but(
        ("encryptionsalt:", "salt:"),
        ("config:facebookAppSecret", "config:elsewhere"),
        ('"1234567890123456"', "123"),
        ("account:", "acount:"),
        ("appName: Acme Ads", "appName: Acme Ads\n      appName: Acme"),
    )

    found = {problem.key: problem.line for problem in judged(text).problems}

    assert found == {
        "salt": 1,
        "cyclr.account": 4,
        "cyclr.acount": 8,
        "connectors.facebook-marketing.appId": 13,
        "connectors.facebook-marketing.appSecret": 14,
        "connectors.facebook-marketing.appName": 16,
    }


def test_valid_file_gives_settings(judged):
    """A file without a fault gives the settings of the stack in its name, and nothing to say."""
    found = judged(VALID)

    assert (found.problems, found.notes) == ([], [])
    assert found.settings is not None
    assert found.settings.environment == "staging"


def test_command_names_stack_and_file(judged, tmp_path):
    """A command that mends can be pasted: it names the stack, and the file where it is not the usual one."""
    (problem,) = judged(but(("    account: acme-observation\n", ""))).problems

    file = tmp_path / "Pulumi.staging.yaml"
    assert problem.fix == f"run: pulumi config set -s staging --config-file {file} --path cyclr.account ACCOUNT_ID"


@pytest.mark.parametrize(
    ("name", "words"), [("nothing.yaml", "does not exist"), (".", "cannot be read")], ids=["missing", "folder"]
)
def test_file_that_cannot_be_read_is_a_problem(tmp_path, name, words):
    """A missing file and a folder are problems, not exceptions."""
    (problem,) = stack_file.problems(tmp_path / name)

    assert words in problem.what


def test_file_that_is_no_text_is_a_problem(tmp_path):
    """Bytes that are no UTF-8 are a problem, not an exception."""
    file = tmp_path / "Pulumi.staging.yaml"
    file.write_bytes(b"config: \xff\xfe")

    assert [problem.what for problem in stack_file.problems(file)] == ["is no UTF-8 text"]


@pytest.mark.parametrize("prefix", ["", "\ufeff"], ids=["plain", "with byte order mark"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_line_ends_and_byte_order_mark_do_not_matter(judged, newline, prefix):
    """An editor's line ends and byte order mark are no fault and do not shift lines."""
    text = but(("account:", "acount:")).replace("\n", newline)

    assert [problem.line for problem in judged(prefix + text).problems] == [4, 8]


@pytest.mark.parametrize(
    "text",
    [
        config("aws:region: eu-west-1", "pulumi:tags: {team: ads}"),
        top("secretsprovider: awskms://alias/x", "encryptedkey: abc"),
        app("shared: false", "scopes: [ads_read, ads_management]", "accounts: all"),
        but(
            ("config:facebookAppSecret", "env:APP_SECRET"),
            ("  cyclr-connectors:facebookAppSecret:\n    secure: v1:dHdv\n", ""),
        ),
    ],
    ids=["other namespaces", "secrets provider", "options", "secret from the environment"],
)
def test_what_is_allowed_is_no_problem(judged, text):
    """Keys of other projects, the CLI's own keys and every documented form are left alone."""
    assert judged(text).problems == []


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("", []),
        ("encryptionsalt: v1:x\n", ["encryptionsalt"]),
        (f"secretsprovider: awskms:///{KEY}?region=eu-west-1&context_stack=staging\n", []),
        (f"secretsprovider: awskms:///{KEY}9?context_stack=staging\n", ["secretsprovider"]),
        ("secretsprovider: awskms:///other\n", ["secretsprovider"]),
    ],
    ids=["never made", "passphrase", "as declared", "longer", "another"],
)
def test_state_under_another_key_than_its_roles_have_is_noted(judged, line, named):
    """A stack made without its declared key works for whoever made it, and for none of its roles."""
    found = judged(re.sub(r"^encryptionsalt: .*\n", line, access({})))

    assert (found.problems, [note.key for note in found.notes]) == ([], named)
    assert all(f"change-secrets-provider -s staging 'awskms:///{KEY}?region=" in note.fix for note in found.notes)


def test_import_turns_missing_values_into_notes(judged):
    """With an imported environment a missing value proves nothing, while a wrong one still is a problem."""
    text = but(
        ("encryptionsalt: v1:c2FsdA==:v1:c2FsdA==", "environment: [acme/staging]"),
        ("    account: acme-observation\n", ""),
        ("config:cyclrClientSecret", "config:suppliedElsewhere"),
        ("Acme Ads", "5"),
    )

    found = judged(text)

    assert [problem.key for problem in found.problems] == ["connectors.facebook-marketing.appName"]
    missing = {note.key for note in found.notes if HIDDEN in note.what}
    assert missing == {"cyclr.account", "cyclr.clientSecret"}


def test_import_alone_is_no_problem(judged):
    """A file that only imports an environment has notes and no problems."""
    found = judged("environment: [acme/staging]\n")

    assert found.problems == []
    assert found.notes


def test_secret_that_nothing_refers_to_is_a_note(judged):
    """A second secret, as during a rotation, is no problem, and is mentioned."""
    found = judged(config("cyclr-connectors:nextAppSecret: {secure: v1:abc}"))

    assert found.problems == []
    assert [(note.key, note.what) for note in found.notes] == [("nextAppSecret", "is a secret that nothing refers to")]


def test_stale_attestation_is_a_note(judged):
    """An attestation of another value than the declared one cannot count, and the file says so."""
    found = judged(app('attestations: {client_id: {value: "999", by: jane, date: "2026-11-02"}}'))

    assert found.problems == []
    assert [note.key for note in found.notes] == ["connectors.facebook-marketing.attestations.client_id.value"]


def test_text_that_refers_to_itself_ends(judged):
    """An anchor inside itself is a problem, not an endless walk."""
    found = judged("config: &a\n  cyclr-connectors:cyclr: *a\n")

    assert any("anchor" in problem.what for problem in found.problems)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cut=st.integers(0, len(VALID)), noise=st.text("\t\n :-&*![]{}#'\"%@|>a1", max_size=6))
def test_no_text_raises(judged, cut, noise):
    """Whatever an editor leaves behind is judged, never an exception."""
    found = judged(VALID[:cut] + noise + VALID[cut:])

    assert found.problems or found.settings


@pytest.mark.parametrize("name", ["sandbox", "example-production"])
def test_committed_files_have_no_problem(name):
    """The stack files of the repository are valid."""
    found = stack_file.read(stack_file.FOLDER / f"Pulumi.{name}.yaml")

    assert (found.problems, found.notes) == ([], [])


def test_every_option_of_the_example_is_valid(judged):
    """The example with its commented options taken in (api for region, which exclude each other) is valid too."""
    example = (stack_file.FOLDER / "Pulumi.example-production.yaml").read_text().replace("region: us", "")

    found = judged(OPTION.sub(lambda match: match[0].replace("# ", "", 1), example))

    assert [problem.text() for problem in found.problems] == []
    assert found.settings is not None
    assert len(found.settings.connectors["facebook-marketing"].attestations) == 5
    assert found.settings.facebook.model_fields_set == set(FacebookSettings.model_fields)
    assert found.settings.connectors["facebook-marketing"].model_fields_set == set(ConnectorSettings.model_fields)


def test_part_on_aws_of_the_example_is_valid(tmp_path):
    """Whoever takes the comment signs off the part `aws:` has a file without a problem, and every option of it."""
    text = (stack_file.FOLDER / "Pulumi.example-production.yaml").read_text()
    file = tmp_path / "Pulumi.production.yaml"
    file.write_text(ON_AWS.sub(lambda part: re.sub("^  # ", "  ", part.group(), flags=re.MULTILINE), text))

    found = stack_file.read(file)

    assert found.problems == []
    assert found.settings is not None
    assert found.settings.aws is not None
    assert found.settings.aws.model_fields_set == set(AwsSettings.model_fields)
    assert found.settings.aws.access is not None
    assert found.settings.aws.access.model_fields_set == set(AccessSettings.model_fields)


@pytest.mark.parametrize("model", [EnvironmentSettings, CyclrSettings, FacebookSettings, ConnectorSettings, *AWS])
def test_example_names_every_key(model):
    """The example names every key that a stack file may hold, the environment's own name apart."""
    text = (stack_file.FOLDER / "Pulumi.example-production.yaml").read_text()

    missing = {field.alias for field in model.model_fields.values() if f"{field.alias}:" not in text}

    assert missing <= {"environment"}


def test_reading_needs_no_engine(tmp_path):
    """Judging a file imports neither pulumi nor an HTTP library."""
    code = f"""
        import sys
        from pathlib import Path
        from stacks import stack_file
        stack_file.problems(Path({str(tmp_path / "x")!r}))
        print(sorted(name for name in ("pulumi", "requests", "grpc") if name in sys.modules))
    """
    ran = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"
