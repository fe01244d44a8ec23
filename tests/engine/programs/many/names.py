"""What the connector of each number is called, on both sides. Pure: the program and its world agree through it."""

from __future__ import annotations

from typing import NamedTuple


class Named(NamedTuple):
    """One connector, its app and its entry in the library."""

    key: str
    cyclr_name: str
    release: int
    app_id: str
    app_name: str
    secret_key: str
    """The config key behind its secret reference."""
    secret: str
    """Each app has its own, so that whatever mixes two of them up is refused."""


def named(number: int) -> Named:
    """The connector of this number, from 1."""
    return Named(
        key=f"connector-{number}",
        cyclr_name=f"Facebook {number}",  # the sandbox plays the provider of such names alone
        release=6000 + number,
        app_id=str(10**15 + number),
        app_name=f"App {number}",
        secret_key=f"appSecret{number}",
        secret=f"{number:032x}",
    )
