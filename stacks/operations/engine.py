"""Runs of the Pulumi engine: their environment, one look, the other commands of the CLI. Judges nothing.

Never: select a stack, which would change what the user's next plain `pulumi up` works on; read console text for facts.
Source: pulumi.automation 3.272, observed with CLI 3.274 (November 2026).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pulumi import automation
from pulumi.automation.events import EngineEvent
from semver import VersionInfo

from stacks.operations import failures
from stacks.operations.summary import observed

Result = TypeVar("Result")

CHECKOUT = Path(__file__).resolve().parents[2]
PROJECT = "cyclr-connectors"
SANDBOX = "sandbox"
"""The stack that needs no account anywhere: its state, passphrase and credentials have defaults in the checkout."""

OLDEST_CLI = VersionInfo(3, 216, 0)
"""The first CLI with everything that is asked of it here."""


def environment(stack: str, user: Mapping[str, str] | None = None, checkout: Path = CHECKOUT) -> dict[str, str]:
    """The environment of a run: the user's, with defaults only where the user has set nothing."""
    env = dict(os.environ if user is None else user)
    here = str(Path(sys.prefix) / "bin")
    # The language host runs the first python3 on PATH.
    env["PATH"] = os.pathsep.join([here, *(part for part in env.get("PATH", os.defpath).split(os.pathsep) if part)])
    env.setdefault("PULUMI_SKIP_UPDATE_CHECK", "true")
    env.setdefault("PULUMI_RUN_PROGRAM", "true")
    if stack == SANDBOX:
        _sandbox_defaults(env, checkout / ".pulumi")
    return env


def _sandbox_defaults(env: dict[str, str], folder: Path) -> None:
    if "PULUMI_CONFIG_PASSPHRASE_FILE" not in env:
        env.setdefault("PULUMI_CONFIG_PASSPHRASE", "sandbox")
    env.setdefault("PULUMI_BACKEND_URL", f"file://{folder / 'state'}")
    env.setdefault("PULUMI_HOME", str(folder / "home"))
    env.setdefault("PULUMI_CREDENTIAL_STORE", "plaintext")
    env.setdefault("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true")
    (folder / "state").mkdir(parents=True, exist_ok=True)


@dataclass(frozen=True)
class Sight:
    """Everything that one look showed: the engine's events, and the state's resources when something failed."""

    events: tuple[EngineEvent, ...]
    state: tuple[Mapping[str, Any], ...] = ()
    """Of `stack export`: needed to name what the engine did not reach. Empty when nothing failed."""
    diff: str = ""
    """The engine's own words for what it would do, without colour; values of secrets read `[secret]`."""
    intended: tuple[EngineEvent, ...] = ()
    """When something failed: the plan of the declaration against the state alone, with no vendor asked."""


@dataclass(frozen=True)
class Engine:
    """The CLI, for one stack of one project folder."""

    stack: str
    config_file: Path | None = None
    """Another stack file than stacks/Pulumi.<stack>.yaml."""
    folder: Path = CHECKOUT
    user: Mapping[str, str] | None = field(default=None, repr=False)
    """The user's environment; None: this process's own."""

    @cached_property
    def env(self) -> dict[str, str]:
        """The environment of every run."""
        return environment(self.stack, self.user, self.folder)

    def look(self, *, intended: bool = False) -> Sight:
        """One preview with refresh and program: takes no lock, writes nothing, leaves the state byte-identical.

        Raises: ConnectorError, when nothing was looked at; DeclarationError, when the settings are why.
        """
        events: list[EngineEvent] = []
        said: list[str] = []
        try:
            diff = _patiently(lambda: self._preview(events, said))
        except automation.CommandError:
            problem = failures.of_look(self.stack, self.config_file, events, "\n".join(said))
            if problem:
                raise problem from None
            state = tuple(self.export()["deployment"].get("resources") or ())
            return Sight(
                (*events, *self._rest(events, state)), state, intended=tuple(self._intended() if intended else ())
            )
        return Sight(tuple(events), diff=diff)

    def _rest(self, events: list[EngineEvent], state: Sequence[Mapping[str, Any]]) -> list[EngineEvent]:
        """Reads of what a failure kept the engine from reaching although it does not depend on it; writes nothing.

        The engine stops its program at the first error, which comes before other resources are even registered.
        """
        urns = observed.unreached(events, state)
        more: list[EngineEvent] = []
        if urns:
            with suppress(automation.CommandError):  # its errors are among the events
                _patiently(lambda: self._refresh(urns, more))
        return observed.reads(more)

    def _intended(self) -> list[EngineEvent]:
        """What the declaration would change in the state. A failed read keeps the engine from planning for it."""
        events: list[EngineEvent] = []
        with suppress(automation.CommandError):  # what the program could not tell is among the errors of the look
            _patiently(lambda: self._preview(events, [], refresh=False))
        return events

    def _refresh(self, urns: list[str], events: list[EngineEvent]) -> None:
        config_file = str(self.config_file) if self.config_file else None
        self._selected().preview_refresh(
            target=urns, run_program=False, config_file=config_file, on_event=events.append
        )

    def export(self) -> dict[str, Any]:
        """The stack's deployment; secret values stay encrypted."""
        document: dict[str, Any] = json.loads(self.run("stack", "export", "--stack", self.stack))
        return document

    def run(self, *args: str, given: str | None = None) -> str:
        """What a command of the CLI prints to stdout.

        Raises: ConnectorError, with the CLI's own words, when it fails.
        """
        done = self._captured(*args, given=given)
        if done.returncode:
            raise failures.of_command(self.stack, self.config_file, done.stderr or done.stdout)
        return done.stdout

    def show(self, *args: str) -> int:
        """The exit code of a command whose output goes where ours does.

        Raises: KeyboardInterrupt, once the engine, which hears of it too, has ended in its own good order.
        """
        with subprocess.Popen([self.cli, *args], cwd=self.folder, env=self.env) as process:  # noqa: S603 no shell
            interrupted = False
            while True:
                try:
                    code = process.wait()
                except KeyboardInterrupt:
                    interrupted = True
                    continue
                if interrupted:
                    raise KeyboardInterrupt
                return code

    @cached_property
    def cli(self) -> str:
        """The CLI's path.

        Raises: ConnectorError, when there is none.
        """
        found = shutil.which("pulumi", path=self.env["PATH"])
        if found is None:
            raise failures.no_cli()
        return found

    @cached_property
    def version(self) -> VersionInfo:
        """The CLI's version.

        Raises: ConnectorError, when it is too old or does not say.
        """
        said = self._captured("version").stdout.strip().removeprefix("v")
        try:
            version = VersionInfo.parse(said)
        except ValueError:
            raise failures.old_cli(self.cli, said or "nothing", str(OLDEST_CLI)) from None
        # A build of one's own ends in -dev or -alpha, which semver places before the release.
        if version.finalize_version() < OLDEST_CLI:
            raise failures.old_cli(self.cli, said, str(OLDEST_CLI))
        return version

    def _preview(self, events: list[EngineEvent], said: list[str], *, refresh: bool = True) -> str:
        # The SDK warns of a stream that a killed engine broke off; that engine's exit code says it better.
        warnings.filterwarnings("ignore", message="Error in event stream")
        # The SDK has no word for "without refresh", which the project's own option would make one with.
        done = self._selected(f"--refresh={str(refresh).lower()}").preview(
            run_program=True,
            diff=True,
            color="never",
            config_file=str(self.config_file) if self.config_file else None,
            on_event=events.append,
            on_error=said.append,
        )
        return done.stdout

    def _captured(self, *args: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        command = [self.cli, "--non-interactive", *args]
        return subprocess.run(  # noqa: S603 our own arguments, no shell
            command, cwd=self.folder, env=self.env, input=given, text=True, capture_output=True, check=False
        )

    def _selected(self, *more: str) -> automation.Stack:
        command = _Cli(self.version, more)
        workspace = _Workspace(work_dir=str(self.folder), env_vars=self.env, pulumi_command=command)
        return automation.Stack.select(self.stack, workspace)


def _patiently(run: Callable[[], Result]) -> Result:
    """Runs it in a thread, so that an interruption does not reach the middle of the SDK.

    Raises: KeyboardInterrupt, once the engine, which hears of it too, has ended in its own good order.
    """
    interrupted = False
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(run)
        while not future.done():
            try:
                wait([future])
            except KeyboardInterrupt:
                interrupted = True
    if interrupted:
        raise KeyboardInterrupt
    return future.result()


class _Cli(automation.PulumiCommand):
    """The first `pulumi` on the run's own PATH; the SDK would look on this process's, or put the CLI's folder first."""

    def __init__(self, version: VersionInfo, more: Sequence[str]) -> None:  # the SDK's own would run the CLI once more
        self.command = "pulumi"
        self.version = version
        self._more = more

    def run(self, args: list[str], *others: Any, **named: Any) -> automation.CommandResult:
        """One command, with the arguments that the SDK has no parameter for."""
        return super().run([*args, *self._more], *others, **named)


class _Workspace(automation.LocalWorkspace):
    """A workspace that leaves the user's selection of a stack alone."""

    def select_stack(self, stack_name: str) -> None:
        """Nothing: each command names its stack."""
