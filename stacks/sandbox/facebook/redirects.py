"""Is this redirect URI accepted, and by which rule; the probe and the dialog both ask here.

Source:  strict mode is exact matching and ended prefix matching and the empty list that let the whole domain pass
         (developers.facebook.com/blog/post/2017/12/18/strict-uri-matching/); App Domains cover their subdomains
         (Application reference); an unpublished app accepts loopback URIs (one report, hence a switch).
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from stacks.sandbox.facebook.call import behaviour
from stacks.sandbox.world import World

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class Rule(enum.Enum):
    """What decided over a redirect URI."""

    LISTED = "the URI is in the list"
    PREFIX = "strict mode is off and a listed URI is a prefix"
    WHOLE_DOMAIN = "strict mode is off, the list is empty and the domain is the app's"
    LOOPBACK = "a loopback URI, and the app is in Development"
    NO_PRODUCT = "the Login product is missing"
    SWITCHED_OFF = "Client or Web OAuth login is off"
    INSECURE = "not https, which the app enforces"
    FOREIGN_DOMAIN = "the domain is not among the App Domains"
    UNLISTED = "the URI is not in the list"

    @property
    def accepts(self) -> bool:
        """Whether the URI passes."""
        return self in {Rule.LISTED, Rule.PREFIX, Rule.WHOLE_DOMAIN, Rule.LOOPBACK}


def judge(world: World, app: Mapping[str, Any], uri: str) -> Rule:
    """Return the rule that accepts or refuses an absolute redirect URI."""
    settings, switches, url = app["dashboard"], behaviour(world), urlsplit(uri)
    if not settings["login_product"]:
        return Rule.NO_PRODUCT
    if not (settings["client_oauth_login"] and settings["web_oauth_login"]):
        return Rule.SWITCHED_OFF
    own = is_own(world, url)
    in_development = settings["mode"] == "development" and switches["loopback_in_development"]
    if in_development and not own and url.hostname in LOOPBACK_HOSTS:
        return Rule.LOOPBACK
    if settings["enforce_https"] and not own and url.scheme != "https":
        return Rule.INSECURE
    ours = domain_covers(app["app_domains"], url.hostname or "")
    if switches["app_domain_needed"] and not ours:
        return Rule.FOREIGN_DOMAIN
    return _listing(settings, uri, ours)


def is_absolute(uri: str) -> bool:
    """Tell whether this is an absolute web address; a doubly encoded one is not."""
    url = split(uri)
    return url is not None and url.scheme in {"http", "https"} and bool(url.hostname)


def is_own(world: World, url: SplitResult) -> bool:
    """Tell whether this is the sandbox's own service domain, which plays a public https host."""
    return url.netloc.lower() in own_hosts(world)


def own_hosts(world: World) -> frozenset[str]:
    """Return where the sandbox's own service domain listens, host and port, under each name it goes by.

    A service domain that support moved Cyclr to is not among them: the vendor's rules hold for it.
    """
    port = world.addresses.service_domain.rpartition(":")[2]
    return frozenset(f"{host}:{port}" for host in ("localhost", "127.0.0.1"))


def domain_covers(domains: Iterable[str], host: str) -> bool:
    """Tell whether a host is one of the domains or a subdomain of one."""
    return any(host == domain or host.endswith("." + domain) for domain in domains)


def split(uri: str) -> SplitResult | None:
    """Split an address; None for one that cannot be read, such as one with an open bracket or a port of letters."""
    try:
        url = urlsplit(uri)
        _ = url.port
    except ValueError:
        return None
    return url


def _listing(settings: Mapping[str, Any], uri: str, ours: bool) -> Rule:
    listed = settings["redirect_uris"]
    if uri in listed:
        return Rule.LISTED
    if settings["strict_mode"]:
        return Rule.UNLISTED
    if not listed:
        return Rule.WHOLE_DOMAIN if ours else Rule.UNLISTED
    return Rule.PREFIX if any(_extends(uri, entry) for entry in listed) else Rule.UNLISTED


def _extends(uri: str, entry: str) -> bool:
    """Tell whether a URI begins with a listed one and has the same origin."""
    url, base = urlsplit(uri), urlsplit(entry)
    return (url.scheme, url.netloc) == (base.scheme, base.netloc) and uri.startswith(entry)
