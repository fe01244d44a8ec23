"""Canonical hosts and URLs, and what a service domain means in both consoles."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import derive

TYPED = st.text("aB9.-:/@[] ?#%üßİ。\u0130\u200d", max_size=20) | st.text(max_size=20)
LABEL = st.from_regex(re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,10}[a-zA-Z0-9])?"), fullmatch=True)
HOST = st.builds(lambda labels, top: ".".join([*labels, top]), st.lists(LABEL, min_size=1, max_size=3), st.just("Com"))
URL = st.builds(
    lambda scheme, host, port, path, query: f"{scheme}://{host}{port}{path}{query}",
    st.sampled_from(["http", "https", "HTTPS"]),
    HOST,
    st.sampled_from(["", ":80", ":443", ":8443"]),
    st.sampled_from(["", "/", "/a/B", "/a/"]),
    st.sampled_from(["", "?q=A", "#part"]),
)

HOSTS = {
    "app-h.cyclr.com": "app-h.cyclr.com",
    " App-H.Cyclr.COM. ": "app-h.cyclr.com",
    "bücher.example": "xn--bcher-kva.example",
    "localhost": "localhost",
    "localhost:8703": "localhost:8703",
    "localhost:08703": "localhost:8703",
    "127.0.0.1:80": "127.0.0.1:80",
}
NO_HOSTS = [
    "",
    "cyclr",
    "https://app-h.cyclr.com",
    "app-h.cyclr.com/",
    "app-h.cyclr.com:443",
    "-a.example",
    "a-.example",
    "a..example",
    "a_b.example",
    "10.0.0.1",
    "localhost:",
    "localhost:0",
    "localhost:65536",
    "localhost:²",
    "localhost:٨٠",
    "a b.example",
    "x" * 64 + ".example",
]
URLS = {
    "https://App-H.cyclr.com": "https://app-h.cyclr.com/",
    "HTTPS://app-h.cyclr.com:443/connector/callback": "https://app-h.cyclr.com/connector/callback",
    "https://app-h.cyclr.com/Connector/Callback/": "https://app-h.cyclr.com/Connector/Callback/",
    "http://localhost:8703/connector/callback": "http://localhost:8703/connector/callback",
    "https://a.example/x?b=1&a=2#top": "https://a.example/x?b=1&a=2",
    "http://[::1]:8080/x": "http://[::1]:8080/x",
}
NO_URLS = [
    "",
    "app-h.cyclr.com",
    "//app-h.cyclr.com/",
    "ftp://app-h.cyclr.com/",
    "https://",
    "https://a.example:70000/",
    "https://user@a.example/",
    "https://:password@a.example/",
    "https://a.example/a b",
    "https://nodots/",
]


@pytest.mark.parametrize(("text", "canonical"), HOSTS.items(), ids=HOSTS)
def test_host_has_one_spelling(text, canonical):
    """Every spelling of a host becomes the same string."""
    assert derive.canonical_host(text) == canonical


@pytest.mark.parametrize("text", NO_HOSTS, ids=[text[:20] or "empty" for text in NO_HOSTS])
def test_host_refuses_what_is_none(text):
    """What is no bare host name is refused, and the reason says how one looks."""
    with pytest.raises(ValueError, match="is not a bare host name: give it without scheme"):
        derive.canonical_host(text)


@given(HOST)
def test_canonical_host_is_idempotent(text):
    """A canonical host stays as it is."""
    once = derive.canonical_host(text)

    assert derive.canonical_host(once) == once


@given(TYPED)
def test_canonical_host_is_idempotent_or_refuses_any_text(text):
    """Whatever a person types: it is refused as no host, or its canonical form is final."""
    try:
        once = derive.canonical_host(text)
    except ValueError:
        return

    assert derive.canonical_host(once) == once


@pytest.mark.parametrize(("text", "canonical"), URLS.items(), ids=URLS)
def test_url_has_one_spelling(text, canonical):
    """Every spelling of a URL becomes the same string; path and query keep theirs."""
    assert derive.canonical_url(text) == canonical


@pytest.mark.parametrize("text", NO_URLS, ids=[text or "empty" for text in NO_URLS])
def test_url_refuses_what_is_none(text):
    """What is no absolute http or https URL without credentials is refused."""
    with pytest.raises(ValueError, match=r"is not an absolute http|has no valid port|is not a bare host name"):
        derive.canonical_url(text)


@given(URL)
def test_canonical_url_is_idempotent(text):
    """A canonical URL stays as it is."""
    once = derive.canonical_url(text)

    assert derive.canonical_url(once) == once


@given(st.sampled_from(["http://", "https://", ""]), TYPED)
def test_canonical_url_is_idempotent_or_refuses_any_text(scheme, rest):
    """Whatever a person types: it is refused as no URL, or its canonical form is final."""
    try:
        once = derive.canonical_url(scheme + rest)
    except ValueError:
        return

    assert derive.canonical_url(once) == once


@given(st.lists(st.text()))
def test_canonical_set_forgets_order_and_repetition(values):
    """The order in which a person typed values is no difference, nor is a repeated one."""
    assert derive.canonical_set(values) == derive.canonical_set([*reversed(values), *values])


@given(st.lists(st.text()))
def test_canonical_set_loses_no_value(values):
    """Every value is still there."""
    assert set(derive.canonical_set(values)) == set(values)


@pytest.mark.parametrize(
    ("domain", "app_domain", "site_url", "redirect_uri"),
    [
        (
            "app-h.cyclr.com",
            "app-h.cyclr.com",
            "https://app-h.cyclr.com/",
            "https://app-h.cyclr.com/connector/callback",
        ),
        ("localhost:8703", "localhost", "http://localhost:8703/", "http://localhost:8703/connector/callback"),
    ],
    ids=["public", "local"],
)
def test_service_domain_gives_the_values_of_both_consoles(domain, app_domain, site_url, redirect_uri):
    """One service domain gives App Domain, Site URL and redirect URI; only a local one uses http."""
    derived = (derive.app_domain(domain), derive.site_url(domain), derive.redirect_uri(domain))

    assert derived == (app_domain, site_url, redirect_uri)


@given(HOST)
def test_derived_urls_are_canonical(host):
    """What is derived from a canonical service domain needs no further canonical form."""
    domain = derive.canonical_host(host)
    derived = [derive.site_url(domain), derive.redirect_uri(domain)]

    assert [derive.canonical_url(url) for url in derived] == derived


@given(HOST)
def test_derived_app_domain_is_the_host_of_the_redirect_uri(host):
    """Facebook compares the host of the redirect URI with the App Domain, so they are one."""
    domain = derive.canonical_host(host)

    assert derive.host_of(derive.redirect_uri(domain)) == derive.app_domain(domain)


def test_redirect_uri_has_no_trailing_slash():
    """Facebook matches redirect URIs to the letter, and Cyclr sends none."""
    assert not derive.redirect_uri("app-h.cyclr.com").endswith("/")
