"""The Graph client: what each of Facebook's answers means."""

from __future__ import annotations

import hashlib
import hmac
import json
import traceback
from dataclasses import replace

import pytest

from components import engine, errors
from components.facebook import graph
from components.facebook.app_rules import FIELDS
from components.facebook.graph import KINDS, PASSING, Graph, Probe
from components.vendor_access import Access
from tests.unit.components.scripted import reply

APP = "1234567890123456"
SECRET = "canary-5a5ad0b0c0de"
TOKEN = f"{APP}|{SECRET}"
URI = "https://app-h.cyclr.com/connector/callback"

GRAPH_ERRORS = {
    1: (errors.TransportError, "an unknown error, wait and try again"),
    2: (errors.TransportError, "the service is down, try again"),
    3: (errors.Rejected, "the app lacks the capability"),
    4: (errors.RateLimited, "too many calls of the app"),
    10: (errors.AuthError, "permission; also the closed gate of an app's settings"),
    17: (errors.RateLimited, "too many calls of the user"),
    32: (errors.RateLimited, "too many calls of the page"),
    100: (errors.Rejected, "invalid parameter; an invalid code of a code exchange"),
    101: (errors.AuthError, "no such app"),
    102: (errors.AuthError, "the session is not valid"),
    190: (errors.AuthError, "the token is not valid"),
    191: (errors.Rejected, "the redirect URI is not allowed"),
    **dict.fromkeys((200, 210, 230, 250, 278, 299), (errors.AuthError, "permission")),
    341: (errors.RateLimited, "a limit of the app"),
    368: (errors.RateLimited, "blocked for policy, wait"),
    459: (errors.AuthError, "the user must log in on the site"),
    506: (errors.Rejected, "a duplicate"),
    613: (errors.RateLimited, "too many calls"),
    **dict.fromkeys(range(80000, 80015), (errors.RateLimited, "too many calls of the business use case")),
}
"""Facebook's table: code -> its exception. Source: error-handling page, reference of Application, OAuth answers."""
TRY_AGAIN = {1, 2, 4, 17, 32, 341, 613, *range(80000, 80015)}


def fault(code, status=400, message="(#1) no", **more):
    """An error of Graph."""
    body = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AbC", **more}
    return reply(status, {"error": body})


GIVEN = reply(200, {"access_token": TOKEN, "token_type": "bearer"})


@pytest.fixture
def access(vendor):
    """An access to the scripted vendor."""
    return Access("", "", "config:key", "", graph_url=vendor.url, values={"key": SECRET})


@pytest.fixture
def app(access):
    """The app, seen with its own secret."""
    return Graph(access, APP, "config:key")


@pytest.mark.parametrize("code", GRAPH_ERRORS)
def test_vendor_code_is_mapped(code):
    """Every code of Facebook's table has its exception: an unmapped one would be judged by its HTTP status."""
    assert KINDS.get(code) is GRAPH_ERRORS[code][0], f"code {code} ({GRAPH_ERRORS[code][1]}) is not mapped"


def test_no_code_is_mapped_without_a_source():
    """A code that Facebook's table does not name has no exception of its own, but for the permission range."""
    assert set(KINDS) - set(range(200, 300)) == set(GRAPH_ERRORS) - set(range(200, 300))


def test_codes_worth_another_try_are_the_passing_ones():
    """Only outages and limits pass; no permission, parameter, token or policy code does."""
    assert set(PASSING) == TRY_AGAIN


@pytest.mark.parametrize("code", sorted(GRAPH_ERRORS))
def test_vendor_code_reaches_the_caller_as_its_exception(vendor, app, code):
    """Each code, answered to a read, raises its exception with code and trace."""
    vendor.answers(GIVEN, fault(code))

    with pytest.raises(GRAPH_ERRORS[code][0], match=rf"code {code}, trace AbC") as caught:
        app.read(FIELDS)
    assert (caught.value.code, caught.value.trace) == (code, "AbC")


@pytest.mark.parametrize("code", sorted(GRAPH_ERRORS))
def test_vendor_code_is_tried_again_only_where_that_helps(vendor, app, code):
    """A read that met a passing code is sent again; any other code is final."""
    vendor.answers(GIVEN, fault(code), reply(200, {"id": APP, "name": "Acme"}))

    if code in TRY_AGAIN:
        assert app.read(FIELDS)["name"] == "Acme"
    else:
        with pytest.raises(errors.ApiError):
            app.read(FIELDS)
        assert len(vendor.requests) == 2


@pytest.mark.parametrize("status", [200, 400, 500])
def test_error_envelope_counts_whatever_the_status(vendor, app, status):
    """Facebook's error is one in any HTTP status."""
    vendor.answers(GIVEN, fault(190, status))

    with pytest.raises(errors.AuthError):
        app.read(FIELDS)


def test_error_shows_subcode_and_usage(vendor, app):
    """What support asks for, and how much of the limit is used, are in the text."""
    usage = json.dumps({"call_count": 97, "total_time": 3})
    body = {"error": {"message": "no", "code": 4, "error_subcode": 36007, "fbtrace_id": "AbC"}}
    vendor.answers(GIVEN, reply(400, body, X_App_Usage=usage))

    with pytest.raises(errors.RateLimited, match=r"code 4/36007, trace AbC: no \(the app has used 97 %"):
        app.read(FIELDS)


@pytest.mark.parametrize("usage", ["", "nonsense", "[]", "{}", '{"call_count": "many"}'])
def test_unreadable_usage_hides_no_error(vendor, app, usage):
    """A usage header that nobody can read is left out."""
    vendor.answers(GIVEN, reply(400, {"error": {"message": "no", "code": 190}}, X_App_Usage=usage))

    with pytest.raises(errors.AuthError, match=r"trace none: no\n"):
        app.read(FIELDS)


@pytest.mark.parametrize(
    "error",
    ["no", {}, {"code": "190"}, {"code": None, "message": None}],
    ids=["text", "empty", "code-as-text", "nulls"],
)
def test_misshapen_error_is_still_an_error_of_ours(vendor, app, error):
    """An error body of another shape is judged by its HTTP status."""
    vendor.answers(GIVEN, reply(400, {"error": error}))

    with pytest.raises(errors.Rejected):
        app.read(FIELDS)


# Code 1 of client_credentials is "unknown, try again" and a wrong secret alike. Script -> what it means.
CLIENT_CREDENTIALS = {
    "code-1-twice": ([fault(1), fault(1)], errors.AuthError, 2),
    "code-1-twice-not-transient": ([fault(1, is_transient=False)] * 2, errors.AuthError, 2),
    "code-1-localised": ([fault(1, message="Fout bij valideren van clientgeheim.")] * 2, errors.AuthError, 2),
    "code-1-transient": ([fault(1, is_transient=True)], errors.TransportError, 5),
    "code-2": ([fault(2)], errors.TransportError, 5),
    "code-4": ([fault(4)], errors.RateLimited, 5),
    "code-101": ([fault(101)], errors.AuthError, 1),
    "500": ([reply(500, b"down")], errors.TransportError, 5),
    "no-token": ([reply(200, {})], errors.TransportError, 1),
    "empty-token": ([reply(200, {"access_token": ""})], errors.TransportError, 1),
    "token-no-text": ([reply(200, {"access_token": 7})], errors.TransportError, 1),
    "list": ([reply(200, [])], errors.TransportError, 1),
}


@pytest.mark.parametrize(("script", "kind", "calls"), CLIENT_CREDENTIALS.values(), ids=CLIENT_CREDENTIALS)
def test_secret_is_refused_only_on_evidence(vendor, app, script, kind, calls):
    """Code 1 twice in a row is a refused secret; an outage under the same code is an outage."""
    vendor.answers(*script)

    with pytest.raises(errors.ApiError) as caught:
        app.token()
    assert (type(caught.value), len(vendor.requests)) == (kind, calls)


def test_code_1_once_is_an_outage_that_passed(vendor, app):
    """One code 1 and then a token: the secret is right."""
    vendor.answers(fault(1), GIVEN)

    assert app.token() == TOKEN


def test_refused_secret_names_the_reference_and_the_way_out(vendor, app):
    """Who reads it knows which secret to set, and how to run afterwards."""
    vendor.answers(fault(1))

    with pytest.raises(errors.AuthError, match=r"refuses the app secret(.|\n)*config:key(.|\n)*--run-program"):
        app.token()


def test_secret_is_never_in_a_url(vendor, app):
    """URLs end up in logs; secret and code go as a form."""
    vendor.answers(GIVEN, fault(100))
    app.probe(URI)

    assert all(SECRET not in request.target for request in vendor.requests)


@pytest.mark.parametrize("code", sorted(GRAPH_ERRORS))
def test_echoed_secret_is_in_no_error(vendor, app, code):
    """Facebook quoting token, proof or secret does not make us quote them."""
    proof = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
    vendor.answers(GIVEN, fault(code, message=f"{SECRET} {TOKEN} {proof} no"))

    with pytest.raises(errors.ApiError) as caught:
        app.read(FIELDS)
    text = "".join(traceback.format_exception(caught.value))
    assert SECRET not in text
    assert proof not in text


def test_token_is_asked_for_once(vendor, access):
    """All clients of one app share one token."""
    vendor.answers(GIVEN, reply(200, {"id": APP}))
    for _ in range(3):
        Graph(access, APP, "config:key").read(FIELDS)

    assert [request.method for request in vendor.requests] == ["POST", "GET", "GET", "GET"]


def test_read_asks_for_every_declared_field_and_proves_the_token(vendor, app):
    """One call reads all fields, with the proof that apps may demand."""
    vendor.answers(GIVEN, reply(200, {"id": APP}))
    app.read(FIELDS)
    query = vendor.requests[1].query

    assert query["fields"].split(",") == ["id", *(entry.read for entry in FIELDS)]
    assert query["appsecret_proof"] == hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize("body", [{}, {"id": "7"}, [], "x"], ids=["no-id", "other-id", "list", "text"])
def test_read_of_another_object_concludes_nothing(vendor, app, body):
    """Only an answer about the app is about the app: another one must not look like drift."""
    vendor.answers(GIVEN, reply(200, body))

    with pytest.raises(errors.TransportError, match="another object than the app"):
        app.read(FIELDS)


def test_write_sends_what_it_was_told_to(vendor, app):
    """The form holds the named parameters, a list as JSON, and what signs the call: nothing else."""
    vendor.answers(GIVEN, reply(200, {"success": True}))
    app.write({"app_name": "Acme", "app_domains": ["a.example", "b.example"]})
    form = vendor.requests[1].form

    assert form.keys() == {"app_name", "app_domains", "access_token", "appsecret_proof"}
    assert json.loads(form["app_domains"]) == ["a.example", "b.example"]


@pytest.mark.parametrize("step", [fault(2), fault(4), reply(500, b"down")], ids=["2", "4", "500"])
def test_write_is_sent_once(vendor, app, step):
    """A write that failed may have been done: it is not repeated."""
    vendor.answers(GIVEN, step)

    with pytest.raises(errors.ApiError):
        app.write({"app_name": "Acme"})
    assert len(vendor.requests) == 2


@pytest.mark.parametrize("body", [{}, {"success": False}, {"success": "true"}, []], ids=str)
def test_unconfirmed_write_is_an_error(vendor, app, body):
    """Only `success: true` confirms a write."""
    vendor.answers(GIVEN, reply(200, body))

    with pytest.raises(errors.Rejected, match="did not confirm the change"):
        app.write({"app_name": "Acme"})


def test_write_is_not_sent_without_the_engine(vendor, app, monkeypatch):
    """When the engine is gone nothing is written, not even asked for."""
    monkeypatch.setattr(engine, "address", lambda: "127.0.0.1:")

    with pytest.raises(errors.EngineGone):
        app.write({"app_name": "Acme"})
    assert vendor.requests == []


@pytest.mark.parametrize(
    ("code", "message", "probe"),
    [
        (191, "Can't Load URL: The domain of this URL isn't included in the app's domains.", Probe.REFUSED),
        (191, "Kan URL niet laden", Probe.REFUSED),
        (100, "Invalid verification code format.", Probe.ACCEPTED),
        (100, "Can't Load URL", Probe.ACCEPTED),
    ],
    ids=["refused", "refused-localised", "accepted", "accepted-misleading"],
)
def test_probe_is_read_by_code_alone(vendor, app, code, message, probe):
    """Sentences are localised; the code says it."""
    vendor.answers(GIVEN, fault(code, message=message))

    assert app.probe(URI) is probe


def test_probe_sends_the_uri_to_the_letter(vendor, app):
    """What is probed is what will be used."""
    vendor.answers(GIVEN, fault(100))
    app.probe(URI)

    assert vendor.requests[1].form["redirect_uri"] == URI


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (fault(1), errors.TransportError),
        (fault(101), errors.AuthError),
        (fault(190), errors.AuthError),
        (fault(10), errors.AuthError),
        (fault(100, is_transient=True), errors.Rejected),
        (fault(191, is_transient=True), errors.Rejected),
        (reply(500, b"down"), errors.TransportError),
        (reply(200, {"access_token": "x"}), errors.TransportError),
        (reply(200, b"<html>"), errors.TransportError),
    ],
    ids=["1", "101", "190", "10", "100-transient", "191-transient", "500", "exchanged", "html"],
)
def test_probe_concludes_nothing_from_any_other_answer(vendor, app, step, kind):
    """Neither accepted nor refused: whatever is not the two known codes raises."""
    vendor.answers(GIVEN, step)

    with pytest.raises(kind):
        app.probe(URI)


def test_probe_verifies_the_secret_first(vendor, app):
    """With a wrong secret the redirect URI is not judged."""
    vendor.answers(fault(1))

    with pytest.raises(errors.AuthError, match="refuses the app secret"):
        app.probe(URI)
    assert {request.form["grant_type"] for request in vendor.requests} == {"client_credentials"}


def test_probe_control_is_another_address_in_each_run(vendor, access):
    """Nobody can have registered the control."""
    vendor.answers(GIVEN, fault(191))
    for run in (1, 2):
        Graph(replace(access, run=run), APP, "config:key").probe_control()
    probed = [request.form["redirect_uri"] for request in vendor.requests[1:]]

    assert len(set(probed)) == 2
    assert all(uri.startswith("https://") and uri.endswith(".example/") for uri in probed)


def test_probe_is_asked_once_in_a_run(vendor, access):
    """Two resources that probe the same URI in one look cost one call; a write makes the next probe ask again."""
    vendor.answers(GIVEN, fault(191), reply(200, {"success": True}), fault(100))
    first, second = (Graph(access, APP, "config:key") for _ in range(2))

    before = [first.probe(URI), second.probe(URI)]
    first.write({"app_name": "Acme"})

    assert before == [Probe.REFUSED, Probe.REFUSED]
    assert second.probe(URI) is Probe.ACCEPTED
    assert len(vendor.requests) == 4


def test_client_without_a_secret_does_not_start(access):
    """A reference without a value is told before any call."""
    with pytest.raises(errors.AuthError, match="there is no value behind config:other"):
        Graph(access, APP, "config:other")


def test_client_shows_no_secret(app, access):
    """Neither access nor client prints a secret."""
    assert SECRET not in repr(access) + repr(app)


def test_dialect_is_built_from_the_tables():
    """What the tables say is what http.py is given."""
    assert (graph.DIALECT.kinds, graph.DIALECT.passing) == (KINDS, PASSING)
