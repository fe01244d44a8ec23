"""The search that the tests of secrets rest on."""

import base64
import html
import json
from urllib.parse import quote_plus

import pytest

from tests.engine.canaries import DECLARED, leaks

WRITINGS = {
    "plain": str,
    "shortened": lambda value: f"starts with {value[:14]}...",
    "JSON": lambda value: json.dumps({"error": value}),
    "JSON in JSON": lambda value: json.dumps(json.dumps({"error": value})),
    "base64": lambda value: base64.b64encode(f"Basic user:{value}".encode()).decode(),
    "base64 between others": lambda value: base64.b64encode(f"user:{value}:more".encode()).decode(),
    "URL-safe base64": lambda value: base64.urlsafe_b64encode(f"a{value}".encode()).decode(),
    "query": lambda value: "GET /?" + quote_plus(value),
    "HTML": html.escape,
    "Python": lambda value: repr({"secret": value}),
    "hex": lambda value: value.encode().hex(),
}


@pytest.mark.parametrize("write", WRITINGS.values(), ids=WRITINGS)
@pytest.mark.parametrize("name", DECLARED)
def test_search_finds_every_spelling(name, write):
    """The search finds each secret in each spelling, and none in another text."""
    found = leaks(write(DECLARED[name]), DECLARED)

    assert [each.rpartition(" (")[0] for each in found] == [name]
    assert leaks(write("nothing that anybody hides"), DECLARED) == []
