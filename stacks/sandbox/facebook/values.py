"""What a settings value may look like, for the API and the dashboard's forms alike.

Raises:  ValueValidationError throughout, whose text is a sentence for the person or program that sent the value.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from stacks.sandbox.facebook.fields import Kind, site_urls
from stacks.sandbox.facebook.redirects import LOOPBACK_HOSTS, domain_covers, is_absolute, is_own, own_hosts
from stacks.sandbox.world import World

SITE_RULE = (
    "App domains must match the domain of the Facebook Web Games URL (https), Mobile Site URL, Unity Binary URL, "
    "Site URL or Secure Page Tab URL."
)

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_WORDS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


class ValueValidationError(ValueError):
    """A value the vendor does not take."""


def domain(world: World, text: str) -> str:
    """Return an App Domain in lower case.

    Source:  a bare localhost is refused (reported). The sandbox's own service domain plays a public host and passes.
    """
    name = text.strip().lower()
    if not _HOST.fullmatch(name):
        raise ValueValidationError(f"{text} is not a valid domain: give a host name without scheme, port or path.")
    if name in {urlsplit(f"//{own}").hostname for own in own_hosts(world)}:
        return name
    if "." not in name or name.rpartition(".")[2].isdigit():
        raise ValueValidationError(f"{text} is not a valid domain. Must contain a top level domain.")
    return name


def url(text: str) -> str | None:
    """Return a web address; nothing clears the setting."""
    if text and not is_absolute(text):
        raise ValueValidationError(f"{text} is not a valid URL.")
    return text or None


def email(text: str) -> str | None:
    """Return an email address; nothing clears the setting."""
    if text and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        raise ValueValidationError(f"{text} is not a valid email address.")
    return text or None


def yes_no(text: str) -> bool:
    """Return a switch's position."""
    try:
        return _WORDS[text.strip().lower()]
    except KeyError:
        raise ValueValidationError(f"{text} is not a boolean.") from None


def address(text: str) -> str:
    """Return an IP address or a CIDR range."""
    try:
        ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        raise ValueValidationError(f"{text} is not a valid IP address.") from None
    return text.strip()


def restrictions(text: str) -> dict[str, Any] | None:
    """Return an app's demographic restrictions. Source: the reference's description of the parameter."""
    allowed_ages = {"13+", "16+", "17+", "18+", "19+", "21+"}
    if not text:
        return None
    try:
        found = json.loads(text)
    except ValueError:
        raise ValueValidationError("restrictions must be a JSON-encoded string.") from None
    good = isinstance(found, dict) and found.keys() <= {"age", "location", "type"}
    if not (good and found.get("age", "13+") in allowed_ages and found.get("type", "alcohol") == "alcohol"):
        raise ValueValidationError("restrictions must hold age, location and type only, with the documented values.")
    return dict(found)


def unique(values: Iterable[str]) -> list[str]:
    """Return each value once, in the order they first came."""
    return list(dict.fromkeys(values))


def parse_one(world: World, kind: Kind, text: str) -> Any:
    """Return the value of one line or one parameter that is no list."""
    if kind is Kind.DOMAINS:
        return domain(world, text)
    return _PARSERS[kind](text) if kind in _PARSERS else text


def check_redirect(world: World, app: dict[str, Any], uri: str) -> None:
    """Refuse what the list of redirect URIs does not take: no address, or http where the app enforces https.

    The sandbox's own service domain plays a public https host, and loopback is what developers use before publishing.
    """
    if not is_absolute(uri):
        raise ValueValidationError(f"{uri} is not a valid redirect URI: give the whole address, with its scheme.")
    parts = urlsplit(uri)
    local = is_own(world, parts) or parts.hostname in LOOPBACK_HOSTS
    if app["dashboard"]["enforce_https"] and parts.scheme != "https" and not local:
        raise ValueValidationError(f"{uri} is not secure: Enforce HTTPS is on, so a redirect URI must use https.")


def check_site_rule(app: dict[str, Any]) -> None:
    """Refuse App Domains that belong to none of the app's addresses."""
    hosts = [urlsplit(site).hostname or "" for site in site_urls(app)]
    strangers = [
        name
        for name in app["app_domains"]
        if not any(domain_covers([name], host) or domain_covers([host], name) for host in hosts)
    ]
    if strangers:
        raise ValueValidationError(f"{SITE_RULE} {', '.join(strangers)}")


_PARSERS: Mapping[Kind, Callable[[str], Any]] = {
    Kind.URL: url,
    Kind.EMAIL: email,
    Kind.YES_NO: yes_no,
    Kind.ADDRESSES: address,
    Kind.RESTRICTIONS: restrictions,
}
