"""What a killed engine leaves behind: its lock in the backend, half a file there, unfinished operations in the state.

Source: Pulumi CLI 3.274, file and S3 backends, observed (November 2026): a lock is
`.pulumi/locks/organization/<project>/<stack>/<id>.json` with pid, username, hostname and timestamp; a stack can be
exported and imported while `pending_operations` stand in it, and `pulumi cancel` removes every lock file. Beside each
file stands `<file>.attrs` with its content type; the file is replaced whole, the `.attrs` is written in place, and a
cut off one keeps the CLI from reading the file ("failed to load checkpoint: EOF"), a missing one does not.
"""

from __future__ import annotations

import glob
import json
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from components.errors import ConnectorError
from stacks.operations import bucket_locks, processes
from stacks.operations.engine import Engine
from stacks.operations.summary import observed
from stacks.operations.summary.naming import kind_of

CLI = "pulumi"


@dataclass(frozen=True)
class Lock:
    """Who holds the stack."""

    user: str
    host: str
    pid: int
    since: str

    @property
    def gone(self) -> bool | None:
        """Whether the process that holds it has ended; None when it runs on another host."""
        if self.host != socket.gethostname():
            return None
        # The number may have been given to another program since.
        return CLI not in processes.command(self.pid).partition(" ")[0]


@dataclass(frozen=True)
class Pending:
    """An operation that the engine began and did not end."""

    urn: str
    doing: str
    """`creating`, `updating`, `deleting`, `reading`."""

    @property
    def kind(self) -> str:
        """The resource's kind."""
        return kind_of(self.urn)

    @property
    def name(self) -> str:
        """The resource's logical name."""
        return observed.name(self.urn)


@dataclass(frozen=True)
class Remains:
    """Everything that was found."""

    backend: str
    locks: tuple[Lock, ...]
    pending: tuple[Pending, ...]
    hidden: bool
    """The backend's locks cannot be seen from here."""
    torn: tuple[Path, ...] = ()
    """Files beside the state that were cut off while they were written. They hold nothing that is needed, but while
    they are there the state cannot be read, so `pending` is not known."""
    why_hidden: str = ""
    """The error that keeps locks from being seen which could be; empty where no backend of that kind shows them."""

    def __bool__(self) -> bool:
        return bool(self.locks or self.pending or self.hidden or self.torn)


def find(engine: Engine) -> Remains:
    """What a killed engine left; reads only.

    Raises: ConnectorError, when there is no such stack or its backend cannot be reached.
    """
    backend = engine.env.get("PULUMI_BACKEND_URL") or json.loads(engine.run("whoami", "--json"))["url"]
    if place := bucket_locks.bucket(backend):
        return _find_in_bucket(engine, backend, place)
    folder, project = file_backend(backend), _project(engine.folder)
    locks = read_locks(folder, project, engine.stack) if folder else ()
    torn = read_torn(folder, project, engine.stack) if folder else ()
    if torn and not any(lock.gone is False for lock in locks):
        return Remains(backend, locks, (), hidden=False, torn=torn)
    pending = read_pending(engine.export()["deployment"])
    return Remains(backend, locks, pending, hidden=folder is None and not _known_free(engine, backend))


def _find_in_bucket(engine: Engine, backend: str, place: bucket_locks.Bucket) -> Remains:
    locks: tuple[Lock, ...] = ()
    why = ""
    try:
        locks = tuple(map(_lock, bucket_locks.read(place, _project(engine.folder), engine.stack)))
    except ConnectorError as error:
        why = str(error)
    pending = read_pending(engine.export()["deployment"])
    return Remains(backend, locks, pending, hidden=bool(why), why_hidden=why)


def forget(engine: Engine) -> None:
    """Takes the unfinished operations out of the state; no vendor is asked, no resource is touched."""
    document = engine.export()
    document["deployment"].pop("pending_operations", None)
    engine.run("stack", "import", "--stack", engine.stack, given=json.dumps(document))


def read_locks(folder: Path, project: str, stack: str) -> tuple[Lock, ...]:
    """The locks of a stack in a file backend."""
    held = folder / ".pulumi" / "locks" / "organization" / project / stack.rpartition("/")[2]
    return tuple(_lock(file.read_text(encoding="utf-8", errors="replace")) for file in sorted(held.glob("*.json")))


def read_torn(folder: Path, project: str, stack: str) -> tuple[Path, ...]:
    """The `.attrs` files of a stack in a file backend that were cut off while they were written."""
    home, name = folder / ".pulumi", stack.rpartition("/")[2]
    files = [
        *(home / "stacks" / project).glob(f"{glob.escape(name)}.json*.attrs"),
        *(home / "locks" / "organization" / project / name).glob("*.attrs"),
        *(home / "history" / project / name).glob("*.attrs"),
    ]
    return tuple(sorted(file for file in files if not _whole(file)))


def read_pending(deployment: dict[str, Any]) -> tuple[Pending, ...]:
    """The unfinished operations of a deployment."""
    found = deployment.get("pending_operations") or ()
    return tuple(Pending(each["resource"]["urn"], each["type"]) for each in found)


def file_backend(url: str) -> Path | None:
    """The folder of a `file://` backend; None for any other. `file://~` is the home folder, as for the CLI."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        return None
    return Path(unquote(parts.netloc + parts.path)).expanduser()


def _lock(text: str) -> Lock:
    try:
        held = json.loads(text)
        return Lock(str(held["username"]), str(held["hostname"]), int(held["pid"]), str(held["timestamp"])[:19])
    except (ValueError, KeyError, TypeError):  # cut off while it was written
        return Lock("somebody", "an unknown host", 0, "an unknown time")


def _whole(file: Path) -> bool:
    try:
        json.loads(file.read_text(encoding="utf-8"))
    except OSError:  # taken away since it was listed, or not ours to read: nothing shows that it was cut off
        return True
    except ValueError:
        return False
    return True


def _project(folder: Path) -> str:
    text = (folder / "Pulumi.yaml").read_text(encoding="utf-8")
    return next(line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("name:"))


def _known_free(engine: Engine, backend: str) -> bool:
    """Whether the service says that no update is in progress; buckets cannot tell."""
    if not backend.startswith("http"):
        return False
    for each in json.loads(engine.run("stack", "ls", "--json")):
        if each["name"] == engine.stack:
            return each.get("updateInProgress") is False
    return False
