"""Facebook Marketing API. Source: Cyclr's connector guide of that name, 2021-05-27 (2020-04-20 for the App Domain).

Client ID is the App ID, Client Secret the App Secret; the redirect URI ends in `/connector/callback`.
"""

from __future__ import annotations

from components.catalogue.spec import ConnectorSpec

FACEBOOK_MARKETING = ConnectorSpec(
    key="facebook-marketing",
    cyclr_name="Facebook Marketing API",  # title of the guide, and name of the entry in the library
)
