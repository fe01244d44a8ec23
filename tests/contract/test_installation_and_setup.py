"""cyclr.ConnectorInstallation and cyclr.ConnectorSetup against the sandbox."""

import pytest

from components import errors
from components.cyclr import marks
from tests.declared import FINGERPRINT, settings, steps
from tests.worlds import APP_ID, APP_SECRET, CONNECTOR, OBSERVATION

INSTALLATION, SETUP = "cyclr.ConnectorInstallation", "cyclr.ConnectorSetup"


def look(environment, olds=None, **changes):
    provider = environment.provider(SETUP)
    inputs = environment.inputs(SETUP, **changes)
    return provider.update("id", olds, inputs).outs if olds else provider.create(inputs).outs


def test_installation_is_made_once_and_marked(environment, world):
    """A missing installation is made, carries our mark, and a lost state finds it again."""
    first = environment.install()
    second = environment.install()

    assert first == second == f"{OBSERVATION}/{world.installation()['Id']}"
    assert marks.is_made_by("sandbox", world.installation()["Description"])


def test_lost_answer_of_the_install_is_found_again(environment, world):
    """When the answer of the install is lost, the next run adopts what was made."""
    world.fault(vendor="cyclr", method="GET", path="/account/connectors/\\d+", times=99, then="drop")
    made = environment.provider(INSTALLATION).create(environment.inputs(INSTALLATION))

    assert made.id == f"{OBSERVATION}/{world.installation()['Id']}"
    assert steps(made.outs)["Installation"]["cause"].startswith("incomplete: ")


def test_incomplete_create_is_mended_by_the_next_look(environment, world):
    """The step of a create that was cut short goes with the next read."""
    world.fault(vendor="cyclr", method="GET", path="/account/connectors/\\d+", times=99, then={"status": 400})
    made = environment.provider(INSTALLATION).create(environment.inputs(INSTALLATION))
    world.clear_faults()

    again = environment.provider(INSTALLATION).read(made.id, made.outs)

    assert made.outs["open_steps"]
    assert again.outs["open_steps"] == []


@pytest.mark.parametrize("ours", [True, False], ids=["made-by-us", "adopted"])
def test_delete_removes_only_what_we_made(environment, world, ours):
    """An installation with our mark is removed; an adopted one is forgotten, even with a consent mark."""
    made = environment.install()
    if not ours:
        world.change_installation(
            Description=marks.with_consent("by hand", marks.Consent(FINGERPRINT, (), "2026-11-02"))
        )

    environment.provider(INSTALLATION).delete(made, environment.inputs(INSTALLATION))

    assert len(world.account()["connectors"]) == (0 if ours else 1)


def test_gone_installation_is_gone(environment, world):
    """An installation that somebody removed reads as gone."""
    made = environment.provider(INSTALLATION).create(environment.inputs(INSTALLATION))
    world.patch({"cyclr": {"accounts": [{**world.account(), "connectors": []}]}})

    assert environment.provider(INSTALLATION).read(made.id, made.outs).id is None


def test_gone_account_is_gone_and_not_unauthorised(environment, world):
    """Cyclr's 401 for an unknown account reads as gone, because the account itself answers 404."""
    made = environment.provider(INSTALLATION).create(environment.inputs(INSTALLATION))
    world.patch({"cyclr": {"accounts": []}})

    assert environment.provider(INSTALLATION).read(made.id, made.outs).id is None


@pytest.mark.parametrize("create", [True, False], ids=["made", "refused"])
def test_missing_account_is_made_only_when_told(environment, world, create):
    """A missing account is made with `create_account`, else it is a declaration error that names the key."""
    inputs = environment.inputs(INSTALLATION, account="new-account", create_account=create)
    if create:
        assert environment.provider(INSTALLATION).create(inputs).id.startswith("new-account/")
        return
    with pytest.raises(errors.DeclarationError, match=r"createAccount: true"):
        environment.provider(INSTALLATION).create(inputs)

    assert world.writes() == []


def test_other_version_is_an_open_step_and_no_write(environment, world):
    """A declared release other than the installed one is an upgrade in the console, never a replacement."""
    made = environment.provider(INSTALLATION).create(environment.inputs(INSTALLATION))
    world.forget_requests()

    outs = (
        environment.provider(INSTALLATION)
        .update(made.id, made.outs, environment.inputs(INSTALLATION, version="v26.0"))
        .outs
    )

    assert steps(outs)["Upgrade"]["value"] == "v26.0"
    assert world.writes() == []


def test_declared_properties_are_written_and_others_kept(environment, world):
    """Only the declared property that differs is written; its value stands in no setting."""
    environment.install()
    world.change_installation(Properties=[{"Id": 1, "Name": "Other", "Value": "kept"}])

    outs = (
        environment.provider(INSTALLATION)
        .create(environment.inputs(INSTALLATION, properties={"AdAccount": "act_42"}))
        .outs
    )

    there = {entry["Name"]: entry["Value"] for entry in world.installation()["Properties"]}
    assert there == {"Other": "kept", "AdAccount": "act_42"}
    assert settings(outs)["properties"] == ("accepted", "observed")
    assert "act_42" not in str(outs["settings"])


def test_empty_library_is_one_step_and_a_consent_after_it(environment):
    """On the first day the entry's credentials are one step, and the consent comes after it."""
    environment.install()

    found = steps(look(environment))

    assert list(found) == ["Client ID and Client Secret", "Consent"]
    assert found["Consent"]["after"] == ["Client ID and Client Secret", "every other step"]
    assert found["Client ID and Client Secret"]["value"] == (
        f"Client ID: {APP_ID}; Client Secret: config:facebookAppSecret"
    )


def test_completed_consent_proves_the_secret(environment):
    """Marked and authenticated is proven, with the date of the mark and the limit beside it."""
    environment.make_ready()

    outs = look(environment)

    entry = next(entry for entry in outs["settings"] if entry["setting"] == "client_secret")
    assert (entry["verdict"], entry["evidence"]) == ("accepted", "proven")
    assert "2026-11-02" in entry["note"]
    assert "not seen until the next consent" in entry["note"]
    assert outs["open_steps"] == []


def test_consent_without_our_mark_proves_nothing(environment, world):
    """Authenticated without a mark of the declared fingerprint asks for a new consent."""
    environment.make_ready()
    world.change_installation(Description="")

    outs = look(environment)

    assert settings(outs)["client_secret"] == ("inconclusive", "none")
    assert steps(outs)["Consent"]["value"].endswith("authorize -s sandbox --renew")


def test_rotated_secret_needs_a_new_consent(environment):
    """A mark of another fingerprint is no proof of this secret."""
    environment.make_ready()
    values = {"facebookAppSecret": "0" * 32, "cyclrClientSecret": "sandbox-api-secret"}

    outs = environment.provider(SETUP, values=values).create(environment.inputs(SETUP)).outs

    assert settings(outs)["client_secret"] == ("inconclusive", "none")


@pytest.mark.parametrize(
    ("change", "label"),
    [
        ({"client_id": "999"}, "Client ID and Client Secret"),
        ({"scopes": "ads_read"}, "Scopes"),
        ({"client_id": "", "client_secret": ""}, "Client ID and Client Secret"),
    ],
    ids=["client-id", "scopes", "emptied"],
)
def test_changed_library_is_refused_whatever_was_proven(environment, world, change, label):
    """A dialog that asks for other values refutes the proof, and only that setting is the step."""
    environment.make_ready()
    world.library(**change)

    outs = look(environment)

    assert settings(outs)["client_secret"][0] == "refused"
    assert list(steps(outs)) == [label]


def test_moved_service_domain_is_its_own_step(environment, world):
    """When Cyclr sends customers back to another host, the step is the service domain."""
    environment.make_ready()
    world.patch({"cyclr": {"service_domain": "elsewhere.cyclr.com"}})

    assert list(steps(look(environment))) == ["Service Domain"]


@pytest.mark.parametrize("name", ["ClientId", "ClientSecret"])
def test_own_credentials_make_the_observation_inconclusive(environment, world, name):
    """An observation installation with credentials of its own proves those, and the step names them."""
    environment.make_ready()
    world.change_installation(
        Properties=[{"Id": 1, "Name": name, "Value": APP_ID if name == "ClientId" else APP_SECRET}]
    )

    outs = look(environment)

    assert settings(outs)["client_secret"] == ("inconclusive", "none")
    (step,) = steps(outs).values()
    assert name in step["cause"]


def test_vendor_that_bounces_is_inconclusive_and_attestable(environment, world):
    """Where the link of an authenticated installation shows no dialog, ids wait for an attestation."""
    world.behave("facebook", authorise_link_on_authenticated="bounces")
    environment.make_ready()
    said = {"by": "jane@acme.example", "date": "2026-11-02"}
    word = {"client_id": {"value": APP_ID, **said}, "redirect_uri": {"value": world.redirect_uri, **said}}

    assert settings(look(environment))["client_id"] == ("inconclusive", "none")
    assert settings(look(environment, attestations=word))["client_id"] == ("accepted", "attested")


def test_vendor_that_drops_the_consent_is_asked_once(environment, world):
    """A look that ends a consent is remembered, and the link of an authenticated installation is not opened again."""
    world.behave("facebook", authorise_link_on_authenticated="drops_consent")
    environment.make_ready()
    first = look(environment)
    environment.authorise()
    second = look(environment, olds=first)

    assert first["link_ends_consent"] is True
    assert "Consent" in steps(first)
    assert world.installation()["Authenticated"] is True
    assert settings(second)["client_secret"] == ("accepted", "proven")
    assert settings(second)["client_id"] == ("inconclusive", "none")


def test_gone_observation_installation_is_unknown(environment, world):
    """Without the installation nothing can be observed, and the step says what makes it again."""
    environment.make_ready()
    inputs = environment.inputs(SETUP)
    world.patch({"cyclr": {"accounts": [{**world.account(), "connectors": []}]}})

    outs = environment.provider(SETUP).create(inputs).outs

    assert settings(outs) == {"installation": ("unknown", "none")}
    assert list(steps(outs)) == ["Installation"]


def test_looks_of_all_resources_stay_within_fourteen_calls(environment, world):
    """One look at a ready environment takes at most fourteen calls and writes nothing."""
    environment.make_ready()
    kinds = ("facebook.AppSettings", "facebook.LoginRedirect", "facebook.AppPublication", INSTALLATION, SETUP)
    made = {kind: environment.provider(kind).create(environment.inputs(kind)) for kind in kinds}
    environment.forget_tokens()
    world.forget_requests()

    for kind, resource in made.items():
        environment.provider(kind, run="one look").read(resource.id, resource.outs)

    assert len(world.requests()) <= 14
    assert world.writes() == []


@pytest.mark.parametrize(
    ("user", "readable", "by"),
    [("customer", True, "customer"), ("dev-user", True, "role"), ("customer", False, "")],
    ids=["customer", "somebody-with-a-role", "not-shown"],
)
def test_who_consented_is_seen_where_the_vendor_shows_the_token(environment, world, user, readable, by):
    """The consent's token tells whether a customer signed in, or somebody with a role; hidden, nobody is told."""
    world.behave("facebook", auth_value_readable=readable)
    environment.people_set_everything()
    environment.authorise(user=user)

    outs = look(environment)

    assert outs["consent_by"] == by
    assert settings(outs)["client_secret"] == ("accepted", "proven")
    assert "EAA" not in repr(outs)


def test_consent_under_another_app_proves_nothing(environment, world):
    """A consent completed while the library held another app is known by its token, after all was set right again."""
    environment.make_ready()
    app = world.state()["facebook"]["apps"][APP_ID]
    world.patch({"facebook": {"apps": {"4242": {**app, "secret": "other-secret"}}}})
    world.change_installation(Authenticated=False, AuthValue=None)
    world.library(client_id="4242", client_secret="other-secret")
    environment.authorise()
    world.library(client_id=APP_ID, client_secret=APP_SECRET)

    outs = look(environment)

    assert settings(outs)["client_secret"] == ("inconclusive", "none")
    assert steps(outs)["Consent"]["value"].endswith("--renew")


def test_dead_token_takes_no_proof_away(environment, world):
    """A consent whose token ended later has proven the secret all the same, and customers still connect."""
    environment.make_ready()
    world.patch({"facebook": {"users": {"customer": {"password": "another"}}}})

    outs = look(environment)

    (secret,) = [entry for entry in outs["settings"] if entry["setting"] == "client_secret"]
    assert (secret["verdict"], outs["consent_by"]) == ("accepted", "")
    assert "no longer lives (code 190/460)" in secret["note"]


@pytest.mark.parametrize("then", ["drop", {"status": 400, "body": {"error": {"code": 200, "message": "no"}}}])
def test_provider_that_does_not_tell_hides_nothing_of_cyclr(environment, world, then):
    """Without Facebook's word on the token, the setup is judged as before."""
    environment.make_ready()
    world.fault(vendor="facebook", path="/debug_token|/roles|oauth/access_token", times=None, then=then)

    outs = look(environment)

    assert (settings(outs)["client_secret"], outs["consent_by"]) == (("accepted", "proven"), "")


def test_newer_release_that_customers_get_is_not_observed_here(environment, world):
    """Another release than the one customers get is inconclusive; a declared version says which one that is."""
    environment.make_ready()
    library = world.state()["cyclr"]["connectors"]
    newer = {**next(entry for entry in library if entry["Name"] == CONNECTOR), "Id": 6001, "Version": "v26.0"}
    world.patch({"cyclr": {"connectors": [*library, newer]}})

    undeclared = environment.provider(INSTALLATION).create(environment.inputs(INSTALLATION)).outs
    declared = environment.provider(INSTALLATION).create(environment.inputs(INSTALLATION, version="v25.0")).outs

    assert settings(undeclared)["version"] == ("inconclusive", "none")
    assert steps(undeclared)["Upgrade"]["value"] == "v26.0 (release 6001)"
    assert settings(declared)["version"] == ("accepted", "observed")


def test_draft_release_is_not_installed(environment, world):
    """A draft shows Status Approved; the declared release must be a live one."""
    with pytest.raises(errors.DeclarationError, match="can be installed"):
        environment.provider(INSTALLATION).create(
            environment.inputs(INSTALLATION, connector=CONNECTOR, version="v99.0")
        )

    assert world.writes() == []


def test_page_that_is_not_about_credentials_is_no_verdict(environment, world):
    """A page at the authorise link that says nothing of the entry is inconclusive: it may be an outage."""
    environment.make_ready()
    world.fault(vendor="cyclr", path="/connectorauth", times=1, then={"status": 200, "body": {}})

    outs = look(environment)

    assert settings(outs)["client_id"] == ("inconclusive", "none")
    assert "look again later" in steps(outs)["Client ID and Client Secret"]["cause"]


def test_moved_account_makes_the_new_installation_before_the_old_goes(environment):
    """A changed account replaces the installation after the new one stands, so a mistyped one costs nothing."""
    provider = environment.provider(INSTALLATION)
    olds = environment.inputs(INSTALLATION)

    other = provider.diff("id", olds, {**olds, "account": "typo"})
    renamed = provider.diff("id", olds, {**olds, "connector": "Facebook Messenger"})

    assert (other.replaces, other.delete_before_replace) == (["account"], False)
    assert (renamed.replaces, renamed.delete_before_replace) == (["connector"], True)


def test_state_with_a_retired_reference_is_read_with_the_current_one(environment):
    """A state whose reference is gone from the stack file is read with the secret that stands there now."""
    environment.make_ready()
    values = {"newKey": APP_SECRET, "cyclrClientSecret": "sandbox-api-secret"}
    made = environment.provider(SETUP).create(environment.inputs(SETUP))
    moved = environment.provider(SETUP, values=values, references={APP_ID: "config:newKey"})

    assert moved.read(made.id, made.outs).outs["open_steps"] == []
    with pytest.raises(errors.AuthError, match="config:facebookAppSecret"):
        environment.provider(SETUP, values=values).read(made.id, made.outs)
