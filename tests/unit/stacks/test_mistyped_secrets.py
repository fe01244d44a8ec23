"""A secret typed where none belongs: `check` names the place, and never the secret."""

from __future__ import annotations

import io
import json

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from stacks.operations.check import command
from tests.engine.canaries import API_SECRET, APP_SECRET, DECLARED, ROTATED_SECRET, leaks
from tests.unit.stacks.texts import VALID

APP = ("connectors", "facebook-marketing")
REFERENCES = [("cyclr", "clientSecret"), (*APP, "appSecret")]
TEXTS = [
    *((key,) for key in ("serviceDomain", "previousServiceDomain", "cyclr", "facebook", "connectors")),
    *(("cyclr", key) for key in ("region", "api", "consoleUrl", "clientId", "account", "createAccount")),
    *(("facebook", key) for key in ("graphVersion", "graphUrl", "wwwUrl", "dashboardUrl")),
    *((*APP, key) for key in ("appId", "appName", "version", "credentials", "managedBy", "shared", "accounts")),
    *((*APP, key) for key in ("siteUrl", "privacyPolicyUrl", "termsOfServiceUrl", "deauthorizeCallbackUrl")),
    *((*APP, key) for key in ("contactEmail", "userSupportEmail", "userSupportUrl", "exclusiveAppDomains")),
    *((*APP, key) for key in ("scopes", "properties", "attestations", "clientSecret", "secret")),
    *((*APP, "properties", key) for key in ("ClientId", "ClientSecret", "ApiKey")),
    *((*APP, "attestations", key) for key in ("live", "client_secret")),
    *((*APP, "attestations", "client_secret", key) for key in ("value", "by", "date")),
    *((*APP, "attestations", "client_id", key) for key in ("value", "by", "date")),
    ("cyclrClientSecret",),
    ("facebookAppSecret",),
    ("unknownKey",),
]
SECRETS = {"hex from a digit": APP_SECRET, "hex from a letter": ROTATED_SECRET, "with signs": API_SECRET}
ANY_TEXT = {"appName", "account", "clientId", "version", "ApiKey"}
"""Places that take any text, so that `check` cannot know."""


def edited(place: tuple[str, ...], value: object) -> str:
    """The valid stack file with a value at a place."""
    yaml = YAML()
    document = yaml.load(VALID)
    *above, last = f"cyclr-connectors:{place[0]}", *place[1:]
    target = document["config"]
    for key in above:
        target = target.setdefault(key, {})
    target[last] = value
    text = io.StringIO()
    yaml.dump(document, text)
    return text.getvalue()


def checked(file, *arguments):
    """Exit code and output of `check` on a file."""
    done = CliRunner().invoke(command, ["-s", "staging", "--config-file", str(file), *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("form", ["{}", "config:{}", "env:{}", "aws-sm:{}", "secret:{}", " config: {}"])
@pytest.mark.parametrize("place", REFERENCES, ids=".".join)
def test_secret_typed_as_reference_is_named_and_not_shown(tmp_path, place, form, secret):
    """Whatever stands before it, a secret in the place of a reference is a problem there and is printed by nobody."""
    file = tmp_path / "Pulumi.staging.yaml"
    file.write_text(edited(place, form.format(secret)))

    code, said = checked(file)

    assert code == 2
    assert ".".join(place) in said
    assert leaks(said + checked(file, "--json")[1], DECLARED) == []


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("place", TEXTS, ids=".".join)
def test_secret_typed_as_text_is_not_shown(tmp_path, place, secret):
    """A secret in the place of any other value is printed by nobody, and named where it cannot be right."""
    file = tmp_path / "Pulumi.staging.yaml"
    file.write_text(edited(place, secret))

    code, said = checked(file)

    assert code == (0 if place[-1] in ANY_TEXT else 2), said
    assert leaks(said + checked(file, "--json")[1], DECLARED) == []


def test_every_secret_in_a_list_is_not_shown(tmp_path):
    """Secrets as scopes and accounts, several in one list, are printed by nobody."""
    file = tmp_path / "Pulumi.staging.yaml"
    for key in ("scopes", "accounts"):
        file.write_text(edited((*APP, key), [*SECRETS.values(), "with, comma " + APP_SECRET]))

        assert leaks(json.dumps(checked(file)) + json.dumps(checked(file, "--json")), DECLARED) == []
