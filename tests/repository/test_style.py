"""House rules that a linter does not know."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.repository.sources import ROOT, functions, python_files, text_files, tree

CODE = python_files("components", "stacks")
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_PROGRAM = 300, 60, 40
TOP = Path("stacks/operations/main.py")
"""The one place where whatever happened becomes words and an exit code."""
BROAD = {"Exception", "BaseException"}
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("proxy", "golang", "org"),
        ("sum", "golang", "org"),
        ("get", "pulumi", "com"),
        ("static", "crates", "io"),
        ("rubygems", "org"),
        ("ghcr", "io"),
        ("registry-1", "docker", "io"),
    )
]
"""Spelled in parts, since this file is searched as well."""


@pytest.mark.parametrize("path", CODE, ids=str)
def test_file_is_short(path):
    """A file that does one thing fits in 300 lines."""
    lines = len((ROOT / path).read_text().splitlines())

    assert lines <= LONGEST_FILE, f"{path} has {lines} lines"


@pytest.mark.parametrize("path", CODE, ids=str)
def test_functions_are_short(path):
    """A function that does one thing fits in 60 lines."""
    long = {
        node.name: lines
        for node in functions(path)
        if (lines := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }

    assert not long, f"{path}: {long}"


def test_program_is_short():
    """The program is wiring: 40 lines at most."""
    lines = len((ROOT / "__main__.py").read_text().splitlines())

    assert lines <= LONGEST_PROGRAM, f"__main__.py has {lines} lines"


def is_broad(node):
    """Whether a piece of code takes every exception, and with it the mistakes that nobody expected."""
    if isinstance(node, ast.ExceptHandler):
        caught = {ast.unparse(name).rpartition(".")[2] for name in _names(node.type)}
        return node.type is None or bool(caught & BROAD)
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "suppress":
        return bool({ast.unparse(argument) for argument in node.args} & BROAD)
    return False


def _names(caught):
    return caught.elts if isinstance(caught, ast.Tuple) else [caught] if caught else []


@pytest.mark.parametrize(
    "path", [*python_files("components", "stacks", "tools", "tests"), Path("__main__.py")], ids=str
)
def test_only_the_top_catches_everything(path):
    """An error that nobody expected reaches the top, which alone turns it into words."""
    lines = [node.lineno for node in ast.walk(tree(path)) if is_broad(node)]

    assert not lines or path == TOP, f"{path}, lines {lines}"


@pytest.mark.parametrize(
    ("code", "broad"),
    [
        ("try: x()\nexcept: pass", True),
        ("try: x()\nexcept Exception: pass", True),
        ("try: x()\nexcept (OSError, BaseException): pass", True),
        ("with contextlib.suppress(Exception): x()", True),
        ("try: x()\nexcept (OSError, ValueError): pass", False),
        ("with contextlib.suppress(OSError): x()", False),
    ],
    ids=["bare", "exception", "tuple", "suppress", "named", "suppress-named"],
)
def test_broad_handlers_are_recognised(code, broad):
    """The rule above sees every way to catch everything."""
    assert any(is_broad(node) for node in ast.walk(ast.parse(code))) is broad


def test_no_file_names_a_registry():
    """Packages come from whatever registry a machine is set up for: no file names one."""
    named = {}
    for path in text_files():
        text = (ROOT / path).read_bytes().decode(errors="replace")
        if found := [host for host in REGISTRIES if host in text]:
            named[str(path)] = found

    assert not named
