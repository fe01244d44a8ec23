"""``POST /{app-id}``: which values are taken, kept, dropped and refused."""

from __future__ import annotations

import json

import pytest
from facebook_calls import APP, APP_TOKEN, behave, change_app, code_of, open_gate, read, write


@pytest.fixture
def opened(sandbox):
    """The sandbox, its default app with API access to its settings."""
    open_gate(sandbox)
    return sandbox


def test_write_changes_what_was_sent_and_nothing_else(opened):
    """A write answers success and leaves every other setting alone."""
    change_app(opened, contact_email="old@a.example")
    before = opened.state()["facebook"]["apps"][APP]

    assert write(opened, app_name="New", website_url="https://a.example/").json() == {"success": True}
    after = opened.state()["facebook"]["apps"][APP]
    assert after == before | {"name": "New", "website_url": "https://a.example/"}


@pytest.mark.parametrize(
    "params",
    [
        {"app_domains": json.dumps(["a.example", "b.example"])},
        {"app_domains[0]": "a.example", "app_domains[1]": "b.example"},
        {"app_domains": json.dumps(["A.example", "b.example", "a.example"])},
    ],
    ids=["json", "indexed keys", "case and duplicates"],
)
def test_app_domains_are_replaced(opened, params):
    """A list comes as JSON or under indexed keys and takes the place of the old one."""
    change_app(opened, app_domains=["old.example"])
    write(opened, **params)

    assert read(opened, "app_domains")["app_domains"] == ["a.example", "b.example"]


def test_write_takes_a_json_body(opened):
    """Parameters may come as a JSON document, the token in a header."""
    answer = opened.send(
        "POST",
        f"{opened.facebook}/{APP}",
        json={"app_domains": ["a.example"]},
        headers={"Authorization": f"Bearer {APP_TOKEN}"},
    )

    assert answer.json() == {"success": True}
    assert read(opened, "app_domains")["app_domains"] == ["a.example"]


def test_shared_domains_are_dropped_in_silence(opened):
    """A domain of a shared-DNS name is not kept, and the answer is success all the same."""
    answer = write(opened, app_domains=json.dumps(["a.example", "10-0-0-1.sslip.io", "x.ngrok-free.app"]))

    assert answer.json() == {"success": True}
    assert read(opened, "app_domains")["app_domains"] == ["a.example"]


def test_dropped_suffixes_are_a_switch(opened):
    """What is dropped follows the behaviour."""
    behave(opened, dropped_domain_suffixes=["a.example"])
    write(opened, app_domains=json.dumps(["www.a.example", "x.sslip.io"]))

    assert read(opened, "app_domains")["app_domains"] == ["x.sslip.io"]


def test_own_service_domain_may_be_an_app_domain(opened):
    """The bare host of the sandbox's service domain plays a public host."""
    assert write(opened, app_domains='["localhost"]').json() == {"success": True}


def test_bare_host_is_refused(opened):
    """A host without a top level domain is refused by the vendor's sentence."""
    assert "Must contain a top level domain" in write(opened, app_domains='["intranet"]').text


BAD_VALUES = {
    "list as text": {"app_domains": "a.example"},
    "list of numbers": {"app_domains": "[1]"},
    "scheme": {"app_domains": '["https://a.example"]'},
    "port": {"app_domains": '["a.example:8080"]'},
    "address": {"app_domains": '["10.0.0.1"]'},
    "url": {"website_url": "a.example"},
    "email": {"contact_email": "nobody"},
    "empty name": {"app_name": " "},
    "bool": {"app_type": "maybe"},
    "ip": {"server_ip_whitelist": '["nowhere"]'},
    "restrictions": {"restrictions": '{"age": "12+"}'},
    "restrictions no json": {"restrictions": "adults"},
    "platform": {"an_platforms": '["NOKIA"]'},
    "text as list": {"app_name[0]": "New"},
    "no such parameter": {"category": "Business"},
    "readable name": {"name": "New"},
}


@pytest.mark.parametrize("params", BAD_VALUES.values(), ids=BAD_VALUES.keys())
def test_bad_values_are_refused_and_nothing_is_written(opened, params):
    """A value the vendor does not take is code 100, and the good ones beside it are not written either."""
    before = opened.state()

    assert code_of(write(opened, user_support_url="https://a.example/", **params)) == 100
    assert opened.state() == before


def test_unknown_parameters_are_ignored_by_switch(opened):
    """Whether a parameter that is none is refused or ignored is a switch."""
    behave(opened, unknown_parameters_ignored=True)

    assert write(opened, category="Business", app_name="New").json() == {"success": True}
    assert read(opened, "name", "category") == {"id": APP, "name": "New"}


WRITABLE = {
    "privacy_policy_url": "https://a.example/p",
    "terms_of_service_url": "https://a.example/t",
    "deauth_callback_url": "https://a.example/d",
    "contact_email": "a@a.example",
    "user_support_email": "b@a.example",
    "user_support_url": "https://a.example/s",
    "namespace": "acme",
    "auth_dialog_headline": "Hello",
    "auth_referral_user_perms": ["email"],
    "an_platforms": ["IOS"],
    "canvas_fluid_height": True,
    "canvas_url": "https://a.example/c",
    "restrictions": {"age": "18+"},
}


@pytest.mark.parametrize(("field", "value"), WRITABLE.items(), ids=WRITABLE.keys())
def test_written_value_reads_back(opened, field, value):
    """What was written is what a read answers."""
    sent = value if isinstance(value, str) else json.dumps(value)

    assert write(opened, **{field: sent}).json() == {"success": True}
    assert read(opened, field)[field] == value


@pytest.mark.parametrize(("rule", "code"), [(True, 100), (False, None)], ids=["rule on", "rule off"])
def test_app_domains_must_match_the_site_by_switch(opened, rule, code):
    """Whether the API enforces the rule of the dashboard is a switch."""
    behave(opened, domain_must_match_site=rule)
    answer = write(opened, app_domains='["a.example", "b.example"]', website_url="https://www.a.example/")

    assert code_of(answer) == code
    if rule:
        assert "App domains must match the domain" in answer.text
        assert answer.json()["error"]["message"].endswith("b.example")
        assert write(opened, app_domains='["a.example"]', website_url="https://www.a.example/").ok
