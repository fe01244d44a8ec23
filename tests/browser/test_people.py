"""What people do in the two consoles and in the login dialog, in a real browser, by what they can read on the pages."""

import pytest

from components.cyclr.api import Cyclr
from components.cyclr.authorise import authorise_link
from tests.declared import settings
from tests.worlds import APP_ID, APP_SECRET, OBSERVATION

pytestmark = pytest.mark.browser


def consent_link(environment):
    """A one-time link for the observation installation."""
    world = environment.world
    token = Cyclr(world.access()).sign_in_token(OBSERVATION)["Token"]
    return authorise_link(world.service_url, str(world.installation()["Id"]), token)


def test_consent_completes_by_signing_in_and_agreeing(page, environment):
    """A customer who opens the link, signs in and agrees ends with an authenticated installation."""
    environment.people_set_everything()
    page.goto(consent_link(environment))
    page.get_by_label("User name").fill("customer")
    page.get_by_label("Password").fill("customer-password")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Continue as customer").click()
    page.wait_for_load_state()

    assert environment.world.installation()["Authenticated"] is True


def test_customer_sees_the_known_page_when_a_domain_is_missing(page, environment):
    """Without its App Domain the dialog shows the page that customers report."""
    environment.people_set_everything()
    environment.world.app(app_domains=[])

    page.goto(consent_link(environment))

    assert "The domain of this URL isn't included in the app's domains" in page.inner_text("body")


def test_redirect_uri_is_saved_by_its_label(page, environment):
    """The login settings page takes the redirect URI as a person types it, and the probe then accepts it."""
    world = environment.world
    environment.people_set_everything()
    world.dashboard(redirect_uris=[])
    page.goto(f"{world.facebook}/apps/{APP_ID}/fb-login/settings/")
    page.get_by_label("Valid OAuth Redirect URIs").fill(world.redirect_uri)
    page.get_by_role("button", name="Save changes").click()
    page.wait_for_load_state()

    kind = "facebook.LoginRedirect"
    outs = environment.provider(kind).create(environment.inputs(kind)).outs
    assert settings(outs) == {"redirect_uri": ("accepted", "observed")}


def test_library_setup_is_saved_by_its_labels(page, environment):
    """The library entry's form takes Client ID and Client Secret, and the authorise link then shows the id."""
    world = environment.world
    environment.people_set_everything()
    world.library(client_id="", client_secret="")
    page.goto(world.service_url)
    page.get_by_role("link", name="Facebook Marketing API").first.click()
    page.get_by_label("Client ID").fill(APP_ID)
    page.get_by_label("Client Secret").fill(APP_SECRET)
    page.get_by_role("button", name="Save Changes").click()
    page.wait_for_load_state()

    kind = "cyclr.ConnectorSetup"
    outs = environment.provider(kind).create(environment.inputs(kind)).outs
    assert settings(outs)["client_id"] == ("accepted", "observed")
