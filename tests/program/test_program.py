"""The program under mocks: which resources it declares, with which inputs, dependencies and outputs."""

from __future__ import annotations

import base64
import json
import signal
from pathlib import Path

import pulumi
import pytest
from pulumi.output import Unknown
from ruamel.yaml import YAML

from components import verdicts
from components.secrets import fingerprint
from stacks.settings import SettingsError
from tests.program.conftest import APP, CONFIG, SECRETS, STANDS, all_stands, nothing_known
from tests.program.harness import PROJECT, run_program

NAME = "Facebook Marketing API"
URI = "https://app-h.cyclr.com/connector/callback"
VERSION = fingerprint(SECRETS["facebookAppSecret"], APP)
WORD = {"by": "jane@acme.example", "date": "2026-11-02"}
STACK_FILES = sorted((Path(__file__).parents[2] / "stacks").glob("Pulumi.*.yaml"))

APP_REFERENCE = {"app_id": APP, "app_secret": "config:facebookAppSecret", "app_secret_version": VERSION}
INPUTS = {
    "facebook-marketing-app": (
        "facebook:AppSettings",
        {
            **APP_REFERENCE,
            "app_domains": ["app-h.cyclr.com"],
            "website_url": "https://app-h.cyclr.com/",
            "name": "Acme Ads (staging)",
            "exclusive_app_domains": False,
            "managed_by": "api",
        },
    ),
    "facebook-marketing-redirect": ("facebook:LoginRedirect", {**APP_REFERENCE, "redirect_uri": URI}),
    "facebook-marketing-publication": ("facebook:AppPublication", {**APP_REFERENCE, "redirect_uri": URI}),
    "facebook-marketing-installation": (
        "cyclr:ConnectorInstallation",
        {"account": "acme", "connector": NAME, "create_account": False},
    ),
    "facebook-marketing-setup": (
        "cyclr:ConnectorSetup",
        {
            "connector": NAME,
            "client_id": APP,
            "client_secret": "config:facebookAppSecret",
            "client_secret_version": VERSION,
            "service_domain": "app-h.cyclr.com",
            "installation": "facebook-marketing-installation-id",
        },
    ),
}
AFTER = {
    "facebook-marketing-app": set(),
    "facebook-marketing-redirect": {"facebook-marketing-app"},
    "facebook-marketing-publication": {"facebook-marketing-app"},
    "facebook-marketing-installation": set(),
    "facebook-marketing-setup": {"facebook-marketing-installation"},
}


def custom(run):
    """The resources that the engine gives to a provider of ours."""
    return {name: entry for name, entry in run.resources.items() if entry.code}


def test_environment_declares_five_resources(program):
    """One connector is five resources, named after it."""
    assert {name: entry.type for name, entry in custom(program()).items()} == {
        name: f"pulumi-python:dynamic/{kind}" for name, (kind, _) in INPUTS.items()
    }


@pytest.mark.parametrize("name", INPUTS)
def test_resource_inputs_are_what_the_stack_file_means(program, name):
    """The smallest stack file gives each resource exactly these inputs, derived and canonical."""
    entry = program().resources[name]

    assert entry.inputs == INPUTS[name][1], entry.urn


@pytest.mark.parametrize("name", AFTER)
def test_resource_depends_only_on_what_it_needs(program, name):
    """A failed read hides its dependents, so every needless dependency costs sight."""
    entry = program().resources[name]

    assert {urn.rpartition("::")[2] for urn in entry.after} == AFTER[name], entry.urn


@pytest.mark.parametrize("name", INPUTS)
def test_resource_has_the_explicit_provider(program, name):
    """Without it the whole stack config would be copied into the state."""
    run = program()
    entry = run.resources[name]

    assert entry.provider == run.resources["vendors"].urn, entry.urn


@pytest.mark.parametrize("name", INPUTS)
def test_resource_belongs_to_its_connector(program, name):
    """The state groups the resources of a connector under it."""
    run = program()
    entry = run.resources[name]

    assert entry.parent == run.resources["facebook-marketing"].urn, entry.urn


@pytest.mark.parametrize("name", INPUTS)
def test_resource_holds_no_secret(program, name):
    """Only references and fingerprints go to a resource, in its inputs and in its provider's reference alike."""
    entry = program().resources[name]
    text = json.dumps(entry.inputs) + str(base64.b64decode(entry.code))

    assert not any(secret in text for secret in SECRETS.values()), entry.urn


def test_vendor_access_holds_the_secrets_as_secrets(program):
    """Values reach the provider process encrypted in the state, and nothing else of it is secret."""
    vendors = program().resources["vendors"]
    values = {name: value for name, value in vendors.inputs.items() if ":secret." in name}

    assert values == {f"{PROJECT}:secret.{key}": value for key, value in SECRETS.items()}
    assert vendors.secret == values.keys()


def test_vendor_access_names_the_environment(program):
    """Errors and marks name the stack."""
    assert program().resources["vendors"].inputs[f"{PROJECT}:environment"] == "staging"


def test_rotation_shows_as_another_version_only(program):
    """A rotated secret changes the version inputs and nothing else of any resource."""
    rotated = {**SECRETS, "facebookAppSecret": "canary-facebook-rotated"}
    before, after = custom(program()), custom(program(secrets=rotated))
    changed = {
        (name, key)
        for name, entry in before.items()
        for key, value in entry.inputs.items()
        if after[name].inputs[key] != value
    }

    assert changed == {
        ("facebook-marketing-app", "app_secret_version"),
        ("facebook-marketing-redirect", "app_secret_version"),
        ("facebook-marketing-publication", "app_secret_version"),
        ("facebook-marketing-setup", "client_secret_version"),
    }


def test_secret_in_the_environment_is_not_in_the_provider(program, monkeypatch):
    """An `env:` secret is read where it is used: only its fingerprint is declared."""
    monkeypatch.setenv("APP_SECRET", "canary-environment")
    run = program(appSecret="env:APP_SECRET", secrets={"cyclrClientSecret": SECRETS["cyclrClientSecret"]})
    app = run.resources["facebook-marketing-app"]

    assert app.inputs["app_secret_version"] == fingerprint("canary-environment", APP), app.urn
    assert "canary-environment" not in repr(run)


def test_secret_that_is_not_in_the_environment_ends_the_run(program):
    """Who forgot to export it reads which variable, before anything is sent."""
    secrets = {"cyclrClientSecret": SECRETS["cyclrClientSecret"]}

    with pytest.raises(pulumi.RunError, match=rf"no value behind env:NO_SUCH_VARIABLE(.|\n)*app {APP}(.|\n)*export NO"):
        program(appSecret="env:NO_SUCH_VARIABLE", secrets=secrets)


def test_broken_settings_end_the_run_with_every_problem(program):
    """All problems come at once, and no connector is declared."""
    with pytest.raises(SettingsError) as caught:
        program(top={"serviceDomain": "https://app-h.cyclr.com"}, appId="no digits")
    assert len(caught.value.problems) >= 2


OPTIONS = {
    "siteUrl": ("app", {"siteUrl": "https://app-h.cyclr.com/x"}, {"website_url": "https://app-h.cyclr.com/x"}),
    "managedBy": ("app", {"managedBy": "dashboard"}, {"managed_by": "dashboard"}),
    "exclusiveAppDomains": ("app", {"exclusiveAppDomains": True}, {"exclusive_app_domains": True}),
    "privacyPolicyUrl": (
        "app",
        {"privacyPolicyUrl": "https://acme.example/p"},
        {"privacy_policy_url": "https://acme.example/p"},
    ),
    "termsOfServiceUrl": (
        "app",
        {"termsOfServiceUrl": "https://acme.example/t"},
        {"terms_of_service_url": "https://acme.example/t"},
    ),
    "deauthorizeCallbackUrl": (
        "app",
        {"deauthorizeCallbackUrl": "https://acme.example/d"},
        {"deauthorize_callback_url": "https://acme.example/d"},
    ),
    "contactEmail": ("app", {"contactEmail": "a@acme.example"}, {"contact_email": "a@acme.example"}),
    "userSupportEmail": ("app", {"userSupportEmail": "a@acme.example"}, {"user_support_email": "a@acme.example"}),
    "userSupportUrl": (
        "app",
        {"userSupportUrl": "https://acme.example/h"},
        {"user_support_url": "https://acme.example/h"},
    ),
    "version-installed": ("installation", {"version": "v25.0"}, {"version": "v25.0"}),
    "version-set-up": ("setup", {"version": "v25.0"}, {"version": "v25.0"}),
    "scopes": ("setup", {"scopes": ["email", "ads_read"]}, {"scopes": ["ads_read", "email"]}),
    "properties": ("installation", {"properties": {"Region": "eu"}}, {"properties": {"Region": "eu"}}),
}


@pytest.mark.parametrize(("suffix", "declared", "inputs"), OPTIONS.values(), ids=OPTIONS)
def test_option_reaches_its_resource(program, suffix, declared, inputs):
    """Every option of the stack file ends in the input it is for, and changes nothing else of that resource."""
    name = f"facebook-marketing-{suffix}"
    entry = program(**declared).resources[name]

    assert entry.inputs == {**INPUTS[name][1], **inputs}, entry.urn


def test_property_values_are_secret(program):
    """Values of an installation's properties may be credentials."""
    entry = program(properties={"Key": "canary-property"}).resources["facebook-marketing-installation"]

    assert entry.secret == {"properties"}, entry.urn


def test_account_is_made_only_where_told(program):
    """`createAccount` reaches the installation."""
    run = program(top={"cyclr": {**CONFIG["cyclr"], "createAccount": True}})
    entry = run.resources["facebook-marketing-installation"]

    assert entry.inputs["create_account"] is True, entry.urn


def test_shared_app_declares_only_its_domain_and_redirect(program):
    """Name, Site URL and support fields of a shared app belong to another stack."""
    entry = program(shared=True, appName=None).resources["facebook-marketing-app"]
    full = INPUTS["facebook-marketing-app"][1]

    assert entry.inputs == {key: value for key, value in full.items() if key not in ("name", "website_url")}, entry.urn


@pytest.fixture
def moving(program):
    """Run the program during a move from an old service domain."""
    return lambda **more: program(top={"previousServiceDomain": "old.cyclr.com"}, **more)


def test_previous_domain_stays_declared_at_the_app(moving):
    """During a move both App Domains stand; the Site URL is the new one."""
    entry = moving().resources["facebook-marketing-app"]

    assert entry.inputs["app_domains"] == ["app-h.cyclr.com", "old.cyclr.com"], entry.urn
    assert entry.inputs["website_url"] == "https://app-h.cyclr.com/", entry.urn


def test_previous_redirect_is_one_more_declared_step(moving):
    """During a move the old redirect URI is a resource of its own, whose end removes only itself."""
    uris = {entry.name: entry.inputs["redirect_uri"] for entry in moving().of_type("facebook:LoginRedirect")}

    assert uris == {
        "facebook-marketing-redirect": URI,
        "facebook-marketing-previous-redirect": "https://old.cyclr.com/connector/callback",
    }


def test_previous_domain_changes_nothing_else(moving):
    """Publication, installation and setup are those of the new domain."""
    run = moving()
    names = ("facebook-marketing-publication", "facebook-marketing-installation", "facebook-marketing-setup")

    assert {name: run.resources[name].inputs for name in names} == {name: INPUTS[name][1] for name in names}


ATTESTED = {
    "redirect_uri": (URI, {"redirect": {"attestation"}, "setup": {"attestations"}}),
    "live": ("live", {"publication": {"attestations"}}),
    "advanced_access": ("granted", {"publication": {"attestations"}}),
    "client_id": (APP, {"setup": {"attestations"}}),
    "client_secret": (VERSION, {"setup": {"attestations"}}),
}


@pytest.mark.parametrize("key", ATTESTED)
def test_attestation_reaches_the_resources_that_it_is_about(program, key):
    """A person's word goes to the resources whose setting it closes, to no other."""
    value, expected = ATTESTED[key]
    word = {"value": value, **WORD}
    got = {
        name.removeprefix("facebook-marketing-"): {part for part in entry.inputs if part.startswith("attestation")}
        for name, entry in custom(program(attestations={key: word})).items()
    }

    assert {name: parts for name, parts in got.items() if parts} == expected


@pytest.mark.parametrize("key", ["live", "advanced_access"])
def test_attestation_keeps_value_person_and_day(program, key):
    """What reaches a resource is the entry of the stack file."""
    word = {"value": ATTESTED[key][0], **WORD}
    entry = program(attestations={key: word}).resources["facebook-marketing-publication"]

    assert entry.inputs["attestations"] == {key: word}, entry.urn


def test_attested_redirect_is_about_one_uri(moving):
    """During a move a word on the new redirect URI says nothing of the old one."""
    run = moving(attestations={"redirect_uri": {"value": URI, **WORD}})
    attested = {entry.name for entry in run.of_type("facebook:LoginRedirect") if "attestation" in entry.inputs}

    assert attested == {"facebook-marketing-redirect"}


def test_outputs_are_ready_where_everything_stands(program):
    """An environment in which every setting was observed to stand is ready."""
    assert program().outputs == {
        "service_domain": "app-h.cyclr.com",
        "ready": True,
        "attested": 0,
        "open_steps": [],
    }


STEP = {"setting": "App Mode", "value": "live", "verdict": "refused", "proof": "the next look", "after": []}


def with_step(suffix, step=STEP):
    """A world in which one resource has an open step."""
    return lambda kind, name, inputs: (
        {"settings": [STANDS], "open_steps": [step]}
        if name == f"facebook-marketing-{suffix}"
        else all_stands(kind, name, inputs)
    )


@pytest.mark.parametrize(
    ("suffix", "resource"),
    [
        ("app", "facebook.AppSettings"),
        ("redirect", "facebook.LoginRedirect"),
        ("publication", "facebook.AppPublication"),
        ("installation", "cyclr.ConnectorInstallation"),
        ("setup", "cyclr.ConnectorSetup"),
    ],
)
def test_open_step_of_any_resource_reaches_the_outputs(program, suffix, resource):
    """One open step anywhere is named with its connector and resource, and the environment is not ready."""
    outputs = program(answer=with_step(suffix)).outputs

    assert outputs["open_steps"] == [{"connector": "facebook-marketing", "resource": resource, **STEP}]
    assert outputs["ready"] is False


def test_open_step_of_the_previous_redirect_reaches_the_outputs(moving):
    """The old redirect URI is the same kind of resource in every report."""
    (step,) = moving(answer=with_step("previous-redirect")).outputs["open_steps"]

    assert step["resource"] == "facebook.LoginRedirect"


def test_proof_by_a_word_names_the_connector(program):
    """A resource does not know its connector; the command that closes the step needs its name."""
    step = {**STEP, "proof": f"attest {verdicts.ANY_CONNECTOR} live"}
    (shown,) = program(answer=with_step("publication", step)).outputs["open_steps"]

    assert shown["proof"] == "attest facebook-marketing live"


@pytest.mark.parametrize("verdict", ["refused", "inconclusive", "unknown"])
def test_setting_that_does_not_stand_is_not_ready(program, verdict):
    """Even without a step, one setting that was not accepted keeps the environment from being ready."""

    def answer(kind, name, inputs):
        return {**all_stands(kind, name, inputs), "settings": [{**STANDS, "verdict": verdict}]}

    assert program(answer=answer).outputs["ready"] is False


def test_attested_settings_are_counted_over_all_resources(program):
    """The number of settings that rest on a word is printed beside ready."""

    def answer(kind, name, inputs):
        return {**all_stands(kind, name, inputs), "settings": [STANDS, {**STANDS, "evidence": "attested"}]}

    outputs = program(answer=answer).outputs

    assert (outputs["ready"], outputs["attested"]) == (True, len(INPUTS))


def test_preview_knows_every_input_but_the_installation(program):
    """At the first preview only the id of the installation is not known: all else can be reviewed."""
    run = program(answer=nothing_known, preview=True)
    known = {name: dict(entry.inputs) for name, entry in custom(run).items()}
    installation = known["facebook-marketing-setup"].pop("installation", None)
    expected = {name: dict(inputs) for name, (_, inputs) in INPUTS.items()}
    del expected["facebook-marketing-setup"]["installation"]

    assert known == expected
    assert isinstance(installation, Unknown)


def test_preview_claims_nothing_that_was_not_seen(program):
    """Before anything was looked at, ready is unknown, not true and not false."""
    run = program(answer=nothing_known, preview=True)

    assert run.unknown == {"ready", "attested", "open_steps"}
    assert run.outputs == {"service_domain": "app-h.cyclr.com"}


@pytest.mark.parametrize("path", STACK_FILES, ids=lambda path: path.name)
def test_stack_file_is_a_valid_environment(path):
    """Every committed stack file runs as it is, but for the values of its secrets."""
    config = YAML(typ="safe").load(path.read_text())["config"]
    values = {key.removeprefix(f"{PROJECT}:"): value for key, value in config.items()}
    secrets = {key: f"canary-{key}" for key, value in values.items() if isinstance(value, dict) and "secure" in value}
    run = run_program({key: value for key, value in values.items() if key not in secrets}, secrets, all_stands)

    assert run.outputs["ready"] is True
    assert custom(run).keys() == INPUTS.keys()


def test_an_interruption_ends_the_program_without_a_traceback(program):
    """The engine ends a program by SIGINT: Python must not answer it with where it was."""
    handlers = []

    def answer(*_):
        handlers.append(signal.getsignal(signal.SIGINT))
        return all_stands(*_)

    program(answer=answer)

    assert set(handlers) == {signal.SIG_DFL}
