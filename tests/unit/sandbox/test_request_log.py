"""The masks of the request log: what may be a secret is not shown, what is none stays readable."""

import json
from urllib.parse import quote, urlencode

import pytest

from stacks.sandbox.request_log import MASK, masked_body, masked_path
from tests.engine.canaries import API_SECRET, PROPERTY, leaks

FORM = "application/x-www-form-urlencoded"
SECRETS = {"API secret": API_SECRET, "property": PROPERTY}
KEYS = (
    "client_secret",
    "app_secret",
    "password",
    "appsecret_proof",
    "access_token",
    "input_token",
    "fb_exchange_token",
    "refresh_token",
    "token",
    "code",
)


def inside(url: str, times: int) -> str:
    """A query that stands in another one, and that in another."""
    for _ in range(times):
        url = "https://x.example/?" + urlencode({"fields": "id", "next": url})
    return url


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("times", [0, 1, 2, 3])
@pytest.mark.parametrize("key", KEYS)
def test_query_shows_no_secret(key, times, secret):
    """A parameter that holds a secret is masked, also in an address that is itself a parameter."""
    url = inside("https://x.example/?" + urlencode({"a": "1", key: secret}), times)

    shown = masked_path("/v25.0/debug_token", url.partition("?")[2])

    assert MASK in shown
    assert leaks(shown, SECRETS) == []


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize(
    "body",
    [
        lambda value: {"AuthValue": {"AccessToken": value}},
        lambda value: {"AccessToken": value, "refreshToken": value, "ClientSecret": value},
        lambda value: {"Note": json.dumps({"AccessToken": value, "Expires": "never"})},
        lambda value: {"Properties": [{"Name": name, "Value": value} for name in ("ApiKey", "Passphrase", "Auth")]},
        lambda value: {"Name": "Credential", "Value": value},
        lambda value: {"value": value},
        lambda value: [{"relative_url": f"me?fields=id&access_token={quote(value)}"}],
    ],
)
def test_json_shows_no_secret(body, secret):
    """A secret in JSON is masked under its name in any case, as a property's value, and in a text inside."""
    shown = json.dumps(masked_body(json.dumps(body(secret)).encode(), "application/json"))

    assert MASK in shown
    assert leaks(shown, SECRETS) == []


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize(
    ("write", "mimetype"),
    [
        (lambda value: urlencode({"client_secret": value, "code": value}), FORM),
        (lambda value: urlencode({"batch": json.dumps([{"body": urlencode({"access_token": value})}])}), FORM),
        (lambda value: urlencode({"client_secret": value}), "text/plain"),
        (lambda value: json.dumps({"ClientSecret": value})[:-1], "application/json"),
        (lambda value: f'--b\r\nContent-Disposition: form-data; name="code"\r\n\r\n{value}', "multipart/form-data"),
    ],
    ids=["form", "batch", "form without its type", "broken JSON", "multipart"],
)
def test_other_bodies_show_no_secret(write, mimetype, secret):
    """A secret in a form, in broken JSON and in parts of a multipart body is not shown."""
    shown = json.dumps(masked_body(write(secret).encode(), mimetype))

    assert leaks(shown, SECRETS) == []


def test_what_is_no_secret_stays_readable():
    """Ids, names, fields and values of ordinary properties are shown as they were sent."""
    properties = {
        "Properties": [{"Name": "ClientId", "Value": "123"}, {"Name": "BaseUrl", "Value": "https://x.example"}]
    }
    redirect = "redirect_uri=https%3A%2F%2Fx.example%2Fconnector%2Fcallback&fields=id,name"

    assert masked_body(json.dumps(properties).encode(), "application/json") == properties
    assert (
        masked_path("/v25.0/1", redirect) == "/v25.0/1?redirect_uri=https://x.example/connector/callback&fields=id,name"
    )
