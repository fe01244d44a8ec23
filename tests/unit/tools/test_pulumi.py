"""Finding an installed Pulumi CLI, and linking the one to use."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from machines import GOOD_PULUMI, ROOT

from tools.pulumi import find, link, pins
from tools.pulumi.__main__ import print_path, provide
from tools.steps import SetupError


def found(machine, own=None):
    """The candidates on the machine's PATH."""
    return list(find.candidates(machine.environ, own=own or machine.venv / "bin"))


def test_a_good_cli_has_no_problem(machine):
    """A CLI that is new enough, has its host and knows --run-program is usable."""
    path = machine.pulumi()

    assert found(machine) == [find.Candidate(path, "v3.216.0", "")]


@pytest.mark.parametrize(
    ("body", "host", "problem"),
    [
        pytest.param(GOOD_PULUMI.replace("216", "215"), True, "it is older than 3.216.0", id="too-old"),
        pytest.param(GOOD_PULUMI, False, "host pulumi-language-python is neither beside it nor on PATH", id="no-host"),
        pytest.param('[ "$1" = version ] && echo v3.274.1', True, "does not know --run-program", id="no-run-program"),
        pytest.param("echo broken; exit 1", True, "it did not say its version", id="fails"),
        pytest.param("echo hello", True, "it did not say its version", id="something-else"),
    ],
)
def test_an_unusable_cli_says_why(machine, body, host, problem):
    """Whatever is wrong with an installed CLI is named."""
    machine.pulumi(body, host=host)

    (candidate,) = found(machine)

    assert problem in candidate.problem


@pytest.mark.parametrize(("version", "usable"), [("v3.216.0-alpha.1", True), ("v4.0.0", True), ("v2.999.999", False)])
def test_versions_are_compared_as_numbers(machine, version, usable):
    """A version is compared part by part, whatever follows the numbers."""
    machine.pulumi(GOOD_PULUMI.replace("v3.216.0", version))

    (candidate,) = found(machine)

    assert candidate.version == version
    assert (candidate.problem == "") is usable


def test_a_host_elsewhere_on_path_will_do(machine):
    """The language host may lie in another folder of PATH."""
    machine.pulumi(host=False)
    machine.program("pulumi-language-python", ":", folder=machine.folder / "hosts")
    machine.environ["PATH"] += f":{machine.folder}/hosts"

    (candidate,) = found(machine)

    assert candidate.problem == ""


def test_the_own_environment_does_not_count(machine):
    """A link in the virtual environment is no installed CLI, however PATH spells its folder."""
    machine.pulumi(folder=machine.venv / "bin")
    machine.environ["PATH"] = f"{machine.venv}/bin/:{machine.folder}/venv/../venv/bin"

    assert found(machine) == []


def test_the_first_good_cli_on_path_is_linked_alone(machine, capsys):
    """An installed CLI is used in place of the one built before, and an unusable one before it is explained."""
    machine.pulumi("echo v3.1.0")
    good = machine.pulumi(folder=machine.folder / "good")
    machine.environ["PATH"] += f":{machine.folder}/good"
    link.link_built(machine.folder / "built", machine.venv / "bin")

    provide(machine.environ, machine.venv)

    assert [path.name for path in (machine.venv / "bin").iterdir()] == ["pulumi"]
    assert (machine.venv / "bin/pulumi").readlink() == good
    assert "v3.1.0: not" in capsys.readouterr().out


def test_a_built_cli_is_linked_whole(machine):
    """All files of a build stand in the virtual environment, in place of earlier links."""
    for folder in ("old", "new"):
        link.link_built(machine.folder / folder, machine.venv / "bin")

    links = {path.name: path.readlink() for path in (machine.venv / "bin").iterdir()}
    assert links == {name: machine.folder / "new" / name for name in pins.FILES}


def test_print_path_prints_the_path_alone(machine, capsys):
    """The path of the linked CLI is the only output."""
    link.link_installed(machine.pulumi(), machine.venv / "bin")

    print_path(machine.venv)

    assert capsys.readouterr().out == f"{machine.venv}/bin/pulumi\n"


def test_print_path_explains_a_missing_cli(machine):
    """Without a CLI there is an explanation with the command that helps."""
    link.link_installed(machine.folder / "gone", machine.venv / "bin")

    with pytest.raises(SetupError, match="fix:   make setup"):
        print_path(machine.venv)


def test_the_command_runs_without_anything_installed(machine):
    """The program needs the standard library only, and ends with 1 and four parts where it cannot help."""
    ended = subprocess.run(
        [sys.executable, "-S", "-m", "tools.pulumi", "--print-path", "--venv", str(machine.venv)],
        cwd=ROOT,
        env={**machine.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert [line.split(":")[0] for line in ended.stderr.strip().splitlines()] == ["what", "where", "why", "fix"]
    assert os.listdir(machine.venv / "bin") == []
