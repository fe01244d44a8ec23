"""The stand-in as a process of its own, as tests that start programs use it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from stacks.operations.sinks.comment import marker, post
from stacks.operations.sinks.github import Repository

ROOT = Path(__file__).parents[3]


@pytest.fixture
def process():
    """The running process, and the line with which it says that it is ready."""
    command = [sys.executable, "-m", "tests.contract.sinks.service"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield running, json.loads(running.stdout.readline())
        finally:
            running.kill()


def test_process_serves_and_is_controlled(process):
    """A comment that is posted to it, past a fault that was given to it, is in its state."""
    running, ready = process
    control = f"{ready['url']}/_control"
    with requests.Session() as session:
        session.post(f"{control}/faults", json={"then": "drop", "method": "POST"}, timeout=10).raise_for_status()
        session.post(f"{control}/comments", json={"body": "hello", "login": "maria"}, timeout=10).raise_for_status()
        repository = Repository(ready["url"], ready["repository"], "ghs_runner")
        post(repository, ready["pull_request"], marker("preview"), lambda _: "text")
        comments = session.get(f"{control}/state", timeout=10).json()["comments"]
        sent = session.get(f"{control}/requests", timeout=10).json()
    running.terminate()

    assert [each["body"] for each in comments.values()] == ["hello", f"{marker('preview')}\ntext"]
    assert [each["method"] for each in sent].count("POST") == 2
    assert running.wait(10) == 0


def test_process_without_our_code_refuses_what_the_service_refuses(process):
    """A call without a token, or with a text that is too long, is refused as the real service does."""
    _, ready = process
    place = f"{ready['url']}/repos/{ready['repository']}/issues/{ready['pull_request']}/comments"
    with requests.Session() as session:
        nobody = session.post(place, json={"body": "a"}, timeout=10)
        session.headers["Authorization"] = "Bearer ghs_runner"
        answers = [session.post(place, data=data, timeout=10) for data in ("{", '{"body": 1}')]
        answers.append(session.post(place, json={"body": "a" * 65_537}, timeout=10))
        page = session.get(place, params={"per_page": 1000}, timeout=10)

    assert nobody.status_code == 401
    assert [answer.status_code for answer in answers] == [400, 422, 422]
    assert page.json() == []
