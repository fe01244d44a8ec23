"""facebook.AppSettings against the sandbox: what is written, what stays, what a closed gate leaves open."""

import threading

import pytest

from tests.declared import settings, steps
from tests.worlds import APP_ID

KIND = "facebook.AppSettings"
OTHERS = {
    "privacy_policy_url": "https://acme.example/privacy",
    "terms_of_service_url": "https://acme.example/terms",
    "deauthorize_callback_url": "https://acme.example/bye",
    "contact_email": "apps@acme.example",
    "user_support_email": "help@acme.example",
    "user_support_url": "https://acme.example/help",
}


@pytest.fixture
def open_gate(world):
    """An app whose settings are open to the API."""
    world.dashboard(api_access_to_settings=True)


def written(world):
    """Bodies of the settings writes, without credentials."""
    hidden = {"access_token", "appsecret_proof"}
    calls = [entry for entry in world.requests() if entry["method"] == "POST" and entry["path"].endswith(APP_ID)]
    return [{key: value for key, value in entry["body"].items() if key not in hidden} for entry in calls]


@pytest.mark.usefixtures("open_gate")
def test_every_declared_field_is_written_once_and_read_back(environment, world):
    """With the gate open, all declared fields go out in one write and read back as declared."""
    made = environment.provider(KIND).create(environment.inputs(KIND, **OTHERS))

    assert len(written(world)) == 1
    assert set(settings(made.outs).values()) == {("accepted", "observed")}
    assert world.state()["facebook"]["apps"][APP_ID]["deauth_callback_url"] == "https://acme.example/bye"


@pytest.mark.usefixtures("open_gate")
def test_update_sends_only_what_differs(environment, world):
    """A changed name is all that a write holds."""
    made = environment.provider(KIND).create(environment.inputs(KIND))
    world.forget_requests()

    environment.provider(KIND).update(made.id, made.outs, environment.inputs(KIND, name="New name"))

    assert written(world) == [{"app_name": "New name"}]


@pytest.mark.usefixtures("open_gate")
def test_domains_of_others_stay_and_are_named(environment, world):
    """A domain that somebody else added goes along in the write and is reported as not declared."""
    world.app(app_domains=["other.example"], website_url="http://localhost/")

    made = environment.provider(KIND).create(environment.inputs(KIND))

    assert world.state()["facebook"]["apps"][APP_ID]["app_domains"] == ["localhost", "other.example"]
    assert made.outs["undeclared_app_domains"] == ["other.example"]
    assert settings(made.outs)["app_domains"] == ("accepted", "observed")


@pytest.mark.usefixtures("open_gate")
def test_exclusive_domains_remove_those_of_others(environment, world):
    """With `exclusive_app_domains` a domain that is not declared is removed."""
    world.app(app_domains=["other.example"])

    environment.provider(KIND).create(environment.inputs(KIND, exclusive_app_domains=True))

    assert world.state()["facebook"]["apps"][APP_ID]["app_domains"] == ["localhost"]


@pytest.mark.usefixtures("open_gate")
def test_domain_dropped_in_silence_is_named(environment):
    """A domain that Facebook confirms and does not keep is an open step that names it, also at the next look."""
    inputs = environment.inputs(KIND, app_domains=["localhost", "me.sslip.io"])
    made = environment.provider(KIND).create(inputs)
    again = environment.provider(KIND).read(made.id, made.outs)

    for outs in (made.outs, again.outs):
        step = steps(outs)["App domains"]
        assert "me.sslip.io" in step["cause"]
        assert settings(outs)["app_domains"][0] == "refused"
    assert again.inputs["app_domains"] == ["localhost"]


def test_closed_gate_is_an_open_step_and_adopts(environment):
    """A closed gate never fails: the app is adopted as it is and the step names the switch and the values."""
    made = environment.provider(KIND).create(environment.inputs(KIND))

    step = steps(made.outs)["Allow API Access to App Settings"]
    assert made.outs["name"] == "My first app"
    assert "Acme Ads (sandbox)" in step["cause"]
    assert step["where"].endswith(f"/apps/{APP_ID}/settings/advanced/")
    assert "most likely" not in step["cause"]


def test_other_code_10_says_most_likely(environment, world):
    """A permission error with an unknown text names the switch as the likely cause and the IP list as the other."""
    error = {"error": {"code": 10, "type": "OAuthException", "message": "(#10) Zugriff verweigert"}}
    world.fault(vendor="facebook", method="POST", path=f"/{APP_ID}$", times=1, then={"status": 403, "body": error})

    made = environment.provider(KIND).create(environment.inputs(KIND))

    cause = steps(made.outs)["Allow API Access to App Settings"]["cause"]
    assert "most likely" in cause
    assert "IP Allowlist" in cause


def test_gate_step_stands_until_nothing_differs(environment, world):
    """The step survives looks while the app differs, and goes when somebody types the values."""
    made = environment.provider(KIND).create(environment.inputs(KIND))
    still = environment.provider(KIND).read(made.id, made.outs)
    world.app(name="Acme Ads (sandbox)", app_domains=["localhost"], website_url=f"http://{world.service_domain}/")
    typed = environment.provider(KIND).read(made.id, still.outs)

    assert list(steps(still.outs)) == ["Allow API Access to App Settings"]
    assert steps(typed.outs) == {}


def test_gate_opened_later_is_written_by_the_next_update(environment, world):
    """After the switch, the update that stands in every preview writes what was declared."""
    made = environment.provider(KIND).create(environment.inputs(KIND))
    world.dashboard(api_access_to_settings=True)

    updated = environment.provider(KIND).update(made.id, made.outs, environment.inputs(KIND))

    assert updated.outs["open_steps"] == []
    assert updated.outs["name"] == "Acme Ads (sandbox)"


@pytest.mark.usefixtures("open_gate")
def test_dashboard_management_never_writes(environment, world):
    """`managed_by: dashboard` only reads; each differing field is a step with its label and value."""
    made = environment.provider(KIND).create(environment.inputs(KIND, managed_by="dashboard"))

    assert world.writes() == []
    assert {label: step["value"] for label, step in steps(made.outs).items()} == {
        "Display name": "Acme Ads (sandbox)",
        "App domains": "localhost",
        "Site URL": f"http://{world.service_domain}/",
    }


@pytest.mark.usefixtures("open_gate")
def test_undeclared_field_is_never_written_or_judged(environment, world):
    """A field that is not declared keeps what somebody set."""
    world.app(contact_email="somebody@else.example")

    made = environment.provider(KIND).create(environment.inputs(KIND))

    assert world.state()["facebook"]["apps"][APP_ID]["contact_email"] == "somebody@else.example"
    assert "contact_email" not in settings(made.outs)


def test_wrong_secret_is_not_authorised(environment):
    """A secret that does not belong to the app is an error that names the reference, after the second answer."""
    provider = environment.provider(KIND, values={"facebookAppSecret": "f" * 32, "cyclrClientSecret": "x"})

    with pytest.raises(Exception, match="refuses the app secret") as refused:
        provider.create(environment.inputs(KIND))

    assert "config:facebookAppSecret" in str(refused.value)


@pytest.mark.parametrize(("share", "warned"), [(79, 0), (81, 1)], ids=["below", "above"])
def test_nearly_spent_calls_are_a_warning(environment, world, monkeypatch, share, warned):
    """From 80 percent of the app's hourly calls on, a run warns once; its look still succeeds."""
    said = []
    monkeypatch.setattr("components.facebook.graph._warned", threading.Event())
    monkeypatch.setattr("pulumi.log.warn", said.append)
    environment.people_set_everything()
    world.behave("facebook", usage={"call_count": share})

    environment.provider(KIND).create(environment.inputs(KIND))

    assert len(said) == warned
    assert all(f"{share} %" in text for text in said)


def test_domain_of_others_that_facebook_drops_is_told(environment, world, open_gate, monkeypatch):
    """Somebody else's domain, sent along and dropped by Facebook in silence, is named by a warning."""
    said = []
    monkeypatch.setattr("pulumi.log.warn", said.append)
    world.app(app_domains=["theirs.sslip.io", "kept.example"])

    made = environment.provider(KIND).create(environment.inputs(KIND))

    (warning,) = said
    assert "theirs.sslip.io" in warning
    assert "kept.example" not in warning
    assert made.outs["undeclared_app_domains"] == ["kept.example"]


@pytest.mark.parametrize("kind", ["facebook.AppSettings", "facebook.LoginRedirect", "facebook.AppPublication"])
def test_resource_of_an_app_that_is_no_longer_declared_has_no_verdict(environment, world, kind):
    """An app that left the stack file is not asked, since its secret may be gone too, and nothing is said of it."""
    environment.people_set_everything()
    made = environment.provider(kind).create(environment.inputs(kind))
    world.forget_requests()

    found = environment.provider(kind, references={"42": "config:other"}).read(made.id, made.outs)

    assert world.requests() == []
    assert (found.id, found.inputs) == (made.id, environment.inputs(kind))
    assert {verdict for verdict, _ in settings(found.outs).values()} == {"unknown"}


def test_declaration_that_the_vendor_met_first_is_an_update(environment, world, open_gate):
    """A name that Facebook held before it was declared is taken into the state, and judged by today's word."""
    provider, inputs = environment.provider(KIND), environment.inputs(KIND)
    made = provider.create(inputs)
    world.app(name="New")
    found = provider.read(made.id, made.outs)
    declared = {**inputs, "name": "New"}

    assert found.inputs == declared
    assert provider.diff(made.id, found.outs, declared).changes is True
    outs = provider.update(made.id, found.outs, declared).outs
    assert settings(outs)["name"] == ("accepted", "observed")
    assert provider.diff(made.id, outs, declared).changes is None
