"""An environment on AWS from an empty account to destroy and back, through the real engine and our commands."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError
from ruamel.yaml import YAML

from tests.engine.aws import READER, SECRET, STACK, running_cloud_stack
from tests.engine.aws_journey import Journey, Step, travelled

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]  # the first test waits for the whole journey

SECRET_KIND, POLICY_KIND = "aws.secretsmanager.Secret", "aws.secretsmanager.SecretPolicy"
CONTAINER = {"key": "kms/key:Key", "secret": "secretsmanager/secret:Secret", "alias": "kms/alias:Alias"}
CONTAINER["readers"] = "secretsmanager/secretPolicy:SecretPolicy"
CONNECTOR = {
    "facebook.AppSettings",
    "facebook.LoginRedirect",
    "facebook.AppPublication",
    "cyclr.ConnectorInstallation",
    "cyclr.ConnectorSetup",
}
CHANGED = re.compile(r"^ +[~+-] (?:cyclr-connectors:)?([\w.]+) *: ", re.MULTILINE)
"""A property that a plan changes."""
OF_A_MOVE = {"app_secret", "app_secret_version", "client_secret", "client_secret_version", "cyclrClientSecret"}
OF_A_MOVE |= {"references", "secretNames", "secret.facebookAppSecret", "secret.cyclrClientSecret", "1234567890123456"}


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """The one journey that all tests here look back on."""
    with running_cloud_stack(tmp_path_factory.mktemp("journey")) as stack:
        yield travelled(stack)


def code(step: Step) -> int:
    return step.done.returncode


def of_connector(step: Step) -> set[str]:
    """The connector's own resources in the state, as reports name them."""
    dynamic = "pulumi-python:dynamic/"
    return {kind.removeprefix(dynamic).replace(":", ".") for kind in step.resources.values() if dynamic in kind}


def found(step: Step) -> dict[tuple[str, str], str]:
    """Resource and setting -> class, of the findings of `drift`."""
    return {(each["resource"], each["setting"]): each["class"] for each in step.document["findings"]}


def test_nobody_is_asked_for_a_value_before_it_is_protected(journey):
    """While the policy that names the readers cannot be put, the update fails by that and asks for no value."""
    step = journey.steps["unprotected"]

    assert code(step) == 1, step.said
    assert ("PutResourcePolicy" in step.said, "holds no value yet" in step.said) == (True, False), step.said
    assert f"{SECRET}-secret" in step.resources
    assert step.writes == []


def test_first_up_makes_the_container_and_asks_for_its_value(journey):
    """The first update makes all of the container, fails with the command that puts its value, and sends nothing."""
    step = journey.steps["containers"]

    assert code(step) == 1
    assert f"Secret {SECRET} holds no value yet" in step.said
    assert f"put it: aws secretsmanager put-secret-value --secret-id {SECRET} --secret-string file://FILE" in step.said
    assert {f"{SECRET}-{part}": f"aws:{kind}" for part, kind in CONTAINER.items()}.items() <= step.resources.items()
    assert (step.writes, of_connector(step), "Traceback" in step.said) == ([], set(), False)


def test_next_up_makes_the_connector(journey):
    """Once the container holds a value the same command makes the connector, and the environment becomes ready."""
    made, ready = journey.steps["connector"], journey.steps["report, ready"]

    assert (code(made), of_connector(made)) == (0, CONNECTOR), made.said
    assert (code(ready), ready.document["verdict"]) == (0, "in sync"), ready.said


def test_person_consents_with_the_secret_at_aws(journey):
    """`authorize` reads what it needs of the secret in one piece, and the consent under its link counts."""
    link, after = journey.steps["authorize"], journey.steps["consent"]

    assert (link.done.returncode, link.read) == (0, 1), link.said
    assert (code(after), after.writes) == (0, []), after.said


@pytest.mark.parametrize("name", ["connector", "consent", "report, ready", "report, version", "version", "repair"])
def test_value_is_read_once_a_run(journey, name):
    """Two vendors have entries of one secret: a run of the engine asks AWS for it once, whoever needs it."""
    assert journey.steps[name].read == 1, journey.steps[name].said


def test_preview_after_up_is_empty(journey):
    """After an update neither the CLI's preview nor ours has any change, whichever way the key was made."""
    plan, ready = journey.steps["preview, ready"], journey.steps["report, ready"]

    assert code(plan) == 0, plan.said
    assert (ready.document["changes"], ready.document["consequences"]) == ([], [])
    assert (plan.writes, ready.writes, plan.moved, ready.moved) == ([], [], False, False)


def test_new_version_is_seen_as_a_version(journey):
    """A value that a person put is a change from its old version id to its new one, in both previews; nobody wrote."""
    plan, report, update = (journey.steps[name] for name in ("preview, version", "report, version", "version"))
    before, after = journey.versions[:2]

    versions = {(each["setting"], each["before"], each["after"]) for each in report.document["changes"]}
    assert f'~ app_secret_version: "{before}" => "{after}"' in plan.said
    assert versions == {("app_secret_version", before, after), ("client_secret_version", before, after)}
    assert (code(plan) != 0, code(report), code(update), update.writes) == (True, 7, 0, [])
    assert (plan.moved, report.moved) == (False, False)


def test_change_by_others_is_drift_and_is_repaired(journey):
    """Another description, tag or reader at AWS is drift, the look leaves the state to the byte, `up` repairs all."""
    look, repair = journey.steps["drift, changed"], journey.steps["repair"]
    mended = journey.container["repaired"]

    changed = {(SECRET_KIND, "description"), (SECRET_KIND, "tags"), (POLICY_KIND, "policy")}
    assert (code(look), look.document["verdict"]) == (7, "drifted"), look.said
    assert found(look) == dict.fromkeys(changed, "drifted")
    assert (look.moved, look.writes, code(repair), repair.writes) == (False, [], 0, [])
    assert "Mine" not in mended["description"]
    assert set(mended["tags"]) == {"cyclr-connectors:environment", "cyclr-connectors:key"}
    assert [each["Sid"] for each in mended["policy"]["Statement"]] == ["Readers", "NobodyElse"]


def test_deleted_container_is_missing_and_nothing_else_is(journey):
    """A deleted secret is missing with its policy; what could not be looked at without it is never said to be gone."""
    look, plan = journey.steps["drift, deleted"], journey.steps["preview, deleted"]

    missing = dict.fromkeys([(SECRET_KIND, ""), (POLICY_KIND, "")], "missing")
    assert found(look) == missing | {(kind, ""): "not authorised" for kind in CONNECTOR}
    assert (code(look), look.moved, look.writes) == (1, False, []), look.said
    assert (plan.moved, plan.writes) == (False, [])
    assert re.search(r"\d+ to (delete|replace)", plan.said) is None, plan.said


def test_deleted_container_costs_no_resource_of_the_connector(journey):
    """`up` makes the container again, asks for its value, and after that changes versions alone: nothing is lost."""
    again, back = journey.steps["made again"], journey.steps["back"]

    assert (code(again), again.writes, of_connector(again)) == (1, [], CONNECTOR), again.said
    assert f"Secret {SECRET} holds no value yet" in again.said
    assert (code(back), back.writes, of_connector(back)) == (0, [], CONNECTOR), back.said
    assert re.search(r"\d+ (created|deleted|replaced)", back.said) is None, back.said


def test_destroy_leaves_container_and_value(journey):
    """Destroy empties the state and takes away the installation; secret, value, key and policy stay, the app too."""
    step, left = journey.steps["destroy"], journey.container["destroyed"]

    assert (code(step), step.resources) == (0, {}), step.said
    assert [call.partition("/connectors/")[0] for call in step.writes] == ["DELETE /v1.0/account"]
    assert (left["version"], left["key"][1]) == (journey.versions[-1], "Enabled")
    assert f"alias/cyclr-connectors/{STACK}/{SECRET}" in left["aliases"]
    assert [each["Sid"] for each in left["policy"]["Statement"]] == ["Readers", "NobodyElse"]
    assert f"role/{READER}" in str(left["policy"])


def test_next_up_takes_the_container_back(journey):
    """The next update imports secret, key and alias instead of making others, and the preview after it is empty."""
    step, plan = journey.steps["taken back"], journey.steps["preview, taken back"]

    assert (code(step), "3 imported" in step.said) == (0, True), step.said
    assert re.findall(r"(\d+) updated", step.said) == ["1"], step.said  # how long a deleted secret waits; not the key
    assert journey.container["taken back"] == journey.container["destroyed"]
    assert code(plan) == 0, plan.said


@pytest.mark.parametrize("name", ["to config", "to AWS"])
def test_value_that_moves_writes_nothing(journey, name):
    """A secret of the same value moves between config and AWS in one update, without a write at the vendors."""
    step = journey.steps[name]

    assert (code(step), step.writes) == (0, []), step.said


def test_value_that_moves_changes_reference_and_version_alone(journey):
    """The plan of a move from config to AWS has the references and the versions in it, and nothing else."""
    plan = journey.steps["preview, to AWS"]

    assert set(CHANGED.findall(plan.said)) <= OF_A_MOVE
    assert {"app_secret", "app_secret_version", "client_secret", "references"} <= set(CHANGED.findall(plan.said))


def test_key_of_the_state_is_bound_to_its_stack(journey):
    """KMS decrypts the state's key only in the encryption context that names its stack."""
    kms = journey.stack.cloud.client("kms")
    sealed = base64.b64decode(YAML().load(journey.stack.stack_file.read_text())["encryptedkey"])

    assert kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"stack": STACK})["Plaintext"]
    with pytest.raises(ClientError):
        kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"stack": "another"})
