"""Which part may import which: what keeps the sandbox honest, the pure parts pure and the provider process quick."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.sources import ROOT, among, imports, module_name, python_files, reached

COMPONENTS = python_files("components")
PURE = [
    path
    for path in COMPONENTS
    if among(module_name(path), "components.fields", "components.derive", "components.errors", "components.catalogue")
]
EFFECTS = ("pulumi", "requests", "urllib3", "stamina", "socket", "http", "urllib.request", "subprocess")


def ids(path):
    """A file's path."""
    return str(path)


@pytest.mark.parametrize("path", COMPONENTS, ids=ids)
def test_components_import_nothing_above_them(path):
    """What can be declared knows no environment, no tool and no test."""
    above = {name for name in imports(path) if among(name, "stacks", "tools", "tests")}

    assert not above, f"{path} imports {above}"


@pytest.mark.parametrize("path", python_files("stacks"), ids=ids)
def test_stacks_import_no_test(path):
    """What runs in production needs nothing that is there for tests."""
    assert not {name for name in imports(path) if among(name, "tests")}, path


@pytest.mark.parametrize("path", PURE, ids=ids)
def test_pure_parts_reach_neither_engine_nor_network(path):
    """Tables, derivations, errors and the catalogue stay pure, whatever they import."""
    reach = {name for name in reached(path) if among(name, *EFFECTS)}

    assert not reach, f"{path} reaches {reach}"


def test_requests_is_imported_in_one_place():
    """Timeouts, retries and redaction hold for every call because only components/http.py can make one."""
    http = Path("components/http.py")
    importers = [path for path in COMPONENTS if any(among(name, "requests", "urllib3") for name in imports(path))]

    assert importers == [http]


@pytest.mark.parametrize("vendor", ["facebook", "cyclr"])
def test_vendors_do_not_know_each_other(vendor):
    """Each vendor's part can be read, tested and changed alone; only the component brings them together."""
    other = {"facebook": "cyclr", "cyclr": "facebook"}[vendor]
    files = python_files(f"components/{vendor}")
    reach = {(str(path), name) for path in files for name in reached(path) if among(name, f"components.{other}")}

    assert files
    assert not reach


@pytest.mark.parametrize("path", python_files("stacks/sandbox"), ids=ids)
def test_sandbox_imports_nothing_of_ours(path):
    """A misreading of a vendor cannot hide on both sides: clients and sandbox meet only over HTTP."""
    ours = {
        name
        for name in imports(path)
        if among(name, "components", "stacks", "tools", "tests") and not among(name, "stacks.sandbox")
    }

    assert not ours - {"stacks"}, f"{path} imports {ours}"


def test_components_package_imports_nothing():
    """The provider process runs this file at every start."""
    assert (ROOT / "components/__init__.py").read_text() == ""


def test_program_imports_only_settings_and_components():
    """The program is wiring: settings in, components out."""
    allowed = ("__future__", "pulumi", "components", "stacks.settings", "stacks.arguments")
    others = {name for name in imports(Path("__main__.py")) if not among(name, *allowed)}

    assert not others
