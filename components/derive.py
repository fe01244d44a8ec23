"""Pure functions from a service domain to the values that both consoles must hold, and the canonical form of each.

Canonical means: two spellings of the same host or URL become one string, so that a state never differs by spelling.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

CALLBACK_PATH = "/connector/callback"
"""Source: the connector guides of Cyclr, 75 of which give this path."""

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_LOCAL = {"localhost", "127.0.0.1"}
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical_host(text: str) -> str:
    """Lower case, without surrounding space and trailing dot; international names in their ASCII form.

    Raises: ValueError, when it is not a bare host name (or `localhost:PORT`).
    """
    host, colon, port = text.strip().lower().rstrip(".").partition(":")
    is_port = port.isascii() and port.isdigit() and 0 < int(port) < 65536
    if colon and not (host in _LOCAL and is_port):
        raise ValueError(
            f"{text!r} is not a bare host name: give it without scheme, port or path, e.g. app-h.cyclr.com"
        )
    if host in _LOCAL:
        return f"{host}:{int(port)}" if colon else host
    try:
        labels = host.encode("idna").decode("ascii").split(".")
    except UnicodeError:
        labels = []
    if len(labels) < 2 or labels[-1].isdigit() or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(
            f"{text!r} is not a bare host name: give it without scheme, port or path, e.g. app-h.cyclr.com"
        )
    return ".".join(labels)


def canonical_url(text: str) -> str:
    """Scheme and host in lower case, no default port, no fragment, `/` where the path is empty.

    A path keeps its case and its trailing slash: Facebook matches redirect URIs to the letter.
    Raises: ValueError, when it is not an absolute http or https URL.
    """
    parts = urlsplit(text.strip())
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc or " " in text.strip():
        raise ValueError(f"{text!r} is not an absolute http or https URL")
    try:
        port = parts.port
    except ValueError:
        raise ValueError(f"{text!r} has no valid port") from None
    host = parts.hostname
    if ":" in host:
        host = f"[{host}]"
    elif host not in _LOCAL:
        host = canonical_host(host)
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{port}"
    return urlunsplit((parts.scheme, host, parts.path or "/", parts.query, ""))


def canonical_set(values: Iterable[str]) -> list[str]:
    """Sorted, each value once: the order in which a person typed them is not a difference."""
    return sorted(set(values))


def is_local(service_domain: str) -> bool:
    """Whether it is a service domain of this machine, which only a sandbox has."""
    return service_domain.partition(":")[0] in _LOCAL


def service_url(service_domain: str) -> str:
    """The root URL of the service domain, without a trailing slash."""
    return f"{'http' if is_local(service_domain) else 'https'}://{service_domain}"


def app_domain(service_domain: str) -> str:
    """What belongs into App Domains: the host without a port."""
    return service_domain.partition(":")[0]


def site_url(service_domain: str) -> str:
    """The Site URL whose host makes the App Domain acceptable (Facebook matches the two)."""
    return service_url(service_domain) + "/"


def redirect_uri(service_domain: str) -> str:
    """Where Cyclr receives the code, to the letter."""
    return service_url(service_domain) + CALLBACK_PATH


def host_of(url: str) -> str:
    """The host of a canonical URL, without its port."""
    return urlsplit(url).hostname or ""
