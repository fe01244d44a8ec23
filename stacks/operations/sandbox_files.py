"""The files of the sandbox in the checkout's ignored folder, and its stack file for the ports of this run."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from components.errors import ConnectorError

DEFAULT_PORT_BASE = 8700
STACK_FILE = "Pulumi.sandbox.yaml"


@dataclass(frozen=True)
class Addresses:
    """Where the four servers of the sandbox answer."""

    control: str
    facebook: str
    cyclr_api: str
    service_domain: str
    """Host and port, without a scheme: it plays a public host."""

    @classmethod
    def of(cls, port_base: int) -> Addresses:
        """The addresses for a first port."""
        control, facebook, api = (f"http://127.0.0.1:{port_base + number}" for number in range(3))
        return cls(control, facebook, api, f"localhost:{port_base + 3}")


@dataclass(frozen=True)
class Files:
    """The folder `.sandbox/` of a checkout."""

    checkout: Path

    @property
    def folder(self) -> Path:
        """Everything that the sandbox writes is in here."""
        return self.checkout / ".sandbox"

    @property
    def state(self) -> Path:
        """The world; it outlives the process."""
        return self.folder / "state.json"

    @property
    def log(self) -> Path:
        """What the process printed to stderr."""
        return self.folder / "log"

    @property
    def pid(self) -> Path:
        """The number of the process."""
        return self.folder / "pid"

    @property
    def addresses(self) -> Path:
        """Where it answers; there only while it should."""
        return self.folder / "addresses.json"

    @property
    def stack_file(self) -> Path:
        """The stack file with the addresses of this run."""
        return self.folder / STACK_FILE

    @property
    def committed(self) -> Path:
        """The stack file of the repository, for the default ports."""
        return self.checkout / "stacks" / STACK_FILE

    def read_addresses(self) -> Addresses | None:
        """Where the sandbox should answer; None when nothing usable says so."""
        try:
            return Addresses(**json.loads(self.addresses.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def read_pid(self) -> int | None:
        """The number of the process; None when nothing usable says so."""
        try:
            return int(self.pid.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def write_addresses(self, addresses: Addresses) -> None:
        """Says where it answers, to everyone who reads the folder."""
        write(self.addresses, json.dumps(asdict(addresses)) + "\n")


def for_demo(files: Files, addresses: Addresses) -> Path | None:
    """The stack file to use with these addresses: None for the committed one, which is for the default ports."""
    return None if addresses == Addresses.of(DEFAULT_PORT_BASE) else files.stack_file


def write_stack_file(files: Files, addresses: Addresses) -> None:
    """The stack file for these addresses: the committed one, or the user's edited copy; only addresses change.

    Raises: ConnectorError, when the file it is made from is no stack file.
    """
    seal = files.folder / ".stack-file"
    edited = files.stack_file.exists() and (not seal.exists() or seal.read_text() != _digest(files.stack_file))
    source = files.stack_file if edited else files.committed
    write(files.stack_file, readdressed(source, addresses))
    if edited:
        seal.unlink(missing_ok=True)
    else:
        write(seal, _digest(files.stack_file))


def readdressed(source: Path, addresses: Addresses) -> str:
    """A stack file's text with other addresses; comments, order and everything else stay.

    Raises: ConnectorError, when it is no stack file.
    """
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096  # a long encrypted value stays on its line
    try:
        document = yaml.load(source.read_text(encoding="utf-8"))
        config = document["config"]
        config["cyclr-connectors:serviceDomain"] = addresses.service_domain
        _set(
            config["cyclr-connectors:cyclr"],
            {"api": addresses.cyclr_api, "consoleUrl": f"http://{addresses.service_domain}"},
        )
        vendor = config["cyclr-connectors:facebook"]
        _set(vendor, dict.fromkeys(("graphUrl", "wwwUrl", "dashboardUrl"), addresses.facebook))
    except (OSError, KeyError, TypeError, ValueError, YAMLError) as error:
        raise ConnectorError(
            "The sandbox's stack file cannot be used",
            where=str(source),
            why=f"{type(error).__name__}: it lacks what a stack file of the sandbox has",
            fix=f"mend it, or take the committed one: git checkout stacks/{STACK_FILE}",
        ) from error
    text = io.StringIO()
    yaml.dump(document, text)
    return text.getvalue()


def write(file: Path, text: str) -> None:
    """Replaces a file in one step, so that nobody reads half of it."""
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, file)


def _set(group: Any, values: Mapping[str, str]) -> None:
    for key, value in values.items():
        group[key] = value


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
