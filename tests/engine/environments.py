"""Many environments out of one: stacks beside each other in one backend, each with a stack file of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.engine.stack import COMMAND, STACK, EngineStack


@dataclass(frozen=True)
class Environments:
    """Copies of a stack as it stands, all at the same vendors."""

    of: EngineStack
    folder: Path
    """The stack files."""
    names: tuple[str, ...]

    def command(self, name: str, *arguments: str, of: Iterable[str] | None = None) -> list[str]:
        """A command of ours over all of them, or over some."""
        meant = [part for each in (self.names if of is None else of) for part in ("-s", each)]
        return [COMMAND, name, *meant, "--config-dir", str(self.folder), *arguments]

    def file(self, name: str) -> Path:
        """The stack file of one."""
        return self.folder / f"Pulumi.{name}.yaml"

    def states(self) -> dict[str, bytes]:
        """The states, to the byte."""
        return {name: _state(self.of, name).read_bytes() for name in self.names}


def copied(stack: EngineStack, number: int) -> Environments:
    """As many environments, each in the state of the stack; with its passphrase, since they have its salt."""
    folder = stack.folder / "environments"
    folder.mkdir()
    made = Environments(stack, folder, tuple(f"env-{count:02}" for count in range(1, number + 1)))
    state, settings = _state(stack, STACK).read_text(), stack.stack_file.read_text()
    for name in made.names:
        renamed = state.replace(f"urn:pulumi:{STACK}::", f"urn:pulumi:{name}::")
        renamed = renamed.replace(f"::cyclr-connectors-{STACK}", f"::cyclr-connectors-{name}")
        renamed = re.sub(rf'(:environment":\s*)"{STACK}"', rf'\1"{name}"', renamed)
        _state(stack, name).write_text(renamed.replace(f"/cyclr-connectors/{STACK}", f"/cyclr-connectors/{name}"))
        made.file(name).write_text(settings)
    return made


def _state(stack: EngineStack, name: str) -> Path:
    """Where the file backend keeps a stack's state."""
    (file,) = Path(stack.env["PULUMI_BACKEND_URL"].removeprefix("file://")).rglob(f"stacks/*/{STACK}.json")
    return file.with_name(f"{name}.json")
