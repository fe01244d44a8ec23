"""What stands in the state of every environment, and so outlives any change of the code."""

from __future__ import annotations

import base64
import importlib
import inspect

import pytest
from pulumi.dynamic import Resource
from pulumi.dynamic.dynamic import serialize_provider

from components.provider import VendorProvider
from tests.repository.sources import module_name, python_files

APP = {"app_id", "app_secret", "app_secret_version"}
# resource -> provider class path, inputs, those whose change makes it another resource
PINNED = {
    "facebook:AppSettings": (
        "components.facebook.app_settings.AppSettingsProvider",
        APP
        | {
            "name",
            "app_domains",
            "website_url",
            "privacy_policy_url",
            "terms_of_service_url",
            "deauthorize_callback_url",
            "contact_email",
            "user_support_email",
            "user_support_url",
            "exclusive_app_domains",
            "managed_by",
        },
        {"app_id"},
    ),
    "facebook:LoginRedirect": (
        "components.facebook.login_redirect.LoginRedirectProvider",
        APP | {"redirect_uri", "attestation"},
        {"app_id", "redirect_uri"},
    ),
    "facebook:AppPublication": (
        "components.facebook.app_publication.AppPublicationProvider",
        APP | {"redirect_uri", "attestations"},
        {"app_id"},
    ),
    "cyclr:ConnectorInstallation": (
        "components.cyclr.connector_installation.ConnectorInstallationProvider",
        {"account", "connector", "version", "properties", "create_account"},
        {"account", "connector"},
    ),
    "cyclr:ConnectorSetup": (
        "components.cyclr.connector_setup.ConnectorSetupProvider",
        {
            "connector",
            "version",
            "client_id",
            "client_secret",
            "client_secret_version",
            "service_domain",
            "scopes",
            "installation",
            "attestations",
        },
        {"connector"},
    ),
}
CHANGING = (
    "states of existing environments hold this. If it must change: keep a path for old states (the old class stays "
    "importable, the old input is still read), write a `State:` line in CHANGELOG.md, and then change this table"
)


def defined(base):
    """Every class of ours below a base, by its dotted path."""
    found = {}
    for path in python_files("components"):
        module = importlib.import_module(module_name(path))
        for _, item in inspect.getmembers(module, inspect.isclass):
            if issubclass(item, base) and item is not base and item.__module__.startswith("components."):
                found[f"{item.__module__}.{item.__qualname__}"] = item
    return found


def provider_class(path):
    """The class at a dotted path."""
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name, None)


@pytest.mark.parametrize("kind", PINNED)
def test_provider_class_path_is_final(kind):
    """The engine finds a provider class again by the path that the state holds."""
    path = PINNED[kind][0]

    assert provider_class(path) is not None, f"{path} is gone: {CHANGING}"


def test_resource_types_are_final():
    """A resource's type is part of its URN: another one would be another resource."""
    types = {item._resource_type_name for item in defined(Resource).values()}

    assert types == {f"dynamic/{kind}" for kind in PINNED}, CHANGING


def test_every_provider_class_is_pinned():
    """A new provider class is pinned before the first state holds it."""
    assert defined(VendorProvider).keys() == {path for path, _, _ in PINNED.values()}, CHANGING


@pytest.mark.parametrize("kind", PINNED)
def test_input_names_are_final(kind):
    """The inputs of a resource are those of the documented table."""
    path, inputs, _ = PINNED[kind]

    assert {entry.name for entry in provider_class(path).INPUTS} == inputs, f"{kind}: {CHANGING}"


@pytest.mark.parametrize("kind", PINNED)
def test_identity_is_final(kind):
    """What replaces a resource decides what an existing environment loses at an update."""
    path, _, identity = PINNED[kind]

    assert set(provider_class(path).IDENTITY) == identity, f"{kind}: {CHANGING}"


@pytest.mark.parametrize("kind", PINNED)
def test_provider_is_stored_as_a_short_reference(kind):
    """The state holds the class's name, no code: an update of the package needs no update of the state."""
    path = PINNED[kind][0]
    module, _, name = path.rpartition(".")
    stored = base64.b64decode(serialize_provider(provider_class(path)()))

    assert len(stored) < 120, path
    assert module.encode() in stored, path
    assert name.encode() in stored, path


@pytest.mark.parametrize("kind", PINNED)
def test_provider_is_stored_the_same_each_time(kind):
    """A reference that differed between runs would stand as a change in every preview."""
    cls = provider_class(PINNED[kind][0])

    assert serialize_provider(cls()) == serialize_provider(cls())


@pytest.mark.parametrize("kind", PINNED)
def test_provider_reference_is_no_secret(kind):
    """Nothing secret is captured, so the reference need not be encrypted: a diff of it stays readable."""
    path = PINNED[kind][0]

    assert provider_class(path).serialize_as_secret_always is False, path
    assert not vars(provider_class(path)()), f"a new {path} already holds something"


@pytest.mark.parametrize("kind", PINNED)
def test_secret_inputs_are_references(kind):
    """An input for a secret takes a reference, and its version stands beside it as plain text."""
    table = {entry.name: entry.kind for entry in provider_class(PINNED[kind][0]).INPUTS}
    secret = [name for name in table if name.endswith("_secret")]

    assert [table[name] for name in secret] == ["reference"] * len(secret), kind
    assert [table.get(f"{name}_version") for name in secret] == ["text"] * len(secret), kind
