"""What a customer meets when a setting is not as declared. One table, for reviews and for drift reports. Pure data.

Source: the pages of Facebook's login dialog and of Cyclr's connector setup; the texts in quotes are theirs.
"""

from __future__ import annotations

CANT_LOAD = 'new customers see "Can\'t load URL" or "URL Blocked"'
NOT_SEEN = "not known: it was not looked at"
NOBODY = "nothing"

NOTICES: dict[tuple[str, str], str] = {
    ("facebook.AppSettings", "app_id"): "every customer must reconnect: an app's consents are its own",
    ("facebook.AppSettings", "app_domains"): CANT_LOAD,
    (
        "facebook.AppSettings",
        "website_url",
    ): 'new customers may see "Can\'t load URL": App Domains must fit the Site URL',
    ("facebook.AppSettings", "name"): "the login dialog asks for consent in another name",
    ("facebook.AppSettings", "privacy_policy_url"): "the login dialog links to another privacy policy",
    ("facebook.AppSettings", "terms_of_service_url"): "the login dialog links to other terms of service",
    ("facebook.AppSettings", "deauthorize_callback_url"): "who removes the app is reported elsewhere, or nowhere",
    ("facebook.LoginRedirect", "redirect_uri"): CANT_LOAD,
    ("facebook.AppPublication", "live"): 'customers without a role on the app see "App not active"',
    (
        "facebook.AppPublication",
        "advanced_access",
    ): 'customers may see "Feature Unavailable", or grant less than is needed',
    ("cyclr.ConnectorInstallation", "connector"): "nothing; without it the connector cannot be observed",
    ("cyclr.ConnectorInstallation", "version"): "customers get another release of the connector than the observed one",
    ("cyclr.ConnectorSetup", "client_id"): "new customers are sent to another app, or to none",
    ("cyclr.ConnectorSetup", "redirect_uri"): CANT_LOAD,
    ("cyclr.ConnectorSetup", "service_domain"): CANT_LOAD,
    ("cyclr.ConnectorSetup", "scopes"): "new customers grant other permissions than the connector needs",
    (
        "cyclr.ConnectorSetup",
        "client_secret",
    ): "new customers may come back from the login with an error, and tokens may fail to refresh",
    ("cyclr.AccountCredentials", "client_id"): "customers of the named accounts are sent to another app, or to none",
    ("cyclr.AccountCredentials", "client_secret"): "customers of the named accounts fail to connect or to refresh",
}
"""(resource, setting) -> what a customer notices while it is not as declared."""


def notice(resource: str, setting: str) -> str:
    """What a customer notices; of a setting that no customer meets, that it is nothing."""
    return NOTICES.get((resource, setting), NOBODY)
