"""What a customer meets when a setting is not as declared. One table, for reviews and for drift reports. Pure data.

Source: the pages of Facebook's login dialog and of Cyclr's connector setup; the texts in quotes are theirs.
"""

from __future__ import annotations

from collections.abc import Mapping

CANT_LOAD = 'new customers see "Can\'t load URL" or "URL Blocked"'
NOT_SEEN = "not known: it was not looked at"
NOT_WATCHED = "nothing; it is only no longer observed"
NOBODY = "nothing"

_UNREAD = "nothing by itself, but without it the app secret cannot be read: no update, no look"
_UNTOLD = "nothing by itself, but nobody may be told when the environment differs or is no longer looked at"

NOTICES: Mapping[str, Mapping[str, str]] = {
    "facebook.AppSettings": {
        "app_id": "every customer must reconnect: an app's consents are its own",
        "app_domains": CANT_LOAD,
        "website_url": 'new customers may see "Can\'t load URL"',
        "name": "the login dialog asks for consent in another name",
        "privacy_policy_url": "the login dialog links to another privacy policy",
        "terms_of_service_url": "the login dialog links to other terms of service",
        "deauthorize_callback_url": "who removes the app is reported elsewhere, or nowhere",
    },
    "facebook.LoginRedirect": {"redirect_uri": CANT_LOAD},
    "facebook.AppPublication": {
        "live": 'customers without a role on the app see "App not active"',
        "advanced_access": 'customers may see "Feature Unavailable", or grant less than is needed',
    },
    "cyclr.ConnectorInstallation": {
        "connector": "nothing; without it the connector cannot be observed",
        "version": "customers get another release of the connector than the observed one",
    },
    "cyclr.ConnectorSetup": {
        "client_id": "new customers are sent to another app, or to none",
        "redirect_uri": CANT_LOAD,
        "service_domain": CANT_LOAD,
        "scopes": "new customers grant other permissions than the connector needs",
        "client_secret": "new customers may come back from the login with an error, and tokens may fail to refresh",
    },
    "cyclr.AccountCredentials": {
        "client_id": "customers of the named accounts are sent to another app, or to none",
        "client_secret": "customers of the named accounts fail to connect or to refresh",
    },
    "aws.kms.Key": {
        "": _UNREAD,
        "policy": "nothing by itself, but the key is open to others than declared, or closed for who needs it",
        "enableKeyRotation": "nothing by itself, but the key stays the same for longer than declared",
        "tags": NOBODY,
        "description": NOBODY,
    },
    "aws.secretsmanager.Secret": {"": _UNREAD, "tags": NOBODY, "description": NOBODY},
    "aws.secretsmanager.SecretPolicy": {
        "": "nothing by itself, but others than declared may read the app secret",
        "secretArn": NOBODY,
    },
    "aws.route53.Record": {
        "": "the service domain leads elsewhere, or nowhere: customers can neither connect nor sign in",
        "ttl": NOBODY,
    },
    "aws.sns.Topic": {"": _UNTOLD, "tags": NOBODY},
    "aws.sns.TopicSubscription": {"": _UNTOLD},
    "aws.cloudwatch.MetricAlarm": {"": _UNTOLD, "tags": NOBODY},
}
"""Resource -> setting, "" for any other -> what a customer notices while it is not as declared."""

WHOLE = {"cyclr.ConnectorInstallation": "connector"}
"""Resource -> the setting that stands for it as a whole."""


def of_setting(resource: str, setting: str, *, seen: bool) -> str:
    """What a customer notices of a setting that is not as declared, or, where that was not seen, may notice."""
    known = NOTICES.get(resource, {})
    noticed = known.get(setting, known.get("", NOBODY))
    return noticed if seen or noticed == NOBODY else f"if it is not as declared: {noticed}"


def of_step(resource: str) -> str:
    """What a customer may notice while a step is open that names no setting."""
    return of_setting(resource, WHOLE.get(resource, ""), seen=False)


def of_resource(resource: str) -> str:
    """What a customer notices of a resource that is gone, or that an update would change as a whole."""
    return of_setting(resource, WHOLE.get(resource, ""), seen=True)
