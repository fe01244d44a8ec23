"""Which part may import which: what keeps the sandbox honest, the pure parts pure and the provider process quick."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.sources import ROOT, among, imports, imports_at_start, module_name, python_files, reached

COMPONENTS = python_files("components")
PURE = [
    path
    for path in COMPONENTS
    if among(module_name(path), "components.fields", "components.derive", "components.errors", "components.catalogue")
]
ON_AWS = (
    Path("stacks/cloud_resources.py"),
    Path("stacks/operations/bucket_locks.py"),
    Path("stacks/operations/policies/facts.py"),
    Path("stacks/operations/sinks/cloudwatch.py"),
)
"""Imported by name only where a stack uses AWS."""
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


@pytest.mark.parametrize("path", [*COMPONENTS, *python_files("stacks"), Path("__main__.py")], ids=ids)
def test_aws_is_imported_by_its_own_parts_alone(path):
    """A team without AWS pays for none of it: whoever else needs one of these parts imports it when it is used."""
    of_aws = {
        name for name in imports_at_start(path) if among(name, "boto3", "botocore", "pulumi_aws", "components.aws")
    }
    allowed = path.parts[:2] == ("components", "aws") or path in ON_AWS

    assert allowed or not of_aws, f"{path} imports {of_aws}"


def test_components_package_imports_nothing():
    """The provider process runs this file at every start."""
    assert (ROOT / "components/__init__.py").read_text() == ""


def test_program_imports_only_settings_and_components():
    """The program is wiring: settings in, components out."""
    allowed = ("__future__", "pulumi", "components", "stacks.settings", "stacks.arguments", "stacks.cloud")
    others = {name for name in imports(Path("__main__.py")) if not among(name, *allowed)}

    assert not others
