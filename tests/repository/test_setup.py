"""What a new machine is promised: pinned files, a Makefile that explains itself, CI that runs what the README says."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
RULES = re.sub(r"^define .*?^endef$", "", MAKEFILE, flags=re.MULTILINE | re.DOTALL)
TARGETS = re.findall(r"^([a-z][a-z-]*):(?!=)", RULES, re.MULTILINE)
SETUP = ("environment", "locks", "processes", "steps", "pulumi")
"""The parts of tools/ that run before anything is installed."""
SETUP_FILES = [path for name in SETUP for path in sorted((ROOT / "tools").glob(f"{name}.py"))]
SETUP_FILES += sorted((ROOT / "tools/pulumi").glob("*.py"))


def make(*arguments):
    """Runs make and returns how it ended, the same whether the tests were started by make or not."""
    environ = {name: value for name, value in os.environ.items() if "MAKE" not in name and name != "MFLAGS"}
    return subprocess.run(["make", *arguments], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


def normal(name):
    """A package's name as the index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_help_lists_every_target():
    """Plain make shows each target with what it does."""
    listed = [line.split()[0] for line in make().stdout.splitlines()]

    assert listed == TARGETS


@pytest.mark.parametrize("target", TARGETS)
def test_targets_are_short_and_declared(target):
    """A target has under ten lines and is no file."""
    recipe = re.search(rf"^{target}:.*\n((?:\t.*\n)*)", MAKEFILE, re.MULTILINE)[1]

    assert len(recipe.splitlines()) < 10
    assert target in re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split()


def test_a_missing_python_is_explained():
    """Make says in four parts that no suitable Python is there, and stops."""
    ended = make("setup", "PYTHON=no-such-python")

    assert ended.returncode == 2
    assert [line.split(":")[0] for line in ended.stderr.splitlines()][:4] == ["what", "where", "why", "fix"]


@pytest.mark.parametrize("path", SETUP_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_set_up_imports_only_the_standard_library(path):
    """The set-up runs before anything is installed, so it imports nothing but Python's own modules and its own."""
    tree = list(ast.walk(ast.parse(path.read_text())))
    plain = [alias.name for node in tree if isinstance(node, ast.Import) for alias in node.names]
    froms = [f"{node.module}.{alias.name}" for node in tree if isinstance(node, ast.ImportFrom) for alias in node.names]
    outside = [name for name in plain + froms if name.split(".")[0] not in sys.stdlib_module_names]

    assert [name for name in outside if name.split(".")[0] != "tools" or name.split(".")[1] not in SETUP] == []


@pytest.mark.parametrize("folder", ["cli", "host"])
def test_each_go_module_is_pinned_with_its_checksum(folder):
    """Every module that go.mod requires has its checksum, so nothing else is ever compiled."""
    pinned = re.findall(r"^\s+(\S+/\S+) (v\S+)", (ROOT / "tools/pulumi" / folder / "go.mod").read_text(), re.MULTILINE)
    known = (ROOT / "tools/pulumi" / folder / "go.sum").read_text()

    assert pinned
    assert [module for module in pinned if f"{module[0]} {module[1]}/go.mod h1:" not in known] == []


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt", "tools/pulumi/go.txt"])
def test_each_python_package_is_pinned_with_its_hash(file):
    """Every requirement names one version and at least one hash."""
    requirements = (ROOT / file).read_text().replace("\\\n", " ").splitlines()

    assert requirements
    assert [line for line in requirements if not re.match(r"\S+==\S+ .*--hash=sha256:", line)] == []


@pytest.mark.parametrize(
    ("file", "extras"), [("requirements.txt", ["build"]), ("requirements-dev.txt", ["build", "dev"])]
)
def test_the_lock_files_hold_what_the_project_asks_for(file, extras):
    """Each direct dependency is in the lock file that is made from it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = project["dependencies"] + [each for extra in extras for each in project["optional-dependencies"][extra]]
    locked = {normal(name) for name in re.findall(r"^(\S+?)==", (ROOT / file).read_text(), re.MULTILINE)}

    assert {normal(re.match(r"[\w.-]+", each)[0]) for each in asked} <= locked


def test_no_binary_lies_in_the_tools():
    """Pins are kept, never what is built from them."""
    kept = [path for path in (ROOT / "tools").rglob("*") if path.is_file() and path.suffix != ".pyc"]

    assert [path for path in kept if b"\0" in path.read_bytes()] == []


def test_ci_runs_what_the_readme_says():
    """The test command of the README is the last line of CI, alone."""
    readme = ROOT / "README.md"
    if not readme.exists():
        pytest.skip("no README yet")
    blocks = re.findall(r"^```\w*\n(.*?)^```", readme.read_text(), re.MULTILINE | re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    commands = [line for line in (ROOT / ".ci/run").read_text().splitlines() if line.startswith("make ")]

    assert commands == ["make test"]
    assert set(commands) <= set(lines)
