"""What the sandbox's state may hold, as data: every key, its type and its default.

Never: behaviour. How a switch acts is told where it acts; here stands only what it is called, what it may be and
which side is the default. Every fact the vendors leave open has a switch under ``behaviour``.
"""

from __future__ import annotations

from stacks.sandbox.shape import Free, Leaf, ListOf, MapOf, Record, choice, items, needed, number, text, texts, yes_no

# --- Facebook ---------------------------------------------------------------------------------------------------

DASHBOARD = Record(
    {
        "login_product": yes_no(True),
        "client_oauth_login": yes_no(True),
        "web_oauth_login": yes_no(True),
        "enforce_https": yes_no(True),
        "strict_mode": yes_no(True),
        "embedded_browser_login": yes_no(False),
        "js_sdk_login": yes_no(False),
        "redirect_uris": texts(),
        "mode": choice("development", "live"),
        "api_access_to_settings": yes_no(False),
        "require_app_secret": yes_no(False),
        "require_2fa_reauthorization": yes_no(False),
        "native_or_desktop": yes_no(False),
        "update_settings_ip_allowlist": texts(),
        "server_ip_allowlist": texts(),
        "category": text(None),
        "data_deletion_url": text(None),
        "advanced_access": yes_no(False),
    }
)
"""What only a person can set, on the app's dashboard pages."""

APP = Record(
    {
        "secret": needed(str),
        "name": text(""),
        "app_domains": texts(),
        "website_url": text(None),
        "privacy_policy_url": text(None),
        "terms_of_service_url": text(None),
        "deauth_callback_url": text(None),
        "contact_email": text(None),
        "user_support_email": text(None),
        "user_support_url": text(None),
        "namespace": text(None),
        "other_settings": Free(dict, {}),
        "blocked": yes_no(False),
        "dashboard": DASHBOARD,
        "roles": MapOf(texts(), default={}),
    }
)
"""``other_settings`` holds, by vendor name, the writable settings that this package never declares; ``blocked`` is the
vendor's doing."""

FACEBOOK_BEHAVIOUR = Record(
    {
        # Graph, writes.
        "dropped_domain_suffixes": texts("sslip.io", "ngrok-free.app"),
        "domain_must_match_site": yes_no(False),
        "unknown_parameters_ignored": yes_no(False),
        "user_token_may_write": yes_no(False),
        "two_factor_blocks_api_writes": yes_no(False),
        "write_gate_status": number(403),
        "update_ip_refusal_code": number(10),
        # Graph, reads and tokens.
        "unset_fields_are_null": yes_no(False),
        "wrong_secret_token_code": number(190),
        "app_token_needs_proof": yes_no(True),
        "server_ip_refusal_code": number(5),
        "secret_error_status": number(400),
        "retired_versions": choice("mapped", "refused"),
        "user_token_seconds": number(5184000),
        "code_seconds": number(600),
        "usage": Free(dict, {"call_count": 0}),
        # Which redirect URI passes, and when.
        "redirect_check_before_secret": yes_no(False),
        "loopback_in_development": yes_no(True),
        "app_domain_needed": yes_no(True),
        "propagation_seconds": number(0),
        # The login dialog.
        "dialog_error_when_signed_out": yes_no(True),
        "development_page": choice("app_not_active", "app_not_set_up"),
        "login_for_business": yes_no(False),
        # The dashboard's forms.
        "dashboard_domain_must_match_site": yes_no(True),
        "publish_needs_prerequisites": yes_no(False),
        "business_login_forgets_redirects": yes_no(False),
        # Cyclr's; they stand here because the documented state has them here.
        "authorise_link_on_authenticated": choice("redirects", "bounces", "drops_consent"),
        "auth_value_readable": yes_no(True),
    }
)
"""Each switch is told of where it acts. Uncertain at the vendor, and the side taken here:

``unknown_parameters_ignored``: the reference lists parameters and is silent about others; refused here.
``user_token_may_write``: the reference asks for an app token.
``two_factor_blocks_api_writes``: whether an app token passes *Require 2FA Reauthorization*; it does here.
``write_gate_status``: the HTTP status of code 10; 200, its neighbour, is reported with 403 (snarfed/bridgy#78).
``update_ip_refusal_code``: nobody reported one; ``server_ip_refusal_code`` 5 is reported with its sentence.
``wrong_secret_token_code``: a read with ``id|wrong``: 190, 101 or 1.
``app_token_needs_proof``: whether *Require App Secret* asks app tokens for a proof too.
``app_domain_needed``: whether an exactly listed redirect URI needs its App Domain as well.
``development_page``: the newer or the older wording for people without a role.
``dashboard_domain_must_match_site``: reported of the form; ``domain_must_match_site`` is the same rule in the API.
``business_login_forgets_redirects``: one builder's list was empty after a save, with Login for Business.
"""

FACEBOOK = Record(
    {
        "apps": MapOf(APP, default={}),
        "users": MapOf(Record({"password": needed(str)}), default={}),
        "behaviour": FACEBOOK_BEHAVIOUR,
    }
)

# --- Cyclr ------------------------------------------------------------------------------------------------------

API_CLIENT = Record({"client_id": needed(str), "client_secret": needed(str)})

SETUP = Record({"client_id": text(""), "client_secret": text(""), "scopes": text("")})
"""The library entry's Setup form, which has no API."""

LIBRARY_ENTRY = Record(
    {
        "Id": needed(int),
        "Name": needed(str),
        "Description": text(None),
        "Version": text(None),
        "Status": text("Approved"),
        "ReleaseStatus": choice("Live", "Draft", "Deprecated"),
        "Icon": text(None),
        "Categories": texts(),
        "AuthDescription": text(None),
        "AuthType": choice("OAuth2", "OAuth1", "ApiKey", "Basic", "None", "AuthFields"),
        "OAuth2Type": choice("Unknown", "AuthorisationCode", "ClientCredentials", "PasswordCredentials"),
        "AuthScheme": text(None),
        "Parameters": items(dict),
        "Triggers": items(dict),
        "Authentication": items(dict),
        "IsSystemConnector": yes_no(True),
        "setup": SETUP,
    }
)
"""One release of one connector. Source: an API test suite that ran against the live API; ``setup``
is not part of any API answer."""

PROPERTY = Record({"Id": needed(int), "Name": needed(str), "Value": text("")})

ACCOUNT_CONNECTOR = Record(
    {
        "Id": needed(int),
        "Name": needed(str),
        "Description": text(None),
        "Connector": needed(int),
        "Authenticated": yes_no(False),
        "AuthenticationId": text(None),
        "AuthValue": text(None),
        "IsPartnerIntegrationConnector": yes_no(False),
        "Properties": ListOf(PROPERTY),
        "CustomFields": items(dict),
    }
)
"""One installation. ``Connector`` is the library id of its release; answers hold the whole entry instead."""

ACCOUNT = Record(
    {
        "Id": needed(str),
        "Name": needed(str),
        "Description": text(None),
        "Timezone": text("Etc/UTC"),
        "AuditInfo": yes_no(False),
        "TaskAuditInfo": yes_no(False),
        "StepDataSuccessRetentionHours": Leaf((int, type(None)), None),
        "StepDataErroredRetentionHours": Leaf((int, type(None)), None),
        "TransactionErrorWebhookEnabled": yes_no(False),
        "TransactionErrorWebhookUrl": text(None),
        "TransactionErrorWebhookIncludeWarnings": yes_no(False),
        "ParentAccountId": text(None),
        "CreatedDate": text("2026-01-05T09:00:00Z"),
        "NextBillDateUtc": text("2026-02-05T00:00:00Z"),
        "users": texts(),
        "connectors": ListOf(ACCOUNT_CONNECTOR),
    }
)

CYCLR_BEHAVIOUR = Record(
    {
        # Who may call.
        "approved_ips": texts(),
        "ip_restrictions": texts(),
        "api_token_seconds": number(1209599),
        "token_error_status": number(400),
        # The library.
        "catalogue_needs_account": yes_no(True),
        "unknown_connector_name": choice("empty", "404"),
        "setup_belongs_to": choice("entry", "release"),
        # Installations.
        "null_install_body_status": number(200),
        "name_in_use_status": number(400),
        "put_properties": choice("merges", "replaces"),
        "post_existing_property": choice("duplicates", "updates"),
        "sensitive_values": choice("clear", "masked"),
        "blocked_method_status": number(403),
        # Lists.
        "default_page_size": number(50),
        "maximum_page_size": number(1000),
        # The hand-off.
        "sign_in_token_seconds": number(300),
        "account_credentials_win": yes_no(True),
        "default_scopes": text("ads_read,ads_management,business_management"),
    }
)
"""``approved_ips`` (for method calls) and ``ip_restrictions`` (for every call, when there are any) are settings of the
vendor's, lists of addresses and CIDR blocks. The two ``_seconds`` are known; they are here so that a token can be made
to expire. Everything else is uncertain at the vendor, and the side taken here is the first one named:

``catalogue_needs_account``: the manual and one live run say yes, two partners' code says no.
``setup_belongs_to``: one Setup for all releases of a name, or one for each; the console's form writes accordingly.
``null_install_body_status``: 200 takes an empty or null body for ``{}``; 500 is in a test that is commented out.
``put_properties``: whether PUT of an installation keeps the properties it does not name.
``post_existing_property``: a second POST of a name makes a second property, or writes the first.
``sensitive_values``: whether ClientSecret and parameters marked IsSensitive read back in clear.
``default_scopes``: what a Facebook connector asks for when its Setup names no scopes.
"""

CYCLR = Record(
    {
        "service_domain": text(None),
        "api_clients": ListOf(API_CLIENT),
        "connectors": ListOf(LIBRARY_ENTRY),
        "accounts": ListOf(ACCOUNT),
        "behaviour": CYCLR_BEHAVIOUR,
    }
)
"""``service_domain`` null means the sandbox's own ``localhost:PORT``."""

STATE = Record({"facebook": FACEBOOK, "cyclr": CYCLR})
