"""The addresses that something secret may be sent to. Pure."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit


def trusted(address: str) -> SplitResult | None:
    """The parts of an address that is encrypted or does not leave this machine, and holds no password; else None."""
    if "\\" in address or any(sign.isspace() or not sign.isprintable() for sign in address):
        return None
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - reading it is what finds a wrong one
    except ValueError:
        return None
    if not parts.hostname or "@" in parts.netloc:
        return None
    encrypted = parts.scheme == "https"
    return parts if encrypted or (parts.scheme == "http" and _is_loopback(parts.hostname)) else None


def origin(parts: SplitResult) -> str:
    """Scheme, host and port: what two addresses of one server share."""
    return f"{parts.scheme}://{parts.netloc}"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
