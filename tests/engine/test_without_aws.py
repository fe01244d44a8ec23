"""A team without AWS notices nothing of it: no package is imported, no plugin fetched or started."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.engine.stack import STACK, EngineStack

pytestmark = pytest.mark.engine

PACKAGES = ("boto3", "botocore", "pulumi_aws")
POISON = """import pathlib
pathlib.Path({marker!r}).touch()
raise ImportError("this stack has nothing to do with AWS")
"""
AUTOMATIC = "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"
PLUGIN = "pulumi-resource-aws"


@pytest.fixture
def markers(tmp_path: Path, stack: EngineStack) -> Path:
    """A folder that has a file for each package of AWS that any process of the stack imports, and for its plugin."""
    found, poison, programs = tmp_path / "imported", tmp_path / "poison", tmp_path / "programs"
    for folder in (found, poison, programs):
        folder.mkdir()
    for name in PACKAGES:
        (poison / name).mkdir()
        (poison / name / "__init__.py").write_text(POISON.format(marker=str(found / name)))
    (programs / PLUGIN).write_text(f"#!/bin/sh\ntouch '{found / PLUGIN}'\nexit 1\n")
    (programs / PLUGIN).chmod(0o755)
    stack.env |= {"PYTHONPATH": str(poison), "PATH": f"{programs}:{stack.env['PATH']}"}
    return found


def test_no_package_of_aws_is_imported(stack, markers):
    """Neither the program nor a provider nor a report of a stack without AWS loads or starts anything of it."""
    stack.up()
    stack.pulumi("preview", "--stack", STACK)
    reports = [stack.command(name) for name in ("status", "preview", "drift")]
    stack.pulumi("destroy", "--stack", STACK, "--yes", "--skip-preview")
    imported = sorted(each.name for each in markers.iterdir())
    for name in PACKAGES:
        subprocess.run([sys.executable, "-c", f"import {name}"], env=stack.env, capture_output=True, check=False)
    subprocess.run([PLUGIN], env=stack.env, check=False)
    poisoned = sorted(each.name for each in markers.iterdir())

    assert [report.returncode for report in reports] == [7, 7, 7], reports
    assert imported == []
    assert poisoned == sorted([*PACKAGES, PLUGIN])


@pytest.fixture
def fetched() -> Iterator[tuple[str, list[str]]]:
    """The address of a place that has no plugin, and what it is asked for."""
    asked: list[str] = []

    class Nothing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Nothing) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


def view(folder: Path, without: str = "") -> Path:
    """The programs of a virtual environment that has the packages of this one, but one."""
    python = Path(sys.base_prefix) / "bin" / f"python{sysconfig.get_python_version()}"
    packages = folder / "lib" / python.name / "site-packages"
    packages.mkdir(parents=True)
    (folder / "bin").mkdir()
    (folder / "pyvenv.cfg").write_text(f"home = {python.parent}\ninclude-system-site-packages = false\n")
    for name in ("python", "python3"):
        (folder / "bin" / name).symlink_to(python)
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not (without and path.name.startswith(without)):
            (packages / path.name).symlink_to(path)
    return folder / "bin"


@pytest.mark.parametrize("without", ["pulumi_aws", ""], ids=["not-installed", "installed"])
def test_no_plugin_is_fetched_where_the_extra_is_not_installed(stack, fetched, tmp_path, without):
    """The engine fetches the plugin of each package that it finds installed, which is why pulumi-aws is an extra."""
    address, asked = fetched
    del stack.env[AUTOMATIC]
    stack.env["PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES"] = f".*={address}"
    stack.env["PATH"] = os.pathsep.join([str(view(tmp_path / "view", without)), stack.env["PATH"]])

    stack.up()

    assert bool([path for path in asked if PLUGIN in path]) is not bool(without), asked
    assert without == "" or asked == []
