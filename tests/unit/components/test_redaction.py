"""What was sent in secret is taken out of an answer, however it is repeated there."""

import html
import json
import re
from urllib.parse import quote, quote_plus, urlencode

import pytest

from components.redaction import HIDDEN, hide, redact

SECRET = '1234|t0ken+with/"signs"\\and = more'


@pytest.mark.parametrize(
    "write",
    [
        str,
        quote,
        quote_plus,
        lambda value: urlencode({"access_token": value, "fields": "id"}),
        lambda value: json.dumps({"error": value}),
        lambda value: json.dumps({"error": json.dumps({"token": value})}),
        lambda value: json.dumps({"error": urlencode({"token": value})}),
        lambda value: quote(quote(value, safe=""), safe=""),
        lambda value: re.sub("%..", lambda found: found[0].lower(), quote(value, safe="")),
        html.escape,
        lambda value: value.replace("+", "\\u002B").replace('"', "\\u0022"),
        lambda value: value.replace("+", "\\u002b").replace('"', "\\u0022"),
    ],
)
def test_every_repetition_is_hidden(write):
    """No part of the secret is left, and the rest of the text is."""
    text = hide(f"said: {write(SECRET)} !", [SECRET])

    assert HIDDEN in text
    assert "t0ken" not in text
    assert text.startswith("said: ")
    assert text.endswith(" !")


def test_hidden_json_stays_json():
    """An error body can still be read after its secrets are gone."""
    body = json.dumps({"error": {"code": 190, "message": f"bad {SECRET}"}})

    assert json.loads(hide(body, [SECRET])) == {"error": {"code": 190, "message": f"bad {HIDDEN}"}}


def test_longer_secret_goes_first():
    """A secret that begins with another one leaves no rest."""
    assert redact("a  secret-with-rest\nb", ["secret", "secret-with-rest"]) == f"a {HIDDEN} b"


def test_short_value_is_no_secret():
    """A value of a few characters stays: hiding it would garble the sentence."""
    assert redact("no app", ["app"]) == "no app"
