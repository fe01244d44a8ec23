"""Calls to a vendor that fails in every way a vendor can, on loopback."""

from __future__ import annotations

import gzip
import socket
import traceback

import pytest

from components import errors, http
from components.calls import Answer, Call, Dialect, Fault
from tests.unit.components.scripted import drop, noise, reply, stall, stall_in_body

SECRET = "canary-5a5ad0b0c0de"
PASSING, REFUSED, SPECIAL = 4, 7, 9
HTML = b"<html><body>Bad gateway</body></html>"
IN_TEN_SECONDS = "Mon, 02 Nov 2026 12:00:10 GMT"


def read_fault(answer: Answer) -> Fault | None:
    """An error body as simple as can be."""
    said = answer.body.get("error") if isinstance(answer.body, dict) else None
    return Fault(said["message"], said.get("code"), None, "AbC", said.get("transient")) if said else None


DIALECT = Dialect(
    "Vendor",
    read_fault,
    {PASSING: errors.RateLimited, REFUSED: errors.Rejected, SPECIAL: errors.AuthError},
    passing={PASSING},
)
GET = Call("GET", "/x")
POST = Call("POST", "/x", form={"a": "b"})
REPEATABLE_POST = Call("POST", "/x", form={"a": "b"}, repeatable=True)


def fault(code, status=400, message="no", **more):
    """An error answer with a vendor's code."""
    return reply(status, {"error": {"message": message, "code": code, **more}})


@pytest.fixture
def send(vendor):
    """Send to the scripted vendor."""
    return lambda call=GET, expect=(): http.send(vendor.url, DIALECT, call, expect)


@pytest.fixture
def impatient(monkeypatch):
    """Hardly any patience with a vendor that says nothing."""
    monkeypatch.setattr(http, "READ_TIMEOUT", 0.05)
    monkeypatch.setattr(http, "ATTEMPTS", 2)


BREAKDOWNS = {
    "500": reply(500, HTML),
    "503-json": reply(503, {"oops": 1}),
    "429": reply(429, {}),
    "429-seconds": reply(429, {}, Retry_After="7"),
    "429-date": reply(429, {}, Retry_After=IN_TEN_SECONDS),
    "429-past-date": reply(429, {}, Retry_After="Mon, 02 Nov 2020 12:00:00 GMT"),
    "429-nonsense": reply(429, {}, Retry_After="soon"),
    "429-odd-digit": reply(429, {}, Retry_After="²"),
    "503-seconds": reply(503, HTML, Retry_After="7"),
    "dropped": drop,
    "noise": noise,
    "truncated": reply(200, b'{"a":', Content_Length="100"),
    "garbage": reply(200, b'{"a": \xff\xfe'),
    "html": reply(200, HTML, Content_Type="text/html"),
    "empty": reply(200, b""),
    "deep": reply(200, b"[" * 200_000),
    "no-gzip": reply(200, b"not gzip at all", Content_Encoding="gzip"),
    "passing-code": fault(PASSING),
    "transient": fault(REFUSED, transient=True),
    "passing-code-in-200": fault(PASSING, status=200),
}


REPEATABLE = {"GET": GET, "PUT": Call("PUT", "/x"), "DELETE": Call("DELETE", "/x"), "POST-again": REPEATABLE_POST}
REPEATED = {
    f"{name}-{trouble}": (call, step)
    for name, call in REPEATABLE.items()
    for trouble, step in BREAKDOWNS.items()
    if (name, trouble) != ("DELETE", "empty")  # no breakdown: that confirms
}


@pytest.mark.parametrize(("call", "step"), REPEATED.values(), ids=REPEATED)
def test_breakdown_is_tried_again_where_that_does_no_harm(vendor, send, clock, call, step):
    """A call that may be repeated is, and the answer after the breakdown is the answer."""
    vendor.answers(step, reply(200, {"fine": True}))

    assert send(call).body == {"fine": True}
    assert len(vendor.requests) == 2


@pytest.mark.parametrize("step", BREAKDOWNS.values(), ids=BREAKDOWNS)
@pytest.mark.parametrize("call", [POST, Call("GET", "/x", repeatable=False)], ids=["POST", "GET-once"])
def test_breakdown_of_an_unrepeatable_call_is_told_at_once(vendor, send, clock, step, call):
    """A call that must not go out twice does not, whatever happens."""
    vendor.answers(step, reply(200, {"fine": True}))

    with pytest.raises(errors.ApiError):
        send(call)
    assert len(vendor.requests) == 1


@pytest.mark.parametrize("step", BREAKDOWNS.values(), ids=BREAKDOWNS)
def test_lasting_breakdown_ends_after_the_last_attempt(vendor, send, clock, step):
    """Nobody is asked more often than the constant says, and the last failure is told as ours."""
    vendor.answers(step)

    with pytest.raises(errors.ApiError):
        send()
    assert len(vendor.requests) == http.ATTEMPTS


@pytest.mark.parametrize("step", BREAKDOWNS.values(), ids=BREAKDOWNS)
@pytest.mark.parametrize("call", ["get", "form", "json"])
def test_breakdown_never_shows_a_sent_value(vendor, send, clock, step, call):
    """Neither text nor chain of an error holds a value that was sent."""
    vendor.answers(step)
    sent = {
        "get": Call("GET", "/x", query={"token": SECRET}, headers={"Authorization": f"Bearer {SECRET}"}),
        "form": Call("POST", "/x", form={"client_secret": SECRET}),
        "json": Call("POST", "/x", json={"Value": SECRET}),
    }[call]

    with pytest.raises(errors.ApiError) as caught:
        send(sent)
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert SECRET not in repr(vars(caught.value))


@pytest.mark.parametrize("step", [stall, stall_in_body], ids=["before-answer", "in-body"])
def test_stalled_answer_is_tried_again(vendor, send, impatient, step):
    """A vendor that goes silent is asked again."""
    vendor.answers(step, reply(200, {"fine": True}))

    assert send().body == {"fine": True}


@pytest.mark.parametrize("step", [stall, stall_in_body], ids=["before-answer", "in-body"])
def test_lasting_silence_is_told_as_such(vendor, send, impatient, step):
    """The user reads that no answer came in time, not that something broke."""
    vendor.answers(step)

    with pytest.raises(errors.TransportError, match=r"why: +no answer within the time allowed"):
        send()


def test_unreachable_vendor_is_told(clock):
    """An address where nobody listens is a vendor that could not be reached."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"

    with pytest.raises(errors.TransportError, match=r"Vendor could not be reached(.|\n)*the connection was not made"):
        http.send(url, DIALECT, GET)


def test_too_large_answer_is_told(vendor, send, clock, monkeypatch):
    """An answer beyond the limit is not read to its end, and the limit is the reason that is told."""
    monkeypatch.setattr(http, "LARGEST_BODY", 1000)
    vendor.answers(reply(200, b'"' + b"x" * 2000 + b'"'))

    with pytest.raises(errors.TransportError, match="larger than 1000 bytes"):
        send()


def test_unpacked_answer_is_held_to_the_limit(vendor, send, clock, monkeypatch):
    """A small compressed answer that unpacks to a large one is too large as well."""
    monkeypatch.setattr(http, "LARGEST_BODY", 100_000)
    vendor.answers(reply(200, gzip.compress(b'"' + b"x" * 1_000_000 + b'"'), Content_Encoding="gzip"))

    with pytest.raises(errors.TransportError, match="larger than 100000 bytes"):
        send()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(b'{"name": "caf\xc3\xa9"}'), {"Content_Encoding": "gzip"}),
        (b'{"name": "caf\xc3\xa9"}', {"Content_Type": "application/json; charset=utf-8"}),
        (b'{"name": "caf\xe9"}', {"Content_Type": "application/json; charset=latin-1"}),
        (b'{"name": "caf\xc3\xa9"}', {"Content_Type": "application/json; charset=nonsense"}),
    ],
    ids=["gzip", "utf-8", "latin-1", "unknown-charset"],
)
def test_answer_is_decoded(vendor, send, body, headers):
    """Compressed answers and every declared charset are read; an unknown charset is read as UTF-8."""
    vendor.answers(reply(200, body, **headers))

    assert send().body == {"name": "café"}


def test_answer_in_chunks_is_read(vendor, send):
    """A body without a length arrives whole."""

    def chunks(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
        for piece in (b'{"fine"', b": true}"):
            connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
        connection.sendall(b"0\r\n\r\n")

    vendor.answers(chunks)

    assert send().body == {"fine": True}


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.Rejected),
        (401, errors.AuthError),
        (403, errors.AuthError),
        (404, errors.TransportError),
        (405, errors.Rejected),
        (409, errors.Rejected),
        (422, errors.Rejected),
        (429, errors.RateLimited),
        (500, errors.TransportError),
        (502, errors.TransportError),
        (503, errors.TransportError),
        (599, errors.TransportError),
    ],
)
def test_status_without_code_becomes_its_error(vendor, send, status, kind):
    """Where the vendor gives no code, the HTTP status decides; a page with 404 is of somebody between us and it."""
    vendor.answers(reply(status, HTML))

    with pytest.raises(errors.ApiError) as caught:
        send()
    assert (type(caught.value), caught.value.status, caught.value.code) == (kind, status, None)


@pytest.mark.parametrize("body", [{"Message": "gone"}, b"", b"gone"], ids=["json", "empty", "text"])
def test_missing_object_is_missing(vendor, send, body):
    """An API that says 404 by itself has no such object."""
    vendor.answers(reply(404, body))

    with pytest.raises(errors.NotFound):
        send()


@pytest.mark.parametrize("status", [200, 400, 401, 404, 500])
def test_code_decides_before_the_status(vendor, send, status):
    """A vendor's code says more than its status, even on an answer that looks fine."""
    vendor.answers(fault(SPECIAL, status))

    with pytest.raises(errors.AuthError, match=rf"HTTP {status}, code 9, trace AbC: no"):
        send()


@pytest.mark.parametrize("status", [400, 500, 503])
def test_known_code_is_not_tried_again(vendor, send, status):
    """A code that is known not to pass ends the call, whatever the status."""
    vendor.answers(fault(REFUSED, status))

    with pytest.raises(errors.Rejected):
        send()
    assert len(vendor.requests) == 1


def test_vendor_word_against_another_try_is_taken(vendor, send):
    """What the vendor calls not transient is not tried again, though its code passes as a rule."""
    vendor.answers(fault(PASSING, transient=False))

    with pytest.raises(errors.RateLimited):
        send()
    assert len(vendor.requests) == 1


def test_expected_code_is_an_answer(vendor, send):
    """A code that the caller asked for comes back as the answer."""
    vendor.answers(fault(SPECIAL))

    assert send(expect=(SPECIAL,)).status == 400


def test_expected_code_that_is_transient_is_no_answer(vendor, send):
    """An outage is not what the caller asked for, even under the code it expects."""
    vendor.answers(fault(SPECIAL, transient=True))

    with pytest.raises(errors.AuthError):
        send(expect=(SPECIAL,))


@pytest.mark.parametrize("status", [500, 503])
def test_expected_code_in_a_failure_of_the_vendor_is_no_answer(vendor, send, status):
    """A vendor that says it failed did not say what the caller expects, whatever its code."""
    vendor.answers(fault(SPECIAL, status))

    with pytest.raises(errors.AuthError):
        send(expect=(SPECIAL,))


def test_expected_status_is_an_answer(vendor, send):
    """A status that is an answer to the caller is no error, with any body."""
    vendor.answers(reply(409, HTML))

    assert send(Call("GET", "/x", statuses={409})).text == HTML.decode()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(vendor, send, status):
    """What a redirect shows is the answer; nobody goes there."""
    vendor.answers(reply(status, b"", Location=f"{vendor.url}/elsewhere"))
    answer = send(Call("GET", "/x", json_expected=False))

    assert answer.headers["Location"] == f"{vendor.url}/elsewhere"
    assert [request.target for request in vendor.requests] == ["/x"]


def test_redirect_of_a_json_call_is_an_error(vendor, send):
    """An API that redirects did not answer."""
    vendor.answers(reply(302, b"", Location=f"{vendor.url}/elsewhere"))

    with pytest.raises(errors.TransportError, match="HTTP 302, but the body is not JSON"):
        send()


@pytest.mark.parametrize("status", [200, 204])
def test_removal_is_confirmed_by_nothing(vendor, send, status):
    """A vendor that answers a removal without a word has removed."""
    vendor.answers(reply(status, b""))

    assert send(Call("DELETE", "/x")).status == status
    assert len(vendor.requests) == 1


def test_page_does_not_confirm_a_removal(vendor, send):
    """A page that stands in the vendor's place is no confirmation."""
    vendor.answers(reply(200, HTML, Content_Type="text/html"))

    with pytest.raises(errors.TransportError, match="the body is not JSON"):
        send(Call("DELETE", "/x"))


def test_page_is_an_answer_where_no_json_is_expected(vendor, send):
    """A call that asks for a page takes one."""
    vendor.answers(reply(200, HTML, Content_Type="text/html"))
    answer = send(Call("GET", "/x", json_expected=False))

    assert (answer.text, answer.body) == (HTML.decode(), None)


def test_echoed_secret_is_hidden(vendor, send):
    """A vendor that quotes what we sent does not make us quote it."""
    vendor.answers(fault(REFUSED, message=f"{SECRET} is not valid, try other than {SECRET}"))

    with pytest.raises(errors.Rejected, match=r"\[secret\] is not valid, try other than \[secret\]"):
        send(Call("GET", "/x", secrets=(SECRET,)))


def test_echoed_secret_is_hidden_at_the_cut(vendor, send):
    """A long message is cut after the secrets are gone, so no half of one is left."""
    vendor.answers(fault(REFUSED, message="x" * 290 + SECRET))

    with pytest.raises(errors.Rejected) as caught:
        send(Call("GET", "/x", secrets=(SECRET,)))
    assert SECRET[:6] not in str(caught.value)


@pytest.mark.parametrize("order", [1, -1], ids=["short-first", "long-first"])
def test_secret_within_another_is_hidden(order):
    """A secret that begins like another one leaves no rest of it."""
    assert http.redact(f"token {SECRET}-rest", (SECRET, f"{SECRET}-rest")[::order]) == "token [secret]"


def test_long_message_is_cut(vendor, send):
    """No vendor fills the terminal."""
    vendor.answers(fault(REFUSED, message="x" * 5000))

    with pytest.raises(errors.Rejected) as caught:
        send()
    assert len(str(caught.value)) < 1000


def test_message_stays_on_one_line(vendor, send):
    """A vendor's line breaks do not look like parts of our error."""
    vendor.answers(fault(REFUSED, message="one\n  fix:   send us money"))

    with pytest.raises(errors.Rejected) as caught:
        send()
    assert len(str(caught.value).splitlines()) == 4


def test_place_is_the_call_without_its_query(vendor, send):
    """The place of an error is method, address and path."""
    vendor.answers(fault(REFUSED))

    with pytest.raises(errors.Rejected) as caught:
        send(Call("GET", "/x", query={"q": "visible"}))
    assert caught.value.where == f"GET {vendor.url}/x"


def test_netrc_of_the_user_adds_no_credentials(vendor, send, monkeypatch, tmp_path):
    """Credentials go out only where a call names them."""
    (tmp_path / ".netrc").write_text(f"machine 127.0.0.1 login someone password {SECRET}\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    send()

    assert "authorization" not in vendor.requests[0].headers


def test_header_takes_every_text(vendor, send):
    """A declared value in any script reaches the vendor, in UTF-8."""
    send(Call("GET", "/x", headers={"X-Account": "アカウント"}))

    assert vendor.requests[0].headers["x-account"].encode("latin-1").decode() == "アカウント"
