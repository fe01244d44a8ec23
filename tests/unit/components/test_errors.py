"""The exceptions of the package: their tree, their text, their place."""

from __future__ import annotations

import copy
import inspect

import pytest

from components import errors

PARTS = {"where": "GET https://vendor.example/x", "why": "HTTP 400, code 7", "fix": "change it"}
KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.ConnectorError)]
API_KINDS = [kind for kind in KINDS if issubclass(kind, errors.ApiError)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_error_text_has_four_parts_in_order(kind):
    """What leaves the plugin process is the text alone, so it holds what, where, why and fix, in this order."""
    text = str(kind("it broke", **PARTS))

    assert text == ("it broke\n  where: GET https://vendor.example/x\n  why:   HTTP 400, code 7\n  fix:   change it")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_error_tree_is_the_one_drawn(kind):
    """The drawing at the top of the module names every exception there is."""
    assert kind.__name__ in errors.__doc__


@pytest.mark.parametrize("kind", API_KINDS, ids=lambda kind: kind.__name__)
def test_api_error_copy_keeps_status_code_and_trace(kind):
    """A copy says all that the original says."""
    original = kind("it broke", **PARTS, status=400, code=7, trace="AbC")
    clone = copy.copy(original)

    assert (type(clone), vars(clone), str(clone)) == (kind, vars(original), str(original))


def test_error_copy_is_independent():
    """Locating a copy leaves the original alone: a shared failure is told once for each resource."""
    original = errors.ApiError("it broke", **PARTS)
    copy.copy(original).at("facebook.AppSettings app 1")

    assert original.where == PARTS["where"]


def test_located_puts_the_place_first():
    """An error that leaves the block names the resource before the call."""
    with pytest.raises(errors.Rejected) as caught, errors.located("facebook.AppSettings app 1"):
        raise errors.Rejected("it broke", **PARTS)

    assert caught.value.where == "facebook.AppSettings app 1, GET https://vendor.example/x"


def test_located_leaves_foreign_errors_alone():
    """Only errors of ours have a place to add to."""
    with pytest.raises(KeyError, match="'x'"), errors.located("facebook.AppSettings app 1"):
        raise KeyError("x")
