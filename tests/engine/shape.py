"""The program of programs/shape with its vendor and its stack, and the situations that a look must tell apart.

`python -m tests.engine.shape` records them with the real engine into tests/unit/operations/events/.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stacks.operations.engine import Engine
from tests.engine.environment import engine_environment

PROGRAM = Path(__file__).parent / "programs" / "shape"
EVENTS = Path(__file__).parents[1] / "unit" / "operations" / "events"
CANARY = "canary-5f0c21"
STACK = "dev"
ATTESTED = {"evidence": "attested", "note": "attested by jane@acme.example on 2026-11-02"}


@dataclass(frozen=True)
class Shape:
    """A copy of the program in a folder."""

    folder: Path
    env: dict[str, str]

    @classmethod
    def made_in(cls, folder: Path, env: dict[str, str]) -> Shape:
        """The program with an empty stack, and a vendor where everything is right."""
        program = folder / "program"
        shutil.copytree(PROGRAM, program, ignore=shutil.ignore_patterns("__pycache__"))
        (program / "stacks").mkdir()
        (folder / "vendor").mkdir()
        made = cls(program, {**env, "VENDOR": str(folder / "vendor"), "PYTHONDONTWRITEBYTECODE": "1"})
        for key in ("app", "redirect", "setup"):
            made.vendor(key)
        made.pulumi("stack", "init", STACK)
        made.pulumi("config", "set", "--secret", "token", CANARY)
        made.pulumi("config", "set", "serviceDomain", "app-h.cyclr.com")
        return made

    @property
    def engine(self) -> Engine:
        """The engine as our commands use it."""
        return Engine(STACK, folder=self.folder, user=self.env)

    def vendor(self, key: str, **changes: object) -> None:
        """What stands at the vendor: right but for the changes."""
        live = {"domains": [f"{key}.example"], "verdict": "accepted", "evidence": "observed", **changes}
        self.file(key).write_text(json.dumps(live))

    def file(self, key: str) -> Path:
        """The vendor's file for a thing."""
        return Path(self.env["VENDOR"]) / f"{key}.json"

    def refused(self, key: str, **changes: object) -> None:
        """A thing that a person still has to set."""
        self.vendor(key, verdict="refused", **changes)

    def set(self, path: str, value: str) -> None:
        """One plain value of the stack's config."""
        self.pulumi("config", "set", "--path", path, value)

    def up(self) -> None:
        """One update."""
        self.pulumi("up", "--yes", "--skip-preview")

    def pulumi(self, *args: str, check: bool = True) -> str:
        """What the CLI prints."""
        command = ["pulumi", "--non-interactive", *args]
        done = subprocess.run(command, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False)
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def ready(shape: Shape) -> None:
    shape.up()
    shape.vendor("setup", verdict="accepted", **ATTESTED)


def first_day(shape: Shape) -> None:
    shape.refused("app", domains=[], gate="closed")
    shape.refused("redirect", after=["Domains of app"])
    shape.refused("setup", after=["Domains of redirect"])
    shape.up()


def drifted(shape: Shape) -> None:
    shape.up()
    shape.refused("app", domains=["evil.example"])


def refreshed(shape: Shape) -> None:
    drifted(shape)
    shape.pulumi("refresh", "--yes", "--skip-preview", "--run-program")


def not_applied(shape: Shape) -> None:
    shape.up()
    shape.set("domains[0]", "new.example")


def drifted_and_not_applied(shape: Shape) -> None:
    drifted(shape)
    shape.set("domains[0]", "new.example")


def provider_changed(shape: Shape) -> None:
    shape.up()
    shape.set("graphVersion", "v26.0")


def rotated(shape: Shape) -> None:
    shape.up()
    shape.pulumi("config", "set", "--secret", "token", f"{CANARY}-new")


def missing(shape: Shape) -> None:
    shape.up()
    shape.file("setup").unlink()


def removed(shape: Shape) -> None:
    shape.up()
    shape.set("empty", "true")


def not_authorised(shape: Shape) -> None:
    first_day(shape)
    shape.vendor("app", error="AuthError")


def unreachable(shape: Shape) -> None:
    shape.up()
    shape.vendor("app", error="TransportError")


SITUATIONS: dict[str, Callable[[Shape], None]] = {
    "never_deployed": lambda _shape: None,
    "nothing_declared": lambda shape: shape.set("empty", "true"),
    **{
        each.__name__: each
        for each in (
            ready,
            first_day,
            drifted,
            refreshed,
            not_applied,
            drifted_and_not_applied,
            provider_changed,
            rotated,
            missing,
            removed,
            not_authorised,
            unreachable,
        )
    },
}


def record() -> None:
    """Writes each situation as the events of one look, and the state's resources where the look failed."""
    for name, situation in SITUATIONS.items():
        with tempfile.TemporaryDirectory() as folder:
            shape = Shape.made_in(Path(folder), engine_environment(Path(folder)))
            situation(shape)
            log = Path(folder) / "events.jsonl"
            shape.env["PULUMI_DEBUG_COMMANDS"] = "true"  # --event-log is hidden without it
            look = ["preview", "--refresh", "--run-program", "--event-log", str(log)]
            shape.pulumi(*look, check=False)
            events = [_stable(json.loads(line)) for line in log.read_text().splitlines() if '"debug"' not in line]
            events = _without_repetition(events)
            failed = any("diagnosticEvent" in event for event in events)
            state = json.loads(shape.pulumi("stack", "export"))["deployment"]["resources"] if failed else []
            state = [_blinded({key: entry[key] for key in KEPT if key in entry}) for entry in state]
        lines = ",\n".join(json.dumps(event) for event in events)
        (EVENTS / f"{name}.json").write_text(f'{{"state": {json.dumps(state)},\n"events": [\n{lines}\n]}}\n')


KEPT = ("urn", "type", "parent", "inputs")
"""What a look needs of a resource in the state."""


def _blinded(entry: Any) -> Any:
    """A resource of the state with the ciphertext of its secrets as the engine's events have it."""
    if isinstance(entry, dict):
        return {key: "[secret]" if key == "ciphertext" else _blinded(inner) for key, inner in entry.items()}
    return [_blinded(inner) for inner in entry] if isinstance(entry, list) else entry


def _stable(event: dict) -> dict:
    """An event without what changes from run to run."""
    return {key: value for key, value in event.items() if key not in ("timestamp", "sequence")}


def _without_repetition(events: list[dict]) -> list[dict]:
    """The events without the announcements of steps that then say what came of them."""
    told = {_step(event["resOutputsEvent"]) for event in events if "resOutputsEvent" in event}
    return [event for event in events if _step(event.get("resourcePreEvent")) not in told]


def _step(event: dict | None) -> tuple[str, str] | None:
    return (event["metadata"]["urn"], event["metadata"]["op"]) if event else None


if __name__ == "__main__":
    record()
