"""stacks.settings: the typed settings as the program reads them through pulumi.Config."""

from __future__ import annotations

import json

import pulumi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi.runtime import config as runtime
from pydantic import ValidationError

from stacks import stack_yaml
from stacks.settings import SettingsError, from_config, secret_keys
from stacks.settings_model import REGIONS, EnvironmentSettings
from stacks.settings_rules import Encrypted
from tests.unit.stacks.broken import SETTINGS, Broken
from tests.unit.stacks.broken_aws import AWS
from tests.unit.stacks.texts import CANARY, VALID, app, but, config, cyclr

PROJECT = "cyclr-connectors"
OBJECTS = ("cyclr", "facebook", "connectors")


@pytest.fixture(autouse=True)
def clean_config():
    """The engine's config is global; a test leaves it as it was."""
    before, secrets = runtime.CONFIG.get(), runtime._SECRET_KEYS.get()
    yield
    runtime.CONFIG.set(before)
    runtime._SECRET_KEYS.set(secrets)


def given_to_program(text: str) -> pulumi.Config:
    """The config as the engine hands a stack file to the program: texts, mappings as JSON, Pulumi.yaml's defaults."""
    values: dict[str, str] = {f"{PROJECT}:{key}": "{}" for key in OBJECTS}
    values |= {f"{PROJECT}:serviceDomain": "", f"{PROJECT}:previousServiceDomain": ""}
    secrets = []
    for key, value in stack_yaml.read(text).value["config"].items():
        if isinstance(value, Encrypted):
            secrets.append(key)
            values[key] = CANARY
        else:
            values[key] = value if isinstance(value, str) else json.dumps(value)
    runtime.set_all_config(values, secrets)
    return pulumi.Config(PROJECT)


def read(text: str) -> EnvironmentSettings:
    return from_config(given_to_program(text), "staging")


@pytest.mark.parametrize("broken", (SETTINGS | AWS).values(), ids=SETTINGS | AWS)
def test_program_and_check_name_the_same_problems(broken: Broken):
    """The program refuses exactly what the file check refuses, all in one message and without a secret."""
    with pytest.raises(SettingsError) as refusal:
        read(broken.text)

    assert sorted(problem.key for problem in refusal.value.problems) == sorted(key for key, _ in broken.problems)
    for key, words in broken.problems:
        assert key in str(refusal.value)
        assert words in str(refusal.value)
    assert CANARY not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_refusal_ends_the_program_without_a_traceback():
    """The engine prints a RunError as its text alone."""
    assert issubclass(SettingsError, pulumi.RunError)


def test_refusal_of_one_problem_reads_as_a_whole():
    """The message says what, where and which command mends it."""
    with pytest.raises(SettingsError) as refusal:
        read(but(('"1234567890123456"', "12")))

    assert str(refusal.value) == (
        "The settings of staging have 1 problem; nothing was changed:\n"
        "connectors.facebook-marketing.appId is a number: put it into quotes, so that it stays a text and no digit is"
        " lost\n  fix: run: pulumi config set -s staging --path --type string"
        " connectors.facebook-marketing.appId 1234567890123456"
    )


def test_declared_values_arrive():
    """Every declared value arrives under its Python name, and the rest has its default."""
    found = read(
        app("version: v25.0", "scopes: [b, a, b]", "managedBy: dashboard", "properties: {Limit: '5'}", "siteUrl: HTTPS://A.example")
    )  # fmt: skip

    connector = found.connectors["facebook-marketing"]
    assert (found.environment, found.service_domain) == ("staging", "app-h.cyclr.com")
    assert found.previous_service_domain is None
    assert (connector.app_id, connector.app_secret) == ("1234567890123456", "config:facebookAppSecret")
    assert (connector.app_name, connector.version, connector.managed_by) == ("Acme Ads", "v25.0", "dashboard")
    assert connector.scopes == ("a", "b")
    assert connector.site_url == "https://a.example/"
    assert connector.properties == {"Limit": "5"}
    assert (connector.credentials, connector.accounts, connector.shared) == ("library", "all", False)
    assert (connector.contact_email, connector.attestations, connector.exclusive_app_domains) == (None, {}, False)


def test_facebook_has_the_vendors_addresses_by_default():
    """An environment that says nothing about Facebook uses the vendor's own addresses."""
    facebook = read(but(("    graphVersion: v25.0\n", "    graphVersion: v21.0\n"))).facebook

    assert facebook.graph_version == "v21.0"
    assert (facebook.graph_url, facebook.www_url) == ("https://graph.facebook.com", "https://www.facebook.com")
    assert facebook.dashboard_url == "https://developers.facebook.com"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("api: https://API.acme.example/", ("https://api.acme.example", "https://app-h.cyclr.com")),
        *((f"region: {name}", (region.api, region.console)) for name, region in REGIONS.items()),
        ("region: eu\n    consoleUrl: https://console.acme.example", ("https://api.eu.cyclr.com", "https://console.acme.example")),
    ],
    ids=["own", *REGIONS, "region with a console of one's own"],
)  # fmt: skip
def test_cyclr_addresses_are_resolved(lines, expected):
    """Api and console come from the region's table, or from what is given."""
    found = read(but(("api: https://api.cyclr.com", lines)))

    assert (found.cyclr.api, found.cyclr.console_url) == expected


def test_sandbox_domain_has_plain_http():
    """A sandbox's console is where its service domain is, over plain http."""
    local = "http://127.0.0.1:8701"
    text = but(
        (": app-h.cyclr.com", ": LOCALHOST:8703"),
        ("https://api.cyclr.com", "http://127.0.0.1:8702/"),
        ("graphVersion: v25.0", f"{{graphUrl: {local}, wwwUrl: {local}, dashboardUrl: {local}}}"),
        ("cyclr-connectors:facebook:\n    ", "cyclr-connectors:facebook: "),
    )

    found = read(text)

    assert found.service_domain == "localhost:8703"
    assert (found.cyclr.api, found.cyclr.console_url) == ("http://127.0.0.1:8702", "http://localhost:8703")


def test_spelling_is_no_difference():
    """Two spellings of the same host give equal settings."""
    assert read(but((": app-h.cyclr.com", ": ' APP-H.Cyclr.com. '"))) == read(VALID)


def test_settings_cannot_be_changed():
    """Settings are what was declared, for as long as the program runs."""
    with pytest.raises(ValidationError):
        read(VALID).service_domain = "other.example"  # type: ignore[misc]


def test_secret_keys_are_those_of_config_references():
    """Only keys of the encrypted config are handed to the providers, each once."""
    text = but(("config:cyclrClientSecret", "env:CYCLR_CLIENT_SECRET"))

    assert secret_keys(read(VALID)) == ["cyclrClientSecret", "facebookAppSecret"]
    assert secret_keys(read(text)) == ["facebookAppSecret"]


def test_encrypted_value_inside_a_setting_is_refused():
    """A value that the engine has decrypted inside a mapping is not taken for a plain one, and not printed."""
    program = given_to_program(VALID)
    values = {**runtime.CONFIG.get(), f"{PROJECT}:cyclr": json.dumps({"api": CANARY, "clientSecret": CANARY})}
    runtime.set_all_config(values, [f"{PROJECT}:cyclr", *runtime._SECRET_KEYS.get()])

    with pytest.raises(SettingsError) as refusal:
        from_config(program, "staging")

    assert "cyclr is encrypted, wholly or in part" in str(refusal.value)
    assert CANARY not in str(refusal.value)


def test_config_that_is_no_json_is_a_problem():
    """A text where the engine should have sent a mapping is named, and not printed."""
    program = given_to_program(VALID)
    runtime.set_all_config({**runtime.CONFIG.get(), f"{PROJECT}:facebook": CANARY}, list(runtime._SECRET_KEYS.get()))

    with pytest.raises(SettingsError, match="facebook must be a mapping") as refusal:
        from_config(program, "staging")

    assert CANARY not in str(refusal.value)


def test_other_projects_are_left_alone():
    """Config of a provider or of another project is neither read nor judged."""
    assert read(config("aws:region: eu-west-1", "other:serviceDomian: x")) == read(VALID)


@settings(max_examples=40, deadline=None)
@given(secret=st.text(st.characters(exclude_categories=["C"]), max_size=64))
def test_no_text_typed_for_a_reference_is_printed(secret):
    """Whatever stands where a reference belongs, the refusal is the same text, so it tells nothing of it."""

    def refusal(typed: str) -> str:
        with pytest.raises(SettingsError) as raised:
            read(but((" config:facebookAppSecret", f" {json.dumps(typed)}")))
        return str(raised.value)

    assert refusal(f"x{secret}") == refusal("x")


@settings(max_examples=40, deadline=None)
@given(value=st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.text()), st.just({"a": 1})))
def test_no_value_raises_anything_else(value):
    """Any JSON value anywhere is a setting or a named problem."""
    refused = _refused(cyclr(f"createAccount: {json.dumps(value)}", f"consoleUrl: {json.dumps(value)}"))

    assert "cyclr.consoleUrl" in refused or value == ""
    assert ("cyclr.createAccount" in refused) is not isinstance(value, bool)


def _refused(text: str) -> set[str]:
    try:
        read(text)
    except SettingsError as refusal:
        return {problem.key for problem in refusal.problems}
    return set()
