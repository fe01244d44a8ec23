"""What every resource owes, at provider level against the sandbox."""

import base64
import json

import pytest
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.output import Unknown

from components import errors
from tests.declared import settings
from tests.worlds import API_SECRET, APP_SECRET

SECRETS = (APP_SECRET, API_SECRET)


def drift_name(world):
    world.app(name="Somebody else's app")


def drift_redirect(world):
    world.dashboard(redirect_uris=[])


def drift_mode(world):
    world.dashboard(mode="development")


def drift_upgrade(world):
    state = world.state()
    library = state["cyclr"]["connectors"]
    newer = {**next(entry for entry in library if entry["Name"] == "Facebook Marketing API"), "Id": 6001}
    world.patch({"cyclr": {"connectors": [*library, {**newer, "Version": "v26.0"}]}})
    world.change_installation(Connector=6001)


def drift_client_id(world):
    world.library(client_id="999")


DRIFT = {
    "facebook.AppSettings": (drift_name, {}, "name"),
    "facebook.LoginRedirect": (drift_redirect, {}, "redirect_uri"),
    "facebook.AppPublication": (drift_mode, {}, "live"),
    "cyclr.ConnectorInstallation": (drift_upgrade, {"version": "v25.0"}, "version"),
    "cyclr.ConnectorSetup": (drift_client_id, {}, "client_id"),
}
VENDOR = {"facebook": "Facebook", "cyclr": "Cyclr"}


def test_create_then_read_gives_the_inputs_back(environment, kind):
    """A resource that was created and read has the inputs that were declared."""
    environment.people_set_everything()
    inputs = environment.inputs(kind)
    made = environment.provider(kind).create(dict(inputs))

    again = environment.provider(kind).read(made.id, made.outs)

    assert (again.id, again.inputs) == (made.id, inputs)


def test_second_look_changes_nothing(environment, kind):
    """An untouched resource reads as the same outputs, so a refresh is empty."""
    environment.make_ready()
    made = environment.provider(kind).create(environment.inputs(kind))
    first = environment.provider(kind).read(made.id, made.outs)

    second = environment.provider(kind).read(made.id, first.outs)

    assert (second.outs, second.inputs) == (first.outs, first.inputs)


def test_update_without_a_difference_writes_nothing(environment, world, kind):
    """An update that finds everything in place sends no write."""
    environment.people_set_everything()
    inputs = environment.inputs(kind)
    made = environment.provider(kind).create(inputs)
    world.forget_requests()

    environment.provider(kind).update(made.id, made.outs, inputs)

    assert world.writes() == []


def test_drift_shows_on_read(environment, world, kind):
    """What somebody changed at the vendor is refused at the next read, under its own name."""
    change, extra, name = DRIFT[kind]
    environment.people_set_everything()
    made = environment.provider(kind).create(environment.inputs(kind, **extra))
    change(world)

    seen = settings(environment.provider(kind).read(made.id, made.outs).outs)

    assert seen[name][0] == "refused", f"{kind}: {seen}"


def test_delete_twice_is_fine(environment, world, kind):
    """Deleting what is gone already succeeds."""
    environment.people_set_everything()
    made = environment.provider(kind).create(environment.inputs(kind))

    environment.provider(kind).delete(made.id, made.outs)
    environment.provider(kind).delete(made.id, made.outs)

    assert world.state()["facebook"]["apps"], "the app must stay"


def test_existing_object_is_adopted_without_a_write(environment, world, kind):
    """What stands already as declared is adopted by reading alone."""
    environment.people_set_everything()
    world.forget_requests()

    environment.provider(kind).create(environment.inputs(kind))

    assert world.writes() == []


def test_unknown_inputs_pass_preview(environment, kind):
    """A value that is not known before the update is no fault and no replacement."""
    environment.install()
    provider = environment.provider(kind)
    unknown = dict.fromkeys(environment.inputs(kind), Unknown())

    checked = provider.check({}, unknown)
    diffed = provider.diff("id", environment.inputs(kind), unknown)

    assert (checked.failures, checked.inputs, diffed.replaces) == ([], unknown, [])


def test_vendor_refusal_names_its_reason_and_fix(environment, world, kind):
    """A vendor that does not let us look is a four-part error with its own words, never a verdict."""
    environment.people_set_everything()
    vendor = kind.partition(".")[0]
    body = {"facebook": {"error": {"code": 190, "message": "Invalid token"}}, "cyclr": {"Message": "Denied"}}[vendor]
    made = environment.provider(kind).create(environment.inputs(kind))
    world.fault(vendor=vendor, path="/v", times=20, then={"status": 401, "body": body})

    with pytest.raises(errors.AuthError) as refused:
        environment.provider(kind).read(made.id, made.outs)

    text = str(refused.value)
    assert kind in text
    assert body.get("Message", "Invalid token") in text
    assert "fix:" in text
    assert "--run-program" in text


def test_outage_is_an_error_and_not_a_verdict(environment, world, kind):
    """A vendor that cannot be reached raises, so that nothing looks like drift."""
    environment.people_set_everything()
    made = environment.provider(kind).create(environment.inputs(kind))
    world.fault(vendor=kind.partition(".")[0], path="/", times=100, then="drop")

    with pytest.raises(errors.TransportError, match="could not be reached"):
        environment.provider(kind).read(made.id, made.outs)


def test_no_secret_in_state_or_pickle(environment, kind):
    """Neither outputs nor inputs nor the stored provider hold a secret."""
    environment.make_ready()
    provider = environment.provider(kind)
    made = provider.create(environment.inputs(kind))
    seen = provider.read(made.id, made.outs)

    pickled = base64.b64decode(serialize_provider(type(provider)())).decode("latin-1")
    stored = json.dumps([made.outs, seen.outs, seen.inputs]) + pickled

    assert [secret for secret in SECRETS if secret in stored] == []


def test_secret_typed_as_a_reference_is_refused_unseen(environment, kind):
    """A secret where its reference belongs is refused, with no property named and the text not quoted."""
    provider = environment.provider(kind)
    name = next((entry.name for entry in provider.INPUTS if entry.kind == "reference"), None)
    if name is None:
        assert kind == "cyclr.ConnectorInstallation", f"{kind} has no reference"
        return
    checked = provider.check({}, {**environment.inputs(kind), name: APP_SECRET})

    (failure,) = [entry for entry in checked.failures if name in entry.reason]
    assert failure.property == ""
    assert APP_SECRET not in failure.reason


def test_all_faults_are_reported_at_once(environment, kind):
    """Empty inputs are as many faults as there are required inputs."""
    provider = environment.provider(kind)

    failures = provider.check({}, {}).failures

    assert len(failures) == sum(entry.required for entry in provider.INPUTS)


def test_change_of_identity_replaces(environment, kind):
    """A changed identity input is another resource, deleted before it is made anew; in another account, after that."""
    provider = environment.provider(kind)
    olds = environment.inputs(kind)
    for name in provider.IDENTITY:
        result = provider.diff("id", olds, {**olds, name: "another"})

        assert (result.replaces, result.changes) == ([name], None)
        assert result.delete_before_replace is (name != "account")
