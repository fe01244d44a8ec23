"""What is wrong with the settings of an environment, and the commands that mend it.

Never: a value; a problem names keys, places and what must stand there.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

Loc = tuple[str, ...]
"""Where a setting stands, from the config key down."""

_PLAIN_PART = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_LIKE_A_SECRET = re.compile(r"pass|pwd|secret|token", re.IGNORECASE)
"""What the CLI takes for a secret by its path, and then refuses to write in plain text unless it is told to."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a stack's settings."""

    key: str
    """The setting as `pulumi config --path` names it, or a key of the file itself."""
    line: int | None
    """Line in the stack file, from 1; None where the values did not come from a file."""
    what: str
    fix: str
    """The command or the change that mends it."""

    def text(self) -> str:
        """The problem as a person reads it."""
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.key} {self.what}\n  fix: {self.fix}"


@dataclass(frozen=True)
class Commands:
    """The commands of one stack, written out so that they can be pasted."""

    stack: str
    config_file: str | None = None
    """The stack file, where it is not the one that the CLI would take."""

    def set(self, loc: Sequence[str], value: str | int) -> str:
        """Sets one setting to a value."""
        if len(loc) == 1:
            return f"{self._pulumi('set')} {loc[0]} {shlex.quote(str(value))}"
        place = path(loc)
        kind = "--plaintext " if _LIKE_A_SECRET.search(place) else ""
        if isinstance(value, str) and value.isdigit():
            kind = "--type string "  # with --path the CLI makes numbers of digits
        return f"{self._pulumi('set')} --path {kind}{shlex.quote(place)} {shlex.quote(str(value))}"

    def set_secret(self, key: str) -> str:
        """Asks for a secret and stores it encrypted."""
        return f"{self._pulumi('set')} --secret {key}"

    def remove(self, loc: Sequence[str]) -> str:
        """Takes one setting out."""
        if len(loc) == 1:
            return f"{self._pulumi('rm')} {shlex.quote(loc[0])}"
        return f"{self._pulumi('rm')} --path {shlex.quote(path(loc))}"

    def change_key(self, provider: str) -> str:
        """Encrypts the secrets of the stack anew."""
        return f"pulumi stack change-secrets-provider -s {shlex.quote(self.stack)} {shlex.quote(provider)}"

    def attest(self, connector: str, key: str) -> str:
        """Writes an attestation."""
        value = " --value FINGERPRINT" if key == "client_secret" else ""
        return f"cyclr-connectors attest {self._flags()} {shlex.quote(connector)} {shlex.quote(key)} --by EMAIL{value}"

    def _pulumi(self, verb: str) -> str:
        return f"pulumi config {verb} {self._flags()}"

    def _flags(self) -> str:
        file = f" --config-file {shlex.quote(self.config_file)}" if self.config_file else ""
        return f"-s {shlex.quote(self.stack)}{file}"


def path(loc: Sequence[str]) -> str:
    """The setting as `pulumi config --path` names it."""
    first, *rest = loc
    return first + "".join(f".{part}" if _PLAIN_PART.fullmatch(part) else f"[{_index(part)}]" for part in rest)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was most likely meant."""
    by_lower = {entry.lower().replace("_", ""): entry for entry in known}
    found = get_close_matches(name.lower().replace("_", "").replace("-", ""), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def unknown(name: str, known: Iterable[str], what: str = "is not a known key") -> str:
    """Says that a name is unknown, and which one it should probably be."""
    known = sorted(known)
    near = nearest(name, known)
    return f"{what}; the nearest one is {near}" if near else f"{what}; known here: {', '.join(known)}"


def _index(part: str) -> str:
    quoted = part.replace("\\", "\\\\").replace('"', '\\"')
    return part if part.isdigit() else f'"{quoted}"'
