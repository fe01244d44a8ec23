"""What people call the parts of an environment, for reports. Pure data."""

from __future__ import annotations

from components.facebook.app_rules import FIELDS
from stacks.operations.summary.naming import is_aws, own

RESOURCES = {
    "facebook.AppSettings": "Facebook app",
    "facebook.LoginRedirect": "Facebook redirect URI",
    "facebook.AppPublication": "Facebook publication",
    "cyclr.ConnectorInstallation": "Cyclr installation",
    "cyclr.ConnectorSetup": "Cyclr library entry",
    "cyclr.AccountCredentials": "Cyclr account credentials",
    "OAuthConnector": "connector",
    "pulumi-python": "access to the vendors",
    "aws": "access to AWS",
    "aws.kms.Key": "key in KMS",
    "aws.kms.Alias": "name of a key in KMS",
    "aws.secretsmanager.Secret": "secret in Secrets Manager",
    "aws.secretsmanager.SecretPolicy": "policy of a secret",
    "aws.route53.Record": "DNS record",
    "aws.sns.Topic": "SNS topic",
    "aws.sns.TopicSubscription": "SNS subscription",
    "aws.cloudwatch.MetricAlarm": "CloudWatch alarm",
}
"""Kind of resource -> what it is."""

SETTINGS = {
    **{entry.name: entry.label for entry in FIELDS},
    "app_id": "App ID",
    "client_id": "Client ID",
    "app_secret": "where the app secret lives",
    "client_secret": "where the app secret lives",
    "app_secret_version": "app secret, version",
    "client_secret_version": "app secret, version",
    "redirect_uri": "Valid OAuth Redirect URI",
    "exclusive_app_domains": "only declared app domains",
    "managed_by": "managed by",
    "service_domain": "Service Domain",
    "scopes": "Scopes",
    "installation": "observation installation",
    "account": "Cyclr account",
    "connector": "connector in Cyclr's library",
    "version": "release of the connector",
    "create_account": "make the account",
    "accounts": "accounts",
    "attestation": "attestation",
    "attestations": "attestations",
    "live": "App Mode",
    "advanced_access": "Advanced Access",
    "graphVersion": "Graph version",
    "cyclrApiUrl": "address of Cyclr's API",
    "cyclrClientId": "Cyclr API client",
    "graphUrl": "address of Graph",
    "wwwUrl": "address of the login dialog",
    "dashboardUrl": "address of the app dashboard",
    "cyclrConsoleUrl": "address of Cyclr's console",
}
"""Input -> what it is called where a person meets it."""


FINGERPRINT = "Client Secret, fingerprint"
"""What a verdict on the setting `client_secret` is about; as an input it is where the secret lives."""


def resource(kind: str, urn: str = "") -> str:
    """What a resource is, the kind itself where it has no name; with its URN also which of several."""
    return RESOURCES.get(kind, kind) + (own(kind, urn) if urn else "")


def setting(name: str, resource: str = "") -> str:
    """What a setting is; the input's name where it has none, and at AWS, where the same names mean something else."""
    if is_aws(resource):
        return name
    return SETTINGS.get(name.rpartition(":")[2], name)


def judged(name: str, resource: str = "") -> str:
    """What a setting with a verdict is."""
    return FINGERPRINT if name == "client_secret" else setting(name, resource)
