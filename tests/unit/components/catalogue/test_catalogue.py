"""The catalogue: a connector is data."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re

import pytest

from components import catalogue
from components.catalogue import CATALOGUE
from components.catalogue.spec import ConnectorSpec

MODULES = [module.name for module in pkgutil.iter_modules(catalogue.__path__) if module.name != "spec"]
SPECS = [pytest.param(key, spec, id=key) for key, spec in CATALOGUE.items()]


@pytest.mark.parametrize(("key", "spec"), SPECS)
def test_spec_stands_under_its_own_key(key, spec):
    """The name in a stack file is the spec's own, in the spelling of stack files."""
    assert key == spec.key
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", key)


@pytest.mark.parametrize(("key", "spec"), SPECS)
def test_spec_names_an_entry_of_the_library(key, spec):
    """A connector is known by its name in the Connector Library, written as there."""
    assert spec.cyclr_name == spec.cyclr_name.strip() != "", key


@pytest.mark.parametrize(("key", "spec"), SPECS)
def test_spec_cannot_change(key, spec):
    """A spec is data that no run alters."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        spec.key = "other"


@pytest.mark.parametrize("module", MODULES)
def test_catalogue_module_says_where_its_values_come_from(module):
    """Each connector's file names its source and the day of it."""
    text = importlib.import_module(f"components.catalogue.{module}").__doc__

    assert re.search(r"Source: (.|\n)*\d{4}-\d\d-\d\d", text), f"{module}.py names no dated source"


@pytest.mark.parametrize("module", MODULES)
def test_catalogue_module_is_in_the_catalogue(module):
    """A connector's file that is not listed could not be declared."""
    specs = vars(importlib.import_module(f"components.catalogue.{module}")).values()
    keys = {value.key for value in specs if isinstance(value, ConnectorSpec)}

    assert keys
    assert keys <= CATALOGUE.keys()
