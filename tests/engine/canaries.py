"""Secrets of realistic form for every secret position, and the search that finds one however it is spelled.

Shape:   a canary is a name and a value; `leaks` answers `name (spelling)` for each that a text holds.
Never:   misses a shortened secret: the ends of a value count as the value.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Mapping
from urllib.parse import quote, quote_plus

APP_SECRET = "7c0ffee5ec2e75adb0c0de7a17ab1e99"
ROTATED_SECRET = "d15ea5e0f5ec7e7ab1eacade4d0b5b17"
"""The app secret after its rotation; it lives in an environment variable."""
API_SECRET = 'cY+1r/Ap1=s3cR3t&7hJ"q9zW%Lw2'
OWN_SECRET = "0wn'c1i3nt\\s3cr3t+of/1n5ta11ation="
"""A property ClientSecret, typed into an installation in Cyclr's console."""
PROPERTY = 'pr0p3rty-k3y "4cm3"\\+/=&v4lu3'
"""A declared property: documented as plain text, and typed as a credential all the same."""
HOSTING_TOKEN = "ghs_runner"
"""The token of a workflow, at the stand-in of the service that holds pull requests."""
HEARTBEAT = "f3a91c0e-5b7d-4b1e-9a55-0d6c1f2e7b88"
"""The path of a heartbeat's address, which is all that a dead-man service asks for."""
PASSPHRASE = "st4ple b4ttery/c0rrect+h0rse=9"
DECLARED = {
    "app secret": APP_SECRET,
    "rotated app secret": ROTATED_SECRET,
    "API secret": API_SECRET,
    "own ClientSecret": OWN_SECRET,
    "declared property": PROPERTY,
    "passphrase": PASSPHRASE,
    "token of the hosting service": HOSTING_TOKEN,
    "address of the heartbeat": HEARTBEAT,
}
"""Name -> value; the others are issued by the vendors."""

ENDS = 12
"""Characters of either end of a secret that give it away."""


def spellings(value: str) -> dict[str, str]:
    """How a value may be written: as it is, shortened, encoded for a URL, JSON, HTML or a Python literal, in base64."""
    escaped = json.dumps(value)[1:-1]
    encoded = quote(value, safe="")
    found = {
        "plain": value,
        "beginning": value[:ENDS],
        "end": value[-ENDS:],
        "URL": encoded,
        "URL, lower case": re.sub(r"%..", lambda match: match[0].lower(), encoded),
        "URL, path": quote(value),
        "form": quote_plus(value),
        "URL, twice": quote(encoded, safe=""),
        "JSON": escaped,
        "JSON in JSON": json.dumps(escaped)[1:-1],
        "HTML": html.escape(value),
        "Python": repr(value)[1:-1],
        "hex": value.encode().hex(),
    }
    for offset in range(3):
        found[f"base64 from {offset}"] = _base64(value, offset)
    found |= {f"{name}, URL-safe": text.translate(_URL_SAFE) for name, text in found.items() if "base64" in name}
    return {name: text for name, text in found.items() if name == "plain" or text != value}


_URL_SAFE = str.maketrans("+/", "-_")


def _base64(value: str, offset: int) -> str:
    """What stands in the base64 of any text that holds the value at this offset, without what its neighbours change."""
    start = -(-offset * 8 // 6)
    end = (offset + len(value.encode())) * 8 // 6
    return base64.b64encode(b"\0" * offset + value.encode()).decode()[start:end]


def leaks(text: str, canaries: Mapping[str, str]) -> list[str]:
    """The canaries (name -> value) that a text holds, each with the first spelling that was found."""
    found = []
    for name, value in canaries.items():
        spelled = next((how for how, spelling in spellings(value).items() if spelling in text), None)
        if spelled:
            found.append(f"{name} ({spelled})")
    return found
