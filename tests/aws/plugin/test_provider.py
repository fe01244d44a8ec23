"""The provider as such: settings, names, secrets, refusals."""

from __future__ import annotations

import asyncio

import pytest
from pulumi.provider.experimental import provider as sdk
from pulumi.provider.experimental.property_value import PropertyValue

from tests.aws.plugin.calls import HalfMade, Refusal, endpoint
from tests.aws.plugin.cases import ALARM, ALIAS, KEY, SECRET, TOPIC, alarm
from tests.aws.plugin.driven import Driven, urn
from tests.aws.plugin.provider import Aws
from tests.aws.plugin.serving import half_made
from tests.aws.plugin.values import DEFAULTED, plain_map, wrapped_map

HERE = "http://127.0.0.1:4566"


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"AWS_ENDPOINT_URL": ""},
        {"AWS_ENDPOINT_URL": "https://sts.amazonaws.com"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1.example.com"},
        {"AWS_ENDPOINT_URL": HERE, "AWS_ENDPOINT_URL_KMS": "https://kms.eu-west-1.amazonaws.com"},
    ],
    ids=["unnamed", "empty", "elsewhere", "like-loopback", "one-service-elsewhere"],
)
def test_other_machine_than_this_is_refused(env):
    """The stand-in starts only before an AWS on this machine."""
    with pytest.raises(Refusal, match="loopback only"):
        endpoint(env)


def test_loopback_is_taken():
    """An address on this machine is used as it is."""
    assert endpoint({"AWS_ENDPOINT_URL": HERE, "AWS_ENDPOINT_URL_S3": "http://[::1]:1"}) == HERE


@pytest.fixture
def env(cloud, monkeypatch):
    """The environment of a process that finds the cloud."""
    for name, value in cloud.env().items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.mark.parametrize("allowed", ['["123456789012"]', ["123456789012"], []], ids=["text", "list", "any"])
def test_allowed_account_is_let_in(env, allowed):
    """The account that is allowed, in either of the engine's forms, is worked in."""
    assert Driven.configured(allowedAccountIds=allowed).provider.account.region == "eu-west-1"


def test_account_that_is_not_allowed_is_refused(env):
    """Credentials of another account end before anything is done."""
    with pytest.raises(Refusal, match="AWS account ID not allowed: 123456789012"):
        Driven.configured(allowedAccountIds='["210987654321"]')


def test_region_must_be_known(env):
    """Without a region nothing is guessed."""
    env.delenv("AWS_REGION")
    env.delenv("AWS_DEFAULT_REGION")

    with pytest.raises(Refusal, match="Missing region"):
        Driven.configured()


def test_credentials_that_fail_are_told(env, cloud):
    """A refusal at the start names what was tried, in one line."""
    cloud.fault("sts", "GetCallerIdentity", "expired")

    with pytest.raises(Refusal, match=r"^validating provider credentials: operation GetCallerIdentity: ExpiredToken"):
        Driven.configured()


def test_other_settings_are_refused():
    """A setting that would be ignored is an error."""
    news = wrapped_map({"region": "eu-west-1", "defaultTags": "{}", "skipRegionValidation": "true"})
    answer = asyncio.run(Aws().check_config(sdk.CheckRequest(urn("pulumi:providers:aws"), {}, news, b"")))

    assert [each.property for each in answer.failures] == ["defaultTags"]


def test_other_type_is_refused(aws):
    """What the stand-in does not serve it does not pretend to."""
    with pytest.raises(Refusal, match="does not serve aws:s3/bucket:Bucket"):
        aws.checked("aws:s3/bucket:Bucket", {})


@pytest.mark.parametrize("name", ["namePrefix", "replicas", "type"])
def test_argument_that_is_not_served_is_refused(aws, name):
    """An argument of the SDK that would be ignored is an error."""
    value = [{"region": "eu-central-1"}] if name == "replicas" else "a"

    assert "does not serve" in aws.failures(SECRET, {name: value})[name]


@pytest.mark.parametrize(
    ("token", "inputs", "path"),
    [
        (SECRET, {"recoveryWindowInDays": 3}, "recoveryWindowInDays"),
        (SECRET, {"policy": "no JSON"}, "policy"),
        (KEY, {"deletionWindowInDays": 3}, "deletionWindowInDays"),
        (ALIAS, {"name": "dev", "targetKeyId": "1"}, "name"),
        (ALIAS, {"name": "alias/aws/dev", "targetKeyId": "1"}, "name"),
        (ALARM, alarm(treatMissingData="bad"), "treatMissingData"),
        (ALARM, alarm(extendedStatistic="p99"), "statistic"),
        (ALARM, {key: value for key, value in alarm().items() if key != "period"}, "period"),
    ],
    ids=lambda value: value if isinstance(value, str) and ":" not in value else "",
)
def test_values_that_the_real_provider_refuses_are_refused(aws, token, inputs, path):
    """A value out of its range does not reach AWS."""
    assert list(aws.failures(token, inputs)) == [path]


@pytest.mark.parametrize(("token", "prefix"), [(TOPIC, ""), (ALIAS, "alias/")], ids=["topic", "alias"])
def test_missing_name_is_made_up_once(aws, token, prefix):
    """A resource without a name gets one that it keeps."""
    inputs = {"targetKeyId": "1"} if token == ALIAS else {}

    first = aws.checked(token, inputs)

    assert first["name"].startswith(f"{prefix}thing-")
    assert aws.checked(token, inputs, first | {"name": "kept"})["name"] == "kept"


def test_what_the_provider_declares_itself_is_marked(aws):
    """Inputs hold the provider's defaults and say which they are, as in the states of the real one."""
    request = sdk.CheckRequest(urn(SECRET), {}, wrapped_map({"name": "a"}), b"")
    inputs = asyncio.run(aws.provider.check(request)).inputs

    assert plain_map(inputs) == {"name": "a", "recoveryWindowInDays": 30, "forceOverwriteReplicaSecret": False}
    assert [each.value for each in inputs[DEFAULTED].value] == ["forceOverwriteReplicaSecret", "recoveryWindowInDays"]


def test_difference_names_the_tag(aws):
    """Of a map only the keys that differ are told, each with what happens to it."""
    made = aws.made(SECRET, name="a", tags={"same": "1", "gone": "1", "other.one": "1"})

    difference = aws.difference(made, made.inputs | {"tags": {"same": "1", "new": "1", "other.one": "2"}})

    assert {path: each.kind.name for path, each in difference.detailed_diff.items()} == {
        "tags.gone": "DELETE",
        "tags.new": "ADD",
        'tags["other.one"]': "UPDATE",
    }


def test_ignored_difference_is_none(aws):
    """What the program ignores is no change."""
    made = aws.made(SECRET, name="a", description="b")

    assert not aws.difference(made, made.inputs | {"description": "c"}, ("description",)).changes


def test_secret_stays_secret(aws):
    """What was secret as an input is secret in every output and input that comes of it."""
    inputs = {"name": PropertyValue("a"), "description": PropertyValue("hidden", is_secret=True)}
    made = asyncio.run(aws.provider.create(sdk.CreateRequest(urn(SECRET), inputs, 0, False)))
    read = asyncio.run(aws.provider.read(sdk.ReadRequest(urn(SECRET), made.resource_id, made.properties, inputs)))

    assert [key for key, value in made.properties.items() if value.is_secret] == ["description"]
    assert [key for key, value in (read.inputs | read.properties).items() if value.is_secret] == ["description"]


def test_refusal_names_what_was_done(aws):
    """Whoever reads it knows the resource, the operation and AWS's own words."""
    aws.made(SECRET, name="fb-dev")

    with pytest.raises(Refusal, match=r"^creating Secrets Manager Secret \(fb-dev\): operation CreateSecret: Resource"):
        aws.made(SECRET, name="fb-dev")


@pytest.mark.parametrize("kind", ["down", "garbage"])
def test_answer_that_is_none_is_told(aws, cloud, kind):
    """An AWS that cannot be reached or understood is told in one line."""
    cloud.fault("secretsmanager", "*", kind)

    with pytest.raises(Refusal) as told:
        aws.made(SECRET, name="fb-dev")

    assert len(str(told.value).splitlines()) == 1


def test_resource_is_kept_when_its_creation_fails_half_way(aws, cloud):
    """A key that AWS has made is remembered though the next call fails, and an update finishes it."""
    cloud.fault("kms", "EnableKeyRotation", "denied")
    with pytest.raises(HalfMade) as half:
        aws.made(KEY, description="of dev", enableKeyRotation=True)

    status = half_made(half.value)

    assert half.value.identity.encode() in status.details[0].value
    assert cloud.client("kms").describe_key(KeyId=half.value.identity)["KeyMetadata"]["Description"] == "of dev"
    assert "enableKeyRotation" not in half.value.state
