"""The sign of life of a look as metrics in CloudWatch, over HTTP."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pulumi.automation.events import EngineEvent
from pydantic import TypeAdapter, ValidationError

from components.aws import clients
from components.errors import AuthError, ConnectorError, DeclarationError, RateLimited, TransportError
from stacks.operations.sinks import cloudwatch, heartbeat
from stacks.operations.sinks.cloudwatch import ACTION, FINDINGS, MOST, metric
from stacks.operations.summary.findings import State
from stacks.operations.summary.survey import Survey
from stacks.operations.summary.unseen import UNREACHABLE, Failure
from stacks.settings_aws import DriftAlarmSettings
from tests.aws.cloud.account import ROOT
from tests.unit.operations import recorded
from tests.unit.operations.policies.declared import content, full, write
from tests.unit.operations.report_commands import installed, run

PLACE = "cloudwatch:Cyclr/Connectors/Looked"
NAMESPACE, NAME = "Cyclr/Connectors", "Looked"
ALARM = {"email": "ops@acme.example"}
CREDENTIALS = (ROOT.access_key, ROOT.secret_key)
REFUSED: dict[str, tuple[str, type[ConnectorError], str]] = {
    "access denied": ("denied", AuthError, f"AWS refuses {ACTION}"),
    "token expired": ("expired", AuthError, "The credentials for AWS have expired"),
    "throttled": ("throttling", RateLimited, "AWS asks us to wait"),
    "unreachable": ("down", TransportError, "AWS could not be reached"),
    "no answer": ("stall", TransportError, "no answer within the time allowed"),
    "its own failure": ("server-error", TransportError, "AWS gave no usable answer"),
    "not AWS": ("garbage", TransportError, "something else than AWS answered"),
}
"""What goes wrong -> fault, class of the error, words in it."""


def survey(environment: str, shows: str) -> Survey:
    """An environment as the engine once told of it."""
    return Survey(environment, recorded.look(shows))


def kept(aws, name: str, environment: str) -> list[float]:
    """The values of a metric of one environment in the last hour, added up."""
    now = datetime.now(UTC)
    told = aws.client("cloudwatch").get_metric_statistics(
        Namespace=NAMESPACE,
        MetricName=name,
        Dimensions=[{"Name": "Environment", "Value": environment}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(minutes=5),
        Period=7200,
        Statistics=["Sum"],
    )
    return [each["Sum"] for each in told["Datapoints"]]


def told(aws) -> int:
    """How often CloudWatch was told something."""
    return len(aws.calls("cloudwatch", "PutMetricData"))


def test_each_environment_is_told_with_its_findings_in_one_call(aws):
    """A look at two environments is one call: each was looked at, each with the number of what it found."""
    surveys = [survey("staging", "drifted"), survey("production", "ready")]
    heartbeat.prepared(PLACE)(surveys)

    assert told(aws) == 1
    assert [kept(aws, NAME, each) for each in ("staging", "production")] == [[1], [1]]
    assert kept(aws, FINDINGS, "staging") == [len(surveys[0].findings)]
    assert kept(aws, FINDINGS, "production") == [0]


def test_incomplete_look_is_no_sign_of_life(aws):
    """Where a vendor did not answer, nobody knows how much differs: the alarm on missing looks is to hear of it."""
    heartbeat.prepared(PLACE)([survey("staging", "unreachable"), survey("production", "ready")])

    assert [kept(aws, each, "staging") for each in (NAME, FINDINGS)] == [[], []]
    assert [kept(aws, each, "production") for each in (NAME, FINDINGS)] == [[1], [0]]


def test_drift_is_told_of_an_incomplete_look_too(aws):
    """What is known to differ is an alarm at once, whatever else could not be observed."""
    look = recorded.look("drifted")
    lost = next(each for each in look.resources if each.is_ours and not each.drift)
    failed = replace(lost, failure=Failure(UNREACHABLE, "no answer"))
    resources = (*(each for each in look.resources if each is not lost), failed)
    incomplete = Survey("staging", replace(look, resources=resources))
    heartbeat.prepared(PLACE)([incomplete])
    (found,) = kept(aws, FINDINGS, "staging")

    assert incomplete.state is State.NOT_OBSERVED
    assert 0 < found < len(incomplete.findings)
    assert kept(aws, NAME, "staging") == []


def test_an_environment_is_known_by_its_own_name(aws):
    """An alarm is made by the stack, which knows itself without organisation and project."""
    heartbeat.prepared(PLACE)([survey("acme/cyclr-connectors/staging", "ready")])

    assert kept(aws, NAME, "staging") == [1]


def test_more_environments_than_a_call_takes_are_told_in_several(aws, monkeypatch):
    """CloudWatch takes a limited number of metrics at a time."""
    monkeypatch.setattr(cloudwatch, "MOST", 3)
    heartbeat.prepared(PLACE)([survey(f"env-{number}", "ready") for number in range(2)])

    assert (told(aws), MOST) == (2, 1000)
    assert kept(aws, NAME, "env-1") == [1]


@pytest.mark.parametrize(("fault", "kind", "words"), REFUSED.values(), ids=REFUSED)
def test_sign_that_is_not_heard_is_an_error_of_its_kind(aws, monkeypatch, *, fault, kind, words):
    """Each way not to be heard has four parts, names the metric, and shows no credential."""
    if fault == "stall":
        monkeypatch.setattr(clients, "READ_TIMEOUT", 0.2)
    aws.fault("cloudwatch", "PutMetricData", fault)
    with pytest.raises(kind) as caught:
        heartbeat.prepared(PLACE)([survey("staging", "ready")])
    said = str(caught.value)

    assert said.startswith("The heartbeat was not heard. ")
    assert words in said
    assert f"where: --heartbeat {PLACE}\n" in said
    assert not [each for each in CREDENTIALS if each in said]


def test_refusal_names_the_permission_and_its_condition(aws):
    """Who may not send the metric reads which permission is missing, and what it may be bound to."""
    aws.fault("cloudwatch", "PutMetricData", "denied")
    with pytest.raises(AuthError) as caught:
        heartbeat.prepared(PLACE)([survey("staging", "ready")])

    assert f"allow {ACTION} on namespace {NAMESPACE} (condition cloudwatch:namespace)" in caught.value.fix


@pytest.mark.parametrize("fault", ["throttling", "down", "server-error"])
def test_sign_is_tried_again(aws, fault):
    """CloudWatch that is away for a moment hears us in the end."""
    aws.fault("cloudwatch", "PutMetricData", fault, times=2)
    heartbeat.prepared(PLACE)([survey("staging", "ready")])

    assert told(aws) == 3


def test_role_that_may_send_this_namespace_alone_is_heard(aws, monkeypatch):
    """The right that the documents give is enough for a sign, and for no other namespace."""
    allowed = {"Effect": "Allow", "Action": ACTION, "Resource": "*"}
    allowed["Condition"] = {"StringEquals": {"cloudwatch:namespace": NAMESPACE}}
    role = aws.role("drift", {"Version": "2012-10-17", "Statement": [allowed]})
    for name, value in aws.env(aws.credentials_of(role)).items():
        monkeypatch.setenv(name, value)
    aws.enforce()
    heartbeat.prepared(PLACE)([survey("staging", "ready")])
    with pytest.raises(AuthError, match=f"AWS refuses {ACTION}"):
        heartbeat.prepared("cloudwatch:Other/Looked")([survey("staging", "ready")])

    assert kept(aws, NAME, "staging") == [1]


@pytest.mark.parametrize(
    "names",
    [("AWS_REGION", "AWS_DEFAULT_REGION"), ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")],
    ids=["region", "keys"],
)
def test_shell_without_region_or_credentials_is_told_so(aws, monkeypatch, names):
    """What is missing on this machine is an error that says so; nothing is sent."""
    for name in names:
        monkeypatch.delenv(name)
    with pytest.raises(ConnectorError, match=r"no region is named|no credentials are there"):
        heartbeat.prepared(PLACE)([survey("staging", "ready")])

    assert told(aws) == 0


def test_machine_without_the_library_is_told_how_to_get_it(monkeypatch):
    """The packages for AWS are an extra: without them the command that brings them is named, before the look."""
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(DeclarationError, match="make setup AWS=yes"):
        heartbeat.prepared(PLACE)


@pytest.mark.parametrize(
    ("text", "namespace", "name"),
    [
        ("cloudwatch:CyclrConnectors/Looked", "CyclrConnectors", "Looked"),
        ("cloudwatch:a/b/c/Looked", "a/b/c", "Looked"),
        ("cloudwatch:a.b_c-d#e/f:g", "a.b_c-d#e", "f:g"),
    ],
)
def test_metric_is_what_stands_after_the_last_slash(text, namespace, name):
    """A namespace may hold slashes, a metric none."""
    assert metric(text) == cloudwatch.Metric(namespace, name)
    assert str(metric(text)) == text


@pytest.mark.parametrize(
    "text",
    ["cloudwatch:", "cloudwatch:Looked", "cloudwatch:/Looked", "cloudwatch:Cyclr/", "cloudwatch:AWS/EC2/Looked",
     "cloudwatch:Cyclr/Findings", "cloudwatch:Cyclr/Loo ked", f"cloudwatch:{'n' * 256}/Looked",
     f"cloudwatch:Cyclr/{'n' * 256}"],
)  # fmt: skip
def test_metric_that_cannot_be_is_refused_before_the_look(text):
    """A mistake in the names is found without a call."""
    with pytest.raises(DeclarationError, match="--heartbeat cloudwatch:NAMESPACE/METRIC"):
        heartbeat.prepared(text)


@pytest.mark.parametrize("namespace", ["CyclrConnectors", "a/b", "AWS/EC2", "a b", "n" * 255, "n" * 256, "a.b_c-d#e:f"])
@pytest.mark.parametrize("name", ["Looked", "Findings", "a b", "n" * 255, "n" * 256, "a.b_c-d#e:f"])
def test_metric_of_an_alarm_is_one_that_can_be_sent(namespace, name):
    """What a stack file may name for its alarm is exactly what a heartbeat takes."""
    declared = TypeAdapter(DriftAlarmSettings)
    try:
        declared.validate_python({**ALARM, "namespace": namespace, "metric": name})
        watched = True
    except ValidationError:
        watched = False
    try:
        metric(f"cloudwatch:{namespace}/{name}")
        sent = True
    except DeclarationError:
        sent = False

    assert watched is sent


@pytest.mark.parametrize(("shows", "code", "calls"), [("ready", 0, 1), ("drifted", 7, 1), ("unreachable", 1, 0)])
def test_command_tells_what_it_saw(aws, monkeypatch, capsys, *, shows, code, calls):
    """`drift --heartbeat` with a metric tells whatever was found; the exit code is that of the look."""
    installed(monkeypatch).shows["staging"] = shows
    ran = run(capsys, "drift", "-s", "staging", "--heartbeat", PLACE)

    assert (ran.code, told(aws)) == (code, calls)


@pytest.mark.parametrize(("shows", "code"), [("broken", 1), ("wrong", 2)])
def test_command_tells_nothing_after_a_run_that_broke(aws, monkeypatch, capsys, *, shows, code):
    """One environment that could not be looked at keeps all from being told: the alarm of each is then raised."""
    installed(monkeypatch).shows["staging"] = shows
    ran = run(capsys, "drift", "-s", "staging", "-s", "ready", "--heartbeat", PLACE)

    assert (ran.code, told(aws)) == (code, 0)


def test_command_tells_nothing_of_an_engine_that_stopped(aws, monkeypatch, capsys):
    """No sign is sent where the engine did not get through and no vendor was the reason."""
    stack = "urn:pulumi:dev::cyclr-connectors::pulumi:pulumi:Stack::cyclr-connectors-dev"
    said = {"urn": stack, "message": "stopped", "prefix": "error: ", "color": "never", "severity": "error"}
    installed(monkeypatch).more = (EngineEvent.from_json({"diagnosticEvent": said}),)
    ran = run(capsys, "drift", "-s", "ready", "--heartbeat", PLACE)

    assert (ran.code, told(aws)) == (1, 0)


def test_command_that_is_not_heard_loses_no_look(aws, monkeypatch, capsys):
    """A sign that is not heard makes the exit code 1 and says so, and the report is there all the same."""
    installed(monkeypatch).shows["staging"] = "drifted"
    aws.fault("cloudwatch", "PutMetricData", "denied")
    ran = run(capsys, "drift", "-s", "staging", "--heartbeat", PLACE)

    assert ran.code == 1
    assert "The heartbeat was not heard. AWS refuses" in ran.err
    assert ran.out.startswith("staging: DRIFTED: ")
    assert not [each for each in CREDENTIALS if each in ran.err + ran.out]


@pytest.mark.parametrize(
    ("declared", "heard"),
    [({"namespace": NAMESPACE}, True), ({}, False), ({"namespace": NAMESPACE, "metric": "Lookd"}, False)],
    ids=["as declared", "namespace", "metric"],
)
def test_heartbeat_that_the_declared_alarm_would_not_hear_is_refused(
    aws, monkeypatch, capsys, tmp_path, *, declared, heard
):
    """It would be taken for silence hours later: it is told before the look, with what the alarm listens to."""
    looks = installed(monkeypatch)
    looks.shows["staging"] = "ready"
    file = write(tmp_path, "staging", content("staging", full("staging", driftAlarm={**ALARM, **declared})))
    ran = run(capsys, "drift", "-s", "staging", "--config-file", file, "--heartbeat", PLACE)

    assert ran.code == (0 if heard else 2), ran.err
    assert ("would not hear this heartbeat" not in ran.err, len(looks.asked), told(aws)) == (heard, heard, heard)


def test_heartbeat_to_another_region_than_the_alarms_is_refused(aws, monkeypatch):
    """Names are per region: the alarm would hear nothing."""
    alarms = {"staging": cloudwatch.Alarm("eu-west-1", metric(PLACE))}
    heartbeat.prepared(PLACE, alarms)
    monkeypatch.setenv("AWS_REGION", "us-east-1")

    with pytest.raises(DeclarationError, match="run with AWS_REGION=eu-west-1"):
        heartbeat.prepared(PLACE, alarms)
