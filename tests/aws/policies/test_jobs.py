"""Each role does its own job from end to end on the real engine, with IAM switched on."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.aws.cloud.client import running_apart
from tests.aws.policies import changes
from tests.aws.policies.jobs import Jobs
from tests.aws.policies.world import OWN
from tests.engine.environment import end_orphans, engine_environment
from tests.worlds import APP_SECRET, running_sandbox

pytestmark = pytest.mark.engine

UP = ("up", "--yes", "--skip-preview", "-s", OWN)


@pytest.fixture
def jobs(tmp_path):
    """The environment, prepared by an administrator and never deployed."""
    env = engine_environment(tmp_path)
    with running_apart() as cloud, running_sandbox() as vendors:
        vendors.first_day()
        vendors.dashboard(api_access_to_settings=True)
        folder = tmp_path / "project"
        folder.mkdir()
        made = Jobs(cloud, vendors, env, folder)
        made.prepare()
        yield made
        end_orphans(tmp_path)


def test_each_role_does_its_job_and_no_other(jobs):
    """Deploy makes all and mends it and a lock; preview and drift look with what they may read, and write nothing."""
    first = done_by(jobs, "deploy", *UP, code=1)
    assert "holds no value yet" in first

    jobs.put_values()
    done_by(jobs, "deploy", *UP)
    mended_by_deploy(jobs)
    jobs.leave_lock()
    assert jobs.command("deploy", "recover", "--yes").returncode == 0
    assert jobs.locks() == []
    assert jobs.refused("deploy") == set()

    before, sent = jobs.versions(), jobs.vendors.writes()
    seen = jobs.command("preview", "preview", "--json")
    assert seen.returncode == 1, seen.stdout + seen.stderr
    assert "not authorised" in seen.stdout
    assert jobs.refused("preview") == {"secretsmanager:GetSecretValue", "ssm:GetParameter"}

    assert removed(jobs, "driftAlarm") == {"drift": 4}
    assert jobs.refused("preview") == {"secretsmanager:GetSecretValue", "ssm:GetParameter"}

    looked = jobs.command("drift", "drift", "--json", "--heartbeat", "cloudwatch:CyclrConnectors/Looked")
    assert looked.returncode == 7, looked.stdout + looked.stderr
    assert json.loads(looked.stdout)["environments"][0]["verdict"] == "open steps"
    assert jobs.refused("drift") == set()
    assert [each.status for each in jobs.cloud.calls("cloudwatch", "PutMetricData")] == [200]

    for role in ("preview", "drift"):
        assert jobs.pulumi(role, *UP).returncode != 0, role
        assert "s3:ListObjectsV2" in jobs.refused(role), role  # the locks, before anything is written
    assert jobs.versions() == before
    assert jobs.vendors.writes() == sent
    assert APP_SECRET not in seen.stdout + seen.stderr + looked.stdout + looked.stderr


def removed(jobs, part):
    """What a preview by the role for pull requests tells to go when a part of `aws:` is declared no more."""
    with jobs.without(part):
        seen = json.loads(jobs.command("preview", "preview", "--json").stdout)["environments"][0]
    assert seen["plan_complete"], seen
    return Counter(each["connector"] for each in seen["changes"] if each["operation"] == "delete")


def mended_by_deploy(jobs):
    """The next update puts right whatever others changed, once the marks of new keys count."""
    made = changes.found(jobs.cloud)
    jobs.cloud.enforce()
    changes.change(jobs.cloud)
    changed = changes.found(jobs.cloud)

    assert [name for name, value in changed.items() if value == made[name]] == []
    done_by(jobs, "deploy", *UP)
    assert changes.found(jobs.cloud) == made


def done_by(jobs, role, *arguments, code=0):
    """What the CLI prints when a role runs it."""
    done = jobs.pulumi(role, *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr
