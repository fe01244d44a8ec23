"""`make demo` after set-up, ended at several points and run again, in a copy of the checkout."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from stacks.operations.engine import CHECKOUT

pytestmark = pytest.mark.engine

DEMO = [sys.executable, "-m", "stacks.operations.demo"]
PARTS = ("components", "stacks", "__main__.py", "Pulumi.yaml")


@dataclass(frozen=True)
class Checkout:
    """A copy of the project with nothing of an earlier run in it."""

    folder: Path
    env: dict[str, str]

    def demo(self) -> subprocess.CompletedProcess[str]:
        """One whole run."""
        return subprocess.run(DEMO, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False)

    def ended(self, at: str, number: signal.Signals) -> str:
        """What a run printed that was ended, with everything in its process group, once it had printed `at`."""
        with subprocess.Popen(
            DEMO,
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as run:
            assert run.stdout
            said = ""
            for line in run.stdout:
                said += line
                if at in line:
                    os.killpg(run.pid, number)
                    break
            return said + run.stdout.read()


@pytest.fixture
def checkout(tmp_path: Path, pulumi_env: dict[str, str]) -> Iterator[Checkout]:
    """The copy; a sandbox that it started is ended."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for part in PARTS:
        whole = CHECKOUT / part
        (shutil.copytree if whole.is_dir() else shutil.copy)(whole, folder / part)
    (folder / ".venv").symlink_to(sys.prefix)
    env = {name: value for name, value in pulumi_env.items() if not name.startswith("PULUMI_")}
    env |= {"PYTHONPATH": str(folder), "SANDBOX_PORT_BASE": "0"}
    yield Checkout(folder, env)
    stop = [sys.executable, "-m", "stacks.operations.sandbox", "stop"]
    subprocess.run(stop, cwd=folder, env=env, capture_output=True, check=True)


def test_demo_ends_well_with_open_steps_and_can_be_run_again(checkout: Checkout):
    """Both runs exit 0 and print the same state of the environment with value, link and proof of each step."""
    first, second = checkout.demo(), checkout.demo()

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    state = first.stdout.partition("sandbox: NOT READY")[2]
    assert "Valid OAuth Redirect URIs: http://localhost:" in state
    assert "proof: the code-exchange probe answers 100 instead of 191" in state
    assert second.stdout.partition("sandbox: NOT READY")[2] == state


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=lambda value: value.name)
@pytest.mark.parametrize("at", ["Sandbox  ", "Update  ", "Updating (", "facebook-marketing-app creating", "Duration"])
def test_demo_goes_on_after_any_end(checkout: Checkout, at: str, number: signal.Signals):
    """Wherever a run is interrupted or killed, the next one says what it recovers, ends well and shows no traceback."""
    said = checkout.ended(at, number)
    again = checkout.demo()

    assert again.returncode == 0, said + again.stdout + again.stderr
    assert "sandbox: NOT READY: 6 open steps" in again.stdout
    assert "Traceback" not in said + again.stdout + again.stderr
    if number is signal.SIGINT:
        assert "Run it again" in said


def test_demo_leaves_a_companys_backend_alone(checkout: Checkout, tmp_path: Path):
    """Backend and passphrase that a shell holds for other environments are set aside, and the demo says so."""
    company = tmp_path / "company"
    company.mkdir()
    checkout.env.update({"PULUMI_BACKEND_URL": f"file://{company}", "PULUMI_CONFIG_PASSPHRASE": "theirs"})

    done = checkout.demo()

    assert done.returncode == 0, done.stdout + done.stderr
    assert "not used here: PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE" in done.stdout
    assert list(company.iterdir()) == []


def test_demo_run_twice_at_once_ends_well_twice(checkout: Checkout):
    """A second run waits for the first."""
    runs = [subprocess.Popen(DEMO, cwd=checkout.folder, env=checkout.env, stdout=subprocess.DEVNULL) for _ in range(2)]

    assert [run.wait() for run in runs] == [0, 0]
