"""What every test owes: it is collected, it says what it guarantees, it waits for nothing."""

from __future__ import annotations

import ast
import re
import tomllib
from fnmatch import fnmatch

import pytest

from tests.repository.sources import ROOT, functions, python_files, tree

FILES = python_files("tests")
OPTIONS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
NOT_ENTERED = ("*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}")
"""Folders that pytest leaves out by default."""
SECOND_SENTENCE = r"[.!?]\s+[A-Z]|\n\n"
UNCOLLECTED = ("collect_ignore", "collect_ignore_glob", "__test__", "pytest_ignore_collect")


def held_by(path):
    """The test functions of a file."""
    return [function for function in functions(path) if function.name.startswith("test_")]


HOLDING = [path for path in FILES if held_by(path)]
PROGRAMS = [path for path in FILES if "programs" not in path.parts]
"""Without the Pulumi programs that engine tests run: the engine must be given something slow to kill."""


@pytest.mark.parametrize("path", HOLDING, ids=str)
def test_file_with_tests_is_collected(path):
    """A test that is never run looks like one that passes."""
    assert fnmatch(path.name, "test_*.py"), f"{path} holds tests, but pytest collects only test_*.py"
    assert not [part for part in path.parts for glob in NOT_ENTERED if fnmatch(part, glob)], path


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_file_leaves_tests_out(path):
    """Nothing takes files or functions out of the collection."""
    names = {node.id for node in ast.walk(tree(path)) if isinstance(node, ast.Name)}
    names |= {function.name for function in functions(path)}

    assert not names & set(UNCOLLECTED), path


def test_pytest_collects_by_its_own_names():
    """The settings change neither the patterns nor the folders that the tests here rely on."""
    changed = {"python_files", "python_functions", "python_classes", "norecursedirs"} & OPTIONS.keys()

    assert not changed
    assert OPTIONS["testpaths"] == ["tests"]


def test_warnings_are_errors():
    """A warning fails the test that caused it, unless a reason stands in the settings."""
    assert OPTIONS["filterwarnings"][0] == "error"


@pytest.mark.parametrize("path", HOLDING, ids=str)
def test_every_test_says_its_guarantee(path):
    """A test's docstring is one sentence: what holds when it passes."""
    texts = {test.name: ast.get_docstring(test) or "" for test in held_by(path)}
    wrong = [name for name, text in texts.items() if not text.endswith(".") or re.search(SECOND_SENTENCE, text)]

    assert not wrong, f"{path}: {wrong}"


@pytest.mark.parametrize("path", HOLDING, ids=str)
def test_every_test_is_named_after_its_guarantee(path):
    """A test's name is its subject and its guarantee."""
    wrong = [test.name for test in held_by(path) if not re.fullmatch(r"test(_[a-z0-9]+){2,}", test.name)]

    assert not wrong, path


@pytest.mark.parametrize("path", HOLDING, ids=str)
def test_no_test_hides_another(path):
    """Two tests of one name in one place would be one test."""
    for node in [tree(path), *(item for item in ast.walk(tree(path)) if isinstance(item, ast.ClassDef))]:
        names = [item.name for item in node.body if isinstance(item, ast.FunctionDef)]

        assert len(names) == len(set(names)), path


@pytest.mark.parametrize("path", PROGRAMS, ids=str)
def test_no_test_sleeps(path):
    """A test waits for what it wants to see, not for time to pass."""
    slept = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("time.sleep", "sleep", "asyncio.sleep")
    ]

    assert not slept, f"{path}, lines {slept}"


@pytest.mark.parametrize("path", [path for path in FILES if path.name == "conftest.py"], ids=str)
def test_conftest_holds_no_tests(path):
    """Fixtures are in conftest.py, tests are not."""
    assert not held_by(path)
