"""The stand-in as a plugin of the real engine."""

from __future__ import annotations

import pytest

from tests.aws.plugin.project import PLUGIN, Project
from tests.engine.environment import end_orphans, engine_environment

pytestmark = pytest.mark.engine

MAIL = "canary-7d11e0@acme.example"


@pytest.fixture
def project(cloud, tmp_path):
    """The program, not deployed."""
    made = Project.made_in(tmp_path, {**engine_environment(tmp_path), **cloud.env()})
    made.done("config", "set", "--secret", "mail", MAIL)
    yield made
    end_orphans(tmp_path)


@pytest.fixture
def zone(cloud):
    """A hosted zone of example.com."""
    answer = cloud.client("route53").create_hosted_zone(Name="example.com", CallerReference="once")
    return answer["HostedZone"]["Id"]


def test_journey_from_up_to_destroy(project, cloud, zone):
    """Resources come, rest, drift, are repaired, replaced and taken away, and what is to be retained stays."""
    secrets = cloud.client("secretsmanager")
    project.set(zone=zone)
    assert set(project.steps().values()) == {"create"}

    project.up()
    assert project.steps() == {}
    assert project.steps("--refresh") == {}
    assert secrets.describe_secret(SecretId="fb-dev")["KmsKeyId"] == project.resources()["key"]["outputs"]["arn"]
    assert project.done("stack", "output", "topic").startswith("topic-")

    secrets.update_secret(SecretId="fb-dev", Description="somebody's")
    cloud.client("kms").disable_key_rotation(KeyId=project.resources()["key"]["id"])
    assert project.steps("--refresh") == {"secret": "update", "key": "update"}
    project.done("up", "--yes", "--refresh")
    assert secrets.describe_secret(SecretId="fb-dev")["Description"] == "app secret"
    assert project.steps("--refresh") == {}

    cloud.client("cloudwatch").delete_alarms(AlarmNames=["heartbeat-dev"])
    assert project.steps("--refresh") == {"heartbeat": "create"}

    project.set(name="fb-development")
    assert {step for name, step in project.steps().items() if name == "secret"} == {"replace"}
    project.up()
    assert {each["Name"] for each in secrets.list_secrets()["SecretList"]} == {"fb-dev", "fb-development"}

    project.done("destroy", "--yes")
    assert {each["Name"] for each in secrets.list_secrets()["SecretList"]} == {"fb-dev", "fb-development"}
    assert not cloud.client("sns").list_topics()["Topics"]
    assert not cloud.client("cloudwatch").describe_alarms()["MetricAlarms"]


def test_existing_secret_is_imported(project, cloud):
    """A secret that is there already comes into the stack by its ARN, and its value is not touched."""
    secrets = cloud.client("secretsmanager")
    tags = [{"Key": "environment", "Value": "dev"}]
    arn = secrets.create_secret(Name="fb-dev", Description="app secret", SecretString="kept", Tags=tags)["ARN"]
    project.set(**{"import": arn})

    project.up()

    assert project.resources()["secret"]["id"] == arn
    assert project.steps() == {}
    assert secrets.get_secret_value(SecretId=arn)["SecretString"] == "kept"


def test_missing_secret_is_not_imported(project):
    """An ARN of nothing ends the run in words."""
    project.set(**{"import": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:none-abcdef"})

    run = project.run("up", "--yes", "--skip-preview")

    assert run.returncode
    assert "does not exist" in run.stdout


def test_unknown_input_ends_the_preview(project):
    """An argument that the SDK does not have is refused before anything is done."""
    project.set(colour="blue")

    run = project.run("preview")

    assert run.returncode
    assert "aws:secretsmanager/secret:Secret has no such argument" in run.stdout


def test_refusal_of_aws_is_one_line(project, cloud):
    """What exists already is told in AWS's words and without a trace of Python's stack."""
    cloud.client("secretsmanager").create_secret(Name="fb-dev")

    run = project.run("up", "--yes", "--skip-preview")

    assert run.returncode
    assert "creating Secrets Manager Secret (fb-dev): operation CreateSecret: ResourceExistsException" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr
    assert 'File "' not in run.stdout + run.stderr


def test_half_made_resource_is_finished_by_the_next_run(project, cloud):
    """A key that was made before something failed is in the state, and is neither lost nor made twice."""
    cloud.fault("kms", "EnableKeyRotation", "denied")
    assert project.run("up", "--yes", "--skip-preview").returncode
    key = project.resources()["key"]["id"]

    cloud.mend()
    project.up()

    assert project.resources()["key"]["id"] == key
    assert cloud.client("kms").get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
    assert project.steps("--refresh") == {}


def test_secret_input_is_not_in_the_state(project):
    """What a program holds to be secret is a cipher text in every place of the state."""
    project.up()

    assert MAIL not in project.done("stack", "export")
    assert MAIL in project.done("stack", "export", "--show-secrets")


def test_plugin_ends_where_aws_is_not_on_this_machine(project):
    """Without an endpoint on loopback the engine gets no plugin, and the run says why."""
    elsewhere = Project(project.folder, {**project.env, "AWS_ENDPOINT_URL": "https://aws.example"})

    run = elsewhere.run("preview")

    assert run.returncode
    assert "serves AWS on loopback only" in run.stdout + run.stderr
    assert PLUGIN.joinpath("pulumi-resource-aws").exists()
