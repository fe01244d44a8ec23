"""What the tests of Facebook's side send, over HTTP, to the sandbox's default app."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

APP = "1234567890123456"
OTHER_APP = "2222222222222222"
SECRET = "5a5ad0b0c0de5a5ad0b0c0de5a5ad0b0"
APP_TOKEN = f"{APP}|{SECRET}"
GOOD = "https://app-h.cyclr.com/connector/callback"
GOOD_SETUP = {"app_domains": ["app-h.cyclr.com"], "dashboard": {"redirect_uris": [GOOD]}}
PASSWORDS = {"dev-user": "dev-user-password", "customer": "customer-password"}


def change_app(sandbox, app=APP, **settings):
    """Patch an app's state."""
    sandbox.patch({"facebook": {"apps": {app: settings}}})


def add_other_app(sandbox):
    """Put a second app beside the default one."""
    change_app(sandbox, OTHER_APP, secret="other-secret", name="Other")


def behave(sandbox, **switches):
    """Turn switches of Facebook's behaviour."""
    sandbox.patch({"facebook": {"behaviour": switches}})


def graph(sandbox, method, path, token=APP_TOKEN, **params):
    """Call Graph with parameters in the query (GET) or a form."""
    sent = {**({"access_token": token} if token else {}), **params}
    place = "params" if method == "GET" else "data"
    return sandbox.send(method, f"{sandbox.facebook}/v25.0/{path}", **{place: sent})


def write(sandbox, token=APP_TOKEN, **params):
    """Write settings of the default app."""
    return graph(sandbox, "POST", APP, token, **params)


def read(sandbox, *fields):
    """Read fields of the default app."""
    return graph(sandbox, "GET", APP, fields=",".join(fields)).json()


def open_gate(sandbox):
    """Give the default app API access to its settings."""
    change_app(sandbox, dashboard={"api_access_to_settings": True})


def probe(sandbox, method="GET", **changed):
    """Exchange a bogus code; a value of None leaves a parameter out."""
    asked = {"client_id": APP, "client_secret": SECRET, "redirect_uri": GOOD, "code": "bogus"} | changed
    sent = {key: value for key, value in asked.items() if value is not None}
    return graph(sandbox, method, "oauth/access_token", token=None, **sent)


def code_of(answer):
    """Return the Graph code of an error answer, None of a good one."""
    return answer.json().get("error", {}).get("code")


def refusal(answer):
    """Return status, code, subcode and sentence of an error answer."""
    error = answer.json()["error"]
    return answer.status_code, error["code"], error.get("error_subcode"), error["message"]


def proof_of(token, secret=SECRET):
    """Return the appsecret_proof of a token."""
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def save(sandbox, page, app=APP, **form):
    """Post a dashboard form."""
    return sandbox.send("POST", f"{sandbox.facebook}/apps/{app}/{page}", data=form)


def dialog(sandbox, method="GET", decision=None, **changed):
    """Open the login dialog, or press one of its buttons; a value of None leaves a parameter out."""
    asked = {"client_id": APP, "redirect_uri": GOOD, "state": "st/at e", "scope": "ads_read"} | changed
    query = {key: value for key, value in asked.items() if value is not None}
    form = {"data": {"decision": decision}} if decision else {}
    return sandbox.send(method, f"{sandbox.facebook}/v25.0/dialog/oauth", params=query, **form)


def sign_in(sandbox, user):
    """Sign a user in."""
    form = {"username": user, "password": PASSWORDS[user], "next": "/settings/applications/"}
    answer = sandbox.send("POST", f"{sandbox.facebook}/login.php", data=form)
    assert answer.status_code == 303, answer.text


def sign_out(sandbox):
    """Sign whoever is signed in out."""
    sandbox.send("POST", f"{sandbox.facebook}/logout.php", data={"next": "/login.php"})


def consent(sandbox, user="dev-user", **changed):
    """Sign in, agree, and return the query that the app gets."""
    sign_in(sandbox, user)
    answer = dialog(sandbox, "POST", "continue", **changed)
    assert answer.status_code == 302, answer.text
    return answered(answer)


def answered(answer):
    """Return the query of a redirect."""
    return {key: values[0] for key, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def user_token(sandbox, user="dev-user", **changed):
    """Return an access token of a user."""
    code = consent(sandbox, user, **changed)["code"]
    return probe(sandbox, code=code).json()["access_token"]
