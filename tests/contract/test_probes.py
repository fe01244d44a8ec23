"""facebook.LoginRedirect and facebook.AppPublication against the sandbox: what the probes say, and what they cannot."""

import pytest

from tests.declared import ADVANCED, settings, steps

REDIRECT, PUBLICATION = "facebook.LoginRedirect", "facebook.AppPublication"
LABEL = "Valid OAuth Redirect URIs"


def look(environment, kind, **changes):
    return environment.provider(kind).create(environment.inputs(kind, **changes)).outs


def test_listed_uri_is_accepted_by_probe_and_control(environment, world):
    """A listed URI of a listed domain is accepted, and the control address was asked too."""
    environment.people_set_everything()
    world.forget_requests()

    outs = look(environment, REDIRECT)

    assert settings(outs) == {"redirect_uri": ("accepted", "observed")}
    hosts = [entry["body"].get("redirect_uri", "") for entry in world.requests()]
    assert sum(host.startswith("https://") and ".example/" in host for host in hosts) == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"redirect_uris": []},
        {"client_oauth_login": False},
        {"web_oauth_login": False},
        {"login_product": False},
    ],
    ids=str,
)
def test_login_settings_share_one_cause(environment, world, broken):
    """What the probe cannot tell apart is named together, with the App Domain ruled out because it is there."""
    environment.people_set_everything()
    world.dashboard(**broken)

    step = steps(look(environment, REDIRECT))[LABEL]

    assert step["cause"].startswith("one of: not in the list")
    assert (step["verdict"], step["value"]) == ("refused", world.redirect_uri)


def test_missing_app_domain_is_the_named_cause(environment, world):
    """A domain that is not among the app's is named before the other causes."""
    environment.people_set_everything()
    world.app(app_domains=[])

    assert steps(look(environment, REDIRECT))[LABEL]["cause"].startswith("App Domain localhost is missing")


def test_probe_that_accepts_anything_proves_nothing(environment, world):
    """When the control address is accepted too, the verdict is inconclusive and a person may attest."""
    accepted = {"error": {"code": 100, "type": "OAuthException", "message": "Invalid verification code format."}}
    world.fault(vendor="facebook", path="oauth/access_token", skip=1, times=9, then={"status": 400, "body": accepted})

    outs = look(environment, REDIRECT)

    assert settings(outs) == {"redirect_uri": ("inconclusive", "none")}
    assert "attest -s sandbox CONNECTOR redirect_uri --by" in steps(outs)[LABEL]["proof"]


def test_attestation_never_beats_a_refusal(environment, world):
    """A refused URI stays an open step whatever somebody says."""
    word = {"value": world.redirect_uri, "by": "jane@acme.example", "date": "2026-11-02"}

    assert settings(look(environment, REDIRECT, attestation=word)) == {"redirect_uri": ("refused", "observed")}


def test_localised_messages_change_nothing(environment, world):
    """The verdict comes from the code alone, in any language."""
    refused = {"error": {"code": 191, "type": "OAuthException", "message": "URL kan niet worden geladen"}}
    world.fault(vendor="facebook", path="oauth/access_token", skip=1, times=1, then={"status": 400, "body": refused})

    assert settings(look(environment, REDIRECT)) == {"redirect_uri": ("refused", "observed")}


@pytest.mark.parametrize("secret_first", [True, False], ids=["secret-first", "redirect-first"])
def test_order_of_the_vendors_checks_is_no_matter(environment, world, secret_first):
    """Whichever Facebook checks first, a missing URI is refused and a listed one accepted."""
    world.behave("facebook", redirect_check_before_secret=not secret_first)
    before = settings(look(environment, REDIRECT))
    environment.people_set_everything()
    after = settings(look(environment, REDIRECT))

    assert (before["redirect_uri"][0], after["redirect_uri"][0]) == ("refused", "accepted")


def test_development_is_inferred_from_loopback(environment, world):
    """An app that takes a loopback URI is in Development."""
    environment.people_set_everything()
    world.dashboard(mode="development")

    outs = look(environment, PUBLICATION)

    assert settings(outs)["live"] == ("refused", "inferred")
    assert outs["seen_in_development"] is True


def test_live_is_inferred_only_after_development_was_seen(environment, world):
    """An adopted live app is inconclusive; one seen in Development before is live."""
    environment.people_set_everything()
    never_seen = look(environment, PUBLICATION)
    world.dashboard(mode="development")
    provider = environment.provider(PUBLICATION)
    seen = provider.create(environment.inputs(PUBLICATION))
    world.dashboard(mode="live")
    after = environment.provider(PUBLICATION).read(seen.id, seen.outs).outs

    assert settings(never_seen)["live"] == ("inconclusive", "none")
    assert settings(after)["live"] == ("accepted", "inferred")
    assert after["open_steps"] == []


def test_live_is_not_inferred_while_the_own_uri_is_refused(environment, world):
    """A refused loopback URI says nothing while everything is refused; the step waits for the redirect URI."""
    environment.people_set_everything()
    world.dashboard(mode="development")
    seen = environment.provider(PUBLICATION).create(environment.inputs(PUBLICATION))
    world.dashboard(mode="live", client_oauth_login=False)

    outs = environment.provider(PUBLICATION).read(seen.id, seen.outs).outs

    assert settings(outs)["live"] == ("inconclusive", "none")
    assert steps(outs)["App Mode"]["after"] == [LABEL]


def test_vendor_without_loopback_rule_is_inconclusive(environment, world):
    """Where an app in Development refuses loopback URIs too, live is never inferred."""
    world.behave("facebook", loopback_in_development=False)
    environment.people_set_everything()
    world.dashboard(mode="development")

    assert settings(look(environment, PUBLICATION))["live"] == ("inconclusive", "none")


def test_advanced_access_is_attested_by_name_and_day(environment):
    """Advanced access is open until somebody attests it, and then shows as attested, by whom and when."""
    environment.people_set_everything()
    without = look(environment, PUBLICATION, attestations=None)
    outs = look(environment, PUBLICATION, attestations=ADVANCED)

    entry = next(entry for entry in outs["settings"] if entry["setting"] == "advanced_access")
    assert settings(without)["advanced_access"] == ("unknown", "none")
    assert "Advanced Access" in steps(without)
    assert (entry["verdict"], entry["evidence"]) == ("accepted", "attested")
    assert entry["note"] == "attested by jane@acme.example on 2026-11-02"
