"""Which redirect URIs the probe accepts, and what decides."""

from __future__ import annotations

import pytest
from facebook_calls import GOOD, GOOD_SETUP, behave, change_app, code_of, probe, refusal, save

ACCEPTED, REFUSED = 100, 191


def outcome(sandbox, uri):
    """Return what the probe answers for one redirect URI."""
    return code_of(probe(sandbox, redirect_uri=uri))


@pytest.fixture
def ready(sandbox):
    """The default app with one redirect URI and its domain set."""
    change_app(sandbox, **GOOD_SETUP)
    return sandbox


@pytest.mark.parametrize(
    "setup",
    [
        {"app_domains": []},
        {"app_domains": ["h.cyclr.com"]},
        {"dashboard": {"redirect_uris": []}},
        {"dashboard": {"client_oauth_login": False}},
        {"dashboard": {"web_oauth_login": False}},
        {"dashboard": {"login_product": False}},
    ],
    ids=["domain missing", "domain only a suffix", "unlisted", "client login off", "web login off", "no product"],
)
def test_each_cause_of_a_refusal_answers_alike(ready, setup):
    """Whatever is wrong with a redirect URI, the answer is the same 191."""
    unlisted = refusal(probe(ready, redirect_uri="https://nobody.example/"))
    change_app(ready, **setup)

    assert refusal(probe(ready)) == unlisted
    assert unlisted[1] == REFUSED


@pytest.mark.parametrize(
    "uri",
    [GOOD + "/", GOOD + "?a=1", GOOD.replace("https", "http"), GOOD.upper(), GOOD.removesuffix("k")],
    ids=["slash", "query", "scheme", "case", "prefix"],
)
def test_strict_mode_matches_exactly(ready, uri):
    """A redirect URI that differs in anything from the listed one is refused."""
    assert outcome(ready, uri) == REFUSED


def test_app_domain_covers_its_subdomains(ready):
    """A listed URI on a subdomain of an App Domain is accepted."""
    change_app(ready, app_domains=["cyclr.com"])

    assert outcome(ready, GOOD) == ACCEPTED


@pytest.mark.parametrize(("needed", "code"), [(True, REFUSED), (False, ACCEPTED)])
def test_need_of_an_app_domain_is_a_switch(ready, needed, code):
    """Without its App Domain, a listed URI passes only when the switch says that the list is enough."""
    change_app(ready, app_domains=[])
    behave(ready, app_domain_needed=needed)

    assert outcome(ready, GOOD) == code


def test_without_strict_mode_a_listed_uri_is_a_prefix(ready):
    """Strict mode off accepts what begins with a listed URI, on the same host only."""
    change_app(ready, dashboard={"strict_mode": False})

    assert outcome(ready, GOOD + "/more?x=1") == ACCEPTED
    assert outcome(ready, "https://app-h.cyclr.com/other") == REFUSED


def test_without_strict_mode_an_empty_list_opens_the_domain(ready):
    """Strict mode off and an empty list accept any URL on an App Domain and no other."""
    change_app(ready, dashboard={"strict_mode": False, "redirect_uris": []})

    assert outcome(ready, "https://app-h.cyclr.com/anything") == ACCEPTED
    assert outcome(ready, "https://nobody.example/anything") == REFUSED


def test_without_strict_mode_an_empty_list_still_needs_a_domain_of_the_app(ready):
    """Even when listed URIs need no App Domain, an empty list opens nothing beyond the App Domains."""
    change_app(ready, dashboard={"strict_mode": False, "redirect_uris": []})
    behave(ready, app_domain_needed=False)

    assert outcome(ready, "https://nobody.example/anything") == REFUSED


@pytest.mark.parametrize(("enforced", "code"), [(True, REFUSED), (False, ACCEPTED)])
def test_enforced_https_refuses_a_listed_http_uri(ready, enforced, code):
    """A listed http URI passes only where https is not enforced."""
    plain = GOOD.replace("https", "http")
    change_app(ready, dashboard={"redirect_uris": [plain], "enforce_https": enforced})

    assert outcome(ready, plain) == code


@pytest.mark.parametrize("uri", ["http://localhost:1/x", "http://127.0.0.1/x", "https://localhost/", "http://[::1]/x"])
@pytest.mark.parametrize(
    ("mode", "switch", "code"),
    [("development", True, ACCEPTED), ("development", False, REFUSED), ("live", True, REFUSED)],
)
def test_loopback_passes_in_development_only(ready, uri, mode, switch, code):
    """A loopback URI that is not listed passes in Development, unless the switch says otherwise, and never live."""
    change_app(ready, dashboard={"mode": mode})
    behave(ready, loopback_in_development=switch)

    assert outcome(ready, uri) == code


def test_login_switches_refuse_loopback_too(ready):
    """With Client OAuth login off nothing passes, not even loopback in Development."""
    change_app(ready, dashboard={"client_oauth_login": False})

    assert outcome(ready, "http://localhost:1/x") == REFUSED


@pytest.mark.parametrize("mode", ["development", "live"])
def test_own_service_domain_plays_a_public_host(sandbox, mode):
    """The sandbox's service domain must be listed like any host, is no loopback host and may use http."""
    own = f"http://{sandbox.service_domain}/connector/callback"
    change_app(sandbox, dashboard={"mode": mode})

    assert outcome(sandbox, own) == REFUSED
    change_app(sandbox, app_domains=["localhost"])
    assert outcome(sandbox, own) == REFUSED
    change_app(sandbox, dashboard={"redirect_uris": [own]})
    assert outcome(sandbox, own) == ACCEPTED
    assert outcome(sandbox, own + "/") == REFUSED


@pytest.mark.parametrize(("https", "code"), [(True, REFUSED), (False, ACCEPTED)], ids=["enforced", "not enforced"])
def test_service_domain_of_the_state_alone_is_not_exempt(sandbox, https, code):
    """A service domain that support set is judged by the vendor's rules: without https only where the app lets it."""
    moved = "http://localhost:9999/connector/callback"
    sandbox.patch({"cyclr": {"service_domain": "localhost:9999"}})
    change_app(sandbox, app_domains=["localhost"], dashboard={"mode": "live", "redirect_uris": [moved]})
    change_app(sandbox, dashboard={"enforce_https": https})

    assert outcome(sandbox, moved) == code


def test_dashboard_change_is_seen_after_the_propagation_time(ready):
    """Within the propagation time the probe sees the settings as they were, afterwards as they are."""
    behave(ready, propagation_seconds=3600)
    save(ready, "fb-login/settings/", redirect_uris="https://app-h.cyclr.com/new")
    save(ready, "fb-login/settings/", redirect_uris="https://app-h.cyclr.com/newer")

    assert outcome(ready, GOOD) == ACCEPTED
    assert outcome(ready, "https://app-h.cyclr.com/newer") == REFUSED
    behave(ready, propagation_seconds=0)
    assert outcome(ready, GOOD) == REFUSED
    assert outcome(ready, "https://app-h.cyclr.com/new") == REFUSED
    assert outcome(ready, "https://app-h.cyclr.com/newer") == ACCEPTED
