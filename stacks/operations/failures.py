"""Why a run of the engine could not be looked at, in four parts, from its events and its last words.

Settings problems are DeclarationErrors; everything else is a plain ConnectorError.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from pulumi.automation.events import EngineEvent

from components.errors import ConnectorError, DeclarationError
from stacks import stack_file
from stacks.cloud import AT_AWS


class NoStack(DeclarationError):
    """The backend has no such stack."""


_CHECK = re.compile(r"^\S+ resource '(?P<name>[^']+)' has a problem: (?P<problem>.*)", re.DOTALL)
"""How the engine prints a CheckFailure without a property."""

_NOISE = re.compile(
    r"^(preview failed|update failed|Resource monitor has terminated, shutting down"
    r"|an unhandled error occurred: program exited with non-zero exit code: \d+)$"
)
"""Lines of the engine that only say that something else failed."""

_AWS_PROVIDER = "::pulumi:providers:aws::"
"""In the URN of the access to AWS, which reports credentials that are not taken as a wrong setting."""

_OURS = re.compile(
    rf"(?P<at_aws>{re.escape(AT_AWS)})?(?P<what>.*?)"
    r"\n  where: (?P<where>.*?)\n  why:   (?P<why>.*?)\n  fix:   (?P<fix>.*)",
    re.DOTALL,
)
"""An error of ours with which the program ended: complete, and with the mark where the declaration is not to blame."""

_TRACEBACK = "Traceback (most recent call last)"


def errors(events: Iterable[EngineEvent]) -> list[tuple[str, str]]:
    """URN (or "") and text of each error that says something."""
    found = []
    for event in events:
        diagnostic = event.diagnostic_event
        if diagnostic and diagnostic.severity == "error":
            text = diagnostic.message.strip()
            if not _NOISE.match(text):
                found.append((diagnostic.urn or "", text))
    return found


def of_look(stack: str, config_file: Path | None, events: Iterable[EngineEvent], stderr: str) -> ConnectorError | None:
    """Why a failed look shows nothing; None when all that failed are reads of single resources."""
    said = errors(events)
    checks = [match for urn, text in said if _AWS_PROVIDER not in urn and (match := _CHECK.match(text))]
    if checks:
        return _refused(stack, config_file, [f"{match['name']}: {match['problem'].strip()}" for match in checks])
    program = [text for urn, text in said if not urn]
    if program:
        return _program(stack, config_file, program)
    return None if said else of_command(stack, config_file, stderr)


def of_command(stack: str, config_file: Path | None, stderr: str) -> ConnectorError:
    """Why a command of the CLI failed, from what it printed."""
    said = stderr.strip()
    for pattern, (what, fix) in _KNOWN.items():
        if re.search(pattern, said):
            kind = NoStack if pattern == _NO_STACK else ConnectorError
            key = _key(stack, config_file) if kind is NoStack else ""
            words = {"stack": stack, "target": _target(stack, config_file), "key": key}
            return kind(what.format(**words), where=f"stack {stack}", why=_short(said), fix=fix.format(**words))
    if re.search(r"config|Pulumi\.\S+\.ya?ml", said) and "secrets manager" not in said:
        return DeclarationError(
            f"The engine cannot read the settings of stack {stack}",
            where=_file(stack, config_file),
            why=_short(said),
            fix=f"run: cyclr-connectors check {_target(stack, config_file)}",
        )
    return ConnectorError(
        "The Pulumi engine failed",
        where=f"stack {stack}",
        why=_short(said) or "it ended without a word",
        fix=f"see all that it prints: pulumi preview {_target(stack, config_file)} --refresh --run-program",
    )


def no_cli() -> ConnectorError:
    """The CLI is missing."""
    return ConnectorError(
        "There is no Pulumi CLI", where="PATH", why="no program named pulumi is on it",
        fix="run: make setup, which finds or builds one",
    )  # fmt: skip


def old_cli(path: str, version: str, oldest: str) -> ConnectorError:
    """The CLI cannot do what is asked of it."""
    return ConnectorError(
        "The Pulumi CLI is too old", where=path, why=f"its version is {version}, at least {oldest} is needed",
        fix="update it, or take it off PATH and run: make setup",
    )  # fmt: skip


def _refused(stack: str, config_file: Path | None, problems: list[str]) -> DeclarationError:
    count = f"{len(problems)} problem" + ("s" if len(problems) > 1 else "")
    return DeclarationError(
        f"The declaration of stack {stack} has {count}",
        where=_file(stack, config_file),
        why="\n         ".join(problems),
        fix=f"mend them, then: cyclr-connectors check {_target(stack, config_file)}",
    )


def _program(stack: str, config_file: Path | None, texts: list[str]) -> ConnectorError:
    crashed = [text for text in texts if _TRACEBACK in text]
    if crashed:
        return ConnectorError(
            f"The program of stack {stack} failed",
            where="__main__.py",
            why=crashed[0].strip().splitlines()[-1],
            fix=f"see where, with: pulumi preview {_target(stack, config_file)}",
        )
    if ours := [match.groupdict() for text in texts if (match := _OURS.match(text))]:
        # What AWS keeps from us comes before what is wrong here: without it the rest is not known.
        first = next((parts for parts in ours if parts["at_aws"]), ours[0])
        kind = ConnectorError if first.pop("at_aws") else DeclarationError
        return kind(**first)
    # pulumi.RunError is how the program refuses its settings: its text is complete.
    return DeclarationError(
        f"The program of stack {stack} refused its settings",
        where=_file(stack, config_file),
        why="\n         ".join("\n".join(texts).splitlines()).replace(f"-s {stack}", _target(stack, config_file)),
        fix=f"mend what is named, then: cyclr-connectors check {_target(stack, config_file)}",
    )


def _key(stack: str, config_file: Path | None) -> str:
    """How a new stack is given the key that its file declares for the secrets in its state; empty without one."""
    settings = stack_file.read(config_file or stack_file.usual(stack), stack).settings
    access = settings.aws.access if settings and settings.aws else None
    return f' --secrets-provider "{access.secrets_provider(stack)}"' if access else ""


def _target(stack: str, config_file: Path | None) -> str:
    """What a printed command needs to mean the same environment."""
    return stack_file.target(stack, stack_file.shown(config_file) if config_file else "")


def _file(stack: str, config_file: Path | None) -> str:
    return str(config_file or f"stacks/Pulumi.{stack.rpartition('/')[2]}.yaml")


def _short(text: str) -> str:
    """The last lines of what was printed, without the engine's prefix; never a traceback."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("SDK ")]
    if any(_TRACEBACK in line for line in lines):
        lines = lines[-1:]
    return "; ".join(line.removeprefix("error: ") for line in lines[-4:])


_NO_STACK = r"no stack named"
_KNOWN = {
    _NO_STACK: ("There is no stack {stack}", "create it with: pulumi stack init {stack}{key}"),
    r"incorrect passphrase": (
        "The passphrase does not open the secrets of stack {stack}",
        "set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to the one the stack was created with",
    ),
    r"passphrase must be set": (
        "The secrets of stack {stack} need a passphrase",
        "set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE",
    ),
    r"ExpiredToken|InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|SignatureDoesNotMatch"
    r"|no EC2 IMDS role found|(get|refresh|retrieve) (cached )?credentials": (
        "AWS, where the state of stack {stack} lives, does not take the credentials",
        "sign in to AWS again (aws sso login, or the step of the job that takes the role), then run again",
    ),
    r"DisabledException|KMSInvalidState|is pending deletion": (
        "The key that encrypts the secrets of stack {stack} cannot be used",
        "see in KMS that it is enabled and not about to be deleted, then run again",
    ),
    r"exceeded maximum number of attempts|request send failed": (
        "AWS, where the state of stack {stack} or the key of its secrets lives, cannot be reached",
        "run again when AWS answers, and check AWS_REGION and the network; nothing was concluded from this",
    ),
    r"AccessDenied|api error Forbidden": (
        "AWS refuses this run the state of stack {stack}, or the key of its secrets",
        "compare the policies of the role that runs this, and the place in PULUMI_BACKEND_URL, with: cyclr-connectors "
        "policies {target}",
    ),
    r"corrupt store": (
        "There was no usable answer from where the state of stack {stack} lives",
        "check PULUMI_BACKEND_URL, and the network: somebody between may answer in its place; then run again",
    ),
    r"failed to load checkpoint: (unexpected )?EOF": (
        "The state of stack {stack} cannot be read",
        "it is being written, or an update was killed while it was: cyclr-connectors recover -s {stack}",
    ),
    r"currently locked by|Another update is currently in progress": (
        "Another update of stack {stack} is in progress",
        "wait for it to end; if it was killed, run: cyclr-connectors recover -s {stack}",
    ),
    r"PULUMI_ACCESS_TOKEN must be set|not logged in|Unauthorized|invalid access token": (
        "Nobody is logged in where the state of stack {stack} lives",
        "run: pulumi login BACKEND, or set PULUMI_BACKEND_URL (and for Pulumi Cloud PULUMI_ACCESS_TOKEN)",
    ),
    r"unable to open .*(directory|bucket)|could not open|unable to check if stack|no such host|connection refused": (
        "The place where the state of stack {stack} lives cannot be reached",
        "check PULUMI_BACKEND_URL and the credentials for it, or run: pulumi login BACKEND",
    ),
}
"""What the CLI prints -> what it means, and what to do."""
