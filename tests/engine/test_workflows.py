"""The steps of the workflows, run in order and to the letter, on the real engine against the sandbox.

A copy of the checkout is a repository of its own, with an environment `staging` that leads to the sandbox. A stand-in
holds pull request and issues, another one hears the heartbeats.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from stacks.operations.sandbox_files import Addresses, readdressed
from tests.contract.sinks.service import PULL_REQUEST, REPOSITORY, StandIn, served
from tests.declared import Environment
from tests.engine import copies
from tests.engine.canaries import leaks
from tests.engine.stack import CONNECTOR_KEY
from tests.repository.sources import ROOT
from tests.repository.test_workflows import NOT_OURS, OURS
from tests.repository.workflow_tools.files import jobs
from tests.repository.workflow_tools.runner import Job, Runner
from tests.worlds import APP_SECRET, World

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

STACK = "staging"
TOKEN = "ghs_runner"
SECRETS = {"app secret": APP_SECRET, "token": TOKEN}


@dataclass
class Project:
    """A company's repository, its runner, and what its pipelines talk to."""

    world: World
    checkout: Path
    temporary: Path
    env: dict[str, str]
    service: StandIn
    service_url: str
    heartbeats: list[str]
    heartbeat_url: str

    def __post_init__(self) -> None:
        self.copy = copies.made_in(self.checkout, self.env)
        self.base = self.commit()

    def add_environment(self) -> None:
        """Declare the environment, as a change in the repository, and give it a state in the backend."""
        addresses = Addresses(self.world.control, self.world.facebook, self.world.cyclr_api, self.world.service_domain)
        self.stack_file.write_text(readdressed(ROOT / "stacks/Pulumi.sandbox.yaml", addresses))
        env = self.env | self.credentials()
        self.copy.done(["pulumi", "stack", "init", STACK, "--secrets-provider", "passphrase"], env)
        self.commit()

    @property
    def stack_file(self) -> Path:
        return self.checkout / f"stacks/Pulumi.{STACK}.yaml"

    def credentials(self) -> dict[str, str]:
        """What the environment of the service holds."""
        backend = self.env["PULUMI_BACKEND_URL"]
        return {"PULUMI_BACKEND_URL": backend, "PULUMI_CONFIG_PASSPHRASE": "sandbox", "PULUMI_ACCESS_TOKEN": ""}

    def run(self, name: str, job: str, **given: str | bool) -> Job:
        """Run a job; `given` are expressions beside the usual ones, with two underscores for a dot."""
        usual: dict[str, str | bool] = {f"secrets.{key}": value for key, value in self.credentials().items()}
        usual |= {"secrets.HEARTBEAT_URL": self.heartbeat_url, "github.token": TOKEN}
        usual |= {key.replace("__", "."): value for key, value in given.items()}
        return self.runner().run(name, job, usual)

    def pull_request(self, job: str, *, ours: bool = True) -> Job:
        """Run a job for a pull request from this repository or from elsewhere."""
        event = self.temporary / "event.json"
        event.write_text(json.dumps({"action": "synchronize", "number": PULL_REQUEST, "pull_request": {"number": 7}}))
        usual = {"github.event.pull_request.base.sha": self.base, OURS: ours, NOT_OURS: not ours}
        usual["github.event.pull_request.head.repo.full_name"] = REPOSITORY if ours else "stranger/connectors"
        usual["github.event.pull_request.user.login"] = "jane" if ours else "stranger"
        return self.run("pull-request", job, **usual)

    def runner(self) -> Runner:
        """A runner as the service starts it: without any credential of its own."""
        secret = {"PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_RUN_PROGRAM"}
        environ = {name: value for name, value in self.env.items() if name not in secret}
        environ |= {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": REPOSITORY}
        environ |= {"GITHUB_API_URL": self.service_url, "GITHUB_EVENT_PATH": str(self.temporary / "event.json")}
        return Runner(self.checkout, self.temporary, environ)

    def git(self, *arguments: str) -> str:
        return self.copy.done(["git", *arguments]).strip()

    def commit(self) -> str:
        """Everything as it stands, as a commit."""
        return self.copy.commit()

    def people_set_everything(self) -> None:
        """Every open step is done, each where it belongs; the word of a person comes as a change in the repository."""
        environment = Environment(self.world)
        environment.people_set_everything()
        self.world.dashboard(api_access_to_settings=True)
        attest = ["attest", "-s", STACK, CONNECTOR_KEY, "advanced_access", "--by", "jane@acme.example"]
        self.copy.done(["cyclr-connectors", *attest], self.credentials())
        self.commit()
        environment.authorise()


@pytest.fixture
def project(world: World, pulumi_env: dict[str, str], tmp_path: Path) -> Iterator[Project]:
    """The repository, with its stand-ins running; `staging` is not declared in it yet."""
    temporary = tmp_path / "runner"
    temporary.mkdir()
    who = {f"GIT_{role}_{part}": "jane@acme.example" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    unknown = ("GITHUB_", "GIT_", "RUNNER_", "MAKE", "MFLAGS", "PYTEST_")
    env = {name: value for name, value in pulumi_env.items() if not name.startswith(unknown)}
    env |= {**who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    env["PYTHONPATH"] = str(tmp_path / "checkout")
    heard: list[str] = []
    listener = ThreadingHTTPServer(("127.0.0.1", 0), heartbeats(heard))
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    service = StandIn()
    server, url = served(service)
    heartbeat = f"http://127.0.0.1:{listener.server_port}/ping"
    yield Project(world, tmp_path / "checkout", temporary, env, service, url, heard, heartbeat)
    for each in (server, listener):
        each.shutdown()
        each.server_close()


def heartbeats(heard: list[str]) -> type[BaseHTTPRequestHandler]:
    """Hears signs of life, and keeps their paths."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    return Handler


def test_checks_of_a_pull_request_run(project: Project):
    """The job that every change goes through runs `make check` and looks at every stack file, without a credential."""
    project.add_environment()

    job = project.pull_request("check", ours=False)

    assert job.code == 0, job.said
    assert [step.name for step in job.ran] == ["Format, lint and types", "Every stack file, without credentials"]
    for name in ("example-production", "sandbox", STACK):
        assert f"{name}: no problems in stacks/Pulumi.{name}.yaml" in job.said


def test_checks_of_a_pull_request_stop_at_a_wrong_stack_file(project: Project):
    """A stack file with a fault makes the job red, also where a right one follows, and all of them are looked at."""
    project.add_environment()
    (project.checkout / "stacks/Pulumi.dev.yml").write_text(project.stack_file.read_text().replace("appName", "name"))
    runner = project.runner()
    (script,) = [
        step["run"] for step in jobs("pull-request")["check"]["steps"] if "check --config" in step.get("run", "")
    ]

    job = Runner(runner.checkout, runner.temporary, runner.environ, {"make check": "true"}).run(
        "pull-request", "check", {}
    )

    assert (job.code, "sandbox: no problems" in job.said) == (2, True)
    assert "stacks/Pulumi.dev.yml" in job.said
    assert script in [step.get("run") for step in jobs("pull-request")["check"]["steps"]]


def test_tests_of_a_pull_request_are_all_tests(project: Project):
    """The job that tests runs `make test`, alone; that target exists and runs pytest, which here would run itself."""
    scripts = [step["run"] for step in jobs("pull-request")["test"]["steps"] if "run" in step]
    runner = project.runner()
    planned = Runner(runner.checkout, runner.temporary, runner.environ, {"make test": "make -n test"})

    job = planned.run("pull-request", "test", {})

    assert scripts == ["make test"]
    assert job.code == 0, job.said
    assert "-m pytest -n 3 --dist loadfile" in job.said


def test_preview_of_a_pull_request_keeps_one_comment(project: Project):
    """A change that adds an environment is previewed in one comment, which a second run brings up to date."""
    project.add_environment()

    first, second = project.pull_request("preview"), project.pull_request("preview")

    assert (first.code, second.code) == (0, 0), first.said + second.said
    (comment,) = project.service.world.texts()
    assert STACK in comment
    assert STACK in first.summary
    assert project.world.writes() == []
    assert leaks(comment + first.said + first.summary, SECRETS) == []


def test_preview_of_a_change_in_documents_says_that_there_is_none(project: Project):
    """A change that touches no environment is not previewed, says so, and asks no vendor."""
    project.add_environment()
    project.base = project.git("rev-parse", "HEAD")
    (project.checkout / "docs/more.md").write_text("More.\n")
    project.commit()
    project.world.forget_requests()

    job = project.pull_request("preview")

    assert job.code == 0, job.said
    assert "No preview: the change touches no environment." in job.summary
    assert (project.service.world.texts(), project.world.requests()) == ([], [])


def test_preview_of_a_change_that_deletes_an_environment_is_red(project: Project):
    """A stack file that is deleted makes the job red and is named; no comment says that nothing changes."""
    project.add_environment()
    assert project.pull_request("preview").code == 0
    (before,) = project.service.world.texts()
    project.base = project.git("rev-parse", "HEAD")
    project.git("rm", "--quiet", str(project.stack_file))
    project.commit()

    job = project.pull_request("preview")

    assert job.code == 1, job.said
    for text in (job.said, job.summary):
        assert f"{STACK} has no stack file any more" in text
        assert f"pulumi destroy -s {STACK}" in text
    assert project.service.world.texts() == [before]
    assert "touches no environment" not in job.summary


def test_preview_of_a_renamed_environment_shows_the_new_and_is_red_for_the_old(project: Project):
    """The environments that are there are previewed in the comment before the job goes red for the one that is gone."""
    project.add_environment()
    project.base = project.git("rev-parse", "HEAD")
    project.git("mv", str(project.stack_file), str(project.stack_file.with_name("Pulumi.moved.yaml")))
    project.commit()
    env = project.env | project.credentials()
    project.copy.done(["pulumi", "stack", "init", "moved", "--secrets-provider", "passphrase"], env)

    job = project.pull_request("preview")

    assert job.code == 1, job.said
    (comment,) = project.service.world.texts()
    assert "moved" in comment
    assert f"{STACK} has no stack file any more" in job.summary
    assert "moved" in job.summary


def test_preview_without_the_history_is_red(project: Project):
    """A commit that the checkout does not have is a failure with its reason, and nothing is posted."""
    project.base = "0123456789012345678901234567890123456789"

    job = project.pull_request("preview")

    assert job.code == 1, job.said
    assert "fetch-depth: 0" in job.said
    assert project.service.world.texts() == []


def test_preview_that_could_not_look_is_red(project: Project):
    """A vendor that does not answer makes the job red: 7 alone is taken for success."""
    project.add_environment()
    assert deploy(project).ran[-1].code == 7
    project.world.fault(vendor="facebook", path="/", times=None, then="drop")

    assert project.pull_request("preview").code == 1


def test_change_from_elsewhere_gets_no_preview_and_is_told_why(project: Project):
    """Of the two jobs one runs: with credentials for our own branches, without for others, where the log says why."""
    assert project.pull_request("preview", ours=False).ran == []
    job = project.pull_request("no-preview", ours=False)

    assert job.code == 0, job.said
    assert "the change comes from stranger/connectors, by stranger" in job.said
    assert "credentials" in job.summary
    assert project.pull_request("no-preview").ran == []


def deploy(project: Project) -> Job:
    """The deployment of the environment."""
    return project.run("deploy", "deploy", inputs__stack=STACK)


def test_deployment_is_green_when_a_customer_can_connect(project: Project):
    """A deployment updates, then looks: red by 7 while steps are open, green when everything is set and seen."""
    project.add_environment()

    first = deploy(project)
    project.people_set_everything()
    second = deploy(project)
    third = deploy(project)

    assert [step.name for step in first.ran] == [
        "Packages and the Pulumi CLI",
        "Check the stack file",
        "Update",
        "Look",
    ]
    assert [step.code for step in first.ran] == [0, 0, 0, 7], first.said
    assert (second.code, third.code) == (0, 0), second.said + third.said
    assert f"{STACK}: READY" in third.said


def test_deployment_of_an_unknown_environment_stops_before_the_update(project: Project):
    """A name without a stack file is refused before anything is updated, and is never a part of a script."""
    job = project.run("deploy", "deploy", inputs__stack='x"; touch stolen; "')

    assert [step.code for step in job.ran] == [0, 2], job.said
    assert not (project.checkout / "stolen").exists()


def look(project: Project) -> Job:
    """The look for drift, as the job before it has found the environments."""
    listed = project.run("drift", "environments")
    assert listed.code == 0, listed.said
    (name,) = json.loads(listed.outputs["environments"])["stacks"]
    condition = "fromJSON(needs.environments.outputs.environments).stacks[0] != null"
    return project.run("drift", "drift", **{"matrix.stack": name, condition: True})


def test_drift_opens_and_closes_an_issue(project: Project):
    """What changes behind the declaration is an issue and a red job, what is put back closes it, and each is heard."""
    project.add_environment()
    deploy(project)
    project.people_set_everything()
    assert deploy(project).code == 0

    in_sync = look(project)
    assert in_sync.code == 0, in_sync.said
    assert project.service.world.issues() == []
    project.world.app(app_domains=[])
    drifted = look(project)

    assert drifted.code == 7, drifted.said
    (issue,) = project.service.world.issues()
    assert STACK in issue["title"]
    assert STACK in drifted.summary
    report = drifted.artifacts[f"drift-{STACK}"].read_text()
    assert report.lstrip().lower().startswith("<!doctype html>")
    assert leaks(json.dumps(issue) + drifted.said + drifted.summary + report, SECRETS) == []

    assert deploy(project).code == 0
    assert look(project).code == 0
    assert project.service.world.issues() == []
    assert project.heartbeats == [f"/ping/{STACK}"] * 3


def test_repository_without_environments_has_no_drift(project: Project):
    """A repository with nothing but the sandbox names no environment, and the condition of the next job says so."""
    listed = project.run("drift", "environments")

    assert listed.code == 0, listed.said
    assert json.loads(listed.outputs["environments"]) == {"stacks": []}
