"""`cyclr-connectors attest`: a person's word that a value stands at the vendor, written into the stack file for review.

Never: decrypt; repeat a value that was refused, since it may be a secret.
"""

from __future__ import annotations

import copy
import datetime
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from components import fields
from components.errors import DeclarationError
from stacks import mending, stack_edit, stack_file
from stacks.operations import options
from stacks.settings_relations import declared_value, mapping
from stacks.settings_types import ATTESTATION_KEYS, fixed_value_fault
from stacks.stack_file import StackFile

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Place:
    """Where the attestation stands or will stand."""

    stack: str
    file: StackFile
    connector: str
    key: str

    @property
    def target(self) -> str:
        """What a printed command needs to mean the same environment."""
        own = self.file.path.resolve() == stack_file.usual(self.stack).resolve()
        return stack_file.target(self.stack, "" if own else stack_file.shown(self.file.path))

    @property
    def shown(self) -> str:
        """The place as an error names it."""
        return f"{stack_file.shown(self.file.path)}, connectors.{self.connector}.attestations.{self.key}"


@click.command("attest")
@options.stack
@click.argument("connector")
@click.argument("key")
@click.option("--by", metavar="EMAIL", help="Who has seen the value at the vendor.")
@click.option("--value", help="The value seen; without it the declared one. For client_secret: its fingerprint.")
@click.option("--date", metavar="YYYY-MM-DD", help="The day it was seen; without it today.")
@click.option("--remove", is_flag=True, help="Take the attestation out.")
@options.as_json
@options.config_file
def command(
    *,
    stack: str,
    connector: str,
    key: str,
    by: str | None,
    value: str | None,
    date: str | None,
    remove: bool,
    as_json: bool,
    config_file: Path | None,
) -> None:
    """Attest that KEY of CONNECTOR stands at the vendor, where no API shows it.

    KEY is redirect_uri, live, advanced_access, client_id or client_secret. Only the stack file is written.
    """
    if remove == bool(by):
        raise click.UsageError("Name who has seen it with --by EMAIL, or take the attestation out with --remove.")
    place = _place(stack, options.stack_file_path(stack, config_file), connector, key)
    entry = None if remove else {"value": _value(place, value), "by": _by(place, str(by)), "date": _date(place, date)}
    changed = _write(place, entry)
    document = {"stack": stack, "file": stack_file.shown(place.file.path), "connector": connector, "key": key}
    if as_json:
        click.echo(json.dumps({**document, "attestation": entry, "changed": changed}, indent=2, ensure_ascii=False))
    else:
        click.echo(_said(place, entry, changed))


def _place(stack: str, path: Path, connector: str, key: str) -> Place:
    file = stack_file.read(path, stack)
    place = Place(stack, file, connector, key)
    own = f"connectors.{connector}.attestations.{key}"
    others = [problem for problem in file.problems if problem.key != own and not problem.key.startswith(f"{own}.")]
    if others:
        raise DeclarationError(
            "The stack file has problems, so nothing was written",
            where=stack_file.shown(path),
            why="; ".join(f"{problem.key} {problem.what}" for problem in others),
            fix=f"mend them first: cyclr-connectors check -s {stack}",
        )
    connectors = mapping(file.values.get("connectors"))
    if connector not in connectors:
        what = f"{connector} is no connector of stack {stack}"
        raise _refused(place, what, mending.unknown(connector, connectors, "is not declared"))
    if key not in ATTESTATION_KEYS:
        raise _refused(place, f"{key} cannot be attested", mending.unknown(key, ATTESTATION_KEYS, "is not a setting"))
    return place


def _value(place: Place, given: str | None) -> str:
    """The value to attest: only one that can count is written."""
    declared = declared_value(place.file.values, place.connector, place.key)
    value = given or declared
    if not value and place.key == "client_secret":
        why = "the secret is encrypted, and nothing is decrypted here"
        fix = "take the fingerprint from `cyclr-connectors status` and give it with --value"
        raise _refused(place, "There is no value to attest", why, fix)
    if not value:
        raise _refused(place, "There is no value to attest", "this file does not declare it", "give it with --value")
    if fault := fixed_value_fault(place.key, value):
        raise _refused(place, "The value cannot be attested", f"it {fault}")
    if declared and value != declared:
        why = f"an attestation counts only for the declared value, which is {declared}"
        raise _refused(place, "The value would not count", why, "leave --value out, or change the declaration first")
    return value


def _by(place: Place, by: str) -> str:
    if reason := fields.CHECKS["email"](by):
        raise _refused(
            place, "It does not say who has seen it", f"--by {reason}", "give it like --by jane@acme.example"
        )
    return by


def _date(place: Place, date: str | None) -> str:
    today = datetime.datetime.now(tz=datetime.UTC).astimezone().date()
    if date is None:
        return today.isoformat()
    try:
        day = datetime.datetime.strptime(date, "%Y-%m-%d").replace(tzinfo=datetime.UTC).date()
    except ValueError:
        day = None
    if day is None or day.isoformat() != date:
        raise _refused(place, "The date cannot be read", "--date is a day like 2026-11-02")
    if day > today:
        raise _refused(place, "The date lies in the future", "nobody can have seen it then")
    return date


def _write(place: Place, entry: dict[str, str] | None) -> bool:
    """Whether the file was changed; it is replaced in one step, and only by a text that says what was meant."""
    wanted = _wanted(place, entry)
    if wanted == place.file.values:
        return False
    edit = stack_edit.attest(place.file.text, place.connector, place.key, entry) if entry else None
    text = edit or stack_edit.remove(place.file.text, place.connector, place.key)
    result = stack_file.judge_text(text, place.file.path, place.stack)
    if result.problems or result.values != wanted:
        raise _refused(
            place,
            "The attestation cannot be placed in this file",
            "the connector is written in a way that cannot be edited without moving something else",
            f"write it by hand: {json.dumps({place.key: entry}, ensure_ascii=False)}"
            if entry
            else "take it out by hand",
        )
    try:
        _replace(place.file.path.resolve(), text)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise _refused(place, "The stack file cannot be written", why, "mend that, then run it again") from error
    return True


def _wanted(place: Place, entry: dict[str, str] | None) -> dict[str, Any]:
    """What the file must say afterwards."""
    values = copy.deepcopy(dict(place.file.values))
    connector = values["connectors"][place.connector]
    before = mapping(connector.get("attestations"))
    after = {key: value for key, value in before.items() if key != place.key}
    if entry:
        after[place.key] = entry
    if after:
        connector["attestations"] = after
    elif before:
        del connector["attestations"]
    return values


def _replace(file: Path, text: str) -> None:
    start = _BOM if file.read_bytes().startswith(_BOM) else b""
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as fresh:
        try:
            fresh.write(start + text.encode())
            fresh.flush()
            os.fchmod(fresh.fileno(), file.stat().st_mode & 0o777)
            os.replace(fresh.name, file)
        except OSError:
            Path(fresh.name).unlink(missing_ok=True)
            raise


def _said(place: Place, entry: dict[str, str] | None, changed: bool) -> str:
    name = f"{place.connector} {place.key}"
    file = stack_file.shown(place.file.path)
    if not changed:
        return f"{file} says so already: nothing was written."
    said = (
        f"{file}: {name} is attested by {entry['by']} on {entry['date']}." if entry else f"{file}: {name} is taken out."
    )
    return f"{said}\nNext: review it like code (git diff {file}), then run: pulumi up {place.target}"


def _refused(place: Place, what: str, why: str, fix: str | None = None) -> DeclarationError:
    usage = f"cyclr-connectors attest --help; what is declared: {stack_file.shown(place.file.path)}"
    return DeclarationError(what, where=place.shown, why=why, fix=fix or usage)
